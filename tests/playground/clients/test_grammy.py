"""A client that is not Python, grammY on Node.js, lives with the playground as with Telegram."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from playground.people import BotAccount, Person
from tests.playground.clients.story import COMMANDS, tell
from tests.playground.pixel import PIXEL

NODE = Path(__file__).parents[2] / "node"
LIMIT = 20.0  # seconds to start, and to end
THERE = shutil.which("node") is not None and (NODE / "node_modules" / "grammy").is_dir()

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(not THERE and not os.environ.get("CI"), reason="run: npm install --prefix tests/node"),
]


@asynccontextmanager
async def echo_bot(url: str, account: BotAccount) -> AsyncIterator[asyncio.subprocess.Process]:
    """The bot of `echo.mjs`, polling; it ends when its stdin does."""
    node = shutil.which("node")
    assert node is not None, "Node.js is missing"
    told = {"API_ROOT": url, "BOT_TOKEN": account.token, "COMMANDS": json.dumps(COMMANDS), "PIXEL": PIXEL.hex()}
    process = await asyncio.create_subprocess_exec(
        node,
        str(NODE / "echo.mjs"),
        env={**os.environ, **told},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(LIMIT):
            assert (await process.stdout.readline()) == b"polling\n"
        yield process
        assert process.stdin is not None
        process.stdin.close()
        async with asyncio.timeout(LIMIT):
            await process.communicate()
        assert process.returncode == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_a_grammy_bot_lives_through_the_story(playground_url: str, account: BotAccount, alice: Person) -> None:
    async with echo_bot(playground_url, account):
        await tell(alice, account, playground_url)
