"""Reading: what a maker's words say, as typed facts; the output type of the designer."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from bot_runtime.dna import Tone, one_line
from factory_bot.model.draft import (
    FEATURES_LIMIT,
    FIELDS_LIMIT,
    LABEL_LIMIT,
    QUESTION_LIMIT,
    FieldDraft,
    Label,
    Labels,
    Part,
)


def _at_most(limit: int) -> AfterValidator:
    """What is beyond the limit is left out: a reading that says too much is still a reading."""
    return AfterValidator(lambda value: value[:limit])


Question = Annotated[str, AfterValidator(lambda text: one_line(text)[:QUESTION_LIMIT])]


class ReadField(FieldDraft):
    """A question that a form asks.  Give options only where the maker's words name them."""

    def drafted(self) -> FieldDraft:
        """The same as a part of a draft."""
        return FieldDraft(**self.model_dump())


class ReadForm(Part):
    """A form the maker wants, or a change of one.  `fields` stays empty where the words name none."""

    of: Label | None = None  # the present title of the form that the words change
    new: bool = False  # a form beside those that are there
    whole: bool = False  # `fields` are all that the form shall ask, in order
    title: Label | None = None
    fields: Annotated[tuple[ReadField, ...], _at_most(FIELDS_LIMIT)] = ()


class ReadPoll(Part):
    """A poll the maker wants, or a change of one.  `options` stays empty where the words name none."""

    of: Question | None = None  # the present question of the poll that the words change
    new: bool = False  # a poll beside those that are there
    whole: bool = False  # `options` are all there is to choose, in order
    question: Question | None = None
    options: Labels = ()
    multiple: bool | None = None  # None: the words do not say whether several may be chosen
    closes: Annotated[str, AfterValidator(lambda text: one_line(text)[:LABEL_LIMIT])] | None = None  # when, as said


class Reading(Part):
    """What the maker's words say about the bot they want; everything not said stays empty."""

    name: Label | None = None
    purpose: Annotated[str, _at_most(4000)] | None = None
    tone: Tone | None = None
    traits: Labels = ()
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None = None
    forms: Annotated[tuple[ReadForm, ...], _at_most(FEATURES_LIMIT)] = ()
    polls: Annotated[tuple[ReadPoll, ...], _at_most(FEATURES_LIMIT)] = ()
    adds: bool = False  # the words add to what is there ("add a question for the phone number")
    removes: Labels = ()  # names of fields, options or features that the words want gone
    cities: Labels = ()  # whose weather the words ask for
    formulas: Labels = ()  # what the words want calculated ("price = metres * 12 + 50")
    unavailable: Labels = ()  # wishes for features that do not exist yet, in a few words each: "a weather report"
    left_out: Labels = ()  # details that no form or poll can have, in the maker's words: "only 20 places"
    unclear: Labels = ()  # wishes to change something of which it is not clear what they want, in the maker's words
    either: Labels = ()  # the parts of which the words could mean each, where they do not say which

    @property
    def missing(self) -> tuple[str, ...]:
        """What the words leave open, in the order it would be asked."""
        return (*_missing_features(self), *(["name"] if self.name is None else []))

    @property
    def empty(self) -> bool:
        """Whether nothing at all was recognised."""
        return not (
            self.name
            or self.purpose
            or self.tone
            or self.traits
            or self.forms
            or self.polls
            or self.removes
            or self.unavailable
            or self.left_out
            or self.unclear
            or self.either
            or self.language
        )


def _missing_features(reading: Reading) -> list[str]:
    if not reading.forms and not reading.polls:
        return ["features"]
    missing = [] if all(form.fields for form in reading.forms) else ["form fields"]
    missing += [
        f"options of {field.label}" for form in reading.forms for field in form.fields if field.drafted().lacks_options
    ]
    if any(poll.question is None for poll in reading.polls):
        missing.append("poll question")
    if any(len(poll.options) < 2 for poll in reading.polls):
        missing.append("poll options")
    return missing
