"""Wishes to change a bot under way: "make the name Bella", "add a question for the phone number", "drop the poll"."""

from __future__ import annotations

import re

from bot_runtime.dna import FieldKind, Tone
from factory_bot.designer.offline.closing import closing_wished
from factory_bot.designer.offline.forms import listed_fields
from factory_bot.designer.offline.manner import manner
from factory_bot.designer.offline.names import named
from factory_bot.model.draft import Draft, FieldDraft, FormDraft, PollDraft
from factory_bot.model.reading import ReadField, ReadForm, Reading, ReadPoll
from factory_bot.model.words.answers import tone_of, traits_of
from factory_bot.model.words.lists import items_of

_POLITE = re.compile(
    r"^(?:(?:please|ok|okay|hmm|um|yes|no|and|also|now|actually|can you|could you|i'd like to|i would like to"
    r"|i want to|i want you to|let's|just|maybe|oh|hey)[\s,.!-]+)+",
    re.I,
)
_ADD = re.compile(
    r"^(?:add|include|also ask|ask also|ask|also|append|put in|insert|we also need|i also need|it should also (?:ask"
    r"|have))\b\s*",
    re.I,
)
_REMOVE = re.compile(
    r"^(?:remove|delete|drop|leave out|take out|get rid of|without|no|skip|don't ask(?: for)?|do not ask(?: for)?|cut"
    r"|erase|throw out)\b\s*",
    re.I,
)
_CHANGE = re.compile(r"^(?:make|change|set|rename|call|turn|let|switch|update|edit|put|use)\b\s*", re.I)
_TO_POLL = re.compile(
    r"\s+(?:to|in|into|as an? option (?:to|in|for)|from|for|of)\s+(?:the |our |my )?(?:poll|vote|options?"
    r"|choices)(?:'s options)?$",
    re.I,
)
_TO_FORM = re.compile(
    r"\s+(?:to|in|into|from|for|of|on)\s+(?:the |our |my )?(?:[\w-]+ )?(?:form|fields?|questions?)$", re.I
)
_QUESTION_FOR = re.compile(
    r"^(?:(?:a|an|another|one more|the|two|some|more) )*(?:question|field|line)s?\b(?: (?:for|about|asking(?: for)?"
    r"|called|named|on|asking about|that asks(?: for)?))?\s*:?\s*",
    re.I,
)
_OPTION = re.compile(
    r"^(?:(?:a|an|another|the|one more|two|more|some|also|new) )*(?:options?|choices?|answers?)\b(?: (?:called|named"
    r"|for))?\s*:?\s*",
    re.I,
)


def adds(text: str) -> bool:
    """Whether the words want something in addition to what is there."""
    return (
        _ADD.match(_POLITE.sub("", text.strip())) is not None
        or re.search(r"\b(?:another|second)\b", text, re.I) is not None
    )


def edit(text: str, draft: Draft) -> Reading | None:
    """The change that the words wish for; None where they are no such wish."""
    wish = _POLITE.sub("", text.strip()).strip().rstrip(".!")
    if not wish or len(wish) > 1000:
        return None
    for understand in (_name, _details, _added, _removed, _manner):
        reading = understand(wish, draft)
        if reading is not None:
            return reading
    return None


def _name(wish: str, draft: Draft) -> Reading | None:
    if re.search(r"\b(?:form|poll|field|question|option)\b", wish.split(" to ")[0], re.I) or _ADD.match(wish):
        return None
    found = named(wish)
    explicit = re.match(r"(?:make|change|set|rename|call|name|let|its|the|it|bot)\b", wish, re.I)
    return Reading(name=found.name) if found.name and explicit else None


def _details(wish: str, draft: Draft) -> Reading | None:
    """Changes of one named detail: title, purpose, question, options, one field."""
    title = re.match(
        r"(?:make|change|set|rename|call) (?:the |its )?(?:form'?s?(?: title| name)?|title(?: of the form)?"
        r"|name of the form)(?: to(?: be)?| as)? (.+)$",
        wish,
        re.I,
    )
    if title:
        return Reading(forms=(ReadForm(title=_bare(title[1])),))
    purpose = re.match(
        r"(?:make|change|set|update) (?:the |its )?(?:purpose|description)(?: to(?: be)?|:)? (.+)$", wish, re.I | re.S
    )
    if purpose:
        return Reading(purpose=_bare(purpose[1]))
    question = re.match(
        r"(?:make|change|set|update|rename) (?:the |its )?(?:poll|(?:poll's |poll )?question)(?: of the poll"
        r"| in the poll)?(?: question)?(?: to(?: be)?|:)? (.+)$",
        wish,
        re.I,
    )
    if question:
        return Reading(polls=(ReadPoll(question=_bare(question[1])),))
    options = re.match(
        r"(?:make|change|set|update|let|use)?\s*(?:the |its )?(?:(?:poll|vote)(?:'s)? )?(?:options"
        r"|choices)(?: of the poll| in the poll)?(?: to(?: be)?| be| are| should be|:)+ (.+)$",
        wish,
        re.I,
    )
    if options and draft_poll(draft):
        return Reading(polls=(ReadPoll(options=tuple(items_of(options[1]))[:12]),))
    closes = closing_wished(wish) if draft_poll(draft) and not _ADD.match(wish) else ""
    if closes:
        return Reading(polls=(ReadPoll(closes=closes),))
    if (
        re.search(r"\b(?:several|more than one|multiple)\b", wish, re.I)
        and draft_poll(draft)
        and re.search(r"\b(?:vote|poll|choose|choice|pick|option|answer)", wish, re.I)
    ):
        return Reading(polls=(ReadPoll(multiple=True),))
    if re.search(r"\b(?:only|just) one\b|\bsingle[- ]choice\b|\bone vote\b", wish, re.I) and draft_poll(draft):
        return Reading(polls=(ReadPoll(multiple=False),))
    return _field_changed(wish, draft)


