"""One Chromium for all browser tests, and a folder for what they saw."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright

from playground.people import Person, Playground
from tests.browser.chat_page import ChatPage, Tabs
from tests.playground.calling import CallingBot
from tests.running import running_playground

CHROMIUM = Path("/usr/bin/chromium")
ARTEFACTS = Path(__file__).resolve().parents[2] / "artifacts" / "screenshots"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM.exists() and os.environ.get("CI") != "true":  # in CI a missing browser is a failure
                item.add_marker(pytest.mark.skip(reason="no Chromium on this machine"))


@pytest.fixture(scope="session")
async def chromium(anyio_backend: str) -> AsyncIterator[Browser]:
    """A browser; every test opens contexts of its own in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=str(CHROMIUM),
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"],
        )
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def artefacts() -> Path:
    """Where screenshots are kept for somebody to look at."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    return ARTEFACTS


@pytest.fixture(scope="session")
async def playground_url(anyio_backend: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """One playground for all browser tests: each test brings people and bots of its own."""
    async with running_playground(tmp_path_factory.mktemp("playground")) as url:
        yield url


@pytest.fixture
async def playground(playground_url: str) -> AsyncIterator[Playground]:
    async with Playground(playground_url) as client:
        yield client


@pytest.fixture
async def tabs(chromium: Browser, playground_url: str, artefacts: Path) -> AsyncIterator[Tabs]:
    """Tabs of the chat page; the test fails when one of them complained in its console."""
    tabs = Tabs(chromium, playground_url, artefacts)
    yield tabs
    complaints = [line for page in tabs.opened for line in page.complaints]
    await tabs.close()
    assert complaints == []


@pytest.fixture
async def alice(playground: Playground) -> Person:
    return await playground.person("Alice", last_name="Liddell")


@pytest.fixture
async def bot(playground: Playground, playground_url: str, alice: Person) -> AsyncIterator[CallingBot]:
    """A bot that Alice owns and may manage others; `bot.name` is its @name."""
    username = f"tea_{secrets.token_hex(4)}_bot"
    made = await playground.bot(alice, "Tea Party", username, can_manage_bots=True)
    async with CallingBot(playground_url, made.token) as bot:
        bot.name = f"@{username}"
        yield bot


@pytest.fixture
async def chat(tabs: Tabs, alice: Person, bot: CallingBot) -> ChatPage:
    """Alice's page with the bot's chat open, already started."""
    await alice.starts(bot.name)
    await bot.update("message")
    return await tabs.open(alice, bot.name)
