"""Telegram's own script for Mini Apps runs in the page's host: the host is what the script expects."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Frame, expect

from playground.people import Person
from tests.browser.app_page import OFFICIAL, serving_app
from tests.browser.chat_page import ChatPage
from tests.playground.calling import CallingBot

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(
        not OFFICIAL.exists() and os.environ.get("CI") != "true", reason="npm install --prefix tests/node was not run"
    ),
]


@pytest.fixture
async def frame(chat: ChatPage, bot: CallingBot, alice: Person) -> AsyncIterator[Frame]:
    """A Mini App on the official script, opened from an inline button."""
    async with serving_app() as url:
        button = {"text": "Official", "web_app": {"url": url.replace("/app/", "/official/")}}
        await bot.sendMessage(chat_id=alice.id, text="Go", reply_markup={"inline_keyboard": [[button]]})
        await chat.presses("Official")
        element = await chat.page.locator("iframe.app-frame").element_handle()
        assert element is not None
        frame = await element.content_frame()
        assert frame is not None
        await expect(chat.page.frame_locator("iframe.app-frame").locator("#state")).to_have_text("ready")
        yield frame


async def called(frame: Frame, call: str) -> list[Any]:
    """What the callback of `call` is given; `done` stands for the callback."""
    values: list[Any] = await frame.evaluate(f"result((done) => app.{call})")
    return values


async def test_the_script_learns_who_opened_it_and_how_it_looks(frame: Frame, chat: ChatPage, alice: Person) -> None:
    assert await frame.evaluate("app.initDataUnsafe.user.id") == alice.id
    assert await frame.evaluate("[app.platform, app.colorScheme, app.version]") == ["web", "light", "9.6"]
    assert await frame.evaluate("app.themeParams.bg_color") == "#ffffff"
    box = await chat.page.locator("iframe.app-frame").bounding_box()
    assert box is not None
    assert await frame.evaluate("app.viewportHeight") == box["height"]
    changed = asyncio.create_task(frame.evaluate("event('themeChanged')"))
    await frame.evaluate("0")  # the listener is there now
    await chat.page.emulate_media(color_scheme="dark")
    await changed
    assert await frame.evaluate("app.colorScheme") == "dark"


async def test_its_buttons_and_popups_are_the_hosts(frame: Frame, chat: ChatPage) -> None:
    await frame.evaluate("app.MainButton.setText('Pay').show().onClick(() => window.paid = true)")
    await frame.evaluate("app.BackButton.show().onClick(() => window.back = true)")
    await chat.presses("Pay")
    await chat.page.locator("dialog.app").get_by_role("button", name="Back").click()
    await frame.wait_for_function("window.paid && window.back")
    asked = asyncio.create_task(called(frame, "showConfirm('Really?', done)"))
    await chat.dialog.get_by_role("button", name="OK").click()
    assert await asked == [True]
    # In one call: an answer that comes before anybody listens would be lost.
    await frame.evaluate(
        "(() => { const heard = event('fullscreenChanged'); app.requestFullscreen(); return heard; })()"
    )
    assert await frame.evaluate("app.isFullscreen") is True


async def test_its_storage_and_requests_are_answered(frame: Frame, chat: ChatPage, bot: CallingBot) -> None:
    assert await called(frame, "CloudStorage.setItem('tea', 'green', done)") == [None, True]
    assert await called(frame, "CloudStorage.getItems(['tea', 'cake'], done)") == [None, {"tea": "green", "cake": ""}]
    assert await called(frame, "CloudStorage.getKeys(done)") == [None, ["tea"]]
    assert await called(frame, "CloudStorage.removeItem('tea', done)") == [None, True]
    assert await called(frame, "requestWriteAccess(done)") == [True]
    asked = asyncio.create_task(called(frame, "requestContact(done)"))
    await chat.dialog.get_by_role("button", name="Share").click()
    shared, answer = await asked
    assert shared is True
    assert (
        answer["responseUnsafe"]["contact"]["phone_number"] == (await bot.update("message"))["contact"]["phone_number"]
    )
    assert await called(frame, "BiometricManager.init(() => done(app.BiometricManager.isBiometricAvailable))") == [
        False
    ]
    assert await called(frame, "LocationManager.init(() => done(app.LocationManager.isLocationAvailable))") == [False]
    assert (await called(frame, "checkHomeScreenStatus(done)")) == ["unsupported"]
    assert (await called(frame, "setEmojiStatus('5368324170671202286', {}, done)")) == [False]
    assert (await called(frame, "readTextFromClipboard(done)"))[0] is not False


async def test_it_closes_the_app(frame: Frame, chat: ChatPage) -> None:
    await frame.evaluate("setTimeout(() => app.close())")
    await expect(chat.page.locator("dialog.app")).to_have_count(0)
