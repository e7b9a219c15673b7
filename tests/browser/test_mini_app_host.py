"""The page as host of Mini Apps: launch, protocol, buttons, storage, and every event of Telegram's table answered."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from playwright.async_api import Frame, Locator, Page, expect

from playground.people import Person, Playground
from tests.browser.app_events import ANSWERED, PROMPTED, SILENT
from tests.browser.app_page import serving_app
from tests.browser.chat_page import NARROW, ChatPage, Tabs
from tests.playground.calling import CallingBot

SANDBOX = (
    "allow-scripts allow-same-origin allow-popups allow-forms allow-modals allow-popups-to-escape-sandbox"
    " allow-storage-access-by-user-activation"
)
ALLOW = "camera; microphone; geolocation; clipboard-write; autoplay; fullscreen; payment"
DARK_ARRIVED = """heard.filter((one) => one.eventType === "theme_changed")
    .some((one) => one.eventData.theme_params.bg_color === "#17212b")"""
DISMISSED = """heard.findLast((one) => one.eventType === "popup_closed").eventData.button_id === undefined"""


class OpenApp:
    """A Mini App open in a chat page."""

    def __init__(self, chat: ChatPage, frame: Frame) -> None:
        self.chat, self.frame = chat, frame

    @property
    def page(self) -> Page:
        return self.chat.page

    @property
    def window(self) -> Locator:
        return self.page.locator("dialog.app")

    @property
    def main(self) -> Locator:
        return self.window.locator(".app-button.main")

    async def tells(self, event: str, data: dict[str, Any] | None = None) -> None:
        await self.frame.evaluate("([event, data]) => tell(event, data)", [event, data or {}])

    async def asks(self, event: str, data: dict[str, Any], wanted: str) -> Any:
        limit = "new Promise((_, fail) => setTimeout(() => fail(new Error('no answer')), 8000))"
        return await self.frame.evaluate(f"(it) => Promise.race([asked(...it), {limit}])", [event, data, wanted])

    async def waits_for(self, event: str) -> Any:
        await self.frame.wait_for_function("(event) => heard.some((one) => one.eventType === event)", arg=event)
        return await self.frame.evaluate("(event) => heard.findLast((one) => one.eventType === event).eventData", event)


@pytest.fixture(scope="module")
async def app_url(anyio_backend: str) -> AsyncIterator[str]:
    async with serving_app() as url:
        yield url


async def opened(chat: ChatPage, button: str) -> OpenApp:
    """Press the button and wait for the app to run."""
    await chat.presses(button)
    element = await chat.page.locator("iframe.app-frame").element_handle()
    assert element is not None
    frame = await element.content_frame()
    assert frame is not None
    await expect(chat.page.frame_locator("iframe.app-frame").locator("#state")).to_have_text("ready")
    return OpenApp(chat, frame)


async def with_menu_button(bot: CallingBot, alice: Person, app_url: str) -> None:
    await bot.setChatMenuButton(menu_button={"type": "web_app", "text": "Tea shop", "web_app": {"url": app_url}})
    await bot.sendMessage(chat_id=alice.id, text="The shop is open")


@pytest.fixture
async def app(chat: ChatPage, bot: CallingBot, alice: Person, app_url: str) -> OpenApp:
    """The app of the menu button, open."""
    await with_menu_button(bot, alice, app_url)
    return await opened(chat, "Open Tea shop")


async def test_an_app_is_launched_with_the_documented_parameters(app: OpenApp, alice: Person, app_url: str) -> None:
    url = await app.frame.evaluate("location.href")
    assert url.startswith(app_url + "#")
    fragment = parse_qs(urlsplit(url).fragment)
    assert fragment["tgWebAppVersion"] == ["9.6"]
    assert fragment["tgWebAppPlatform"] == ["web"]
    assert json.loads(fragment["tgWebAppThemeParams"][0])["bg_color"] == "#ffffff"
    data = dict(parse_qsl(fragment["tgWebAppData"][0]))
    assert data.keys() == {"query_id", "user", "auth_date", "hash", "signature"}
    user = json.loads(data["user"])
    assert (user["id"], user["first_name"], user["allows_write_to_pm"]) == (alice.id, "Alice", True)
    frame = app.page.locator("iframe.app-frame")
    await expect(frame).to_have_attribute("sandbox", SANDBOX)
    await expect(frame).to_have_attribute("allow", ALLOW)
    await app.chat.picture("mini-app")


async def test_every_event_gets_its_documented_answer(app: OpenApp) -> None:
    for event, data, wanted, at_least in sorted(ANSWERED, key=lambda row: row[0] == "web_app_expand"):
        answer = await app.asks(event, data, wanted)
        assert {key: answer.get(key) for key in at_least} == at_least, event


async def test_events_without_an_answer_are_taken_in_silence(app: OpenApp) -> None:
    before = await app.frame.evaluate("heard.length")
    for event, data in SILENT:
        await app.tells(event, data)
    await app.asks("web_app_check_location", {}, "location_checked")
    heard = await app.frame.evaluate("(before) => heard.slice(before).map((one) => one.eventType)", before)
    assert [event for event in heard if event != "viewport_changed"] == ["location_checked"]


async def test_the_host_knows_no_event_that_these_tests_do_not(app: OpenApp) -> None:
    known = await app.page.evaluate(
        "import('/page/js/miniapp/events.js').then((module) => Object.keys(module.answers))"
    )
    tested = {row[0] for row in ANSWERED} | {row[0] for row in SILENT} | PROMPTED
    assert set(known) - tested == {
        "iframe_will_reload",
        "web_app_biometry_open_settings",
        "web_app_open_location_settings",
    }
    assert tested <= set(known)


async def test_the_host_draws_the_buttons_of_the_app(app: OpenApp) -> None:
    wish = {"is_visible": True, "is_active": True, "text": "Pay 5 €", "color": "#aa3377", "text_color": "#ffffff"}
    await app.tells("web_app_setup_main_button", wish)
    await app.tells("web_app_setup_secondary_button", {**wish, "text": "Later", "position": "left"})
    await app.tells("web_app_setup_back_button", {"is_visible": True})
    await expect(app.main).to_have_css("background-color", "rgb(170, 51, 119)")
    await app.chat.picture("mini-app-buttons")
    await app.main.click()
    await app.waits_for("main_button_pressed")
    await app.window.get_by_role("button", name="Later").click()
    await app.waits_for("secondary_button_pressed")
    await app.window.get_by_role("button", name="Back").click()
    await app.waits_for("back_button_pressed")
    await app.tells("web_app_setup_main_button", {**wish, "is_active": False, "is_progress_visible": True})
    await expect(app.main).to_be_disabled()
    await expect(app.main).to_have_attribute("aria-busy", "true")
    await app.tells("web_app_setup_main_button", {"is_visible": False})
    await expect(app.main).to_be_hidden()
    await app.tells("web_app_setup_settings_button", {"is_visible": True})
    await app.window.get_by_role("button", name="App menu").click()
    await app.page.get_by_role("menuitem", name="Settings").click()
    await app.waits_for("settings_button_pressed")


async def test_a_popup_tells_which_button_was_pressed(app: OpenApp) -> None:
    buttons = [{"id": "no", "type": "cancel"}, {"id": "yes", "type": "destructive", "text": "Throw away"}]
    await app.tells("web_app_open_popup", {"title": "Sure?", "message": "<b>All</b> of it", "buttons": buttons})
    await expect(app.chat.dialog).to_contain_text("<b>All</b> of it")
    await app.chat.presses("Throw away")
    assert await app.waits_for("popup_closed") == {"button_id": "yes"}
    await app.tells("web_app_open_popup", {"message": "Bye", "buttons": [{"id": "", "type": "close"}]})
    await expect(app.chat.dialog).to_contain_text("Bye")
    await app.page.keyboard.press("Escape")
    await app.frame.wait_for_function(DISMISSED)


async def test_closing_asks_first_when_the_app_wants_it(app: OpenApp) -> None:
    await app.tells("web_app_setup_closing_behavior", {"need_confirmation": True})
    await app.asks("web_app_check_location", {}, "location_checked")
    await app.window.get_by_role("button", name="Close app").click()
    await app.chat.dialog.get_by_role("button", name="Cancel").click()
    await expect(app.window).to_be_visible()
    await app.page.keyboard.press("Escape")
    await app.chat.dialog.get_by_role("button", name="Close").click()
    await expect(app.window).to_have_count(0)


async def test_an_app_closes_itself(app: OpenApp) -> None:
    await app.tells("web_app_close")
    await expect(app.window).to_have_count(0)


async def test_the_theme_changes_while_an_app_runs(app: OpenApp) -> None:
    await app.tells("web_app_set_header_color", {"color_key": "secondary_bg_color"})
    head = app.window.locator(".app-head")
    await expect(head).to_have_css("background-color", "rgb(244, 244, 245)")
    await app.page.emulate_media(color_scheme="dark")
    await expect(app.page.locator("html")).to_have_attribute("data-theme", "dark")
    await app.frame.wait_for_function(DARK_ARRIVED)
    await expect(head).to_have_css("background-color", "rgb(14, 22, 33)")
    await app.chat.picture("mini-app-dark")


async def test_cloud_storage_is_kept_per_person_and_bot(
    app: OpenApp, tabs: Tabs, playground: Playground, bot: CallingBot
) -> None:
    async def custom(where: OpenApp, method: str, params: dict[str, Any]) -> Any:
        asked = {"req_id": method, "method": method, "params": params}
        return (await where.asks("web_app_invoke_custom_method", asked, "custom_method_invoked"))["result"]

    assert await custom(app, "saveStorageValue", {"key": "sugar", "value": "two"}) is True
    await app.asks(
        "web_app_device_storage_save_key", {"req_id": "1", "key": "cup", "value": "blue"}, "device_storage_key_saved"
    )
    await app.tells("web_app_close")
    await expect(app.window).to_have_count(0)
    again = await opened(app.chat, "Open Tea shop")
    assert await custom(again, "getStorageValues", {"keys": ["sugar", "milk"]}) == {"sugar": "two", "milk": ""}
    assert await custom(again, "getStorageKeys", {}) == ["sugar"]
    cup = await again.asks(
        "web_app_device_storage_get_key", {"req_id": "2", "key": "cup"}, "device_storage_key_received"
    )
    assert cup["value"] == "blue"
    bob = await playground.person("Bob")
    await bob.starts(bot.name)
    other = await opened(await tabs.open(bob, bot.name), "Open Tea shop")
    assert await custom(other, "getStorageKeys", {}) == []
    assert await custom(again, "deleteStorageValues", {"keys": ["sugar"]}) is True
    assert await custom(again, "getStorageKeys", {}) == []


async def test_a_phone_number_is_shared_only_with_consent(app: OpenApp, bot: CallingBot, alice: Person) -> None:
    await app.tells("web_app_request_phone")
    await app.chat.dialog.get_by_role("button", name="Cancel").click()
    assert await app.waits_for("phone_requested") == {"status": "cancelled"}
    await app.tells("web_app_request_phone")
    await app.chat.dialog.get_by_role("button", name="Share").click()
    contact = (await bot.update("message"))["contact"]
    assert contact["user_id"] == alice.id
    asked = {"req_id": "1", "method": "getRequestedContact", "params": {}}
    answer = await app.asks("web_app_invoke_custom_method", asked, "custom_method_invoked")
    signed = dict(parse_qsl(answer["result"]))
    assert json.loads(signed["contact"])["phone_number"] == contact["phone_number"]
    assert "hash" in signed


async def test_write_access_is_asked_for_before_start(
    tabs: Tabs, playground: Playground, bot: CallingBot, alice: Person, app_url: str
) -> None:
    bob = await playground.person("Bob")
    await alice.starts(bot.name)
    await with_menu_button(bot, alice, app_url)
    url = await bob.opens_app(bot.name)
    assert "allows_write_to_pm" not in url
    where = f"/users/{bob.id}/chats/{bot.name}/mini_app/write_access"
    assert await playground.call("POST", where, json={}) == {"allowed": False}
    assert await playground.call("POST", where, json={"allow": True}) == {"allowed": True}
    assert (await bot.sendMessage(chat_id=bob.id, text="Thank you"))["text"] == "Thank you"


async def test_an_app_of_the_keyboard_sends_its_data(
    chat: ChatPage, bot: CallingBot, alice: Person, app_url: str
) -> None:
    key = {"text": "Order", "web_app": {"url": app_url}}
    await bot.sendMessage(chat_id=alice.id, text="Go on", reply_markup={"keyboard": [[key]], "resize_keyboard": True})
    app = await opened(chat, "Order")
    assert "tgWebAppData" not in await app.frame.evaluate("location.href")
    await app.tells("web_app_data_send", {"data": "Earl Grey"})
    assert (await bot.update("message"))["web_app_data"] == {"button_text": "Order", "data": "Earl Grey"}
    await expect(app.window).to_have_count(0)
    await expect(chat.message("Data from the button “Order” was passed to the bot")).to_be_visible()


async def test_an_app_of_the_menu_cannot_send_data(app: OpenApp) -> None:
    await app.tells("web_app_data_send", {"data": "Earl Grey"})
    await app.asks("web_app_check_location", {}, "location_checked")
    await expect(app.window).to_be_visible()


async def test_an_inline_button_opens_an_app_whose_links_lead_into_the_page(
    chat: ChatPage, bot: CallingBot, alice: Person, playground: Playground, app_url: str
) -> None:
    other = await playground.bot(alice, "Coffee", f"coffee_{bot.id}x_bot")
    button = {"text": "Open here", "web_app": {"url": app_url}}
    await bot.sendMessage(chat_id=alice.id, text="Or", reply_markup={"inline_keyboard": [[button]]})
    app = await opened(chat, "Open here")
    await app.tells("web_app_open_tg_link", {"path_full": f"/{other.username}?start=x"})
    await expect(chat.page.locator("#head")).to_contain_text("Coffee")
    await expect(app.window).to_have_count(0)


async def test_words_for_an_inline_query_are_put_into_the_field(app: OpenApp, bot: CallingBot) -> None:
    await app.tells("web_app_switch_inline_query", {"query": "oolong", "chat_types": []})
    await expect(app.chat.field).to_have_value(f"{bot.name} oolong")


async def test_outside_links_and_downloads_open_in_a_new_tab(app: OpenApp, app_url: str) -> None:
    async with app.page.context.expect_page() as found:
        await app.tells("web_app_open_link", {"url": app_url})
    assert (await found.value).url == app_url
    await app.tells("web_app_request_file_download", {"url": app_url, "file_name": "tea.pdf"})
    await expect(app.chat.dialog).to_contain_text("tea.pdf")
    await app.chat.dialog.get_by_role("button", name="Cancel").click()
    assert await app.waits_for("file_download_requested") == {"status": "cancelled"}


async def test_only_the_frame_at_its_own_origin_is_heard(app: OpenApp, app_url: str) -> None:
    await app.page.evaluate("window.postMessage(JSON.stringify({eventType: 'web_app_close', eventData: ''}), '*')")
    await app.frame.evaluate("location.href = location.href.replace('tea-shop', 'evil')")
    await expect(app.page.frame_locator("iframe.app-frame").locator("#state")).to_have_text("ready")
    handle = await app.page.locator("iframe.app-frame").element_handle()
    assert handle is not None
    evil = await handle.content_frame()
    assert evil is not None
    assert "evil" in evil.url
    await evil.evaluate("tell('web_app_close')")
    await app.page.evaluate("new Promise((done) => setTimeout(done, 0))")
    await expect(app.window).to_be_visible()


async def test_an_app_fills_a_narrow_screen(tabs: Tabs, bot: CallingBot, alice: Person, app_url: str) -> None:
    await alice.starts(bot.name)
    await with_menu_button(bot, alice, app_url)
    app = await opened(await tabs.open(alice, bot.name, size=NARROW), "Open Tea shop")
    viewport = await app.asks("web_app_request_viewport", {}, "viewport_changed")
    assert viewport["width"] == NARROW[0]
    wider = await app.asks("web_app_expand", {}, "viewport_changed")
    assert wider["height"] >= viewport["height"]
    await app.tells("web_app_setup_main_button", {"is_visible": True, "text": "Done"})
    await expect(app.main).to_be_visible()
    await app.chat.picture("mini-app-390")
    assert await app.chat.width_of_content() <= NARROW[0]
