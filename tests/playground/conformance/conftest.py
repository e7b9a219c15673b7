"""One playground for a whole file of checks; every test makes its own people and bots in it."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from playground.people import BotAccount, Person, Playground
from tests.playground.calling import CallingBot
from tests.running import running_playground

_numbers = itertools.count(1)
MakeBot = Callable[..., Awaitable[CallingBot]]


@pytest.fixture(scope="module")
async def playground_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of the playground this file shares; Mini Apps need HTTPS in it, as on Telegram."""
    async with running_playground(tmp_path_factory.mktemp("world"), "--no-allow-http-apps") as url:
        yield url


@pytest.fixture
async def alice(playground: Playground) -> Person:
    return await playground.person("Alice")


@pytest.fixture
async def account(playground: Playground, alice: Person) -> BotAccount:
    return await playground.bot(alice, "Echo", f"echo_{next(_numbers)}_bot", can_manage_bots=True)


@pytest.fixture
async def silent(playground_url: str, account: BotAccount) -> AsyncIterator[CallingBot]:
    """A bot that Alice has not started."""
    async with CallingBot(playground_url, account.token) as bot:
        yield bot


@pytest.fixture
async def bot(silent: CallingBot, alice: Person) -> CallingBot:
    """A bot that Alice has started, its queue empty."""
    await alice.starts(silent.id)
    await silent.updates(timeout=30)
    await silent.call("getUpdates", offset=silent.offset)
    return silent
