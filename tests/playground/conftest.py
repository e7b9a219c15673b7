"""A playground of their own for the tests of it, and bots that call it by plain HTTP."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.app import settle_in
from playground.people import Person, Playground
from playground.serving import running
from playground.world.world import World
from tests.playground.calling import CallingBot


@pytest.fixture
async def playground_url(tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty playground that answers in this very process."""
    world = World(tmp_path / "playground")
    settle_in(world)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with running(world, listener) as url:
            yield url
    world.close()


@pytest.fixture
async def playground(playground_url: str) -> AsyncIterator[Playground]:
    """People and bots in that playground."""
    async with Playground(playground_url) as client:
        yield client


@pytest.fixture
async def alice(playground: Playground) -> Person:
    return await playground.person("Alice", username="alice")


@pytest.fixture
async def bob(playground: Playground) -> Person:
    return await playground.person("Bob", last_name="Builder", language_code="de")


@pytest.fixture
async def bot(playground: Playground, playground_url: str, alice: Person) -> AsyncIterator[CallingBot]:
    """Alice's bot @echo_bot, which may manage bots; nobody has started it."""
    made = await playground.bot(alice, "Echo", "echo_bot", can_manage_bots=True)
    async with CallingBot(playground_url, made.token) as bot:
        yield bot
