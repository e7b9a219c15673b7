"""What operators are told of the factory's own bot: somebody else polls, a message set aside, the token refused."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from bot_runtime.polling import Trouble, TroubleKind
from factory_bot.chat.watchman import Watchman
from tests.integration.chat.conftest import CATALOGUE, Hall, opened_hall

SHARED = "Another program is using my token"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Hall]:
    """One of its own: what its operator was told before would count."""
    async with opened_hall(tmp_path) as opened:
        yield opened


async def somebody_else_polls(hall: Hall, caplog: pytest.LogCaptureFixture, times: int) -> None:
    """Return when the factory has met that for so many times."""
    url = f"{hall.settings.api_url}/bot{hall.bot.token}/getUpdates"
    async with httpx.AsyncClient(trust_env=False) as client, asyncio.timeout(10):
        while sum("polling: conflict" in line for line in caplog.messages) < times:
            await client.get(url)
            await asyncio.sleep(0.02)


async def test_an_operator_hears_once_that_somebody_else_polls_and_once_that_it_is_over(
    hall: Hall, caplog: pytest.LogCaptureFixture
) -> None:
    you = hall.you
    async with hall.open(calm=60):
        await you.starts(hall.bot)
        await you.hears(hall.bot, "make")
        await somebody_else_polls(hall, caplog, 1)
        told = await you.hears(hall.bot, SHARED, timeout=5)
        assert told.labels == ["Open @BotFather"]
        await you.says(hall.bot, "/help")  # in between a poll goes well
        await you.hears(hall.bot, "What I can do")
        await somebody_else_polls(hall, caplog, 2)
        await you.says(hall.bot, "/report")
        assert "another program has been using my token since" in await you.hears(hall.bot, "nothing to report")
    async with hall.open(calm=0.2):
        await you.hears(hall.bot, "mine alone again")
        await you.says(hall.bot, "/report")
        assert "another program" not in await you.hears(hall.bot, "nothing to report")
        assert sum(SHARED in message.text for message in await you.sees(hall.bot)) == 1


async def test_an_operator_hears_of_messages_set_aside_in_one_message(hall: Hall) -> None:
    you = hall.you
    anna = await hall.playground.person("Anna")
    async with hall.open():
        await you.starts(hall.bot)
        await you.hears(hall.bot, "make")
        await hall.playground.fault("poison", bot=hall.bot)
        await anna.says(hall.bot, "/help")
        first = await you.hears(hall.bot, "could not handle a message to me", timeout=5)
        await hall.playground.fault("poison", bot=hall.bot)
        await anna.says(hall.bot, "/help")
        second = await you.hears(hall.bot, "could not handle 2 messages to me", timeout=5)
        assert second.id == first.id
        await you.says(hall.bot, "/report")
        assert "messages I could not handle: 2" in await you.hears(hall.bot, "nothing to report")
        await anna.starts(hall.bot)
        await anna.says(hall.bot, "/report")
        assert "The factory itself" not in await anna.hears(hall.bot, "nothing to report")


async def test_a_refused_token_is_said_once_on_the_console(hall: Hall) -> None:
    async with hall.open():
        await hall.you.starts(hall.bot)
        await hall.you.hears(hall.bot, "make")
        await hall.playground.revoke(hall.bot)
        async with asyncio.timeout(5):
            while not hall.console:  # noqa: ASYNC110 – a list announces nothing
                await asyncio.sleep(0.02)
    (said,) = hall.console
    assert "MANCER_TELEGRAM_TOKEN" in said
    assert hall.bot.token not in said


async def test_a_token_refused_again_and_accepted_again_is_said_each_time(hall: Hall) -> None:
    said: list[str] = []
    watchman = Watchman(hall.unopened(), hall.newsroom, CATALOGUE, said.append, calm=1)
    refused = Trouble(kind=TroubleKind.UNAUTHORIZED, message="Unauthorized")
    watchman.well()
    for _ in range(2):
        watchman.trouble(refused)
        watchman.trouble(refused)
        watchman.well()
        watchman.well()
    assert ["no longer accepts" in sentence for sentence in said] == [True, False, True, False]
