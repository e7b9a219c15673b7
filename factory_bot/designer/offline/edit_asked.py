"""What a wish asks people for: "a question about allergies", "an optional field for the zip", "this or that"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bot_runtime.dna import FieldKind
from factory_bot.designer.offline.edit_words import MANY, unquoted
from factory_bot.designer.offline.forms import listed_fields
from factory_bot.model.draft import FieldDraft, distinct
from factory_bot.model.words.fields import field_of
from factory_bot.model.words.lists import items_of

BETWEEN = re.compile(r"^(?:an? )?(?:choice|option) (?:between|of|from|among)\b", re.I)
_LISTED = re.compile(
    rf"^{MANY}(?P<need>optional |mandatory |required )?(?P<kind>(?:free )?text |number |date |choice "
    rf"|multiple[- ]choice"
    r" |rating |phone |photo |e-?mail |yes ?(?:/|-|or) ?no )?(?:fields?|questions?|lines?|drop-?downs?|entr(?:y"
    r"|ies))\b(?: (?:for|about"
    r"|asking(?: for| about)?"
    r"|called|named|on|that asks?(?: for| about)?|like|such as))?\s*:?\s+(?P<list>.+)$",
    re.I,
)
_FOR = re.compile(
    r"^(?:for|about|(?:(?:them|people) )?to (?:choose|pick|select|enter|give)|(?:them|people)(?: (?:for"
    r"|about))?)\s+",
    re.I,
)
_NEED = re.compile(r"^(?:an? |the )?(optional|mandatory|required|compulsory) (?=\w)", re.I)
_ONE_FOR = re.compile(r"(\band|,) (?:another |a )?(?:one|field|question) for(?: the)? ", re.I)
_NO_LABEL = re.compile(
    r"(?:one|more|one more|another|options?|choices?|questions?|fields?|it|that|something|this)", re.I
)
_WITH = re.compile(r"^(?P<label>[^,;:(]{1,60}?) with (?P<list>.+)$", re.I)
_SUFFIX = re.compile(r"\s+(?:fields?|questions?|lines?)$", re.I)
_EITHER = re.compile(r"^(?!.*[:(?])(?P<one>[^,]+?) or (?P<other>[^,]+)$", re.I)
_QUOTED = re.compile(r"^[\"“„«].*[\"”“»]$")
_CHOICES_BEHIND = re.compile(r"^[^,;(]+: .*(?:,|\bor\b|\band\b|/)")
_PERSONAL = re.compile(r"(?:their|his|her) ", re.I)


@dataclass(frozen=True)
class Asked:
    """Fields that words ask for; `plain`: they can be nothing else."""

    fields: tuple[FieldDraft, ...]
    plain: bool


def asked_in(what: str) -> Asked:
    """The fields behind "add" or "ask for", without "a question about" and the like."""
    what = _ONE_FOR.sub(r"\1 ", what)
    lead = _LISTED.match(what)
    if lead is not None:
        kind = (lead["kind"] or "").strip().casefold()
        fields = _of_kind(_listed(lead["list"], kind), kind)
        return Asked(_sound(_with_need(fields, lead["need"])), True)
    need = _NEED.match(what)
    what = what[need.end() :] if need else what
    bare = _SUFFIX.sub("", what)
    fields = _with_need(_listed(_FOR.sub("", bare)), need[1] if need else None)
    return Asked(_sound(fields), bare != what or _PERSONAL.match(what) is not None)


def _listed(words: str, kind: str = "") -> list[FieldDraft]:
    """The fields of a list; what stands behind "with", "between" or a colon are the choices of one."""
    choices = _WITH.match(words)
    if choices and len(items_of(choices["list"])) > 1:
        words = f"{unquoted(choices['label'])} ({choices['list']})"
    if _QUOTED.match(words.strip()):
        return _one(unquoted(words))
    if BETWEEN.match(words) or (_EITHER.match(words) and not kind):
        options = distinct(items_of(BETWEEN.sub("", words)))
        label = " or ".join(options)
        return [FieldDraft(label=label[:1].upper() + label[1:], kind=FieldKind.CHOICE, options=options)]
    if _CHOICES_BEHIND.match(words) or "choice" in kind:
        return _one(words)
    return [field.drafted() for field in listed_fields(words)]


def _one(words: str) -> list[FieldDraft]:
    field = field_of(words)
    return [field] if field is not None else []


def _of_kind(fields: Sequence[FieldDraft], kind: str) -> Sequence[FieldDraft]:
    """The fields as of the kind that was said; one that has a kind of its own keeps it."""
    if kind.startswith("yes"):
        return [field.changed({"kind": FieldKind.CHOICE, "options": ("Yes", "No")}) for field in fields]
    if not kind or len(fields) != 1 or fields[0].kind is not FieldKind.TEXT:
        return fields
    said = field_of(f"{fields[0].label} ({kind})")
    return [fields[0].changed({"kind": said.kind})] if said else fields


def _with_need(fields: Sequence[FieldDraft], need: str | None) -> Sequence[FieldDraft]:
    if not need:
        return fields
    return [field.changed({"required": need.strip().casefold() != "optional"}) for field in fields]


def _sound(fields: Sequence[FieldDraft]) -> tuple[FieldDraft, ...]:
    """The fields with their bare names; none at all where one has no name but "one more"."""
    named = tuple(field.changed({"label": _SUFFIX.sub("", field.label)}) for field in fields)
    return () if any(_NO_LABEL.fullmatch(field.label) for field in named) else named
