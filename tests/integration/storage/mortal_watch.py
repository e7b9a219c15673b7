"""`python -m tests.integration.storage.mortal_watch <database> <trouble> <moment>`: dies of telling it."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncConnection

import factory_bot
from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Call, Incoming
from factory_bot.chat import Newsroom
from factory_bot.clock import SystemClock
from factory_bot.settings import Settings
from factory_bot.storage.database import Database, open_database
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.workshop.access import Access
from factory_bot.workshop.wellbeing import Wellbeing
from tests.integration.storage.mortal_keeper import Moment

OPERATOR = 7
POISON = Incoming(update_id=9, chat_key="c1", raw={"update_id": 9})


class Own(StrEnum):
    """What happens to the factory's own bot."""

    SHARED = "somebody else polls"
    OURS = "nobody else polls any more"
    ASIDE = "an update is set aside"


class Watch:
    """Tells it; dies at its moment, if it has one."""

    def __init__(self, database: Database, moment: Moment | None = None) -> None:
        self._moment = moment
        clock = SystemClock()
        persons = PersonStore(database, clock)
        catalogue = Catalogue(Path(factory_bot.__file__).parent / "texts")
        self.newsroom = Newsroom(_Journal(self, database), persons, catalogue)
        self.newsroom.sender = lambda: self.reach(Moment.COMMITTED)
        self.wellbeing = Wellbeing(database, Access(Settings(), database, persons, {OPERATOR}), clock)
        self.journal = FactoryJournal(database, on_aside=lambda reason: self.wellbeing.set_aside(reason, self.newsroom))

    def reach(self, moment: Moment) -> None:
        """Be there."""
        if moment is self._moment:
            os.kill(os.getpid(), signal.SIGKILL)

    async def see(self, own: Own) -> None:
        """That happens, or shows itself once more."""
        match own:
            case Own.SHARED:
                await self.wellbeing.shared(self.newsroom)
            case Own.OURS:
                await self.wellbeing.ours_again(self.newsroom)
            case Own.ASIDE:
                await self.journal.take_in([POISON], 10)
                for incoming in await self.journal.unfinished():
                    await self.journal.set_aside(incoming.update_id, "ValueError: no")
                    self.newsroom.wake()


class _Journal(FactoryJournal):
    def __init__(self, watch: Watch, database: Database) -> None:
        super().__init__(database)
        self._watch = watch

    async def owe(self, calls: Sequence[Call], *, connection: AsyncConnection | None = None) -> None:
        self._watch.reach(Moment.RECORDED)
        await super().owe(calls, connection=connection)
        self._watch.reach(Moment.OWED)


async def main(url: str, own: Own, moment: Moment) -> None:
    """Run until that moment."""
    async with open_database(url) as database:
        if own is Own.OURS:
            await Watch(database).see(Own.SHARED)
        await Watch(database, moment).see(own)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Own(sys.argv[2]), Moment(sys.argv[3])))
