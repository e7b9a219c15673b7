"""A reading of the maker's words, put into a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot_runtime.dna import CHOICE_KINDS, Tone, one_line
from factory_bot.model.draft import (
    FIELD_OPTIONS_LIMIT,
    FIELDS_LIMIT,
    POLL_OPTIONS_LIMIT,
    PURPOSE_LIMIT,
    TRAITS_LIMIT,
    Draft,
    FeatureKind,
    FieldDraft,
    FormDraft,
    PollDraft,
    distinct,
)
from factory_bot.model.naming import title_of
from factory_bot.model.parts import features_called, fields_called, options_called, same
from factory_bot.model.reading import ReadForm, Reading, ReadPoll
from factory_bot.model.saying import Phrase
from factory_bot.model.words.closing import closing_in
from factory_bot.model.words.moments import Present, Unclear

Notes = tuple[Phrase, ...]


def described(words: str, reading: Reading | None, present: Present) -> tuple[Draft, Notes]:
    """A fresh draft from a maker's first description, and what has to be said about it."""
    draft = Draft(purpose=shortened_purpose((reading.purpose if reading else None) or words))
    if reading is None:
        return draft, ()
    draft = _with_manner(draft, reading)
    draft, notes = wished(draft, reading, present)
    if not draft.features and not notes:
        notes = (Phrase("interview.features_so_far"),)
    if draft.tone is None and draft.name and draft.features:
        # Who describes the bot and names it is not asked how it speaks: the card shows it, one tap changes it.
        draft = draft.changed({"tone": Tone.FRIENDLY})
    return draft, notes


def wished(draft: Draft, reading: Reading, present: Present) -> tuple[Draft, Notes]:
    """The draft with the reading's features added, and an honest word about what cannot be built."""
    for form in reading.forms:
        draft = draft.adding(_form(form, draft))
    for poll in reading.polls:
        draft = draft.adding(_poll(poll, present))
    return draft, _honest(reading, draft)


def changed(draft: Draft, reading: Reading, present: Present) -> tuple[Draft, Notes]:
    """The draft after a wish like "make the name Bella" or "add the phone number"; the same draft if nothing fits."""
    draft = _with_manner(draft, reading)
    if reading.purpose:
        draft = draft.changed({"purpose": shortened_purpose(reading.purpose)})
    needed: list[str] = []
    for wish in reading.removes:
        without = _removed(draft, wish)
        needed += [wish] if without == draft and _is_there(draft, wish) else []
        draft = without
    for form in reading.forms:
        draft = _form_changed(draft, form, adds=reading.adds)
    for poll in reading.polls:
        draft = _poll_changed(draft, poll, present, adds=reading.adds)
    stays = tuple(Phrase("interview.review_needed", {"what": what}) for what in needed)
    return draft, (*_honest(reading, draft), *stays)


def changed_meanwhile(draft: Draft, reading: Reading | None, present: Present) -> tuple[Draft, Notes] | None:
    """The draft after a wish about a form or poll that is there, said while something else was asked; None: no wish."""
    if reading is None:
        return None
    of = [*(form.of for form in reading.forms), *(poll.of for poll in reading.polls)]
    if not reading.removes and not any(of):
        return None
    after, notes = changed(draft, reading, present)
    return (after, (Phrase("interview.changed_meanwhile"), *notes)) if after != draft else None


def changed_fields(fields: tuple[FieldDraft, ...], reading: Reading) -> tuple[FieldDraft, ...] | None:
    """The fields after "add …" or "remove …"; None where the reading is no such change."""
    whole = next((form for form in reading.forms if form.whole), None)
    if whole is not None:
        return sound_fields(whole) or None
    if not reading.adds and not reading.removes:
        return None
    kept = tuple(field for field in fields if not any(same(field.label, wish) for wish in reading.removes))
    read = (field for form in reading.forms for field in sound_fields(form))
    added = tuple(field for field in read if not _asked_already(field, kept))
    result = _united(kept, added)
    return result if result != fields and result else None


