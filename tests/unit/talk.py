"""A maker in a test: says and taps, and sees the interview's answers as Telegram would show them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import factory_bot
from bot_runtime.catalogue import Catalogue
from bot_runtime.dna import AgentDNA
from factory_bot.designer import load_kit
from factory_bot.designer.offline import read
from factory_bot.model.draft import Draft
from factory_bot.model.interview import (
    Event,
    Interview,
    Kit,
    OutcomeKind,
    SentSomething,
    Started,
    Tapped,
    Turn,
    Wrote,
    advance,
    needs_reading,
)
from factory_bot.model.saying import Rendered
from factory_bot.model.steps import Step

PIZZERIA = (
    "A bot for my pizzeria Bella Napoli: take orders with name, phone and size, "
    "and let people vote for the pizza of the week"
)
THREE = " between Margherita, Diavola and Marinara"
NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)  # a Saturday


@cache
def kit() -> Kit:
    """Texts and templates as the factory has them."""
    return load_kit(Catalogue(Path(factory_bot.__file__).parent / "texts"))


class Talk:
    """One interview, stored and loaded between turns as the factory does it."""

    def __init__(self, template: str | None = None, *, now: datetime = NOW, zone: str = "UTC") -> None:
        self.now = now
        self.zone = zone
        self.interview = Interview()
        self.shown: Rendered | None = None
        self.notice: str | None = None
        self.ended: OutcomeKind | None = None
        self.dna: AgentDNA | None = None
        self.taken(Started(template))

    @property
    def step(self) -> Step:
        return self.interview.step

    @property
    def draft(self) -> Draft:
        return self.interview.draft

    @property
    def text(self) -> str:
        """What the last message says, without its markup."""
        return re.sub(r"<[^>]+>", "", self.shown.text) if self.shown else ""

    @property
    def labels(self) -> list[str]:
        return [label for row in self.shown.buttons for label, _ in row] if self.shown else []

    def says(self, words: str) -> Talk:
        self.taken(Wrote(words))
        return self

    def sends_a_sticker(self) -> Talk:
        self.taken(SentSomething())
        return self

    def data_of(self, label: str) -> str:
        """The callback_data of the first button whose label begins like that."""
        assert self.shown is not None
        for row in self.shown.buttons:
            for text, data in row:
                if text.casefold().startswith(label.casefold()):
                    return data
        raise AssertionError(f"no button {label!r} among {self.labels}")

    def taps(self, label: str) -> Talk:
        return self.presses(self.data_of(label))

    def presses(self, callback_data: str) -> Talk:
        tap = Tapped.parse(callback_data)
        assert tap is not None
        self.taken(tap)
        return self

    def taken(self, event: Event) -> Turn:
        self.interview = Interview.from_json(self.interview.to_json())
        reading = None
        if isinstance(event, Wrote) and needs_reading(self.interview, event):
            reading = read(event.text, self.draft, self.interview.place)
        turn = advance(self.interview, event, reading, kit=kit(), now=self.now, zone=self.zone)
        self.interview = turn.interview
        self.notice = kit().texts.plain(turn.notice.key) if turn.notice else None
        rendered = turn.rendered(kit().texts)
        assert len(rendered) <= 1
        if rendered:
            self.shown = rendered[0]
            well_formed(rendered[0])
        if turn.outcome:
            self.ended, self.dna = turn.outcome.kind, turn.outcome.dna
        return turn


def well_formed(message: Rendered) -> None:
    """Telegram would accept the message: lengths, balanced tags, callback_data."""
    assert 0 < len(message.text.encode("utf-16-le")) // 2 <= 4096
    open_tags: list[str] = []
    for closing, tag in re.findall(r"<(/?)([a-z]+)[^>]*>", message.text):
        if closing:
            assert open_tags.pop() == tag
        else:
            assert tag in {"b", "i", "code"}
            open_tags.append(tag)
    assert not open_tags
    assert not re.search(r"&(?!lt;|gt;|amp;|quot;)", message.text)
    for row in message.buttons:
        assert 0 < len(row) <= 8
        for label, data in row:
            assert label.strip()
            assert len(data.encode()) <= 64


def to(step: Step) -> Talk:
    """A blank interview, walked to a step."""
    talk = Talk()
    walk: list[tuple[Step, str, str]] = [
        (Step.START, "taps", "Start blank"),
        (Step.PURPOSE, "says", "cakes for our bakery"),
        (Step.FEATURES, "taps", "◻️ Form"),
        (Step.FEATURES, "taps", "◻️ Poll"),
        (Step.FEATURES, "taps", "Continue"),
        (Step.FORM_TITLE, "says", "Cake order"),
        (Step.FORM_FIELDS, "says", "name, phone, cake (choice), notes (optional)"),
        (Step.FIELD_OPTIONS, "says", "chocolate, carrot or lemon"),
        (Step.POLL_QUESTION, "says", "Which cake next week?"),
        (Step.POLL_OPTIONS, "says", "Apple; Cherry; Plum"),
        (Step.POLL_CHOICE, "taps", "Several"),
        (Step.PERSONALITY, "taps", "🎈 Playful"),
        (Step.NAME, "says", "Call it Cake Corner"),
    ]
    for at, deed, what in walk:
        if talk.step is step and at is step:
            return talk
        assert talk.step is at
        getattr(talk, deed)(what)
    assert talk.step is step
    return talk
