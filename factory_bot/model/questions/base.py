"""What every question of an interview has in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from factory_bot.model.draft import Draft
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Button, Phrase, Rows, Texts, Value
from factory_bot.model.steps import Place
from factory_bot.model.words.moments import Present


@dataclass(frozen=True)
class StarterQuestion:
    """A template's own wording of a question."""

    ask: str
    example: str


@dataclass(frozen=True, kw_only=True)
class Starter:
    """A template as the interview sees it: a draft to start from, and its own words for some questions."""

    id: str
    title: str
    emoji: str
    summary: str
    minutes: int
    draft: Draft
    questions: Mapping[str, StarterQuestion] = field(default_factory=dict)  # by step, or "field_options:<label>"


@dataclass(frozen=True, kw_only=True)
class Kit:
    """What an interview has at hand: the sentences that go into a DNA, and the templates to start from."""

    texts: Texts
    starters: tuple[Starter, ...] = ()
    told: Present | None = None  # the present of one turn

    def at(self, present: Present) -> Kit:
        """The kit for a turn at that present."""
        return replace(self, told=present)

    @property
    def present(self) -> Present:
        """When and where the maker speaks.  Only a turn has a present."""
        if self.told is None:
            raise RuntimeError("this kit belongs to no turn: it has no present")
        return self.told

    def starter(self, id: str) -> Starter | None:
        """The template of that id."""
        return next((starter for starter in self.starters if starter.id == id), None)

    def own_question(self, draft: Draft, key: str) -> StarterQuestion | None:
        """The wording that the draft's template has for the question `key`."""
        starter = self.starter(draft.template.id)
        return starter.questions.get(key) if starter else None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A question as it is put: its paragraphs and its own buttons (back, skip and cancel come from outside)."""

    phrases: tuple[Phrase, ...]
    rows: Rows = ()


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What an answer changed, and where it leads; `to` None: to whatever is open next."""

    draft: Draft
    to: Place | None = None
    notes: tuple[Phrase, ...] = ()
    create: bool = False
    redraw: bool = False  # the same question, changed: it is no step forward


class Rejected(Exception):
    """The answer cannot be accepted: `phrase` says why, with an example."""

    def __init__(self, key: str, /, **values: Value) -> None:
        super().__init__(key)
        self.phrase = Phrase(f"interview.{key}", values)

    @classmethod
    def saying(cls, why: Phrase) -> Rejected:
        """Rejected with a sentence that is made already."""
        rejected = cls(why.key)
        rejected.phrase = why
        return rejected


class Question:
    """One step's question."""

    needs_reading = False  # whether words answered here are read by the designer first

    def reads(self, text: str) -> bool:
        """Whether the designer should read these words first."""
        return self.needs_reading

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        """The question, as the draft stands."""
        raise TypeError(f"{type(self).__name__} does not ask")

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        """Take an answer in words.  Raises `Rejected`."""
        raise TypeError(f"{type(self).__name__} does not hear")

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        """Take a tap on one of its own buttons.  Raises `Rejected` for a button it does not have."""
        raise Rejected("unknown_button")

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        """The words on its Skip button; None where it cannot be skipped."""
        return None

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        """Go on with a sensible default.  Raises `Rejected` where there is none."""
        raise Rejected("cannot_skip")


def phrase(name: str, /, **values: Value) -> Phrase:
    """A sentence of the interview."""
    return Phrase(f"interview.{name}", values)


def button(name: str, action: str, /, **values: Value) -> Button:
    """A button whose label is a sentence of the interview."""
    return Button(action=action, label=phrase(f"button_{name}", **values))


def worded(draft: Draft, kit: Kit, key: str, usual: Phrase) -> Phrase:
    """The template's own wording of a question, else the usual one."""
    own = kit.own_question(draft, key)
    return phrase("own_question", question=own.ask, example=own.example) if own else usual