def _field_changed(wish: str, draft: Draft) -> Reading | None:
    found = re.match(
        r"(?:make|change|set|turn|let) (?:the |its )?(.+?)(?: (?:field|question))? (?:to be |to |into |be |a "
        r"|an )*(optional|required|mandatory|not required|choice|multiple[- ]choice|number|text|date|rating|phone"
        r"|photo|e-?mail)\b(?: (?:field|question))?(?:\s*(?:between|of|from|with|:|,|\()\s*(.+?)\)?)?$",
        wish,
        re.I,
    )
    field = _known_field(found[1], draft) if found else None
    if found is None or field is None:
        return None
    what = found[2].casefold()
    if what in {"optional", "not required"}:
        return _one_field(field, required=False)
    if what in {"required", "mandatory"}:
        return _one_field(field, required=True)
    kind = {"multiple-choice": FieldKind.CHOICES, "multiple choice": FieldKind.CHOICES, "e-mail": FieldKind.EMAIL}.get(
        what
    ) or FieldKind(what)
    return _one_field(
        field,
        kind=kind,
        options=tuple(items_of(found[3] or ""))[:20] if kind in {FieldKind.CHOICE, FieldKind.CHOICES} else (),
    )


def _added(wish: str, draft: Draft) -> Reading | None:
    lead = _ADD.match(wish)
    if not lead or lead.end() == len(wish):
        return None
    what = wish[lead.end() :]
    poll, form = draft_poll(draft), draft_form(draft)
    wants_poll = bool(_TO_POLL.search(what) or _OPTION.match(what))
    if poll and wants_poll:
        listed = _OPTION.sub("", _TO_POLL.sub("", what))
        return Reading(adds=True, polls=(ReadPoll(options=tuple(_quoted(items_of(listed)))[:12]),))
    if re.match(
        r"(?:a |an |another |the )?(?:[\w' -]{0,40} )?(?:poll|vote|form|survey)\b", what, re.I
    ) and not _TO_FORM.search(what):
        return None  # a whole feature: read like a description
    if form is None:
        return None
    listed = _QUESTION_FOR.sub("", re.sub(r"^(?:for|about)\s+", "", _TO_FORM.sub("", what), flags=re.I))
    fields = listed_fields(listed)
    return Reading(adds=True, forms=(ReadForm(fields=fields),)) if fields else None


def _removed(wish: str, draft: Draft) -> Reading | None:
    lead = _REMOVE.match(wish)
    if not lead or lead.end() == len(wish):
        return None
    what = _TO_FORM.sub("", _TO_POLL.sub("", wish[lead.end() :]))
    what = re.sub(r"^(?:the |its )?(?:question|field|option)s?\s+(?:for |about |called )?(?=\S)", "", what, flags=re.I)
    names = [re.sub(r"^(?:the|its|their|a|an)\s+", "", item, flags=re.I) for item in items_of(what)]
    return Reading(removes=tuple(name for name in names if name)[:12]) if names else None


def _manner(wish: str, draft: Draft) -> Reading | None:
    if not _CHANGE.match(wish) and len(wish.split()) > 6:
        return None
    how = manner(wish)
    tone = how.tone or (tone_of(wish) if _CHANGE.match(wish) or len(wish.split()) <= 4 else None)
    if tone is None and not how.traits:
        return Reading(language=how.language) if how.language and _CHANGE.match(wish) else None
    return Reading(tone=tone or Tone.FRIENDLY, traits=how.traits or tuple(traits_of(wish)))


def draft_poll(draft: Draft) -> PollDraft | None:
    """The first poll of the draft."""
    return next((feature for feature in draft.features if isinstance(feature, PollDraft)), None)


def draft_form(draft: Draft) -> FormDraft | None:
    """The first form of the draft."""
    return next((feature for feature in draft.features if isinstance(feature, FormDraft)), None)


def _known_field(label: str, draft: Draft) -> FieldDraft | None:
    wanted = _core(label)
    return next(
        (
            field
            for feature in draft.features
            if isinstance(feature, FormDraft)
            for field in feature.fields
            if _core(field.label) == wanted
        ),
        None,
    )


def _core(label: str) -> str:
    return re.sub(r"\s+(?:number|address|field|question)$", "", label.casefold().strip()).replace("-", "")


def _one_field(field: FieldDraft, **update: object) -> Reading:
    changed = ReadField(**field.model_copy(update=update).model_dump())
    return Reading(adds=True, forms=(ReadForm(fields=(changed,)),))


def _bare(text: str) -> str:
    return text.strip().strip("\"“”'«»").strip()


def _quoted(items: list[str]) -> list[str]:
    return [_bare(item) for item in items]
