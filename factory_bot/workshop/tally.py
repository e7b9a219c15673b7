"""What a bot counted: asked of its process while it runs, read from what was kept while it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from factory_bot.clock import Clock
from factory_bot.model.agents import AgentRecord
from factory_bot.model.reports import DayCounters, restarts_in, seconds_up
from factory_bot.model.schedules import zone_of
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.days import DayStore
from factory_bot.storage.persons import PersonStore
from factory_bot.workshop.ports import Supervisor


class Tally:
    """Counts bots' days, in their owners' time zones."""

    def __init__(
        self, *, days: DayStore, agents: AgentStore, persons: PersonStore, supervisor: Supervisor, clock: Clock
    ) -> None:
        self._days = days
        self._agents = agents
        self._persons = persons
        self._supervisor = supervisor
        self._clock = clock

    async def span(self, record: AgentRecord, since: datetime, until: datetime) -> DayCounters:
        """What the bot did in that span, as far as its process can say."""
        since = max(since, record.created_at)
        counted = await self._supervisor.counters(record.id, since, until)
        events = await self._agents.events(record.id, since)
        return DayCounters(
            people=counted.people if counted else 0,
            messages=counted.messages if counted else 0,
            submissions=counted.submissions if counted else 0,
            votes=counted.votes if counted else 0,
            errors=counted.errors if counted else 0,
            restarts=restarts_in(events, since, until),
            up=seconds_up(events, record.state, since, until),
            span=max((until - since).total_seconds(), 0.0),
        )

    async def day(self, record: AgentRecord, day: date, zone: str) -> DayCounters:
        """What the bot did on that day; it is kept, so that it can be told when the process is gone."""
        place = zone_of(zone)
        begin = datetime.combine(day, time(), place).astimezone(UTC)
        end = datetime.combine(day + timedelta(days=1), time(), place).astimezone(UTC)
        found = await self.span(record, begin, min(end, self._clock.now()))
        stored = await self._days.get(record.id, day)
        kept = DayCounters.from_json(stored) if stored else DayCounters()
        # Counters only grow, so where the process is gone or young the kept ones say more.
        best = DayCounters(
            people=max(found.people, kept.people),
            messages=max(found.messages, kept.messages),
            submissions=max(found.submissions, kept.submissions),
            votes=max(found.votes, kept.votes),
            errors=max(found.errors, kept.errors),
            restarts=max(found.restarts, kept.restarts),
            up=max(found.up, kept.up),
            span=max(found.span, kept.span),
        )
        if best != kept:
            await self._days.put(record.id, day, best.to_json())
        return best

    async def keep(self, record: AgentRecord) -> None:
        """Keep what was counted today, before the process ends."""
        owner = await self._persons.get(record.owner_id)
        zone = (owner.time_zone if owner else None) or "UTC"
        await self.day(record, self._clock.now().astimezone(zone_of(zone)).date(), zone)
