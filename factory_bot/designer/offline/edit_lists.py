"""Wishes to add something to a bot or to take something out: "add XL to the sizes", "remove the date field"."""

from __future__ import annotations

import re

from bot_runtime.dna import FieldKind
from factory_bot.designer.offline.edit_details import choosing, forms_of, name_of, polls_of, the_chooser
from factory_bot.designer.offline.edit_words import ADD, REMOVE, the_field, unquoted, with_field
from factory_bot.designer.offline.forms import listed_fields
from factory_bot.model.draft import FIELDS_LIMIT, Draft, FieldDraft, FormDraft, PollDraft, distinct
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
from factory_bot.model.words.fields import field_of, is_usual
from factory_bot.model.words.lists import items_of

_MANY = r"(?:(?:an?|another|one more|\d+ more|two more|three more|more|some|the|these|this|new|also|one|two) )*"
_TO = re.compile(r"^(?P<list>.+) (?:to|in|into|on|for) (?:the |our |my |its )?(?P<to>[^,]+)$", re.I)
_AS = re.compile(
    r"^(?P<list>.+) as (?:an? )?(?:(?:option|choice|answer) (?:to|for|in|of) )?(?:the )?(?P<to>[^,:]+)$", re.I
)
_OPTION = re.compile(
    rf"^{_MANY}(?:(?P<what>[\w' -]+?) )??(?:options?|choices?|answers?)(?: (?:called|named))?\s*:?\s+(?P<list>.+)$",
    re.I,
)
_BETWEEN = re.compile(r"^(?:an? )?(?:choice|option) (?:between|of|from|among)\b", re.I)
_LISTED = re.compile(
    rf"^{_MANY}(?P<need>optional |mandatory |required )?(?P<kind>(?:free )?text |number |date |choice "
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
_WITH = re.compile(r"^(?P<label>[^,;:(]{1,60}?) with (?P<list>.+)$", re.I)
_SUFFIX = re.compile(r"\s+(?:fields?|questions?|lines?)$", re.I)
_FORM = re.compile(r"^(?:[\w' -]+ )?(?:form|fields?|questions?|list)$", re.I)
_PLACE = re.compile(r"\s+(?:right |directly )?(?:after|behind|below) (?P<ref>[^,]+)$", re.I)
_EITHER = re.compile(r"^(?!.*[:(?])(?P<one>[^,]+?) or (?P<other>[^,]+)$", re.I)
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
    if not _BETWEEN.match(what) and not re.search(r"\b(?:multiple|single)[- ]choice\b", what, re.I):
        options = _more_options(what, draft)
        if options is not None:
            return options
    return _more_fields(what, draft, asked="ask" in lead[0].casefold())


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


def _more_fields(what: str, draft: Draft, *, asked: bool) -> Draft | None:
    what, place = _placed(re.sub(r"^if\b", "whether", what) if asked else what, draft)
    to = re.match(r"^(.+) (?:to|in|into|on) (?:the |our |my |its )?([^,]+)$", what, re.I)
    form, clear = None, asked
    if to and _FORM.match(to[2]):
        named = [part for part in features_called(draft, to[2]) if isinstance(part, FormDraft)]
        form, what, clear = (the_one(named, name_of) if "form" in to[2].casefold() else None), to[1], True
    if form is None and not forms_of(draft):
        clear = not asked and not _LISTED.match(what) and not all(is_usual(item) for item in items_of(what))
        return choosing(draft, "", items_of(what), more=True) if clear else None
    what = _ONE_FOR.sub(r"\1 ", what)
    needed = _NEED.match(what)
    what = what[needed.end() :] if needed and not _LISTED.match(what) else what
    listed = _LISTED.match(what)
    bare = _SUFFIX.sub("", what)
    fields = _fields(listed["list"] if listed else _FOR.sub("", bare), listed)
    clear = clear or listed is not None or bare != what or re.match(r"(?:their|his|her) ", what, re.I) is not None
    if needed:
        fields = [field.changed({"required": needed[1].casefold() != "optional"}) for field in fields]
    if any(_NO_LABEL.fullmatch(field.label) for field in fields):
        return None
    if not fields or not (clear or _can_be_fields(fields, draft)):
        return None
    form = place.form if place is not None else form or the_one(forms_of(draft), name_of)
    return _with_fields(draft, form, fields, place) if form is not None else None


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


def first_fields(wish: str, draft: Draft) -> list[FieldDraft]:
    """What a bot without a form shall ask; empty where the wish does not say plainly that it asks."""
    lead = ADD.match(wish)
    if lead is None or forms_of(draft):
        return []
    what = wish[lead.end() :].strip()
    listed = _LISTED.match(what)
    asked = "ask" in lead[0].casefold() or "collect" in lead[0].casefold()
    return _fields(listed["list"] if listed else _FOR.sub("", what), listed) if listed or asked else []


def _placed(what: str, draft: Draft) -> tuple[str, FieldPart | None]:
    """`address after phone` without its place, and the field it comes behind."""
    found = _PLACE.search(what)
    part = the_field(draft, found["ref"]) if found else None
    return (what[: found.start()], part) if found and part is not None else (what, None)


def _fields(listed: str, lead: re.Match[str] | None) -> list[FieldDraft]:
    with_choices = _WITH.match(listed)
    if with_choices and len(items_of(with_choices["list"])) > 1:
        listed = f"{unquoted(with_choices['label'])} ({with_choices['list']})"
    either = _EITHER.match(listed)
    if re.match(r"^[\"“„«].*[\"”“»]$", listed.strip()):
        one = field_of(unquoted(listed))
        found = [one] if one else []
    elif _BETWEEN.match(listed) or (either and not (lead and lead["kind"])):
        options = distinct(items_of(_BETWEEN.sub("", listed)))
        label = " or ".join(options)
        found = [FieldDraft(label=label[:1].upper() + label[1:], kind=FieldKind.CHOICE, options=options)]
    elif re.match(r"^[^,;(]+: .*(?:,|\bor\b|\band\b|/)", listed) or (
        lead and lead["kind"] and "choice" in lead["kind"]
    ):
        one = field_of(listed)
        found = [one] if one else []
    else:
        found = [field.drafted() for field in listed_fields(listed)]
    found = [field.changed({"label": _SUFFIX.sub("", field.label)}) for field in found]
    need = (lead["need"] or "").strip().casefold() if lead else ""
    if need:
        found = [field.changed({"required": need != "optional"}) for field in found]
    kind = (lead["kind"] or "").strip().casefold() if lead else ""
    if kind.startswith("yes"):
        return [field.changed({"kind": FieldKind.CHOICE, "options": ("Yes", "No")}) for field in found]
    if kind and len(found) == 1 and found[0].kind is FieldKind.TEXT:
        of_kind = field_of(f"{found[0].label} ({kind})")
        found = [found[0].changed({"kind": of_kind.kind})] if of_kind else found
    return found


def _can_be_fields(fields: list[FieldDraft], draft: Draft) -> bool:
    """Whether words that do not say so mean fields: usual ones, or there is nothing else they could be."""
    if all(field.kind is not FieldKind.TEXT or is_usual(field.label) or field.label.endswith("?") for field in fields):
        return True
    choices = [field.label for form in forms_of(draft) for field in form.fields if field.options]
    choosers = [*(name_of(poll) for poll in polls_of(draft)), *choices]
    if choosers:
        raise Ambiguous([*choosers, *(name_of(form) for form in forms_of(draft))])
    return all(len(field.label.split()) <= 5 for field in fields)


def _with_fields(draft: Draft, form: FormDraft, fields: list[FieldDraft], place: FieldPart | None) -> Draft | None:
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
