"""For the same acts the bridge tells Telegram what Telegram's official script tells it, in each of the surroundings.

The official script is Telegram's own: tests load it from npm (`npm install --prefix tests/node`) as the reference.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from playwright.async_api import Browser, BrowserContext, Frame, Page

from tests.browser.miniapp.world import DARK, FORM, LIGHT, World, fragment, init_data, serving

OFFICIAL = Path(__file__).parents[2] / "node/node_modules/@twa-dev/sdk/src/telegram-web-apps.js"

pytestmark = [
    pytest.mark.node,
    pytest.mark.skipif(
        not OFFICIAL.exists() and os.environ.get("CI") != "true",
        reason="Telegram's script is not installed: npm install --prefix tests/node",
    ),
]


class Act(NamedTuple):
    """The same thing done by our modules and by the official script."""

    name: str
    ours: str
    theirs: str


ACTS = (
    Act("ready", "host.ready()", "app.ready(); app.expand()"),
    Act(
        "show the main button",
        "host.mainButton({visible: true, text: '  Send  '})",
        "app.MainButton.setParams({text: '  Send  ', is_visible: true})",
    ),
    Act("show it again", "host.mainButton({visible: true, text: 'Send'})", "app.MainButton.setText('Send').show()"),
    Act("progress", "host.mainButton({active: false, progress: true})", "app.MainButton.showProgress()"),
    Act("progress over", "host.mainButton({active: true, progress: false})", "app.MainButton.hideProgress()"),
    Act("shine", "host.mainButton({shine: true})", "app.MainButton.setParams({has_shine_effect: true})"),
    Act("inactive", "host.mainButton({active: false})", "app.MainButton.disable()"),
    Act("back button", "host.backButton(() => {})", "app.BackButton.show()"),
    Act("back button again", "host.backButton(() => {})", "app.BackButton.show()"),
    Act("no back button", "host.backButton(null)", "app.BackButton.hide()"),
    Act("confirm closing", "host.confirmClosing(true)", "app.enableClosingConfirmation()"),
    Act("do not confirm closing", "host.confirmClosing(false)", "app.disableClosingConfirmation()"),
    Act("feel a selection", "host.haptic('selection')", "app.HapticFeedback.selectionChanged()"),
    Act("feel a tap", "host.haptic('light')", "app.HapticFeedback.impactOccurred('light')"),
    Act("feel success", "host.haptic('success')", "app.HapticFeedback.notificationOccurred('success')"),
    Act("feel an error", "host.haptic('error')", "app.HapticFeedback.notificationOccurred('error')"),
    Act(
        "follow a link of Telegram's",
        "host.openLink('https://t.me/share/url?url=x&text=y')",
        "app.openTelegramLink('https://t.me/share/url?url=x&text=y')",
    ),
    Act("follow a link", "host.openLink('https://example.com/a?b=c')", "app.openLink('https://example.com/a?b=c')"),
    Act("hide the main button", "host.noMainButton()", "app.MainButton.setParams({is_visible: false})"),
    Act("close", "host.close()", "app.close()"),
)
POPUP = Act(
    "popup",
    "void host.popup('Sure?', [{id: 'yes', type: 'destructive', text: 'Yes'}, {id: '', type: 'cancel'}])",
    "app.showPopup({message: 'Sure?', "
    "buttons: [{id: 'yes', type: 'destructive', text: 'Yes'}, {id: '', type: 'cancel'}]})",
)
ALERT = Act("alert", "void host.popup(' Hello ')", "app.showPopup({message: ' Hello '})")

RECORDERS = {
    "phone": "window.TelegramWebviewProxy = {postEvent: (type, data) => recorded.push([type, JSON.parse(data)])};",
    "desktop": "Object.defineProperty(window, 'external', {value: {notify: (text) => "
    "{ const {eventType, eventData} = JSON.parse(text); recorded.push([eventType, eventData]); }}});",
}


class Side:
    """A page with one of the two implementations in it, and what Telegram hears from it."""

    def __init__(self, page: Page, frame: Frame, is_ours: bool) -> None:
        self.page, self.frame, self.is_ours = page, frame, is_ours
        self.errors: list[str] = []

    async def does(self, act: Act) -> list[Any]:
        """What is heard because of the act."""
        if self.is_ours:
            await self.frame.evaluate(f"async () => {{ const {{host}} = window; {act.ours}; }}")
        else:
            await self.frame.evaluate(
                f"() => {{ const app = window.Telegram.WebApp; try {{ {act.theirs}; }} catch (error) {{ }} }}"
            )
        return await self.heard()

    async def heard(self) -> list[Any]:
        """The messages since the last look; a button that was never shown need not be hidden."""
        await self.frame.evaluate("() => new Promise((resolve) => setTimeout(resolve))")
        messages: list[Any] = await self.page.evaluate("() => window.recorded.splice(0)")
        return [one for one in messages if one[0] != "web_app_setup_secondary_button"]

    async def told(self, event: str, data: Any) -> None:
        """Telegram tells the page something, the way it does there."""
        if self.frame is self.page.main_frame:
            await self.page.evaluate(
                "([event, data]) => window.Telegram.WebView.receiveEvent(event, data)", [event, data]
            )
        else:
            await self.page.evaluate("([event, data]) => window.tell(event, data)", [event, data])

    async def variables(self) -> dict[str, str]:
        """Every --tg- variable on <html>."""
        found: dict[str, str] = await self.frame.evaluate(
            "() => Object.fromEntries([...document.documentElement.style].filter((name) => name.startsWith('--tg-'))"
            ".map((name) => [name, document.documentElement.style.getPropertyValue(name).trim()]))"
        )
        return found


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    async with serving(FORM) as world:
        yield world


@pytest.fixture(scope="module")
async def shared(chromium: Browser) -> AsyncIterator[BrowserContext]:
    context = await chromium.new_context()
    await context.route(
        "https://telegram.org/js/telegram-web-app.js*",
        lambda route: route.fulfill(path=str(OFFICIAL), content_type="text/javascript"),
    )
    yield context
    await context.close()


@pytest.fixture
async def context(shared: BrowserContext) -> AsyncIterator[BrowserContext]:
    yield shared
    for page in shared.pages:
        await page.close()


async def open_side(context: BrowserContext, world: World, where: str, *, ours: bool, version: str = "9.6") -> Side:
    """A blank page of the bot's origin with ours or theirs in it, in the given surroundings."""
    name = "ours" if ours else "official"
    page = await context.new_page()
    if where == "web":
        await page.goto(world.open_at(path=f"/blank/{name}", version=version))
        frame = next(one for one in page.frames if one is not page.main_frame)
    else:
        await page.add_init_script(f"window.recorded = []; {RECORDERS[where]}")
        launch = fragment(init_data(), world.theme, version, "ios")
        await page.goto(f"{world.app}/blank/{name}{launch}")
        frame = page.main_frame
    await frame.wait_for_load_state()
    if ours:
        await frame.evaluate(
            "async (path) => { window.host = await import(path); window.host.start(); }",
            f"/app/{world.version}/host.js",
        )
    return Side(page, frame, ours)