def keeping_options(fields: tuple[FieldDraft, ...], before: tuple[FieldDraft, ...]) -> tuple[FieldDraft, ...]:
    """The new fields; one that was there before with options keeps them where it is only named again."""
    known = {field.label.casefold(): field for field in before if field.options}
    return tuple(
        known[field.label.casefold()] if not field.options and field.label.casefold() in known else field
        for field in fields
    )


def joined(words: Iterable[str], last_with: str = "and") -> str:
    """`a, b and c`."""
    *most, last = list(words) or [""]
    return f"{', '.join(most)} {last_with} {last}" if most else last


def shortened_purpose(words: str) -> str:
    """The words as a purpose: cut after a sentence where they are too long."""
    text = words.strip()
    if len(text) <= PURPOSE_LIMIT:
        return text
    head = text[:PURPOSE_LIMIT]
    end = max(head.rfind(mark) for mark in (". ", "! ", "? ", "\n"))
    return head[: end + 1].strip() if end > PURPOSE_LIMIT // 3 else head[: PURPOSE_LIMIT - 1].rstrip() + "…"


def _with_manner(draft: Draft, reading: Reading) -> Draft:
    update: dict[str, object] = {}
    if reading.name:
        update["name"] = reading.name
    if reading.language:
        update["language"] = reading.language
    if reading.tone or reading.traits:
        update["tone"] = reading.tone or draft.tone or Tone.FRIENDLY
        update["traits"] = tuple(trait[:40] for trait in reading.traits[:TRAITS_LIMIT])
    return draft.changed(update)


def sound_fields(form: ReadForm) -> tuple[FieldDraft, ...]:
    """The fields of a read form as they can stand in a draft: each once, ranges and options in order."""
    return _united((), tuple(_sound(field.drafted()) for field in form.fields))


def _form(form: ReadForm, draft: Draft) -> FormDraft:
    return FormDraft(title=form.title or title_of(draft.purpose or ""), fields=sound_fields(form)[:FIELDS_LIMIT])


def _poll(poll: ReadPoll, present: Present) -> PollDraft:
    known = bool(poll.question or poll.options)
    drafted = PollDraft(
        question=poll.question or None,
        options=poll.options[:POLL_OPTIONS_LIMIT],
        multiple=bool(poll.multiple) if known or poll.multiple is not None else None,
    )
    return drafted.changed(closing_changes(poll, present))


def closing_changes(poll: ReadPoll, present: Present) -> Mapping[str, object]:
    """What the words for its closing change in a poll; where they do not say when, it will be asked."""
    if not poll.closes:
        return {}
    try:
        return closing_in(poll.closes, present).changes()
    except Unclear:
        return {"unclear_closing": poll.closes}


def _sound(field: FieldDraft) -> FieldDraft:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None and low > high:
        low, high = high, low
    options = field.options[:FIELD_OPTIONS_LIMIT] if field.kind in CHOICE_KINDS else ()
    return field.changed({"options": options, "minimum": low, "maximum": high})


def _honest(reading: Reading, draft: Draft) -> Notes:
    """An honest word about wishes that cannot be built, and about details that were left out."""
    details = joined(f"“{detail}”" for detail in reading.left_out)
    return (*_unavailable(reading, draft), *([Phrase("interview.left_out", {"details": details})] if details else []))


def _unavailable(reading: Reading, draft: Draft) -> Notes:
    if not reading.unavailable:
        return ()
    wishes = joined(reading.unavailable)
    kinds = [kind for kind in FeatureKind if draft.has(kind)]
    if not kinds:
        return (Phrase("interview.unavailable", {"wishes": wishes}),)
    return (Phrase(f"interview.unavailable_but_{'_and_'.join(kinds)}", {"wishes": wishes}),)


