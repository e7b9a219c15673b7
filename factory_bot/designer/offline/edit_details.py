"""Wishes to change one detail: "make the phone optional", "change the sizes to S, M, L", "rename size to cut"."""

from __future__ import annotations

import re

from bot_runtime.dna import CHOICE_KINDS, FieldKind
from factory_bot.designer.offline.edit_words import BE, CHANGE, the_field, unquoted, with_field
from factory_bot.model.draft import (
    FIELD_OPTIONS_LIMIT,
    LABEL_LIMIT,
    POLL_OPTIONS_LIMIT,
    Draft,
    FieldDraft,
    FormDraft,
    PollDraft,
    distinct,
)
from factory_bot.model.parts import (
    Ambiguous,
    FieldPart,
    OptionPart,
    chosen_from,
    core,
    features_called,
    fields_called,
    options_called,
    the_one,
    title_of_part,
)
from factory_bot.model.words.fields import field_of, kind_of
from factory_bot.model.words.lists import items_of

_OPTIONAL = r"(?:optional|not (?:required|mandatory|necessary|needed|compulsory)|voluntary)"
_REQUIRED = r"(?:required|mandatory|obligatory|compulsory|necessary|needed)"
_FILLED = r"(?:filled(?: in| out)?|given|answered|entered)"
_NEED = (
    re.compile(rf"^{CHANGE} (?P<what>.+?) (?:to be |to |be |as |into )?(?P<how>{_OPTIONAL}|{_REQUIRED})$", re.I),
    re.compile(rf"^(?P<what>.+?) (?:{BE}|isn't|aren't)(?P<no> not)? (?P<how>{_OPTIONAL}|{_REQUIRED})$", re.I),
    re.compile(rf"^(?P<what>.+?) (?:must|has to|have to|needs? to|should) be (?P<how>{_FILLED})$", re.I),
    re.compile(r"^(?P<how>require) (?P<what>.+)$", re.I),
    re.compile(rf"^(?P<what>[^:(]+?) ?[:(-] ?(?P<how>{_OPTIONAL}|{_REQUIRED})\)?$", re.I),
    re.compile(r"^(?P<how>(?:don't|do not) require|(?:people |they )?(?:can|may) skip) (?P<what>.+)$", re.I),
    re.compile(
        rf"^(?P<what>.+?) (?P<how>(?:need not|needn't|(?:don't|doesn't|do not|does not) (?:have"
        rf"|need) to) be {_FILLED})$",
        re.I,
    ),
)
_ALL = re.compile(
    r"^(?:everything|it all|all(?: of (?:it|them))?|(?:all|every)(?: the| of the)? (?:fields?|questions?))$"
)
_KINDS: tuple[tuple[FieldKind, str], ...] = (
    (FieldKind.CHOICES, r"(?:multiple|multi)[- ](?:choices?|select)|several choices"),
    (FieldKind.CHOICE, r"(?:single[- ])?choices?|drop-?down|selection"),
    (FieldKind.TEXT, r"(?:free |plain |short |long )?text"),
    (FieldKind.NUMBER, r"numbers?"),
    (FieldKind.DATE, r"dates?"),
    (FieldKind.RATING, r"(?:star )?ratings?|stars"),
    (FieldKind.PHONE, r"phone(?: numbers?)?"),
    (FieldKind.PHOTO, r"photos?|pictures?"),
    (FieldKind.EMAIL, r"e-?mail(?: address)?"),
)
_KIND = "|".join(words for _, words in _KINDS)
_AS_KIND = (
    re.compile(
        rf"^{CHANGE} (?P<what>.+?) (?:to be |into |to |be |as )?(?P<a>an? |the )?(?P<kind>{_KIND})"
        r"(?P<field> (?:field|question|answer|input))?(?:\s*(?:between|of|from|with|:|,|\()\s*(?P<list>.+?)\)?)?$",
        re.I,
    ),
    re.compile(
        rf"^(?P<what>.+?) {BE} (?P<a>an? )(?P<kind>{_KIND})(?P<field> (?:field|question|answer|input))?"
        r"(?:\s*(?:between|of|from|with|:|,|\()\s*(?P<list>.+?)\)?)?$",
        re.I,
    ),
)
_TYPED = re.compile(
    r"^let (?:people|them|everyone) (?:type|write|enter)(?: in)? (?P<what>.+?)(?: themselves| freely| in)?$", re.I
)
_SEVERAL_OF = re.compile(
    r"^(?:let (?:people|them|everyone)|allow(?: people)?(?: to)?|people (?:can|may|should)) (?:to )?(?:choose"
    r"|pick|select"
    r"|tick|have)? ?(?:several|more than one|multiple|many) (?P<what>.+)$",
    re.I,
)
_NOUN = r"(?:options?|choices?|possibilities|possible answers|answers)"
_TO = r"(?:to be|to|into|with|by|is|are|should be|shall be|must be|will be|can be|be|=|:)"
_OPTIONS = re.compile(
    rf"^(?:(?:change|set|make|update|let|use|replace|edit|switch)\s+)?(?:the |its "
    rf"|their )?(?:(?P<what>[^:,]+?)(?:['’]s)? )?"
    rf"{_NOUN}(?: (?:of|for|in|on) (?P<of>[^:,]+?))?\s*(?:{_TO}\s*)+\s(?P<list>.+)$|^(?:use"
    rf"|take) (?P<list2>.+) as (?:the )?"
    rf"{_NOUN}(?: (?:of|for|in) (?P<of2>.+))?$",
    re.I,
)
_DETAILS = re.compile(
    rf"^(?:(?:set|change|make|let|have|update)\s+)?(?P<what>[^:,]+?)\s*(?::| (?:to be|to|from|{BE}|comes? in"
    rf"|(?:should |must )?(?:has|have|offers?))\b| [=-](?!>))\s*"
    r"(?:(?:one|any) of |either |(?:an? )?choice (?:of|between|from) |from (?=\D))?\s*(?P<list>.+)$",
    re.I,
)
_CHOOSE_FOR = re.compile(
    r"^(?:(?:let )?(?:people|they|them|everyone|customers|guests|you) (?:can |may |should |could )?(?:only )?"
    r"(?:choose|pick|select)(?: between| from| among)?|use|take|offer) (?P<list>.+) (?:for|as|in) (?P<what>[^,]+)$",
    re.I,
)
_VOTE_BETWEEN = re.compile(
    r"^(?:(?:let )?(?:people|them|they|everyone)(?: can| should)? (?:vote|choose|decide)|(?:vote|choose)"
    r"|(?P<which>the (?:[\w' -]+ )?"
    r"(?:poll|vote)) (?:should be|is|be)) between (?P<list>.+?)(?: instead)?$",
    re.I,
)
_RENAME = re.compile(
    r"^(?:rename|change|replace|switch|turn|edit|update|call|relabel|reword|swap|exchange) (?:the (?:label|text"
    r"|wording|name) of )?"
    r"(?P<what>.+?) (?P<to>to|into|with|by|as|for|->|→)(?: be)?:? (?P<new>.+)$",
    re.I,
)
_CALLED = (
    re.compile(
        r"^(?:the )?(?:label|name|text|wording|title) of (?P<what>.+?) (?:should be|is|shall be|must be"
        r"|:) (?P<new>.+)$",
        re.I,
    ),
    re.compile(r"^(?P<what>.+?) ?(?:->|→|=>) ?(?P<new>.+)$"),
    re.compile(rf"^(?P<what>.+?) {BE} (?:called|named|labelled|labeled|renamed(?: to)?) (?P<new>.+)$", re.I),
)
_INSTEAD = (
    re.compile(
        r"^instead of (?P<what>.+?),? (?:ask(?: for)?|use|take|put|have|write|say|offer|it should (?:be|ask(?: for)?)) "
        r"(?P<new>.+)$",
        re.I,
    ),
    re.compile(r"^(?:ask(?: for)?|use|take|put|have|offer) (?P<new>.+?) instead of (?P<what>.+)$", re.I),
)
_FIRST = re.compile(
    r"^(?:put|move|place|ask(?: for)?|make|show|have)? ?(?P<what>.+?) (?:(?:to|at|as|in|comes?|should (?:come|be)"
    r"|must (?:come|be)|goes) )*(?:the )?(?P<where>first|last|top|beginning|start|very end|end|bottom)"
    r"(?: (?:question|field|place|position))?$",
    re.I,
)
_BESIDE = re.compile(
    r"^(?:put|move|place|ask(?: for)?) (?P<what>.+?) (?:right |directly |just )?(?P<where>before|after|above"
    r"|below|under"
    r"|behind|in front of) (?P<ref>.+)$",
    re.I,
)
_SWAP = re.compile(r"^(?:swap|exchange|switch) (?P<what>.+?) (?:and|with) (?P<ref>.+)$", re.I)


