"""The factory's poll loop on its own database, killed at each chosen moment of an update's life, and started again."""

from __future__ import annotations

import asyncio
import signal
import sys
from typing import Any

import pytest
import sqlalchemy as sa

from factory_bot.storage.database import open_database
from factory_bot.storage.facts import FactStore
from factory_bot.storage.tables import inbox, outbox
from tests.integration.runtime.bot_api import LIMIT, bot_api
from tests.integration.storage.mortal import EFFECT, Loop, Moment

TWICE = Moment.ACCEPTED  # the one call in flight: whether it had arrived nobody can know


def message(update_id: int, text: str) -> dict[str, Any]:
    chat = {"id": 7, "type": "private"}
    return {"update_id": update_id, "message": {"message_id": update_id, "date": 0, "chat": chat, "text": text}}


@pytest.mark.parametrize("moment", Moment)
async def test_an_update_counts_once_and_is_answered_whenever_the_factory_is_killed(url: str, moment: Moment) -> None:
    async with bot_api() as api:
        api.push(message(10, "one"), message(11, "two"))
        program = (sys.executable, "-m", "tests.integration.storage.mortal", url, api.url, moment)
        dying = await asyncio.create_subprocess_exec(*program)
        async with asyncio.timeout(3 * LIMIT):
            assert await dying.wait() == -signal.SIGKILL
        async with open_database(url) as database:
            loop, stop = Loop(database, api.url), asyncio.Event()
            life = asyncio.create_task(loop.poller.run(stop))
            await api.until(lambda: {"re: one", "re: two"} <= set(api.texts()))
            await api.until(lambda: any(poll.params.get("offset") == 12 for poll in api.said("getUpdates")))
            stop.set()
            await life
            await loop.close()
            assert await FactStore(database).get(EFFECT) == ["one", "two"]
            assert api.texts() == ["re: one"] * (2 if moment is TWICE else 1) + ["re: two"]
            assert loop.poller.status.in_doubt == (1 if moment in {TWICE, Moment.MARKED} else 0)
            async with database.reading() as connection:
                for table in (inbox, outbox):
                    left = sa.select(sa.func.count()).select_from(table).where(table.c.finished_at.is_(None))
                    assert (await connection.execute(left)).scalar_one() == 0
