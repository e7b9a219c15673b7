"""The use cases, told once: front doors call these and nothing deeper, and every one checks the owner itself."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from datetime import timedelta

from bot_runtime.profile import profile_calls
from factory_bot.builder import build
from factory_bot.clock import Clock, SystemClock
from factory_bot.model.agents import AgentId, AgentRecord, PersonId
from factory_bot.model.creation import CreationEnd
from factory_bot.model.interview import Kit
from factory_bot.model.persons import Person
from factory_bot.model.schedules import Schedule
from factory_bot.settings import Settings
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database, Transaction
from factory_bot.storage.days import DayStore
from factory_bot.storage.facts import FactStore
from factory_bot.storage.interviews import InterviewStore
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.storage.schedules import ScheduleStore
from factory_bot.workshop.access import Access
from factory_bot.workshop.bots import KEPT, Bots
from factory_bot.workshop.creating import Creating
from factory_bot.workshop.interviewing import Interviewing, fresh_words
from factory_bot.workshop.making import Making
from factory_bot.workshop.news import CreationExpired
from factory_bot.workshop.ports import Designer, Egress, Face, Sealer, Supervisor
from factory_bot.workshop.reporting import Reporting
from factory_bot.workshop.tally import Tally
from factory_bot.workshop.tokens import LISTEN_SECONDS, TokenJudge
from factory_bot.workshop.wellbeing import Wellbeing

log = logging.getLogger(__name__)

INTERVIEW_KEPT = timedelta(days=7)  # without a word
MAIL_KEPT = timedelta(days=3)
ASIDE_KEPT = timedelta(days=30)  # updates that could not be handled
EVENTS_KEPT = timedelta(days=90)

__all__ = ["Workshop"]


class Workshop:
    """Everything the factory can do, by subject."""

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        vault: Sealer,
        egress: Egress,
        supervisor: Supervisor,
        designer: Designer,
        kit: Kit,
        operators: Collection[int] = (),
        clock: Clock | None = None,
        listen_seconds: int = LISTEN_SECONDS,
    ) -> None:
        clock = clock or SystemClock()
        self.settings = settings
        self.database = database
        self.vault = vault
        self.clock = clock
        self.agents = AgentStore(database, clock)
        self.persons = PersonStore(database, clock)
        self.facts = FactStore(database)
        self._interviews = InterviewStore(database, clock)
        self._creations = CreationStore(database, clock)
        self._schedules = ScheduleStore(database)
        self._face: Face | None = None
        tally = Tally(
            days=DayStore(database), agents=self.agents, persons=self.persons, supervisor=supervisor, clock=clock
        )
        self._tally = tally
        self.supervisor = supervisor
        self.access = Access(settings, database, self.persons, operators)
        self.wellbeing = Wellbeing(database, self.access, clock)
        self.interviewing = Interviewing(
            self._interviews,
            self.agents,
            designer,
            kit,
            clock,
            bots_per_maker=settings.bots_per_maker,
            transcribing=settings.transcript_days > 0,
        )
        self.creating = Creating(self._creations, self.agents, vault, clock, bots_per_maker=settings.bots_per_maker)
        self.making = Making(
            database=database, creations=self._creations, agents=self.agents, vault=vault,
            egress=egress, supervisor=supervisor, bots_dir=settings.bots_dir, app_url=settings.app_url, clock=clock,
            judge=TokenJudge(egress, self.agents, listen_seconds=listen_seconds), build=build,
            profile_calls=profile_calls,
        )  # fmt: skip
        self.bots = Bots(
            database=database, agents=self.agents, creations=self._creations, supervisor=supervisor, egress=egress,
            vault=vault, tally=tally, bots_dir=settings.bots_dir, app_url=settings.app_url, clock=clock,
        )  # fmt: skip
        self.reporting = Reporting(
            database=database, agents=self.agents, persons=self.persons, interviews=self._interviews,
            access=self.access, wellbeing=self.wellbeing, tally=tally, clock=clock,
        )  # fmt: skip

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """The workshop with its background work; leaving the block cuts that off, to be resumed at the next start."""
        async with self.making.open():
            try:
                yield
            finally:
                self._face = None

    async def attach(self, face: Face) -> None:
        """Speak through this Telegram side from now on, and go on with what was under way."""
        self._face = face
        await self.making.resume(face)

    async def claim_code(self) -> str | None:
        """A one-time code to print: who sends it becomes the operator.  None where there is one."""
        return await self.access.claim_code()

    async def describe(self, agent_id: AgentId) -> AgentRecord | None:
        """The agent, for the operator's own tools."""
        return await self.agents.get(agent_id)

    async def language_of(self, person_id: PersonId) -> str:
        """The language a person's Telegram speaks."""
        person = await self.persons.get(person_id)
        return (person.language if person else None) or "en"

    async def daily_report(self, schedule: Schedule) -> None:
        """Send a due report.  It stays due while there is nobody to speak through."""
        if self._face is not None:
            await self.reporting.send_due(schedule, self._face)

    async def sweep(self, schedule: Schedule) -> None:
        """Clear away what is over: each part can be done again, and one that fails leaves the others alone."""
        parts = (
            self._expire_creations(), self._forget_words(), self._forget_deleted(), self._keep_counters()
        )  # fmt: skip
        for result in await asyncio.gather(*parts, return_exceptions=True):
            if isinstance(result, BaseException):
                log.error("a part of the sweep failed", exc_info=result)
        await self._schedules.done(schedule, self.clock.now())

    async def _expire_creations(self) -> None:
        face = self._face
        if face is None:
            return  # whoever waited would not hear of it; the next sweep comes soon
        for creation in await self._creations.expired(self.clock.now()):
            async with self.database.transaction() as tx:
                if await self._creations.end(creation.id, CreationEnd.EXPIRED, connection=tx):
                    await face.tell(CreationExpired(creation=creation), tx)
        face.wake()

    async def _forget_words(self) -> None:
        now = self.clock.now()
        await self._interviews.expire(now - INTERVIEW_KEPT)
        await self._interviews.forget_transcripts(now - timedelta(days=self.settings.transcript_days))
        await FactoryJournal(self.database, self.clock).prune(now - MAIL_KEPT, aside_before=now - ASIDE_KEPT)
        await self.agents.forget_events(EVENTS_KEPT)

    async def _forget_deleted(self) -> None:
        for record in await self.agents.deleted_before(self.clock.now()):
            await self.bots.put_away(record)
        for record in await self.agents.deleted_before(self.clock.now() - KEPT):
            await self.bots.forget(record)

    async def _keep_counters(self) -> None:
        for record in await self.agents.all():
            if record.wanted:
                await self._tally.keep(record)

    async def forget_person(self, person: Person, tx: Transaction) -> None:
        """Drop what a person said in interviews that are over."""
        await self._interviews.forget_person(person.id, connection=tx)
        await self.facts.set(fresh_words(person.id), None, connection=tx)
