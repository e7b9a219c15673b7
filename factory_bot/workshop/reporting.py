"""Use cases: the report of a maker's bots, now and each morning, and when the morning is."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from factory_bot.clock import Clock
from factory_bot.model.agents import AgentRecord, PersonId
from factory_bot.model.persons import Person, Verdict
from factory_bot.model.reports import AgentReport, Report
from factory_bot.model.schedules import Daily, Kind, Schedule, next_due, zone_of
from factory_bot.model.zones import zone_of_language
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.database import Database, Transaction
from factory_bot.storage.interviews import InterviewStore
from factory_bot.storage.persons import PersonStore
from factory_bot.storage.schedules import ScheduleStore
from factory_bot.workshop.access import Access
from factory_bot.workshop.news import DailyReport
from factory_bot.workshop.ports import Face
from factory_bot.workshop.tally import Tally
from factory_bot.workshop.wellbeing import Wellbeing

FUNNEL_DAYS = 30


class Reporting:
    """Makes reports and knows when they are due."""

    def __init__(
        self,
        *,
        database: Database,
        agents: AgentStore,
        persons: PersonStore,
        interviews: InterviewStore,
        access: Access,
        wellbeing: Wellbeing,
        tally: Tally,
        clock: Clock,
    ) -> None:
        self._database = database
        self._agents = agents
        self._persons = persons
        self._interviews = interviews
        self._schedules = ScheduleStore(database)
        self._access = access
        self._wellbeing = wellbeing
        self._tally = tally
        self._clock = clock

    async def today(self, person: Person) -> Report:
        """The day so far, against the whole day before."""
        return await self._report(person, 0)

    async def yesterday(self, person: Person) -> Report:
        """The last whole day, against the one before."""
        return await self._report(person, 1)

    async def asks_for_hour(self, person: Person, tx: Transaction) -> bool:
        """Whether now is the one time to ask the person when to report: they have a bot and were never asked."""
        if person.asked_for_hour_at is not None or not await self._agents.of_owner(PersonId(person.id)):
            return False
        return await self._persons.asked_for_hour(PersonId(person.id), connection=tx) and person.report_hour is None

    async def set_hour(self, person: Person, hour: int | None, tx: Transaction) -> Person:
        """Let the daily report come at that hour, or never."""
        zone = person.time_zone or zone_of_language(person.language)
        await self._persons.asked_for_hour(PersonId(person.id), connection=tx)
        return await self._arranged(person, hour, zone, tx)

    async def set_zone(self, person: Person, zone: str, tx: Transaction) -> Person:
        """Say in which time zone the person lives."""
        return await self._arranged(person, person.report_hour, zone, tx)

    async def send_due(self, schedule: Schedule, face: Face) -> None:
        """Tell a due report, once, and let the next one come due; somebody blocked is told nothing."""
        person = await self._persons.get(schedule.person_id) if schedule.person_id is not None else None
        if person is not None and await self._access.verdict(person) is Verdict.BLOCKED:
            person = None
        report = await self.yesterday(person) if person is not None else None
        async with self._database.transaction() as tx:
            if not await self._schedules.done(schedule, self._clock.now(), connection=tx):
                return
            if report is not None and report.agents:
                await face.tell(DailyReport(report=report), tx)
        face.wake()

    async def _arranged(self, person: Person, hour: int | None, zone: str, tx: Transaction) -> Person:
        name = f"report:{person.id}"
        if hour is None:
            await self._schedules.remove(name, connection=tx)
        else:
            rule = Daily(hour=hour, zone=zone)
            due = next_due(rule, self._clock.now())
            schedule = Schedule(name=name, kind=Kind.REPORT, rule=rule, due_at=due, person_id=person.id)
            await self._schedules.put(schedule, connection=tx)
        return await self._persons.set_report(person.id, hour=hour, time_zone=zone, connection=tx)

    async def _report(self, person: Person, days_ago: int) -> Report:
        zone = person.time_zone or "UTC"
        day = self._clock.now().astimezone(zone_of(zone)).date() - timedelta(days=days_ago)
        records = await self._agents.of_owner(PersonId(person.id))
        parts = await asyncio.gather(*(self._part(record, day, zone) for record in records))
        report = Report(person_id=person.id, day=day, whole_day=days_ago > 0, agents=tuple(parts))
        if await self._access.verdict(person) is not Verdict.OPERATOR:
            return report
        begins = datetime.combine(day, time.min, zone_of(zone))
        return replace(
            report,
            funnel=await self._interviews.funnel(self._clock.now() - timedelta(days=FUNNEL_DAYS)),
            factory=await self._wellbeing.state(begins, begins + timedelta(days=1)),
        )

    async def _part(self, record: AgentRecord, day: date, zone: str) -> AgentReport:
        now = await self._tally.day(record, day, zone)
        return AgentReport(record=record, now=now, before=await self._tally.day(record, day - timedelta(days=1), zone))