async def settle(side: Side) -> list[Any]:
    """What is said at the start, until the answers of the surrounding Telegram have come."""
    heard = await side.heard()
    if side.frame is not side.page.main_frame:
        await side.frame.wait_for_function(
            "() => document.documentElement.style.getPropertyValue('--tg-content-safe-area-inset-top')"
        )
    return heard + await side.heard()


def without_needless(messages: list[Any]) -> list[Any]:
    """The official script hides a main button that was never shown, whenever a theme arrives."""
    return [one for one in messages if one != ["web_app_setup_main_button", {"is_visible": False}]]


@pytest.mark.parametrize("where", ["web", "phone", "desktop"])
async def test_the_same_acts_send_the_same_messages(context: BrowserContext, world: World, where: str) -> None:
    ours = await open_side(context, world, where, ours=True)
    theirs = await open_side(context, world, where, ours=False)
    assert without_needless(await settle(ours)) == without_needless(await settle(theirs))
    for act in ACTS:
        heard = await ours.does(act)
        assert heard == await theirs.does(act), act.name
        assert heard or act.name.endswith("again"), act.name


@pytest.mark.parametrize("version", ["6.0", "6.1", "6.9"])
async def test_an_old_telegram_is_sent_only_what_it_understands(
    context: BrowserContext, world: World, version: str
) -> None:
    ours = await open_side(context, world, "web", ours=True, version=version)
    theirs = await open_side(context, world, "web", ours=False, version=version)
    assert without_needless(await settle(ours)) == without_needless(await settle(theirs))
    for act in ACTS:
        if version == "6.0" and act.name == "follow a link":
            continue  # both open a window instead
        assert await ours.does(act) == await theirs.does(act), act.name


@pytest.mark.parametrize("where", ["web", "phone"])
@pytest.mark.parametrize("act", [POPUP, ALERT], ids=lambda act: str(act.name))
async def test_a_popup_is_asked_for_alike(context: BrowserContext, world: World, where: str, act: Act) -> None:
    ours = await open_side(context, world, where, ours=True)
    theirs = await open_side(context, world, where, ours=False)
    await settle(ours)
    await settle(theirs)
    assert await ours.does(act) == await theirs.does(act) != []


@pytest.mark.parametrize("answer", ["yes", None])
async def test_a_popup_resolves_to_the_button_that_was_tapped(
    context: BrowserContext, world: World, answer: str | None
) -> None:
    side = await open_side(context, world, "phone", ours=True)
    await side.frame.evaluate("() => { window.asked = window.host.popup('Sure?'); }")
    await side.told("popup_closed", {"button_id": answer} if answer else {})
    assert await side.frame.evaluate("() => window.asked") == answer


