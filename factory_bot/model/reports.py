"""What a report says of a maker's bots.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from factory_bot.model.agents import ALIVE, AgentEvent, AgentRecord, PersonId, RunState
from factory_bot.model.funnel import Funnel

UP = frozenset({RunState.RUNNING})


@dataclass(frozen=True, kw_only=True)
class DayCounters:
    """What happened in a bot, or in all of a maker's bots, in a span of time."""

    people: int = 0
    messages: int = 0
    submissions: int = 0
    votes: int = 0
    errors: int = 0
    restarts: int = 0
    up: float = 0.0  # seconds it ran
    span: float = 0.0  # seconds it existed

    def __add__(self, other: DayCounters) -> DayCounters:
        return DayCounters(**{name: getattr(self, name) + getattr(other, name) for name in _NAMES})

    @property
    def uptime(self) -> float | None:
        """The share of its time that it ran, 0 to 1; None where it had none."""
        return min(self.up / self.span, 1.0) if self.span > 0 else None

    def to_json(self) -> dict[str, float]:
        """As it is stored."""
        return {name: getattr(self, name) for name in _NAMES}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> DayCounters:
        """What `to_json` stored, of any version."""
        return cls(**{name: value for name, value in stored.items() if name in _NAMES})


_NAMES = frozenset(field.name for field in fields(DayCounters))


@dataclass(frozen=True, kw_only=True)
class AgentReport:
    """One bot's part of a report."""

    record: AgentRecord
    now: DayCounters
    before: DayCounters


@dataclass(frozen=True, kw_only=True)
class FactoryState:
    """How the factory's own bot does, for its operators."""

    shared_since: datetime | None  # somebody else polls with its token
    aside: int  # messages to it that it could not handle, in the report's day


@dataclass(frozen=True, kw_only=True)
class Report:
    """A maker's bots in a span, against the day before."""

    person_id: PersonId
    day: date  # in the person's zone
    whole_day: bool  # False: the day is still under way
    agents: tuple[AgentReport, ...]
    funnel: Funnel | None = None  # for the operator …
    factory: FactoryState | None = None  # … too

    @property
    def now(self) -> DayCounters:
        """All bots together."""
        return sum((agent.now for agent in self.agents), DayCounters())

    @property
    def before(self) -> DayCounters:
        """All bots together on the day before."""
        return sum((agent.before for agent in self.agents), DayCounters())


def seconds_up(events: Sequence[AgentEvent], state: RunState, since: datetime, until: datetime) -> float:
    """How long a bot ran in a span, from its moves since the span's beginning (oldest first) and its state now."""
    if until <= since:
        return 0.0
    later = [event for event in events if event.at >= since]
    running = (later[0].before if later else state) in UP
    total, at = 0.0, since
    for event in later:
        moment = min(event.at, until)
        total += (moment - at).total_seconds() if running else 0.0
        running, at = event.after in UP, moment
    return total + ((until - at).total_seconds() if running else 0.0)


def restarts_in(events: Sequence[AgentEvent], since: datetime, until: datetime) -> int:
    """How often it ended by itself in a span."""
    ended = {RunState.BACKOFF, RunState.FAILED}
    return sum(1 for event in events if since <= event.at < until and event.after in ended and event.before in ALIVE)
