"""The real thing by hand: a living bot's Mini App, opened from the menu button of the playground's page."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.async_api import Browser, FrameLocator, Page, expect

from bot_runtime.dna import AgentDNA, dump
from playground.people import Person, Playground
from tests.browser.miniapp.world import FORM, POLL
from tests.running import running_playground

BOT = "@bella_napoli_bot"
Scheme = Literal["light", "dark"]
CHILD = "from pathlib import Path\nfrom bot_runtime import run\nrun(Path.cwd())\n"


@dataclass(frozen=True)
class Town:
    """A playground with one living bot in it."""

    address: str
    playground: Playground
    owner: Person
    guest: Person


@asynccontextmanager
async def living(project: Path, **environment: str) -> AsyncIterator[None]:
    """The bot of that project as a process of its own."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", CHILD, cwd=project, env=kept | environment)
    try:
        yield
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 10)


@pytest.fixture(scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    folder = tmp_path_factory.mktemp("town")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    app_url = f"http://bella-napoli.localhost:{port}/app/"
    project = folder / "bella-napoli"
    project.mkdir()
    dna = AgentDNA(name="Bella Napoli", purpose="Pizza from a wood oven since 1987.", features=(FORM, POLL))
    (project / "dna.json").write_text(dump(dna))
    async with running_playground(folder / "playground") as address, Playground(address) as playground:
        owner = await playground.person("Olga")
        bot = await playground.bot(owner, "Bella Napoli", BOT.removeprefix("@"))
        async with httpx.AsyncClient(base_url=f"{address}/bot{bot.token}", trust_env=False) as telegram:
            button = {"type": "web_app", "text": "Open", "web_app": {"url": app_url}}
            await telegram.post("/setChatMenuButton", json={"menu_button": button})
        async with living(
            project,
            BOT_TOKEN=bot.token,
            TELEGRAM_API_URL=address,
            OWNER_ID=str(owner.id),
            PORT=str(port),
            APP_URL=app_url,
        ):
            await owner.starts(BOT)
            await owner.hears(BOT, "Bella Napoli", timeout=20)
            guest = await playground.person("Anna")
            await guest.starts(BOT)
            await guest.hears(BOT, "Bella Napoli")
            yield Town(address, playground, owner, guest)


async def opened(page: Page, town: Town) -> FrameLocator:
    """The Mini App as the guest opens it: the chat, the menu button, the frame."""
    await page.goto(f"{town.address}/?as={town.guest.id}")
    await page.locator("#chats").get_by_role("link", name="Bella Napoli").click()
    await page.get_by_role("button", name="Open Open").click()
    app = page.frame_locator("iframe.app-frame")
    await expect(app.locator("h1")).to_have_text("Bella Napoli")
    return app


@pytest.mark.parametrize(("scheme", "width"), [("light", 1024), ("dark", 390)])
async def test_a_guest_opens_the_app_from_the_menu_and_sends_the_form_by_the_main_button(
    chromium: Browser, town: Town, artefacts: Path, scheme: Scheme, width: int
) -> None:
    context = await chromium.new_context(
        viewport={"width": width, "height": 780}, color_scheme=scheme, reduced_motion="reduce"
    )
    page = await context.new_page()
    app = await opened(page, town)
    await app.get_by_role("button", name=FORM.title).click()
    await app.get_by_label("Your name").fill("Anna Müller")
    await app.get_by_label("Phone").fill("+49 170 1234567")
    await app.get_by_role("radiogroup", name="Size").get_by_text("Medium").click()
    await app.get_by_label("How many").fill("2")
    await page.screenshot(path=artefacts / f"playground-form-{scheme}-{width}.png")
    main_button = page.locator("button.app-button.main")
    await main_button.click()
    await expect(app.get_by_label("For which day")).to_have_attribute("aria-invalid", "true")
    await app.get_by_label("For which day").fill("2027-12-24")
    await main_button.click()
    await expect(app.locator("h1")).to_have_text("Thank you!")
    await expect(app.get_by_text("Anna Müller").first).to_be_visible()
    await expect(main_button).to_be_hidden()
    await page.screenshot(path=artefacts / f"playground-thanks-{scheme}-{width}.png")
    await town.owner.hears(BOT, "Anna")
    await context.close()


async def test_a_guest_votes_in_the_app_and_sees_somebody_else_vote_in_the_chat(
    chromium: Browser, town: Town, artefacts: Path
) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 780})
    page = await context.new_page()
    app = await opened(page, town)
    await app.get_by_role("button", name=POLL.question).click()
    main_button = page.locator("button.app-button.main")
    await expect(main_button).to_be_disabled()
    await app.get_by_label("Diavola").check()
    await main_button.click()
    await expect(app.locator(".voters")).to_have_text("1 vote")
    await town.owner.says(BOT, "/poll")
    await town.owner.hears(BOT, POLL.question)
    await town.owner.presses(BOT, "Margherita")
    await expect(app.locator(".voters")).to_have_text("2 votes", timeout=10_000)
    await page.screenshot(path=artefacts / "playground-poll.png")
    await page.get_by_role("button", name="Back").last.click()
    await expect(app.locator("h1")).to_have_text("Bella Napoli")
    await context.close()


async def test_a_half_filled_form_is_not_closed_by_mistake(chromium: Browser, town: Town) -> None:
    context = await chromium.new_context(viewport={"width": 390, "height": 780})
    page = await context.new_page()
    app = await opened(page, town)
    await app.get_by_role("button", name=FORM.title).click()
    await app.get_by_label("Your name").fill("Anna")
    await page.get_by_role("button", name="Close app").click()
    await expect(app.get_by_label("Your name")).to_have_value("Anna")
    await expect(page.get_by_role("dialog")).to_have_count(2)
    await context.close()
