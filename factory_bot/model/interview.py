"""The interview: a state machine that turns a maker's words and taps into a DNA.  Pure; every turn is one call.

`advance` takes the interview as it was stored and what happened, and gives the interview to store and what to say.
It reads no clock, no network and no table: each path through it is a row of a test table.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import ValidationError

from bot_runtime.dna import AgentDNA, cleaned
from factory_bot.model.draft import Draft, Part
from factory_bot.model.making import complete
from factory_bot.model.questions import QUESTIONS, Heard, Kit, Question, Rejected
from factory_bot.model.questions.base import button, phrase
from factory_bot.model.questions.poll import closed_at_birth
from factory_bot.model.reading import Reading
from factory_bot.model.saying import CALLBACK_PREFIX, Button, Phrase, Rendered, Rows, Say, Texts, render
from factory_bot.model.steps import Place, Step, exists, next_place, open_places
from factory_bot.model.words.answers import agreed, navigation, yes_or_no
from factory_bot.model.words.moments import Present

VERSION = 1
TRAIL_LIMIT = 40
START = Place(step=Step.START)

__all__ = [
    "Event",
    "Interview",
    "Kit",
    "Outcome",
    "OutcomeKind",
    "Phrase",
    "Rendered",
    "Say",
    "SentSomething",
    "Started",
    "Tapped",
    "Turn",
    "Wrote",
    "advance",
    "needs_reading",
    "render",
]


class Interview(Part):
    """A conversation with a maker, as it is stored between turns."""

    version: Literal[1] = 1
    turn: int = 0  # counts what was said; a button of an older turn is stale
    place: Place = START
    draft: Draft = Draft()
    trail: tuple[Place, ...] = ()  # what was asked before, for Back
    last_tap: str = ""  # the last button that was taken, to tell a double tap from a stale one
    lost: bool = False  # the stored text could not be read

    def to_json(self) -> str:
        """The interview as text for a table."""
        return self.model_dump_json(exclude_defaults=False)

    @classmethod
    def from_json(cls, text: str) -> Interview:
        """The stored interview; never raises: one that cannot be read is a fresh one that says so at its next turn."""
        try:
            return cls.model_validate_json(text)
        except ValidationError:
            return cls(lost=True)

    @property
    def step(self) -> Step:
        """What is being asked."""
        return self.place.step

    @property
    def over(self) -> bool:
        """Whether it ended in a bot or was cancelled."""
        return self.place.step is Step.DONE


@dataclass(frozen=True)
class Started:
    """The maker said /newbot, perhaps with a template in mind."""

    template: str | None = None


@dataclass(frozen=True)
class Wrote:
    """The maker wrote words."""

    text: str


@dataclass(frozen=True)
class SentSomething:
    """The maker sent what is no text: a sticker, a photo, a voice message."""


@dataclass(frozen=True)
class Tapped:
    """The maker tapped a button that was shown in that turn."""

    turn: int
    action: str

    @classmethod
    def parse(cls, callback_data: str) -> Tapped | None:
        """The tap in a button's callback_data; None where it is no button of an interview."""
        found = re.fullmatch(rf"{CALLBACK_PREFIX}:(\d{{1,9}}):([\x21-\x7e]{{1,60}})", callback_data)
        return cls(int(found[1]), found[2]) if found else None


Event = Started | Wrote | SentSomething | Tapped


class OutcomeKind(StrEnum):
    """How an interview ends."""

    CREATE = "create"
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Outcome:
    """The end of an interview; CREATE has the DNA."""

    kind: OutcomeKind
    dna: AgentDNA | None = None


@dataclass(frozen=True, kw_only=True)
class Turn:
    """What follows from one event: store `interview`, send `says`, answer a tap with `notice`."""

    interview: Interview
    says: tuple[Say, ...] = ()
    notice: Phrase | None = None  # a few plain words for answerCallbackQuery
    outcome: Outcome | None = None

    def rendered(self, texts: Texts, language: str | None = None) -> tuple[Rendered, ...]:
        """The messages in the person's language, ready for Telegram."""
        return tuple(render(say, texts, turn=self.interview.turn, language=language) for say in self.says)


def needs_reading(interview: Interview, event: Event) -> bool:
    """Whether the designer should read these words first; buttons, short answers and navigation need no reading."""
    if not isinstance(event, Wrote) or interview.lost or interview.step not in QUESTIONS:
        return False
    if interview.step is Step.REVIEW and agreed(event.text):
        return False
    question = QUESTIONS[interview.step]
    return question.reads(event.text) and navigation(event.text) is None and bool(cleaned(event.text))


