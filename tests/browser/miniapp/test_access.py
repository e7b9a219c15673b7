"""The Mini App for people who use the keyboard, who listen, who see little, on any width and in any theme."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import BrowserContext, expect

from tests.browser.miniapp.visits import visit
from tests.browser.miniapp.world import (
    DARK,
    FORM,
    LIGHT,
    POLL,
    World,
    fragment,
    init_data,
)


@pytest.mark.parametrize("title", [None, FORM.title, POLL.question])
async def test_everything_is_reached_by_tab_with_a_name_and_a_visible_focus(
    context: BrowserContext, world: World, title: str | None
) -> None:
    world.votes = {1: [0]}
    person = await visit(context, world, title)
    frame = person.page.frames[1]
    await frame.locator("body").evaluate("() => document.querySelector('h1').focus()")
    reached: list[dict[str, Any]] = []
    for _ in range(40):
        await person.page.keyboard.press("Tab")
        focused = await frame.evaluate("() => looking.focused()")
        if focused is None or (reached and focused["key"] == reached[0]["key"]):
            break
        if not reached or focused != reached[-1]:
            reached.append(focused)
    for focused in reached:
        assert focused["name"], focused
        assert focused["visible"], focused
        assert focused["large"], focused
    # A group of radio buttons is one stop; its buttons are reached by the arrows.
    wanted = await frame.evaluate("() => looking.stops()")
    assert len(reached) == wanted


async def test_a_form_is_filled_and_sent_by_keyboard_alone_in_a_plain_browser(
    context: BrowserContext, world: World
) -> None:
    page = await context.new_page()
    await page.goto(f"{world.app}/app/{fragment(init_data())}")
    await page.get_by_role("button", name=FORM.title).focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_be_focused()
    for text in ("Anna", "+49 170 1234567", "", None, None, "2"):
        await page.keyboard.press("Tab")
        if text is None:
            await page.keyboard.press("Space")
        elif text:
            await page.keyboard.type(text)
        if text is None and await page.evaluate("() => document.activeElement.type") == "checkbox":
            for _ in range(2):
                await page.keyboard.press("Tab")
    await page.get_by_label("For which day").fill("2026-12-24")
    await page.get_by_label("How do you like us").get_by_label("1 star").focus()
    await page.keyboard.press("Space")
    for _ in range(2):
        await page.keyboard.press("ArrowRight")
    send = page.get_by_role("button", name="Send")
    await send.focus()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("Thank you!")
    answers = {answer["id"]: answer["text"] for answer in world.submissions[0]["answers"]}
    assert (answers["size"], answers["extras"], answers["stars"]) == ("Small", "['Olives']", "3")


async def test_without_telegram_a_question_is_a_dialog_of_the_page(context: BrowserContext, world: World) -> None:
    page = await context.new_page()
    await page.goto(f"{world.app}/app/{fragment(init_data(7, start_param='poll'))}")
    await page.get_by_label("Diavola").check()
    await page.get_by_role("button", name="Vote", exact=True).click()
    await page.get_by_role("button", name="Take back my vote").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_have_accessible_name("Take back your vote?")
    await page.keyboard.press("Escape")
    await expect(dialog).to_have_count(0)
    assert world.votes[7] == [1]
    await page.get_by_role("button", name="Take back my vote").click()
    await dialog.get_by_role("button", name="Take back my vote").click()
    await expect(page.get_by_role("button", name="Vote", exact=True)).to_be_visible()
    assert world.votes == {}


PALE = LIGHT | {
    "hint_color": "#c8c8c8",
    "subtitle_text_color": "#c8c8c8",
    "link_color": "#8fd0ff",
    "button_color": "#7cc4ff",
}


@pytest.mark.parametrize(
    ("name", "theme"),
    [("light", LIGHT), ("dark", DARK), ("pale", PALE), ("none", {})],
    ids=lambda value: str(value)[:5],
)
async def test_every_text_can_be_read_in_every_theme(
    context: BrowserContext, world: World, artefacts: Path, name: str, theme: dict[str, str]
) -> None:
    world.theme = theme
    world.votes = {7: [0], 1: [1]}
    person = await visit(context, world)
    assert await person.page.frames[1].evaluate("() => looking.faint()") == []
    await person.app.get_by_role("button", name=FORM.title).click()
    await expect(person.app.locator("h1")).to_have_text(FORM.title)
    await person.presses_main()
    await person.app.get_by_text("This answer is needed.").first.wait_for()
    await person.fills_in()
    assert await person.page.frames[1].evaluate("() => looking.faint()") == []
    await person.page.screenshot(path=artefacts / f"miniapp-form-{name}.png")
    await person.presses_main()
    await expect(person.app.locator("h1")).to_have_text("Thank you!")
    assert await person.page.frames[1].evaluate("() => looking.faint()") == []
    await person.goes_back()
    await person.app.get_by_role("button", name=POLL.question).click()
    await expect(person.app.locator(".bar.mine .share")).to_have_text("50 %")
    assert await person.page.frames[1].evaluate("() => looking.faint()") == []
    await person.page.screenshot(path=artefacts / f"miniapp-poll-{name}.png")


@pytest.mark.parametrize("width", [320, 390, 1024])
async def test_nothing_sticks_out_at_any_width(
    context: BrowserContext, world: World, artefacts: Path, width: int
) -> None:
    person = await visit(context, world)
    await person.page.set_viewport_size({"width": width, "height": 760})
    for name, title in (("home", None), ("form", FORM.title), ("poll", POLL.question)):
        if title:
            await person.app.get_by_role("button", name=title).click()
            await expect(person.app.locator("h1")).to_have_text(title)
        wide = await person.page.frames[1].evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width
        await person.page.screenshot(path=artefacts / f"miniapp-{width}-{name}.png")
        if title == FORM.title:
            await person.goes_back()


async def test_a_theme_that_changes_under_the_app_is_followed(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, FORM.title)
    await person.page.evaluate("(theme) => tell('theme_changed', {theme_params: theme})", DARK)
    await person.main_button(color=DARK["button_color"])
    html = person.app.locator("html")
    await expect(html).to_have_attribute("data-scheme", "dark")
    await expect(person.app.locator("body")).to_have_css("background-color", "rgb(15, 15, 15)")
    assert (await person.recorded("web_app_set_background_color"))[-1] == {"color": DARK["secondary_bg_color"]}
