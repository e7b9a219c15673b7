"""`python -m tests.integration.storage.mortal_keeper <database> <kind> <moment>`: has news of a bot, and dies of it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

import factory_bot
from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Call
from factory_bot.chat import Newsroom
from factory_bot.clock import SystemClock
from factory_bot.model.agents import AgentId, AgentRecord, RunState, Told
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database, open_database
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.supervision.announcements import AnnouncementKind
from factory_bot.supervision.health import Judgement, Reason
from factory_bot.supervision.logs import AgentLog
from factory_bot.supervision.standing import Standing
from factory_bot.supervision.supervisor import AT_REST, GIVEN_UP
from factory_bot.workshop.announcing import Announcing
from tests.integration.supervised import record_of

AGENT = AgentId("bella")


class Moment(StrEnum):
    """Where the process dies, in the order in which they come."""

    RECORDED = "the state is written, its message is not"
    OWED = "the message is owed, not committed"
    COMMITTED = "committed, nothing sent"


class Life:
    """The factory's view of one bot; dies at its moment, if it has one."""

    def __init__(self, database: Database, moment: Moment | None = None) -> None:
        self._moment = moment
        clock = SystemClock()
        self.store = AgentStore(database, clock)
        catalogue = Catalogue(Path(factory_bot.__file__).parent / "texts")
        newsroom = Newsroom(_Journal(self, database), PersonStore(database, clock), catalogue)
        newsroom.sender = lambda: self.reach(Moment.COMMITTED)
        announcing = Announcing(self.store, CreationStore(database, clock), newsroom)
        self.standing = Standing(AGENT, self.store, announcing, AgentLog(Path("/nonexistent/log")))

    def reach(self, moment: Moment) -> None:
        """Be there."""
        if moment is self._moment:
            os.kill(os.getpid(), signal.SIGKILL)

    async def begin(self, kind: AnnouncementKind) -> None:
        """Make the bot: it runs, and its owner knows as much as comes before that news."""
        state, told = RunState.RUNNING, Told()
        if kind is AnnouncementKind.RECOVERED:
            state, told = RunState.SICK, Told(sick=Reason.SILENT)
        await self.store.add(replace(record_of(AGENT, 4711), wanted=True, state=state, told=told), b"sealed")

    async def come_up(self) -> bool:
        """Do as a supervisor that starts; whether it starts the bot."""
        record = await self.record()
        if record.state in GIVEN_UP:
            return False
        if record.state not in AT_REST:
            await self.store.move(AGENT, RunState.STOPPED)
        self.standing.known(await self.record())
        await self.standing.move(RunState.STARTING, pid=1, port=8000)
        return True

    async def see(self, kind: AnnouncementKind) -> None:
        """That has happened to the bot."""
        self.standing.known(await self.record())
        match kind:
            case AnnouncementKind.GAVE_UP:
                await self.standing.given_up(Reason.GAVE_UP)
            case AnnouncementKind.UNAUTHORIZED:
                await self.standing.unauthorized()
            case AnnouncementKind.SICK:
                await self._look(Judgement(state=RunState.SICK, reason=Reason.CONFLICT))
            case AnnouncementKind.RECOVERED:
                await self._look(Judgement(state=RunState.RUNNING))
            case AnnouncementKind.POISONED:
                await self._look(Judgement(state=RunState.RUNNING, reason=Reason.POISONED), aside=1)

    async def record(self) -> AgentRecord:
        """As recorded."""
        record = await self.store.get(AGENT)
        assert record is not None
        return record

    async def _look(self, judgement: Judgement, aside: int = 0) -> None:
        await self.standing.judged(judgement, aside, lasting=True)


class _Journal(FactoryJournal):
    def __init__(self, life: Life, database: Database) -> None:
        super().__init__(database)
        self._life = life

    async def owe(self, calls: Sequence[Call], *, connection: AsyncConnection | None = None) -> None:
        self._life.reach(Moment.RECORDED)
        await super().owe(calls, connection=connection)
        self._life.reach(Moment.OWED)


async def main(url: str, kind: AnnouncementKind, moment: Moment) -> None:
    """Run until that moment."""
    async with open_database(url) as database:
        life = Life(database, moment)
        await life.begin(kind)
        await life.see(kind)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], AnnouncementKind(sys.argv[2]), Moment(sys.argv[3])))
