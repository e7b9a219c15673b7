"""The factory's own troubles and what its operators are told of them: both or neither, and each once."""

from __future__ import annotations

import asyncio
import signal
import sys
from datetime import timedelta

import pytest

from factory_bot.clock import SystemClock
from factory_bot.storage.database import open_database
from factory_bot.storage.journal import FactoryJournal
from tests.integration.runtime.bot_api import LIMIT
from tests.integration.storage.mortal_keeper import Moment
from tests.integration.storage.mortal_watch import OPERATOR, POISON, Own, Watch

WORDS = {
    Own.SHARED: "Another program is using my token",
    Own.OURS: "mine alone again",
    Own.ASIDE: "could not handle a message to me",
}


@pytest.mark.parametrize("moment", Moment)
@pytest.mark.parametrize("own", Own)
async def test_an_operator_hears_once_of_the_factorys_trouble_whenever_it_is_killed(
    url: str, own: Own, moment: Moment
) -> None:
    program = (sys.executable, "-m", "tests.integration.storage.mortal_watch", url, own, moment)
    dying = await asyncio.create_subprocess_exec(*program)
    async with asyncio.timeout(3 * LIMIT):
        assert await dying.wait() == -signal.SIGKILL
    async with open_database(url) as database:
        watch, journal = Watch(database), FactoryJournal(database)
        lasts = moment is Moment.COMMITTED
        assert (await watch.wellbeing.shared_since() is not None) is (
            lasts if own is Own.SHARED else not lasts and own is Own.OURS
        )
        if own is Own.ASIDE:
            assert [each.update_id for each in await journal.unfinished()] == ([] if lasts else [POISON.update_id])
        for _ in range(2):
            await watch.see(own)
        told = [owed.call.params for owed in await journal.owed() if WORDS[own] in owed.call.params["text"]]
        assert [params["chat_id"] for params in told] == [OPERATOR]
        now = SystemClock().now()
        assert await journal.aside(now - timedelta(hours=1), now + timedelta(hours=1)) == (own is Own.ASIDE)