def needed(wish: str, draft: Draft) -> Draft | None:
    """Whether fields must be filled in."""
    found = next((found for pattern in _NEED if (found := pattern.match(wish))), None)
    if found is None:
        return None
    how = found["how"].casefold()
    negated = (
        bool(re.search(r"\bnot\b|n't", how)) or bool(found.groupdict().get("no")) or "n't" in wish.split(" be ")[0]
    )
    required = not (re.fullmatch(_OPTIONAL, how) or negated or how.endswith("skip"))
    what = found["what"]
    if _ALL.match(what.casefold()):
        parts = [FieldPart(form, field) for form in forms_of(draft) for field in form.fields]
    else:
        named = [the_field(draft, item) for item in items_of(what)]
        parts = [part for part in named if part is not None] if all(named) else []
    for part in parts:
        draft = with_field(draft, part, {"required": required})
    return draft if parts else None


def of_kind(wish: str, draft: Draft) -> Draft | None:
    """What a field takes: "make the date a text field"."""
    typed = _TYPED.match(wish)
    if typed and (part := the_field(draft, typed["what"])):
        return with_field(draft, part, {"kind": FieldKind.TEXT, "options": ()})
    several = _SEVERAL_OF.match(wish)
    if several and (part := the_field(draft, several["what"])):
        return with_field(draft, part, {"kind": FieldKind.CHOICES, "minimum": None, "maximum": None})
    found = next((found for pattern in _AS_KIND if (found := pattern.match(wish))), None)
    if found is None:
        return None
    kind = next(kind for kind, words in _KINDS if re.fullmatch(words, found["kind"], re.I))
    named_anew = kind in {FieldKind.PHONE, FieldKind.EMAIL, FieldKind.PHOTO} and not (found["a"] or found["field"])
    part = None if named_anew else the_field(draft, found["what"])
    if part is None:
        return None
    options = distinct(items_of(found["list"] or ""))[:FIELD_OPTIONS_LIMIT]
    kept = options if len(options) > 1 else part.field.options
    bounds: dict[str, object] = {} if kind is FieldKind.NUMBER else {"minimum": None, "maximum": None}
    return with_field(draft, part, {"kind": kind, "options": kept if kind in CHOICE_KINDS else (), **bounds})