def _united(first: tuple[FieldDraft, ...], more: tuple[FieldDraft, ...]) -> tuple[FieldDraft, ...]:
    fields = {field.label.casefold(): field for field in first}
    for field in more:
        if field.label:
            fields[field.label.casefold()] = field
    return tuple(fields.values())


def _removed(draft: Draft, wish: str) -> Draft:
    wanted = re.sub(r"^(?:the|its|their)\s+", "", one_line(wish).casefold())
    for kind in FeatureKind:
        if wanted in {kind.value, f"{kind.value}s"} and len(draft.features) > 1:
            return draft.without_kind(kind)
    for feature in draft.features:
        name = feature.title if isinstance(feature, FormDraft) else feature.question
        if name and same(name, wanted) and len(draft.features) > 1:
            return draft.without(feature.id)
        if isinstance(feature, FormDraft):
            kept = tuple(field for field in feature.fields if not same(field.label, wanted))
            if 0 < len(kept) < len(feature.fields):
                draft = draft.replacing(feature.changed({"fields": kept}))
        else:
            options = tuple(option for option in feature.options if not same(option, wanted))
            if 2 <= len(options) < len(feature.options):
                draft = draft.replacing(feature.changed({"options": options}))
    return draft


def _is_there(draft: Draft, wish: str) -> bool:
    return bool(features_called(draft, wish) or fields_called(draft, wish) or options_called(draft, wish))


def _form_changed(draft: Draft, wish: ReadForm, *, adds: bool) -> Draft:
    forms = [feature for feature in draft.features if isinstance(feature, FormDraft)]
    titles = {(form.title or "").casefold() for form in forms}
    meant = next((form for form in forms if wish.of and form.title and same(form.title, wish.of)), None)
    beside = wish.new or (meant is None and adds and wish.title and wish.title.casefold() not in titles)
    if not forms or beside:
        return draft.adding(_form(wish, draft))
    form = meant or next((form for form in forms if wish.title and form.title == wish.title), forms[0])
    fields = sound_fields(wish)
    if wish.whole and meant is not None:
        return draft.replacing(form.changed({"title": wish.title or form.title, "fields": fields or form.fields}))
    # A reading of some fields that are all there changes those; only with `whole` it means that the others go.
    adds = adds or all(any(same(field.label, old.label) for old in form.fields) for field in fields)
    if adds:
        fields = tuple(field for field in fields if not _asked_already(field, form.fields))
    if fields:
        united = _united(form.fields, keeping_options(fields, form.fields))
        fresh = united if adds else keeping_options(_united((), fields), form.fields)
        form = form.changed({"fields": fresh[:FIELDS_LIMIT]})
    if wish.title and not fields:
        form = form.changed({"title": wish.title})
    return draft.replacing(form)


def _asked_already(field: FieldDraft, fields: tuple[FieldDraft, ...]) -> bool:
    """Whether another field asks the same under a slightly different label ("Phone" and "Phone number")."""
    return any(same(field.label, old.label) and field.label.casefold() != old.label.casefold() for old in fields)


def _poll_changed(draft: Draft, wish: ReadPoll, present: Present, *, adds: bool) -> Draft:
    polls = [feature for feature in draft.features if isinstance(feature, PollDraft)]
    meant = next((poll for poll in polls if wish.of and poll.question and same(poll.question, wish.of)), None)
    if not polls or wish.new or (meant is None and adds and wish.question):
        return draft.adding(_poll(wish, present))
    poll = meant or polls[0]
    update: dict[str, object] = {}
    if wish.question:
        update["question"] = wish.question
    if wish.options:
        options = distinct([*poll.options, *wish.options]) if adds and not wish.whole else wish.options
        update["options"] = options[:POLL_OPTIONS_LIMIT]
    if wish.multiple is not None:
        update["multiple"] = wish.multiple
    return draft.replacing(poll.changed(update | dict(closing_changes(wish, present))))
