"""Which part of a draft the maker's words name: a field, an option, a form, a poll.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from bot_runtime.dna import CHOICE_KINDS, one_line
from factory_bot.model.draft import Draft, FieldDraft, FormDraft, PollDraft

_ARTICLE = re.compile(r"^(?:the|a|an|its|their|his|her|your|my|our|this|that|both|all)\s+", re.I)
_NOUN_FIRST = re.compile(
    r"^(?:fields?|questions?|lines?|options?|choices?|answers?)\s+(?:(?:for|about|called|named|of)\s+)?(?=\S)", re.I
)
_NOUN_LAST = re.compile(r"\s+(?:fields?|questions?|options?|numbers?|address(?:es)?|ones?|lines?)$", re.I)
_QUOTES = " \"“”„«»'’‘`.,:;!"
_NO_NAME = frozenset(re.findall(r"\w+", "it that thi one them all form poll bot vote everything nothing something"))

T = TypeVar("T")


class Ambiguous(Exception):
    """The words could mean several parts; `names` are theirs."""

    def __init__(self, names: Iterable[str]) -> None:
        super().__init__("several parts are called so")
        self.names = tuple(dict.fromkeys(names))


@dataclass(frozen=True)
class FieldPart:
    """A field and the form that asks it."""

    form: FormDraft
    field: FieldDraft


@dataclass(frozen=True)
class OptionPart:
    """An option and where it can be chosen: in a poll, or in a field of a form."""

    owner: PollDraft | FieldPart
    option: str


def core(text: str) -> str:
    """What remains of a name without article, "field", "number" and plural: "the sizes" and "Size" are the same."""
    words = one_line(text).casefold().strip(_QUOTES)
    words = _NOUN_FIRST.sub("", _ARTICLE.sub("", _ARTICLE.sub("", words)))
    return re.sub(r"['’]s?$", "", _NOUN_LAST.sub("", words)).replace("-", "").strip(_QUOTES).rstrip("s")


def same(label: str, wish: str) -> bool:
    """Whether the wish names that label."""
    return core(label) == core(wish)


def fields_called(draft: Draft, words: str) -> list[FieldPart]:
    """The fields that the words name: those of that label, else those whose label holds all the words."""
    everything = [
        FieldPart(form, field) for form in draft.features if isinstance(form, FormDraft) for field in form.fields
    ]
    return _called(everything, words, lambda part: part.field.label)


def options_called(draft: Draft, words: str) -> list[OptionPart]:
    """The options that are called exactly so, in polls and in fields."""
    owners: list[tuple[PollDraft | FieldPart, Sequence[str]]] = [
        (poll, poll.options) for poll in draft.features if isinstance(poll, PollDraft)
    ]
    owners += [
        (FieldPart(form, field), field.options)
        for form in draft.features
        if isinstance(form, FormDraft)
        for field in form.fields
    ]
    return [OptionPart(owner, option) for owner, options in owners for option in options if same(option, words)]


def features_called(draft: Draft, words: str) -> list[FormDraft | PollDraft]:
    """The forms and polls that the words name: "the poll", "the feedback form", a title, a question."""
    plain = one_line(words).casefold().strip(_QUOTES)
    plain = _ARTICLE.sub("", re.sub(r"['’]s$", "", plain))
    kinds: dict[str, type[FormDraft | PollDraft]] = {
        "form": FormDraft, "survey": FormDraft, "questionnaire": FormDraft, "poll": PollDraft, "vote": PollDraft,
        "voting": PollDraft,
    }  # fmt: skip
    qualified = re.fullmatch(r"(?:(.+?) )?(form|survey|questionnaire|poll|vote|voting)s?(?: (.+))?", plain)
    if qualified:
        features = [feature for feature in draft.features if isinstance(feature, kinds[qualified[2]])]
        about = re.sub(r"^(?:about|on|for|called|named) ", "", qualified[1] or qualified[3] or "")
        if not about:
            return features
        named = _called(features, about, title_of_part)
        if named:
            return named
    return _called(draft.features, plain, title_of_part, partly=False)


def title_of_part(feature: FormDraft | PollDraft) -> str:
    """What a feature is called on the card."""
    return (feature.title if isinstance(feature, FormDraft) else feature.question) or ""


def chosen_from(draft: Draft, words: str) -> list[PollDraft | FieldPart]:
    """The polls, and the fields with choices, that the words name."""
    fields: list[PollDraft | FieldPart] = [
        part for part in fields_called(draft, words) if part.field.kind in CHOICE_KINDS
    ]
    return fields or [feature for feature in features_called(draft, words) if isinstance(feature, PollDraft)]


def the_one(parts: Sequence[T], name: Callable[[T], str]) -> T | None:
    """The only one of them; None where there is none.  Raises `Ambiguous` where there are several."""
    if len(parts) > 1:
        raise Ambiguous(name(part) for part in parts)
    return parts[0] if parts else None


def _called(parts: Iterable[T], words: str, label: Callable[[T], str], *, partly: bool = True) -> list[T]:
    wanted = core(words)
    if not wanted or wanted in _NO_NAME:
        return []
    parts = list(parts)
    exact = [part for part in parts if core(label(part)) == wanted]
    if exact or not partly:
        return exact
    said = set(_stems(wanted))
    return [part for part in parts if said <= set(_stems(core(label(part))))]


def _stems(text: str) -> list[str]:
    return [word.rstrip("s") for word in re.findall(r"\w+", text)]