def with_options(wish: str, draft: Draft) -> Draft | None:
    """What there is to choose: "change the size options to S, M, L", "size: S, M or L"."""
    found = _OPTIONS.match(wish)
    if found:
        listed = items_of(found["list"] or found["list2"])
        return choosing(draft, found["of"] or found["of2"] or found["what"] or "", listed)
    chosen = _CHOOSE_FOR.match(wish)
    if chosen:
        return choosing(draft, chosen["what"], items_of(chosen["list"]))
    voted = _VOTE_BETWEEN.match(wish)
    if voted:
        return choosing(draft, voted["which"] or "the poll", items_of(voted["list"]))
    found = _DETAILS.match(wish)
    part = the_field(draft, found["what"]) if found else None
    if found is None or part is None:
        return _things(draft, found["what"], found["list"]) if found else None
    detailed = field_of(f"{part.field.label} ({found['list'].strip('() ')})")
    bounded = detailed is not None and (detailed.minimum, detailed.maximum) != (None, None)
    if detailed is None or not (detailed.options or (bounded and part.field.kind is FieldKind.NUMBER)):
        return None
    if part.field.kind not in {*CHOICE_KINDS, FieldKind.NUMBER} and not re.search(r"[,/;|\d]|\bor\b", found["list"]):
        return None
    kept = part.field.kind if detailed.options and part.field.kind in CHOICE_KINDS else detailed.kind
    update: dict[str, object] = {
        "kind": kept,
        "options": detailed.options,
        "minimum": detailed.minimum,
        "maximum": detailed.maximum,
    }
    return with_field(draft, part, update)


