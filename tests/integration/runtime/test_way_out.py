"""What a bot does while its way out, a process next door, is being started again."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from bot_runtime.caller import BotCaller, caller_through_egress
from bot_runtime.journal import BotJournal
from bot_runtime.polling import Call, Delays, Incoming, Poller
from bot_runtime.store import open_store
from tests.integration.runtime.bot_api import LIMIT, bot_api

OWED = Call(method="sendMessage", params={"chat_id": 7, "text": "owed"}, chat_key="c7")


class Counting:
    """A caller that says when it has tried often."""

    def __init__(self, caller: BotCaller, often: int) -> None:
        self._caller = caller
        self._left = often
        self.tried_often = asyncio.Event()

    async def call(self, method: str, *given: Any, **more: Any) -> Any:
        self._left -= method == "sendMessage"
        if self._left == 0:
            self.tried_often.set()
        return await self._caller.call(method, *given, **more)


async def test_a_way_out_that_is_being_started_again_is_tried_often(tmp_path: Path) -> None:
    path = str(tmp_path / "way.sock")
    caller = caller_through_egress(4242, path)
    counting = Counting(caller, often=20)  # with the usual doubling that would take hours
    delays = Delays(first=0.01, longest=3600.0, next_door=0.02)
    async with open_store(tmp_path / "bot.db") as store:
        journal = BotJournal(store)
        await journal.take_in([Incoming(update_id=1, chat_key="c7", raw={})], 2)
        await journal.finish(1, [OWED])
        poller = Poller(counting, journal, _nothing, allowed_updates=[], on_trouble=lambda _: None, delays=delays)
        stop = asyncio.Event()
        task = asyncio.create_task(poller.run(stop))
        async with asyncio.timeout(LIMIT):
            await counting.tried_often.wait()
            async with bot_api(path) as api:
                await api.until(lambda: api.texts() == ["owed"] and bool(api.said("getUpdates")))
                stop.set()
                await task
                for request in caller._request:
                    await request.shutdown()
        assert poller.status.in_doubt == 0


async def _nothing(_incoming: Incoming) -> None:
    return
