"""A pizzeria's Mini App, new for every test, and a browser's context to open it in."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext

from tests.browser.miniapp.world import (
    FORM,
    POLL,
    World,
    serving,
)


@pytest.fixture(scope="module")
async def pizzeria() -> AsyncIterator[World]:
    async with serving(FORM, POLL) as world:
        yield world


@pytest.fixture
async def world(pizzeria: World) -> World:
    pizzeria.forget()
    return pizzeria


@pytest.fixture(scope="module")
async def shared(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context(viewport={"width": 390, "height": 760}, reduced_motion="reduce")
    await context.add_init_script(path=Path(__file__).with_name("looking.js"))
    yield context
    await context.close()


@pytest.fixture
async def context(shared: BrowserContext) -> AsyncIterator[BrowserContext]:
    yield shared
    await shared.unroute_all()
    for page in shared.pages:
        await page.close()