def _things(draft: Draft, what: str, listed: str) -> Draft | None:
    """`the pizzas should be …`, where one poll asks about pizzas."""
    polls = [poll for poll in polls_of(draft) if core(what) and core(what) in core(poll.question or "").split()]
    if len(polls) != 1 or not re.search(r"[,/;|]|\bor\b", listed):
        return None
    return choosing(draft, polls[0].question or "", items_of(listed))


def choosing(draft: Draft, what: str, options: list[str], *, more: bool = False) -> Draft | None:
    """The draft with these options in what the words name, or these more; None where they name nothing of the kind."""
    owner = the_chooser(draft, what)
    if owner is None:
        return None
    known = owner.options if isinstance(owner, PollDraft) else owner.field.options
    chosen = distinct(unquoted(option) for option in ([*known, *options] if more else options))
    limit = POLL_OPTIONS_LIMIT if isinstance(owner, PollDraft) else FIELD_OPTIONS_LIMIT
    if not options or not 2 <= len(chosen) <= limit or any(len(option) > LABEL_LIMIT for option in chosen):
        return None
    if isinstance(owner, PollDraft):
        return draft.replacing(owner.changed({"options": chosen}))
    kind = owner.field.kind if owner.field.kind in CHOICE_KINDS else FieldKind.CHOICE
    return with_field(draft, owner, {"options": chosen, "kind": kind, "minimum": None, "maximum": None})


def the_chooser(draft: Draft, what: str) -> PollDraft | FieldPart | None:
    """The poll or field whose options are meant; unnamed, the only one there is.  Raises `Ambiguous`."""
    unnamed = re.fullmatch(r"(?:the |its |all |new |possible |available )*", f"{what} ".lstrip()) is not None
    if not unnamed:
        fields: list[PollDraft | FieldPart] = list(fields_called(draft, what))
        polls = [feature for feature in features_called(draft, what) if isinstance(feature, PollDraft)]
        return the_one(chosen_from(draft, what) or fields or polls, name_of)
    everything: list[PollDraft | FieldPart] = [part for part in draft.features if isinstance(part, PollDraft)]
    everything += [
        FieldPart(form, field) for form in forms_of(draft) for field in form.fields if field.kind in CHOICE_KINDS
    ]
    return the_one(everything, name_of)


def renamed(wish: str, draft: Draft) -> Draft | None:
    """Another name for a field or an option, or another one in its place."""
    instead = next((found for pattern in _INSTEAD if (found := pattern.match(wish))), None)
    found = (
        instead or _RENAME.match(wish) or next((found for pattern in _CALLED if (found := pattern.match(wish))), None)
    )
    if found is None:
        return _called_so(wish, draft)
    afresh = (
        instead is not None or wish.casefold().startswith("replace") or found.groupdict().get("to") in {"with", "by"}
    )
    return _with_name(draft, found["what"], found["new"], afresh=afresh)