@pytest.mark.parametrize("where", ["web", "phone"])
async def test_a_new_theme_and_viewport_become_the_same_variables_and_messages(
    context: BrowserContext, world: World, where: str
) -> None:
    sides = [await open_side(context, world, where, ours=ours) for ours in (True, False)]
    for side in sides:
        await settle(side)
        await side.does(ACTS[1])
    insets = {"top": 12, "bottom": 34, "left": 0, "right": 0}
    viewport = {"height": 512, "width": 390, "is_state_stable": True, "is_expanded": True}
    events = (
        ("viewport_changed", viewport),
        ("viewport_changed", {**viewport, "height": 444, "is_state_stable": False}),
        ("safe_area_changed", insets),
        ("content_safe_area_changed", {"top": 46, "bottom": 0, "left": 0, "right": 0}),
        ("theme_changed", {"theme_params": DARK}),
        ("theme_changed", {"theme_params": {"bg_color": "#1c1c1d", "secondary_bg_color": "#1c1c1d"}}),
        ("theme_changed", {"theme_params": {"bg_color": "#ABC", "link_color": "nonsense"}}),
        ("theme_changed", {"theme_params": LIGHT}),
    )
    for event, data in events:
        for side in sides:
            await side.told(event, data)
        ours, theirs = [await side.heard() for side in sides]
        assert ours == theirs, (event, data)
        variables = [await side.variables() for side in sides]
        assert variables[0] == variables[1], (event, data)
    assert variables[0]["--tg-theme-bg-color"] == LIGHT["bg_color"]
    assert variables[0]["--tg-viewport-height"] == "444px"


@pytest.mark.parametrize(
    "door", ["Telegram.WebView.receiveEvent", "TelegramGameProxy.receiveEvent", "TelegramGameProxy_receiveEvent"]
)
async def test_every_door_of_native_clients_leads_to_the_main_button(
    context: BrowserContext, world: World, door: str
) -> None:
    side = await open_side(context, world, "phone", ours=True)
    await side.frame.evaluate(
        "() => { window.pressed = 0; "
        "host.mainButton({visible: true, text: 'Go', press: () => { window.pressed += 1; }}); }"
    )
    await side.page.evaluate(f"() => window.{door}('main_button_pressed')")
    assert await side.frame.evaluate("() => window.pressed") == 1
    await side.frame.evaluate("() => host.mainButton({active: false})")
    await side.page.evaluate(f"() => window.{door}('main_button_pressed')")
    assert await side.frame.evaluate("() => window.pressed") == 1, "an inactive button does nothing"


async def test_messages_of_other_windows_and_broken_ones_are_ignored(context: BrowserContext, world: World) -> None:
    side = await open_side(context, world, "web", ours=True)
    await settle(side)
    await side.frame.evaluate(
        """() => {
          const dark = JSON.stringify({eventType: 'theme_changed', eventData: {theme_params: {bg_color: '#010203'}}});
          window.postMessage(dark, '*');
        }"""
    )
    await side.page.evaluate(
        """() => {
          const frame = document.querySelector('iframe').contentWindow;
          const broken = ['', '{', 'null', '[]', '"x"', '{"eventType": 5}', {eventType: 'theme_changed'}];
          for (const junk of broken) frame.postMessage(junk, '*');
          tell('theme_changed', null);
          tell('viewport_changed', undefined);
          tell('theme_changed', {theme_params: {'text-color;x': '#000000', text_color: 7}});
        }"""
    )
    await side.told("theme_changed", {"theme_params": {"hint_color": "#123456"}})
    await side.heard()
    variables = await side.variables()
    assert variables["--tg-theme-bg-color"] == LIGHT["bg_color"]
    assert variables["--tg-theme-hint-color"] == "#123456"
    assert set(variables) == {f"--tg-theme-{name.replace('_', '-')}" for name in LIGHT} | {
        name for name in variables if "theme" not in name
    }


@pytest.mark.parametrize(
    ("tail", "expected"),
    [
        ("#tgWebAppVersion=9.6&tgWebAppStartParam=poll", {"tgWebAppVersion": "9.6", "tgWebAppStartParam": "poll"}),
        ("#page?tgWebAppVersion=7.0", {"tgWebAppVersion": "7.0"}),
        ("#a=b&tgWebAppData=x%3D1%26y%3D%2526", {"a": "b", "tgWebAppData": "x=1&y=%26"}),
        ("#page", {}),
        ("#", {}),
        ("", {}),
        ("#tgWebAppData=a%2Bb+c", {"tgWebAppData": "a+b c"}),
    ],
)
async def test_launch_parameters_are_read_from_any_fragment(
    context: BrowserContext, world: World, tail: str, expected: dict[str, str]
) -> None:
    page = await context.new_page()
    await page.goto(f"{world.app}/blank/ours")
    found = await page.evaluate(
        "async ([path, tail]) => Object.fromEntries((await import(path)).fragmentParameters(tail))",
        [f"/app/{world.version}/bridge.js", tail],
    )
    assert found == expected
