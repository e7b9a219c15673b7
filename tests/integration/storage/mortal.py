"""`python -m tests.integration.storage.mortal <database> <api> <moment>`: a poll loop that dies at that moment."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from bot_runtime.caller import BotCaller, caller_with_token
from bot_runtime.polling import Call, Incoming, Poller
from factory_bot.storage.database import Database, open_database
from factory_bot.storage.facts import read_fact, write_fact
from factory_bot.storage.journal import FactoryJournal

TOKEN = "4242:AAtest"
EFFECT = "effects"


class Moment(StrEnum):
    """Where the process dies, in the order in which they come."""

    RECEIVED = "received, not stored"
    STORED = "stored in the inbox, not handled"
    DECIDED = "effects written, not committed"
    COMMITTED = "committed, nothing sent"
    MARKED = "marked as being sent, not sent"
    ACCEPTED = "accepted by Telegram, not recorded"
    RECORDED = "recorded as sent"


class Loop:
    """Counts each update as a fact and answers it; dies at its moment, if it has one."""

    def __init__(self, database: Database, api_url: str, moment: Moment | None = None) -> None:
        self._database = database
        self._moment = moment
        self.caller = _Caller(self, caller_with_token(TOKEN, api_url))
        self.journal = _Journal(self, database)
        self.poller = Poller(
            self.caller, self.journal, self._handle, allowed_updates=["message"], on_trouble=lambda _: None
        )

    async def close(self) -> None:
        """Close its connections."""
        for request in self.caller.real._request:
            await request.shutdown()

    def reach(self, moment: Moment) -> None:
        """Be there."""
        if moment is self._moment:
            os.kill(os.getpid(), signal.SIGKILL)

    async def _handle(self, incoming: Incoming) -> None:
        self.reach(Moment.STORED)
        text = incoming.raw["message"]["text"]
        reply = Call(method="sendMessage", params={"chat_id": 7, "text": f"re: {text}"}, chat_key=incoming.chat_key)
        async with self._database.transaction() as tx:
            await write_fact(tx, EFFECT, [*(await read_fact(tx, EFFECT) or []), text])
            await self.journal.finish(incoming.update_id, [reply], connection=tx)
            self.reach(Moment.DECIDED)
        self.reach(Moment.COMMITTED)


class _Caller:
    def __init__(self, loop: Loop, caller: BotCaller) -> None:
        self._loop = loop
        self.real = caller

    async def call(self, method: str, *rest: Any, **options: Any) -> Any:
        result = await self.real.call(method, *rest, **options)
        if method == "sendMessage":
            self._loop.reach(Moment.ACCEPTED)
        return result


class _Journal(FactoryJournal):
    def __init__(self, loop: Loop, database: Database) -> None:
        super().__init__(database)
        self._loop = loop

    async def take_in(self, updates: Sequence[Incoming], offset: int) -> None:
        self._loop.reach(Moment.RECEIVED)
        await super().take_in(updates, offset)

    async def sending(self, owed_id: int) -> None:
        await super().sending(owed_id)
        self._loop.reach(Moment.MARKED)

    async def sent(self, owed_id: int, message_id: int | None) -> None:
        await super().sent(owed_id, message_id)
        self._loop.reach(Moment.RECORDED)


async def main(url: str, api_url: str, moment: Moment) -> None:
    """Run until that moment."""
    async with open_database(url) as database:
        await Loop(database, api_url, moment).poller.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], Moment(sys.argv[3])))
