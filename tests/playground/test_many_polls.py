"""A thousand bots poll at once and each is answered with its own update, exactly once."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import Any

import pytest

from playground.people import BotAccount, Person, Playground
from tests.playground.calling import CallingBot

LIMIT = 90.0  # seconds for everything; nothing is measured here


async def poll(url: str, bot: BotAccount, waiting: asyncio.Queue[int]) -> list[dict[str, Any]]:
    """One getUpdates on a connection of its own; tells when it has been asked."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(f"GET /bot{bot.token}/getUpdates?offset=1&timeout=50 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())
    await writer.drain()
    waiting.put_nowait(bot.id)
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
    answer = json.loads(await reader.readexactly(length))
    writer.close()
    assert answer["ok"], answer
    updates: list[dict[str, Any]] = answer["result"]
    return updates


@pytest.mark.parametrize("count", [200, pytest.param(1000, marks=pytest.mark.slow)])
async def test_many_bots_poll_at_once(playground: Playground, playground_url: str, count: int) -> None:
    alice = await playground.person("Alice")
    async with asyncio.timeout(LIMIT):
        bots = await made(playground, count)
        waiting: asyncio.Queue[int] = asyncio.Queue()
        polls = [asyncio.create_task(poll(playground_url, bot, waiting)) for bot in bots]
        for _ in bots:
            await waiting.get()
        async with CallingBot(playground_url, bots[0].token) as other:
            assert (await other.getMe())["id"] == bots[0].id  # others are answered while all these wait
        assert not any(task.done() for task in polls)
        await write_to_all(alice, bots)
        answers = await asyncio.gather(*polls)
    heard = Counter(update["message"]["text"] for updates in answers for update in updates)
    assert heard == Counter(str(bot.id) for bot in bots)
    for bot, updates in zip(bots, answers, strict=True):
        assert [update["message"]["text"] for update in updates] == [str(bot.id)]


async def made(playground: Playground, count: int) -> list[BotAccount]:
    """So many bots; a person may have twenty."""
    owners = [await playground.person(f"Owner {number}") for number in range((count + 19) // 20)]
    return [await playground.bot(owners[number // 20], "Bot", f"many_{number}_bot") for number in range(count)]


async def write_to_all(alice: Person, bots: list[BotAccount]) -> None:
    """Alice writes to each bot its own id, a few at a time."""
    for start in range(0, len(bots), 20):
        await asyncio.gather(*(alice.says(bot, str(bot.id)) for bot in bots[start : start + 20]))