def advance(
    interview: Interview, event: Event, reading: Reading | None = None, *, kit: Kit, now: datetime, zone: str = "UTC"
) -> Turn:
    """Take one event and say what follows; the maker's words about time are of `now` and their `zone`."""
    turn = _advanced(interview, event, reading, kit.at(Present(now=now, zone=zone)))
    if turn.outcome is None or turn.outcome.kind is not OutcomeKind.CREATE:
        return turn
    return replace(turn, outcome=Outcome(OutcomeKind.CREATE, complete(turn.interview.draft, kit.texts, now)))


def _advanced(interview: Interview, event: Event, reading: Reading | None, kit: Kit) -> Turn:
    if isinstance(event, Started):
        return _begun(interview, event, kit)
    if interview.lost:
        return _begun(interview, Started(), kit, phrase("lost"))
    if interview.over:
        return Turn(interview=interview, notice=phrase("over") if isinstance(event, Tapped) else None)
    if isinstance(event, Tapped):
        return _tapped(interview, event, kit)
    if isinstance(event, SentSomething) or not cleaned(event.text):
        return _asked(interview, kit, phrase("only_words"))
    return _heard(interview, event.text, reading, kit)


def _begun(interview: Interview, event: Started, kit: Kit, *notes: Phrase) -> Turn:
    fresh = Interview(turn=interview.turn)  # the turn goes on counting, so that old buttons stay stale
    starter = kit.starter(event.template) if event.template else None
    if starter is None:
        return _asked(fresh, kit, *notes)
    return _arrived(fresh, Heard(draft=starter.draft), kit)


def _heard(interview: Interview, text: str, reading: Reading | None, kit: Kit) -> Turn:
    if interview.step is Step.CANCEL:
        answer = yes_or_no(text)
        if answer is None and navigation(text) == "cancel":
            answer = True
        return (
            _asked(interview, kit, phrase("cancel_unknown")) if answer is None else _cancelled(interview, kit, answer)
        )
    wish = navigation(text)
    try:
        if wish == "back":
            return _back(interview, kit)
        if wish == "cancel":
            return _cancel(interview, kit)
        if wish == "skip":
            return _skipped(interview, kit)
        if wish == "next":
            return _next(interview, kit)
        heard = QUESTIONS[interview.step].hear(interview.draft, interview.place, text, reading, kit)
    except Rejected as fault:
        return _asked(interview, kit, fault.phrase)
    return _arrived(interview, heard, kit)


def _tapped(interview: Interview, tap: Tapped, kit: Kit) -> Turn:
    if f"{tap.turn}:{tap.action}" == interview.last_tap:
        return Turn(interview=interview)  # a double tap: it was answered the first time
    if tap.turn != interview.turn:
        turn = _asked(interview, kit)
        return Turn(interview=turn.interview, says=turn.says, notice=phrase("stale"))
    interview = interview.model_copy(update={"last_tap": f"{tap.turn}:{tap.action}"})
    try:
        turn = _acted(interview, tap.action, kit)
    except Rejected as fault:
        turn = _asked(interview, kit, fault.phrase)
    return replace(turn, says=tuple(replace(say, edit=True) for say in turn.says))  # where it was tapped


def _acted(interview: Interview, action: str, kit: Kit) -> Turn:
    if interview.step is Step.CANCEL:
        if action not in {"yes", "no"}:
            raise Rejected("unknown_button")
        return _cancelled(interview, kit, action == "yes")
    if action == "back":
        return _back(interview, kit)
    if action == "skip":
        return _skipped(interview, kit)
    if action == "cancel":
        return _cancel(interview, kit)
    question = QUESTIONS[interview.step]
    return _arrived(interview, question.tap(interview.draft, interview.place, action, kit), kit)


def _next(interview: Interview, kit: Kit) -> Turn:
    """ "Done" in words: goes on where the step has a Continue button, and skips where it can be skipped."""
    if interview.step is Step.FEATURES:
        return _arrived(interview, QUESTIONS[Step.FEATURES].tap(interview.draft, interview.place, "go", kit), kit)
    if interview.step is Step.REVIEW:
        return _arrived(interview, Heard(draft=interview.draft, create=True), kit)
    return _skipped(interview, kit)


def _skipped(interview: Interview, kit: Kit) -> Turn:
    return _arrived(interview, QUESTIONS[interview.step].skip(interview.draft, interview.place, kit), kit)


