"""The poll in the Mini App: a vote is cast, changed and taken back, and results move by themselves."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from playwright.async_api import BrowserContext, expect

from tests.browser.miniapp.visits import visit
from tests.browser.miniapp.world import (
    CATALOGUE,
    POLL,
    World,
)


async def test_a_vote_is_cast_changed_and_taken_back(context: BrowserContext, world: World) -> None:
    world.votes = {1: [0], 2: [1]}
    person = await visit(context, world, POLL.question)
    await person.main_button(text="Vote", is_active=False)
    await person.app.get_by_label("Diavola").check()
    await person.main_button(text="Vote", is_active=True)
    await person.presses_main()
    await expect(person.app.locator(".bar.mine")).to_contain_text("Diavola")
    await expect(person.app.locator(".bar.mine .share")).to_have_text("67 %")
    await expect(person.app.locator("#say")).to_have_text("Your vote counts.")
    assert world.votes[7] == [1]
    await person.app.get_by_role("button", name="Change my vote").click()
    await expect(person.app.get_by_label("Diavola")).to_be_checked()
    await person.app.get_by_label("Marinara").check()
    await person.main_button(text="Change my vote", is_active=True)
    await person.presses_main()
    await expect(person.app.locator(".bar.mine")).to_contain_text("Marinara")
    assert world.votes[7] == [2]
    await person.answers_popups("withdraw")
    await person.app.get_by_role("button", name="Take back my vote").click()
    await person.main_button(text="Vote", is_active=False)
    assert 7 not in world.votes
    assert person.complaints == []


async def test_results_move_while_others_vote_and_the_poll_closes_under_the_eyes(
    context: BrowserContext, world: World
) -> None:
    world.votes = {7: [0]}
    person = await visit(context, world, POLL.question)
    await expect(person.app.locator(".voters")).to_have_text("1 vote")
    share = person.app.get_by_role("button", name="Share")
    await share.focus()
    world.votes[8] = [1]
    await expect(person.app.locator(".voters")).to_have_text("2 votes", timeout=10_000)
    await expect(share).to_be_focused()
    await share.click()
    shared = urlsplit((await person.recorded("web_app_open_tg_link"))[-1]["path_full"])
    assert shared.path == "/share/url"
    assert parse_qs(shared.query)["url"] == ["https://t.me/pizza_bot?start=poll"]
    assert POLL.question in parse_qs(shared.query)["text"][0]
    world.closed = True
    await expect(person.app.get_by_text(CATALOGUE.plain("app.poll_closed_text"))).to_be_visible(timeout=10_000)
    await expect(person.app.get_by_role("button", name="Change my vote")).to_have_count(0)


async def test_a_vote_that_comes_too_late_is_told_so(context: BrowserContext, world: World) -> None:
    person = await visit(context, world, POLL.question)
    await person.app.get_by_label("Diavola").check()
    world.closed = True
    await person.presses_main()
    await expect(person.app.get_by_text(CATALOGUE.plain("app.poll_closed_text"))).to_be_visible()
    await person.page.wait_for_function("() => recorded.some(([type]) => type === 'web_app_open_popup')")
    assert (await person.recorded("web_app_open_popup"))[-1]["message"] == "This poll is closed."
