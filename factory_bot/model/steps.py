"""The steps of an interview, and which of them are still open for a draft."""

from __future__ import annotations

from enum import StrEnum

from factory_bot.model.draft import Draft, FormDraft, Part, PollDraft


class Step(StrEnum):
    """What an interview is asking.  The values are stored: never rename one."""

    START = "start"  # words, a template, or blank
    PURPOSE = "purpose"
    FEATURES = "features"
    FORM_TITLE = "form_title"
    FORM_FIELDS = "form_fields"
    FIELD_OPTIONS = "field_options"
    POLL_QUESTION = "poll_question"
    POLL_OPTIONS = "poll_options"
    POLL_CHOICE = "poll_choice"  # one or several answers
    POLL_CLOSING = "poll_closing"  # from the review card, and where the maker's words for it were unclear
    COMMAND = "command"  # what people type to open a feature; only from the review card
    PERSONALITY = "personality"
    NAME = "name"
    FEATURE = "feature"  # which part of one feature to change; only from the review card
    REVIEW = "review"
    CANCEL = "cancel"  # whether to stop for good
    DONE = "done"  # created or cancelled


class Place(Part):
    """Where an interview stands: a step, and what it is about."""

    step: Step
    feature: str = ""  # id of a feature within the draft
    field: int = 0  # position of a field in that form


def open_places(draft: Draft) -> list[Place]:
    """Everything that has to be asked before the review card, in order."""
    places = [] if draft.purpose is not None else [Place(step=Step.PURPOSE)]
    if not draft.features:
        places.append(Place(step=Step.FEATURES))
    for feature in draft.features:
        places += _open_in_form(feature) if isinstance(feature, FormDraft) else _open_in_poll(feature)
    if draft.tone is None:
        places.append(Place(step=Step.PERSONALITY))
    if draft.name is None:
        places.append(Place(step=Step.NAME))
    return places


def next_place(draft: Draft) -> Place:
    """What to ask next; the review card when nothing is open."""
    return next(iter(open_places(draft)), Place(step=Step.REVIEW))


def exists(place: Place, draft: Draft) -> bool:
    """Whether the draft still has what the place is about."""
    feature = draft.feature(place.feature)
    if place.step in {Step.FORM_TITLE, Step.FORM_FIELDS}:
        return isinstance(feature, FormDraft)
    if place.step is Step.FIELD_OPTIONS:
        return isinstance(feature, FormDraft) and place.field < len(feature.fields)
    if place.step in {Step.POLL_QUESTION, Step.POLL_OPTIONS, Step.POLL_CHOICE, Step.POLL_CLOSING}:
        return isinstance(feature, PollDraft)
    if place.step is Step.COMMAND and not place.feature:
        return True
    return place.step not in {Step.FEATURE, Step.COMMAND} or feature is not None


def _open_in_form(form: FormDraft) -> list[Place]:
    places = [Place(step=Step.FORM_TITLE, feature=form.id)] if form.title is None else []
    if not form.fields:
        places.append(Place(step=Step.FORM_FIELDS, feature=form.id))
    places += [
        Place(step=Step.FIELD_OPTIONS, feature=form.id, field=position)
        for position, field in enumerate(form.fields)
        if field.lacks_options
    ]
    return places


def _open_in_poll(poll: PollDraft) -> list[Place]:
    places = [Place(step=Step.POLL_QUESTION, feature=poll.id)] if poll.question is None else []
    if len(poll.options) < 2:
        places.append(Place(step=Step.POLL_OPTIONS, feature=poll.id))
    if poll.multiple is None:
        places.append(Place(step=Step.POLL_CHOICE, feature=poll.id))
    if poll.unclear_closing:
        places.append(Place(step=Step.POLL_CLOSING, feature=poll.id))
    return places