def _back(interview: Interview, kit: Kit) -> Turn:
    trail = list(interview.trail)
    while trail:
        place = trail.pop()
        if exists(place, interview.draft) and place != interview.place and _fits(place, interview.draft):
            return _asked(interview.model_copy(update={"place": place, "trail": tuple(trail)}), kit)
    return _asked(interview.model_copy(update={"trail": ()}), kit, phrase("back_none"))


def _fits(place: Place, draft: Draft) -> bool:
    """The review card and its sub-questions are only shown of a complete draft."""
    return place.step not in {Step.REVIEW, Step.FEATURE, Step.COMMAND} or not open_places(draft)


def _cancel(interview: Interview, kit: Kit) -> Turn:
    if interview.step is Step.START and not interview.trail:
        return _cancelled(interview, kit, True)
    return _moved(interview, Place(step=Step.CANCEL), kit)


def _cancelled(interview: Interview, kit: Kit, sure: bool) -> Turn:
    if not sure:
        return _back(interview, kit)
    over = interview.model_copy(update={"turn": interview.turn + 1, "place": Place(step=Step.DONE)})
    return Turn(interview=over, says=(Say(phrases=(phrase("cancelled"),)),), outcome=Outcome(OutcomeKind.CANCELLED))


def _arrived(interview: Interview, heard: Heard, kit: Kit) -> Turn:
    """The answer was taken: create, redraw, or ask what is open next."""
    interview = interview.model_copy(update={"draft": heard.draft})
    late = closed_at_birth(heard.draft, kit.present.now) if heard.create else None
    if late is not None:
        return _moved(interview, late, kit, phrase("poll_closing_passed"))
    if heard.create and not open_places(heard.draft):
        over = interview.model_copy(update={"turn": interview.turn + 1, "place": Place(step=Step.DONE)})
        return Turn(interview=over, outcome=Outcome(OutcomeKind.CREATE))
    if heard.redraw:
        return _asked(interview, kit, *heard.notes)
    return _moved(interview, heard.to or next_place(heard.draft), kit, *heard.notes)


def _moved(interview: Interview, place: Place, kit: Kit, *notes: Phrase) -> Turn:
    trail = (*interview.trail, interview.place)[-TRAIL_LIMIT:]
    if place.step is Step.REVIEW:  # edits come and go; Back from the card leads to the last question before it
        trail = tuple(
            dict.fromkeys(
                old for old in trail if old.step not in {Step.FEATURE, Step.COMMAND, Step.REVIEW, Step.CANCEL}
            )
        )
    return _asked(interview.model_copy(update={"place": place, "trail": trail}), kit, *notes)


def _asked(interview: Interview, kit: Kit, *notes: Phrase) -> Turn:
    """Put the present question, after some words about what was before it."""
    interview = interview.model_copy(update={"turn": interview.turn + 1, "lost": False})
    if interview.step is Step.CANCEL:
        rows: Rows = ((button("cancel_yes", "yes"), button("cancel_no", "no")),)
        return Turn(interview=interview, says=(Say(phrases=(*notes, phrase("cancel")), buttons=rows),))
    question = QUESTIONS[interview.step]
    asked = question.ask(interview.draft, interview.place, kit)
    # The card fills a phone's screen: what is said above it is not seen.
    put = (*asked.phrases, *notes) if interview.step is Step.REVIEW else (*notes, *asked.phrases)
    phrases = (*put, *_progress(interview))
    rows = (*asked.rows, *_ways_out(interview, question))
    return Turn(interview=interview, says=(Say(phrases=phrases, buttons=rows),))


def _progress(interview: Interview) -> tuple[Phrase, ...]:
    """How far it is: shown from the second question on, while something is open."""
    left = [place for place in open_places(interview.draft) if place != interview.place]
    if interview.step in {Step.START, Step.REVIEW, Step.FEATURE} or not open_places(interview.draft):
        return ()
    at = len(set(interview.trail) - {interview.place}) + 1
    return (phrase("progress", at=at, of=at + len(left)),)


def _ways_out(interview: Interview, question: Question) -> Rows:
    skip = question.skip_label(interview.draft, interview.place)
    row: list[Button] = []
    if interview.trail:
        row.append(button("back", "back"))
    if interview.step is not Step.REVIEW and interview.trail and not open_places(interview.draft):
        row += [button("keep", "skip")] if skip is not None else []
        return (tuple(row),)  # a change to a complete bot: cancelled is it on its card
    if skip is not None:
        row.append(Button(action="skip", label=skip))
    row.append(button("cancel", "cancel"))
    return (tuple(row),)
