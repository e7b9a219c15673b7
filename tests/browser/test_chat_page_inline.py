"""What a bot offers inline, and messages that go on to other chats."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from playground.people import Person, Playground
from tests.browser.chat_page import NARROW, WIDE, ChatPage, Tabs
from tests.playground.calling import CallingBot
from tests.playground.pixel import PIXEL


def article(number: int, title: str, **more: Any) -> dict[str, Any]:
    said = {"message_text": f"{title} it is"}
    return {"type": "article", "id": str(number), "title": title, "input_message_content": said, **more}


TEAS = [
    article(1, "Sencha", description="Steamed, grassy and bright: the everyday tea of Japan."),
    article(2, "Assam", description="Black and strong."),
    {"type": "venue", "id": "3", "title": "Tea house", "address": "Uji 1", "latitude": 34.9, "longitude": 135.8},
]


async def offers(bot: CallingBot, results: list[dict[str, Any]], **more: Any) -> str:
    """The bot answers the next inline query; gives what was asked."""
    query = await bot.update("inline_query")
    await bot.answerInlineQuery(inline_query_id=query["id"], results=results, **more)
    return str(query["query"])


def result(chat: ChatPage, name: str) -> Locator:
    return chat.page.get_by_role("listbox", name="Results").get_by_role("option").filter(has_text=name)


ACTIVE = re.compile(r"\bactive\b")


@pytest.mark.parametrize(
    ("size", "scheme"), [(WIDE, "light"), (NARROW, "dark")], ids=["wide and light", "narrow and dark"]
)
async def test_results_have_titles_descriptions_and_signs(
    tabs: Tabs, alice: Person, bot: CallingBot, size: tuple[int, int], scheme: Any
) -> None:
    await alice.starts(bot.name)
    photo = await bot.upload("sendPhoto", {"photo": ("cup.png", PIXEL)}, chat_id=alice.id)
    chat = await tabs.open(alice, bot.name, size=size, scheme=scheme)
    await chat.field.fill(f"{bot.name} tea")
    pictured = {"type": "photo", "id": "4", "photo_file_id": photo["photo"][-1]["file_id"], "title": "A cup"}
    assert await offers(bot, [*TEAS, pictured]) == "tea"
    await expect(result(chat, "Sencha")).to_contain_text("Steamed, grassy and bright")
    await expect(result(chat, "Tea house")).to_contain_text("Uji 1")
    await expect(result(chat, "A cup").locator("img")).to_be_visible()
    await chat.picture(f"{size[0]}-inline")
    assert await chat.width_of_content() <= size[0]
    await result(chat, "Assam").click()
    await expect(chat.message("Assam it is")).to_contain_text(f"via {bot.name}")
    await expect(chat.field).to_have_value("")
    assert (await bot.update("chosen_inline_result"))["result_id"] == "2"


async def test_results_are_chosen_from_the_writing_field_by_keys(chat: ChatPage, bot: CallingBot) -> None:
    await chat.field.press_sequentially(f"{bot.name} ")
    assert await offers(bot, TEAS) == ""
    await expect(result(chat, "Sencha")).to_have_class(ACTIVE)
    await expect(chat.field).to_have_attribute("aria-expanded", "true")
    await chat.field.press("ArrowUp")
    await expect(result(chat, "Tea house")).to_have_class(ACTIVE)
    await chat.field.press("ArrowDown")
    await chat.field.press("ArrowDown")
    await expect(result(chat, "Assam")).to_have_attribute("aria-selected", "true")
    await chat.field.press("Enter")
    await expect(chat.message("Assam it is")).to_be_visible()
    await expect(chat.field).to_be_focused()
    await expect(chat.field).to_have_attribute("aria-expanded", "false")


async def test_escape_makes_it_ordinary_words_again(chat: ChatPage, bot: CallingBot) -> None:
    await chat.field.fill(f"{bot.name} tea, please")
    await offers(bot, TEAS)
    await expect(result(chat, "Sencha")).to_be_visible()
    await chat.field.press("Escape")
    await expect(result(chat, "Sencha")).to_have_count(0)
    await chat.field.press("Enter")
    assert (await bot.update("message"))["text"] == f"{bot.name} tea, please"


async def test_pictures_stand_in_a_grid_that_keys_walk(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    photo = await bot.upload("sendPhoto", {"photo": ("cup.png", PIXEL)}, chat_id=alice.id)
    file_id = photo["photo"][-1]["file_id"]
    await chat.field.fill(f"{bot.name} cups")
    cups = [{"type": "photo", "id": str(i), "photo_file_id": file_id, "title": f"Cup {i}"} for i in range(12)]
    await offers(bot, cups)
    tiles = chat.page.get_by_role("listbox", name="Results").get_by_role("option")
    await expect(tiles).to_have_count(12)
    columns = await tiles.evaluate_all("(all) => all.filter((one) => one.offsetTop === all[0].offsetTop).length")
    assert columns > 2
    await chat.field.press("ArrowDown")
    await chat.field.press("ArrowRight")
    await expect(tiles.nth(columns + 1)).to_have_class(ACTIVE)
    await chat.picture("inline-grid")
    await chat.field.press("Enter")
    assert (await bot.update("chosen_inline_result"))["result_id"] == str(columns + 1)
    await expect(chat.page.get_by_role("button", name="Open photo")).to_have_count(2)


async def test_more_results_come_when_one_scrolls(chat: ChatPage, bot: CallingBot) -> None:
    await chat.field.fill(f"{bot.name} all")
    await offers(bot, [article(number, f"Tea {number:02}") for number in range(20)], next_offset="20")
    await result(chat, "Tea 19").scroll_into_view_if_needed()
    query = await bot.update("inline_query")
    assert (query["query"], query["offset"]) == ("all", "20")
    await bot.answerInlineQuery(inline_query_id=query["id"], results=[article(20, "Tea 20")])
    await result(chat, "Tea 20").click()
    await expect(chat.message("Tea 20 it is")).to_be_visible()


async def test_no_results_are_said_and_the_button_leads_to_the_bot(
    tabs: Tabs, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    group = await playground.group("Tea time", alice)
    page = await tabs.open(alice, str(group["id"]))
    await page.field.fill(f"{bot.name} coffee")
    await offers(bot, [], button={"text": "Connect your cupboard", "start_parameter": "cupboard"})
    await expect(page.page.get_by_text("No results")).to_be_visible()
    await page.picture("inline-empty")
    await page.presses("Connect your cupboard")
    await page.presses("Start")
    assert (await bot.update("message"))["text"] == "/start cupboard"


async def test_a_person_is_no_bot_to_ask(chat: ChatPage, bot: CallingBot, playground: Playground) -> None:
    somebody = await playground.person("Somebody", username=f"some_{bot.id}")
    async with chat.page.expect_response("**/inline"):
        await chat.field.fill(f"@{somebody.user['username']} hello")
    await expect(chat.page.locator(".inline-panel")).to_be_hidden()
    await chat.field.press("Enter")
    assert (await bot.update("message"))["text"].endswith(" hello")


# --- going on ---


async def test_a_message_is_forwarded_to_a_chat_that_is_searched_for(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    bob = await playground.person("Bob")
    group = await playground.group("Tea time", alice, [bob])
    await playground.group("Not writable", bob, [alice], kind="channel")
    await bot.sendMessage(chat_id=alice.id, text="Sencha is green")
    await chat.message("Sencha is green").click(button="right")
    await chat.page.get_by_role("menuitem", name="Forward").click()
    await expect(chat.dialog.get_by_role("option").filter(has_text="Tea time")).to_be_visible()
    await expect(chat.dialog.get_by_role("option").filter(has_text="Not writable")).to_have_count(0)
    await chat.picture("forward")
    await chat.dialog.get_by_role("combobox").fill("tea t")
    await chat.page.keyboard.press("Enter")
    await expect(chat.page.locator("#toast")).to_have_text("Forwarded to Tea time.")
    assert (await bob.hears(group, "Sencha is green"))["forward_origin"]["sender_user"]["id"] == bot.id


async def test_forwarding_by_keyboard_to_a_bot_never_met_shows_where_it_is_from(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    other = await playground.bot(alice, "Coffee", f"coffee_{bot.id}_bot")
    await chat.writes("Try this")
    await bot.update("message")
    menu = chat.message("Try this").get_by_role("button", name="Message menu")
    await menu.focus()
    keys = chat.page.keyboard
    await keys.press("Enter")
    await expect(chat.page.get_by_role("menuitem", name="Forward")).to_be_visible()
    while not await chat.page.get_by_role("menuitem", name="Forward").evaluate("(it) => it === document.activeElement"):
        await keys.press("ArrowDown")
    await keys.press("Enter")
    await expect(chat.dialog.get_by_role("combobox")).to_be_focused()
    await keys.type(f"@{other.username}")
    await expect(chat.dialog.get_by_role("option").filter(has_text="Coffee")).to_have_class(ACTIVE)
    await keys.press("Enter")
    await expect(chat.page.locator("#toast")).to_have_text("Forwarded to Coffee.")
    async with CallingBot(playground.base_url, other.token) as coffee:
        got = await coffee.update("message")
        assert (got["text"], got["forward_origin"]["sender_user"]["id"]) == ("Try this", alice.id)


async def test_the_head_of_a_forwarded_message_leads_where_it_is_from(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    name = f"news_{bot.id}"
    news = await playground.group("Tea news", alice, kind="channel", username=name)
    path = f"/users/{alice.id}/chats/{news['id']}/send"
    photo = await playground.call("POST", path, files={"photo": ("cup.png", PIXEL)})
    await alice.forwards(news, photo["message_id"], to=bot.name)
    await bot.update("message")
    header = chat.messages.last.locator(".forward")
    await expect(header).to_have_text("Forwarded from Tea news")
    # In one look: the bubble is drawn anew when its message is read.
    await chat.messages.last.locator(".picture img").evaluate("(it) => it.decode()")
    assert await chat.messages.last.evaluate(
        "(it) => it.querySelector('.forward').offsetWidth <= it.querySelector('.picture').offsetWidth"
    )
    await chat.picture("forwarded-photo")
    await header.get_by_role("button").click()
    await expect(chat.page.locator("#head")).to_contain_text("Tea news")


async def test_a_button_lets_one_choose_among_chats_of_its_kind(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    await playground.group("Tea time", alice)
    chosen = {"query": "green", "allow_group_chats": True}
    await bot.sendMessage(
        chat_id=alice.id,
        text="Share",
        reply_markup={"inline_keyboard": [[{"text": "To a group", "switch_inline_query_chosen_chat": chosen}]]},
    )
    await chat.presses("To a group")
    await expect(chat.dialog.get_by_role("option")).to_have_count(1)
    await chat.dialog.get_by_role("option").filter(has_text="Tea time").click()
    await expect(chat.field).to_have_value(f"{bot.name} green")
    assert await offers(bot, TEAS) == "green"
