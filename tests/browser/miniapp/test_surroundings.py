"""The Mini App on a phone, below any path, and beside Telegram's own script."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Route, expect

from tests.browser.miniapp.visits import visit
from tests.browser.miniapp.world import (
    DARK,
    FAR_AWAY,
    FORM,
    POLL,
    World,
    fragment,
    init_data,
)

OFFICIAL = Path(__file__).parents[2] / "node/node_modules/@twa-dev/sdk/src/telegram-web-apps.js"
SCRIPT = '<script src="https://telegram.org/js/telegram-web-app.js?62"></script>'


async def test_a_phone_presses_the_main_button_by_calling_the_page(context: BrowserContext, world: World) -> None:
    page = await context.new_page()
    await page.add_init_script(
        "window.recorded = []; window.TelegramWebviewProxy = "
        "{postEvent: (type, data) => recorded.push([type, JSON.parse(data)])};"
    )
    await page.goto(f"{world.app}/app/{fragment(init_data(7, start_param='poll'), platform='ios')}")
    await page.get_by_label("Diavola").check()
    await expect(page.get_by_role("button", name="Vote", exact=True)).to_be_hidden()
    await page.evaluate("() => Telegram.WebView.receiveEvent('main_button_pressed')")
    await expect(page.locator(".bar.mine")).to_contain_text("Diavola")
    kinds = await page.evaluate("() => recorded.map(([type]) => type)")
    assert "iframe_ready" not in kinds
    assert {"web_app_ready", "web_app_expand", "web_app_setup_main_button", "web_app_setup_back_button"} <= set(kinds)


async def test_the_app_lives_below_any_path(context: BrowserContext, world: World) -> None:
    page = await context.new_page()
    await page.goto(f"{world.app}{FAR_AWAY}/app{fragment(init_data(7, start_param='poll'))}")
    await page.get_by_label("Diavola").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await expect(page.locator(".bar.mine")).to_contain_text("Diavola")
    assert all(path.startswith(FAR_AWAY) for path in world.paths)


@pytest.mark.node
@pytest.mark.skipif(
    not OFFICIAL.exists() and os.environ.get("CI") != "true",
    reason="npm install --prefix tests/node was not run",
)
async def test_the_app_works_with_telegrams_own_script_in_the_page(context: BrowserContext, world: World) -> None:
    async def with_script(route: Route) -> None:
        answer = await route.fetch(url=route.request.url.replace("bella-napoli.localhost", "127.0.0.1"))
        headers = {name: value for name, value in answer.headers.items() if name != "content-security-policy"}
        body = (await answer.text()).replace('<link rel="icon"', f'{SCRIPT}<link rel="icon"', 1)
        await route.fulfill(body=body, headers=headers | {"content-type": "text/html"})

    await context.route(re.compile(r"/app/$|/app/#"), with_script)
    await context.route(
        "https://telegram.org/js/telegram-web-app.js*",
        lambda route: route.fulfill(path=str(OFFICIAL), content_type="text/javascript"),
    )
    person = await visit(context, world, FORM.title)
    frame = person.page.frames[1]
    assert await frame.evaluate("() => window.Telegram.WebApp.version") == "9.6"
    await person.fills_in()
    await person.page.evaluate("(theme) => tell('theme_changed', {theme_params: theme})", DARK)
    await person.main_button(is_visible=True, text="Send", color=DARK["button_color"])
    await person.presses_main()
    await expect(person.app.locator("h1")).to_have_text("Thank you!")
    assert len(world.submissions) == 1
    await person.goes_back()
    await person.app.get_by_role("button", name=POLL.question).click()
    await person.app.get_by_label("Diavola").check()
    await person.presses_main()
    await person.answers_popups("withdraw")
    await person.app.get_by_role("button", name="Take back my vote").click()
    await person.main_button(text="Vote", is_active=False)
    assert world.votes == {}
    assert person.complaints == []
