"""People for the clients' bots to talk to."""

from __future__ import annotations

import pytest

from playground.people import BotAccount, Person, Playground


@pytest.fixture
async def alice(playground: Playground) -> Person:
    return await playground.person("Alice", username="alice")


@pytest.fixture
async def account(playground: Playground) -> BotAccount:
    """The bot that a client library speaks for."""
    owner = await playground.person("Olga")
    return await playground.bot(owner, "Echo", "echo_bot")