def _called_so(wish: str, draft: Draft) -> Draft | None:
    """`call the phone field Telephone`: the name begins where the field's ends."""
    lead = re.match(r"(?:call|rename|relabel) ", wish, re.I)
    words = wish[lead.end() :].split() if lead else []
    for end in range(len(words) - 1, 0, -1):
        what = " ".join(words[:end])
        if any(core(part.field.label) == core(what) for part in fields_called(draft, what)):
            return _with_name(draft, what, " ".join(words[end:]), afresh=False)
    return None


def _with_name(draft: Draft, what: str, new: str, *, afresh: bool) -> Draft | None:
    new = unquoted(new)
    exact: list[FieldPart | OptionPart] = [
        part for part in fields_called(draft, what) if core(part.field.label) == core(what)
    ]
    found = exact or options_called(draft, what) or fields_called(draft, what)
    part = the_one(list(found), lambda one: one.option if isinstance(one, OptionPart) else one.field.label)
    if part is None or not new or len(new) > LABEL_LIMIT or re.search(r"[,;]", re.sub(r"\([^()]*\)", "", new)):
        return None
    if isinstance(part, OptionPart):
        return _with_option(draft, part, new)
    named = field_of(new)
    if named is None:
        return None
    if afresh or named.options or not named.required:
        return with_field(draft, part, named.model_dump())
    update: dict[str, object] = {"label": named.label}
    if part.field.kind not in CHOICE_KINDS and kind_of(named.label) is not FieldKind.TEXT:
        update["kind"] = named.kind
    return with_field(draft, part, update)


def _with_option(draft: Draft, part: OptionPart, new: str) -> Draft:
    owner = part.owner
    options = owner.options if isinstance(owner, PollDraft) else owner.field.options
    changed = distinct(new if option == part.option else option for option in options)
    if isinstance(owner, PollDraft):
        return draft.replacing(owner.changed({"options": changed}))
    return with_field(draft, owner, {"options": changed})


def moved(wish: str, draft: Draft) -> Draft | None:
    """Another order of a form's fields."""
    wish = re.sub(r"^ask first(?: for)? (.+)$", r"ask \1 first", wish, flags=re.I)
    found = _SWAP.match(wish) or _BESIDE.match(wish) or _FIRST.match(wish)
    part = the_field(draft, found["what"]) if found else None
    if found is None or part is None:
        return None
    where = found.groupdict().get("where")
    fields = [field for field in part.form.fields if field.label != part.field.label]
    if "ref" not in found.groupdict():
        place = 0 if where and where.casefold() in {"first", "top", "beginning", "start"} else len(fields)
        return _in_order(draft, part, [*fields[:place], part.field, *fields[place:]])
    other = the_field(draft, found["ref"])
    if other is None or other.form.id != part.form.id or other.field.label == part.field.label:
        return None
    if where is None:
        swapped = {part.field.label: other.field, other.field.label: part.field}
        return _in_order(draft, part, [swapped.get(field.label, field) for field in part.form.fields])
    place = fields.index(other.field) + (where.casefold() in {"after", "below", "under", "behind"})
    return _in_order(draft, part, [*fields[:place], part.field, *fields[place:]])


def _in_order(draft: Draft, part: FieldPart, fields: list[FieldDraft]) -> Draft:
    return draft.replacing(part.form.changed({"fields": tuple(fields)}))


def forms_of(draft: Draft) -> list[FormDraft]:
    """The forms of the draft."""
    return [feature for feature in draft.features if isinstance(feature, FormDraft)]


def polls_of(draft: Draft) -> list[PollDraft]:
    """The polls of the draft."""
    return [feature for feature in draft.features if isinstance(feature, PollDraft)]


def name_of(part: PollDraft | FormDraft | FieldPart) -> str:
    """What a part is called on the card."""
    return part.field.label if isinstance(part, FieldPart) else title_of_part(part)


__all__ = ["Ambiguous", "choosing", "forms_of", "moved", "name_of", "needed", "of_kind", "polls_of", "renamed"]
