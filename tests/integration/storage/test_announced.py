"""What happened to a bot and the message about it: both or neither, whenever the factory is killed."""

from __future__ import annotations

import asyncio
import signal
import sys

import pytest

from factory_bot.model.agents import RunState
from factory_bot.storage.database import open_database
from factory_bot.storage.journal import FactoryJournal
from factory_bot.supervision.announcements import AnnouncementKind
from tests.integration.runtime.bot_api import LIMIT, bot_api
from tests.integration.storage.mortal import Loop
from tests.integration.storage.mortal_keeper import Life, Moment

BEFORE = dict.fromkeys(AnnouncementKind, RunState.RUNNING) | {AnnouncementKind.RECOVERED: RunState.SICK}
AFTER = {
    AnnouncementKind.GAVE_UP: RunState.FAILED,
    AnnouncementKind.UNAUTHORIZED: RunState.UNAUTHORIZED,
    AnnouncementKind.SICK: RunState.SICK,
    AnnouncementKind.RECOVERED: RunState.RUNNING,
    AnnouncementKind.POISONED: RunState.RUNNING,
}


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("kind", AnnouncementKind)
async def test_an_owner_hears_once_what_happened_whenever_the_factory_is_killed(
    url: str, kind: AnnouncementKind, moment: Moment
) -> None:
    program = (sys.executable, "-m", "tests.integration.storage.mortal_keeper", url, kind, moment)
    dying = await asyncio.create_subprocess_exec(*program)
    async with asyncio.timeout(3 * LIMIT):
        assert await dying.wait() == -signal.SIGKILL
    async with bot_api() as api, open_database(url) as database:
        life = Life(database)
        lasts = moment is Moment.COMMITTED
        record = await life.record()
        assert record.state is (AFTER if lasts else BEFORE)[kind]
        assert len(await FactoryJournal(database).owed()) == (1 if lasts else 0)
        for _ in range(2):  # what is wrong shows itself to the next factory too, and to the one after it
            if await life.come_up():
                await life.see(kind)
        assert (await life.record()).state is AFTER[kind]
        loop, stop = Loop(database, api.url), asyncio.Event()
        sending = asyncio.create_task(loop.poller.run(stop))
        await api.until(lambda: bool(api.texts()))
        stop.set()
        await sending
        await loop.close()
        assert len(api.texts()) == 1
        assert "bella" in api.texts()[0]
