"""Wishes to add something to a bot or to take something out: "add XL to the sizes", "remove the date field"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot_runtime.dna import FieldKind
from factory_bot.designer.offline.edit_asked import BETWEEN, asked_in
from factory_bot.designer.offline.edit_details import choosing, forms_of, name_of, polls_of, the_chooser
from factory_bot.designer.offline.edit_words import ADD, MANY, REMOVE, the_field, unquoted, with_field
from factory_bot.designer.offline.forms import listed_fields
from factory_bot.model.draft import FIELDS_LIMIT, Draft, FieldDraft, FormDraft, PollDraft
from factory_bot.model.parts import (
    Ambiguous,
    FieldPart,
    OptionPart,
    chosen_from,
    core,
    features_called,
    fields_called,
    options_called,
    same,
    the_one,
)
from factory_bot.model.words.fields import is_usual
from factory_bot.model.words.lists import items_of

_TO = re.compile(r"^(?P<list>.+) (?:to|in|into|on|for) (?:the |our |my |its )?(?P<to>[^,]+)$", re.I)
_AS = re.compile(
    r"^(?P<list>.+) as (?:an? )?(?:(?:option|choice|answer) (?:to|for|in|of) )?(?:the )?(?P<to>[^,:]+)$", re.I
)
_OPTION = re.compile(
    rf"^{MANY}(?:(?P<what>[\w' -]+?) )??(?:options?|choices?|answers?)(?: (?:called|named))?\s*:?\s+(?P<list>.+)$",
    re.I,
)
_ONLY = re.compile(
    r"^(?:(?:ask|keep|leave)(?: only| just)|(?:i|we|it|they) (?:only|just) (?:need|needs|want|wants|ask|asks)"
    r"|(?:i|we) (?:need|want) (?:only|just)|(?:only|just) ask)(?: for)? (?P<list>.+)$",
    re.I,
)
_ALL_FIELDS = re.compile(
    r"^(?:(?:change|set|replace|make) )?(?:(?:the|its|all) )*(?:fields|questions"
    r"|what it asks)(?: of (?P<which>the .*?form))?"
    r"(?:\s*:|(?: (?:to be|to|with|into|by|are|should be)))+ (?P<list>.+)$",
    re.I,
)
_FORM_ASKS = re.compile(
    r"^(?P<which>(?:the |its )?(?:[\w' -]+ )?form) (?:should |must )?(?:only |just )?asks?(?: only"
    r"| just)?(?: for)?:? (?P<list>.+)$",
    re.I,
)
_TO_FORM = re.compile(
    r"^(?P<list>.+) (?:to|in|into|on) (?:the |our |my |its )?(?P<to>(?:[\w' -]+ )?(?:form|fields?|questions?|list))$",
    re.I,
)
_PLACE = re.compile(r"\s+(?:right |directly )?(?:after|behind|below) (?P<ref>[^,]+)$", re.I)
_FROM = re.compile(r"^(?P<list>.+) (?:from|of|in|out of|off) (?:the |our |my |its )?(?P<of>.+)$", re.I)
_KIND_FIRST = re.compile(
    r"^(?:(?:the|its|my|all|of)\s+)*(?P<kind>field|question|option|choice|answer|poll|vote|form)s?\s+"
    r"(?:(?:for|about|called|named)\s+)?(?P<what>\S.*)$",
    re.I,
)


def added(wish: str, draft: Draft) -> Draft | None:
    """More options, or more fields; None where it is neither."""
    lead = ADD.match(wish)
    if not lead or lead.end() == len(wish):
        return None
    what = wish[lead.end() :].strip()
    if not BETWEEN.match(what) and not re.search(r"\b(?:multiple|single)[- ]choice\b", what, re.I):
        options = _more_options(what, draft)
        if options is not None:
            return options
    return _more_fields(what, draft, asking=_asks(lead))


def _more_options(what: str, draft: Draft) -> Draft | None:
    """`XL to the sizes`, `another option: Funghi`, `extra large as a size`."""
    said_as = _AS.match(what)
    if said_as and chosen_from(draft, said_as["to"]):
        return choosing(draft, said_as["to"], items_of(said_as["list"]), more=True)
    to = _TO.match(what)
    target = re.sub(r"['’]s\b", "", re.sub(r"\s*\b(?:options?|choices?|list|answers?)$", "", to["to"])) if to else ""
    if to and target != to["to"] and not target.strip():
        return _named_options(_bare_options(to["list"]), "", draft)
    if to and chosen_from(draft, target):
        return choosing(draft, target, items_of(_bare_options(to["list"])), more=True)
    option = _OPTION.match(what)
    if option:
        return _named_options(option["list"], option["what"] or "", draft)
    return None


def _bare_options(listed: str) -> str:
    found = _OPTION.match(listed)
    return found["list"] if found else listed


def _named_options(listed: str, what: str, draft: Draft) -> Draft | None:
    of = _TO.match(listed)
    if not what and of and chosen_from(draft, of["to"]):
        what, listed = of["to"], of["list"]
    return choosing(draft, what, items_of(listed), more=True) if the_chooser(draft, what) else None


def _more_fields(what: str, draft: Draft, *, asking: bool) -> Draft | None:
    """More fields for the form that is named, or the only one; None where the words may mean something else."""
    what, place = _placed(re.sub(r"^if\b", "whether", what) if asking else what, draft)
    to = _TO_FORM.match(what)
    asked = asked_in(to["list"] if to else what)
    plain = asking or asked.plain or to is not None
    if not forms_of(draft):
        clear = not plain and not all(is_usual(item) for item in items_of(what))
        return choosing(draft, "", items_of(what), more=True) if clear else None
    if not asked.fields or not (plain or _can_be_fields(asked.fields, draft)):
        return None
    named = forms_of(draft)
    if to and "form" in to["to"].casefold():
        named = [part for part in features_called(draft, to["to"]) if isinstance(part, FormDraft)]
    form = place.form if place is not None else the_one(named, name_of)
    return _with_fields(draft, form, asked.fields, place) if form is not None else None


def asking_only(wish: str, draft: Draft) -> Draft | None:
    """Another list of what a form asks; a field that is named again stays as it is."""
    found = _ONLY.match(wish) or _ALL_FIELDS.match(wish) or _FORM_ASKS.match(wish)
    if found is None:
        return None
    which = found.groupdict().get("which") or ""
    forms = (
        [part for part in features_called(draft, which) if isinstance(part, FormDraft)] if which else forms_of(draft)
    )
    form = the_one(forms, name_of)
    fields = [field.drafted() for field in listed_fields(found["list"])]
    known = {core(field.label): field for field in form.fields} if form is not None else {}
    if (
        form is None
        or not fields
        or (found.re is not _ALL_FIELDS and not any(core(one.label) in known for one in fields))
    ):
        return None
    kept = [known.get(core(field.label), field) if not field.options else field for field in fields]
    return draft.replacing(form.changed({"fields": tuple(kept)}))


def first_fields(wish: str, draft: Draft) -> tuple[FieldDraft, ...]:
    """What a bot without a form shall ask; empty where the wish does not say plainly that it asks."""
    lead = ADD.match(wish)
    if lead is None or forms_of(draft):
        return ()
    asked = asked_in(wish[lead.end() :].strip())
    return asked.fields if asked.plain or _asks(lead) else ()


def _asks(lead: re.Match[str]) -> bool:
    return re.search(r"ask|collect", lead[0], re.I) is not None


def _placed(what: str, draft: Draft) -> tuple[str, FieldPart | None]:
    """`address after phone` without its place, and the field it comes behind."""
    found = _PLACE.search(what)
    part = the_field(draft, found["ref"]) if found else None
    return (what[: found.start()], part) if found and part is not None else (what, None)


def _can_be_fields(fields: Sequence[FieldDraft], draft: Draft) -> bool:
    """Whether words that do not say so mean fields: usual ones, or there is nothing else they could be."""
    if all(field.kind is not FieldKind.TEXT or is_usual(field.label) or field.label.endswith("?") for field in fields):
        return True
    choices = [field.label for form in forms_of(draft) for field in form.fields if field.options]
    choosers = [*(name_of(poll) for poll in polls_of(draft)), *choices]
    if choosers:
        raise Ambiguous([*choosers, *(name_of(form) for form in forms_of(draft))])
    return all(len(field.label.split()) <= 5 for field in fields)


def _with_fields(draft: Draft, form: FormDraft, fields: Sequence[FieldDraft], place: FieldPart | None) -> Draft | None:
    """The draft with these fields in the form; one that is asked already only gets what is new about it."""
    known = {core(field.label): field for field in form.fields}
    fresh = [field for field in fields if core(field.label) not in known]
    for field in fields:
        old = known.get(core(field.label))
        if old is not None and field.options:
            draft = with_field(draft, FieldPart(form, old), {"options": field.options, "kind": field.kind})
    now = list(draft.form(form.id).fields)
    at = next((at + 1 for at, field in enumerate(now) if place and field.label == place.field.label), len(now))
    together = [*now[:at], *fresh, *now[at:]]
    return (
        draft.replacing(draft.form(form.id).changed({"fields": tuple(together)}))
        if len(together) <= FIELDS_LIMIT
        else None
    )


def removed(wish: str, draft: Draft) -> tuple[Draft, tuple[str, ...]] | None:
    """The draft without what the words name, and what of it cannot go; None where they name nothing."""
    lead = REMOVE.match(wish)
    if not lead or lead.end() == len(wish):
        return None
    what, needed = re.sub(r"\s+(?:any ?more|at all|completely)$", "", wish[lead.end() :], flags=re.I), []
    of = _FROM.match(what)
    if of and (owners := chosen_from(draft, of["of"])):
        owner = the_one(owners, name_of)
        gone = [unquoted(re.sub(r"^(?:the )?(?:options?|choices?) ", "", item)) for item in items_of(of["list"])]
        return _without_options(draft, owner, gone) if owner is not None else None
    for item in items_of(
        re.sub(r"\s+(?:from|in|of|on) (?:the |our |my )?(?:[\w'-]+ )?(?:form|questions|fields)$", "", what)
    ):
        part = _named(draft, item)
        if part is None:
            return None
        without = _without(draft, part)
        needed += [_called(part)] if without == draft else []
        draft = without
    return draft, tuple(needed)


Part = FieldPart | OptionPart | FormDraft | PollDraft


def _named(draft: Draft, item: str) -> Part | None:
    """What is to go: a form or poll, a field, an option.  Raises `Ambiguous`."""
    sort = _KIND_FIRST.match(item)
    last = re.search(r"\b(field|question|option|choice|poll|form)s?$", item, re.I)
    kind = (sort["kind"] if sort else last[1] if last else "").casefold()
    what = sort["what"] if sort and kind not in {"poll", "vote", "form"} else item
    features: list[Part] = list(features_called(draft, item))
    if features or kind in {"poll", "vote", "form"}:
        return the_one(features, _called)
    fields: list[Part] = list(fields_called(draft, what)) if kind not in {"option", "choice", "answer"} else []
    options: list[Part] = list(options_called(draft, what)) if kind not in {"field", "question"} else []
    exact = [part for part in fields if isinstance(part, FieldPart) and same(part.field.label, what)]
    return the_one([*exact, *options] or fields, _called)


def _called(part: Part) -> str:
    return part.option if isinstance(part, OptionPart) else name_of(part)


def _without(draft: Draft, part: Part) -> Draft:
    """The draft without it, or the same draft where it cannot be without it."""
    if isinstance(part, OptionPart):
        without = _without_options(draft, part.owner, [part.option])
        return without[0] if without else draft
    if isinstance(part, FieldPart):
        form = draft.form(part.form.id)
        kept = tuple(field for field in form.fields if field.label != part.field.label)
        return draft.replacing(form.changed({"fields": kept})) if kept else draft
    return draft.without(part.id) if len(draft.features) > 1 else draft


def _without_options(
    draft: Draft, owner: PollDraft | FieldPart, gone: list[str]
) -> tuple[Draft, tuple[str, ...]] | None:
    options = owner.options if isinstance(owner, PollDraft) else owner.field.options
    kept = tuple(option for option in options if not any(same(option, name) for name in gone))
    if len(kept) == len(options):
        return None
    if len(kept) < 2:
        return draft, tuple(option for option in options if option not in kept)
    if isinstance(owner, PollDraft):
        return draft.replacing(owner.changed({"options": kept})), ()
    return with_field(draft, owner, {"options": kept}), ()
