"""A made bot in this process, without a network: its store, features, handlers and outbox."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from telegram import User

from bot_runtime.bot import MadeBot
from bot_runtime.caller import caller_through_egress
from bot_runtime.dna import AgentDNA
from bot_runtime.features import build_features
from bot_runtime.journal import BotJournal
from bot_runtime.polling import Call, Incoming, incoming_of
from bot_runtime.store import open_store
from bot_runtime.work import House

OWNER = 1


@dataclass
class Room:
    """A bot that a test talks to update by update."""

    house: House
    bot: MadeBot
    moment: float = 1_800_000_000.0
    _update_id: int = field(default=0)

    async def takes(self, raw: dict[str, Any]) -> list[Call]:
        """Have it handle one update; what it owes afterwards, all of it taken out of the outbox."""
        self._update_id += 1
        incoming = incoming_of({"update_id": self._update_id, **raw})
        assert isinstance(incoming, Incoming)
        await self.house.journal.take_in([incoming], self._update_id + 1)
        await self.bot.handle(incoming)
        await self.house.journal.finish(self._update_id)
        owed = await self.house.journal.owed()
        for one in owed:
            await self.house.journal.sent(one.id, 1000 + one.id)
        return [one.call for one in owed]

    async def says(self, text: str | None, person: int = 7, **more: Any) -> list[Call]:
        message: dict[str, Any] = {
            "message_id": self._update_id + 1,
            "date": 0,
            "chat": _chat(person),
            "from": _user(person),
        }
        if text is not None:
            message["text"] = text
            if text.startswith("/"):
                command = text.split(maxsplit=1)[0]
                message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(command)}]
        return await self.takes({"message": message | more})

    async def presses(self, data: str | None, person: int = 7, message_id: int = 1) -> list[Call]:
        message = {"message_id": message_id, "date": 0, "chat": _chat(person), "text": "x"}
        query: dict[str, Any] = {"id": "1", "from": _user(person), "chat_instance": "1", "message": message}
        if data is not None:
            query["data"] = data
        return await self.takes({"callback_query": query})


def _user(person: int) -> dict[str, Any]:
    return {"id": person, "is_bot": False, "first_name": f"P{person}", "language_code": "de"}


def _chat(person: int) -> dict[str, Any]:
    return {"id": person, "type": "private", "first_name": f"P{person}"}


def buttons_of(calls: list[Call]) -> list[str]:
    """The data of every inline button in these calls."""
    rows = [row for call in calls for row in call.params.get("reply_markup", {}).get("inline_keyboard", [])]
    return [button["callback_data"] for row in rows for button in row if button.get("callback_data")]


@asynccontextmanager
async def room(dna: AgentDNA, folder: Path) -> AsyncIterator[Room]:
    """The bot of that DNA."""
    caller = caller_through_egress(99, str(folder / "nobody.sock"))
    caller.be(User(id=99, first_name="bot", is_bot=True, username="room_bot"))
    async with open_store(folder / "bot.db") as store:
        house = House(
            dna=dna,
            bot_id=99,
            username="room_bot",
            owner_id=OWNER,
            app_url="https://room.example.org/app/",
            store=store,
            journal=BotJournal(store),
            caller=caller,
        )
        bot = MadeBot(house, build_features(house))
        await bot.open()
        async with house.work() as work:
            for feature in bot.features:
                await feature.begin(work)
        value = Room(house=house, bot=bot)
        house.now = lambda: value.moment
        yield value
        await bot.close()


def within_limits(call: Call) -> None:
    """What the Bot API would refuse, as far as it can be seen here."""
    text = str(call.params.get("text", "x"))
    assert 1 <= len(text) <= 4096 * 6
    for row in call.params.get("reply_markup", {}).get("inline_keyboard", []):
        for button in row:
            assert button["text"]
            assert len(button.get("callback_data", "x").encode()) <= 64
    json.dumps(call.params)
