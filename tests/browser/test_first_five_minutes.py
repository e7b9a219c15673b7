"""The README's first five minutes, by mouse and keyboard, on the page that `python run_bot.py` prints."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.deeds import PIZZERIA
from tests.browser.chat_page import NARROW, WIDE, Tabs
from tests.factory import running_factory


@pytest.mark.parametrize(("scheme", "size"), [("light", WIDE), ("dark", NARROW)])
async def test_a_bot_is_made_opened_used_and_found_again_after_a_restart(
    chromium: Browser, artefacts: Path, tmp_path: Path, scheme: Literal["light", "dark"], size: tuple[int, int]
) -> None:
    look = f"{scheme}-{size[0]}"
    async with running_factory(tmp_path) as factory:
        tabs = Tabs(chromium, factory.playground.base_url, artefacts)
        chat = await tabs.open(None, factory.bot, size=size, scheme=scheme)  # the address the banner prints
        page = chat.page
        await chat.picture(f"first-look-{look}")
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(chat.message("I make Telegram bots")).to_be_visible()
        await chat.writes("/newbot")
        await expect(chat.message("What should your bot do?")).to_be_visible()
        await chat.picture(f"first-question-{look}")
        await chat.writes(PIZZERIA)
        await expect(chat.message("All good?")).to_be_visible()
        await chat.picture(f"first-review-{look}")
        await page.get_by_role("button", name="✅ Create").click()
        await page.locator(".reply-keys").get_by_role("button").first.click()
        await chat.picture(f"first-form-{look}")
        await chat.dialog.get_by_role("button", name="Create").click()
        await expect(chat.message("is live")).to_be_visible(timeout=30_000)
        await expect(chat.message("this code opens it")).to_be_visible()
        await chat.picture(f"first-live-{look}")

        await page.get_by_role("button", name="Open @").first.click()
        await page.get_by_role("button", name="Start", exact=True).click()
        await expect(chat.message("Bella Napoli")).to_be_visible()
        await page.locator(".menu-button.app").click()
        app = page.frame_locator("iframe.app-frame")
        await expect(app.locator("h1")).to_have_text("Bella Napoli")
        await chat.picture(f"first-app-{look}")
        await app.get_by_role("button", name="Order").click()
        await app.get_by_label("Name").fill("Anna")
        await app.get_by_label("Phone").fill("+39 333 1234567")
        await app.get_by_label("Size").fill("large")
        await chat.picture(f"first-filled-{look}")
        await page.locator("button.app-button.main").click()
        await expect(app.locator("h1")).to_have_text("Thank you!")
        await page.get_by_role("button", name="Close app").click()
        await expect(chat.message("new answer")).to_be_visible()
        await chat.picture(f"first-told-{look}")
        assert await chat.width_of_content() <= size[0]

        assert await factory.stop() == 0
        await factory.start()
        await page.reload()
        await expect(chat.message("new answer")).to_be_visible()
        await chat.writes("/help")
        await expect(chat.message("/order")).to_be_visible()
        assert chat.complaints == []
        await tabs.close()
