"""Keys that ask a person to choose: pickers of people, bots and chats, and the form of a poll."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, expect

from playground.people import Person, Playground
from tests.browser.chat_page import NARROW, ChatPage, Tabs
from tests.playground.calling import CallingBot


async def asks(bot: CallingBot, alice: Person, **key: Any) -> None:
    """The bot shows Alice one key."""
    keyboard = {"keyboard": [[{"text": "Pick", **key}]], "resize_keyboard": True, "one_time_keyboard": True}
    await bot.sendMessage(chat_id=alice.id, text="Whom?", reply_markup=keyboard)


def option(chat: ChatPage, name: str) -> Locator:
    return chat.dialog.get_by_role("option").filter(has_text=name)


async def test_people_are_found_chosen_and_shared_by_mouse(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    names = [f"{name} {alice.id}" for name in ("Bob", "Cem", "Dora")]
    bob, cem, _ = [await playground.person(name) for name in names]
    await asks(
        bot, alice, request_users={"request_id": 1, "max_quantity": 2, "request_name": True, "user_is_bot": False}
    )
    await chat.presses("Pick")
    await expect(chat.dialog).to_contain_text("Tea Party gets to know the name of your choice. Up to 2.")
    await expect(option(chat, "Tea Party")).to_have_count(0)  # a bot
    await expect(chat.dialog.get_by_role("button", name="Share")).to_be_disabled()
    await chat.dialog.get_by_role("combobox").fill(str(alice.id))
    for name in names[:2]:
        await option(chat, name).click()
    await expect(option(chat, names[0])).to_have_attribute("aria-selected", "true")
    await expect(option(chat, names[2])).to_have_attribute("aria-disabled", "true")
    await chat.picture("choose-people")
    await chat.dialog.get_by_role("button", name="Share (2)").click()
    shared = (await bot.update("message"))["users_shared"]
    assert [(user["user_id"], user["first_name"]) for user in shared["users"]] == [
        (bob.id, names[0]),
        (cem.id, names[1]),
    ]
    await expect(chat.messages.last).to_have_text("You shared 2 users with the bot")
    await expect(chat.page.get_by_role("button", name="Pick")).to_have_count(0)


async def test_a_bot_is_chosen_by_keyboard_alone(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await asks(bot, alice, request_users={"request_id": 1, "max_quantity": 1, "user_is_bot": True})
    keys = chat.page.keyboard
    await chat.page.get_by_role("button", name="Pick").focus()
    await keys.press("Enter")
    await expect(chat.dialog.get_by_role("combobox")).to_be_focused()
    await keys.type("nobody at all")
    await expect(chat.dialog).to_contain_text("Nothing found for “nobody at all”.")
    await keys.press("Control+a")
    await keys.type(bot.name)
    await expect(option(chat, "Tea Party")).to_have_attribute("aria-selected", "true")
    await keys.press("Enter")
    assert (await bot.update("message"))["users_shared"]["user_ids"] == [bot.id]


async def test_a_choice_can_be_given_up(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await asks(bot, alice, request_users={"request_id": 1})
    await chat.presses("Pick")
    await expect(chat.dialog.get_by_role("combobox")).to_be_focused()
    await chat.page.keyboard.press("Escape")
    await expect(chat.dialog).to_have_count(0)
    await chat.presses("Pick")  # the key is still there
    await chat.dialog.get_by_role("button", name="Close").click()
    await chat.writes("After all not")
    assert (await bot.update("message"))["text"] == "After all not"


async def test_only_groups_that_fit_are_offered_and_a_new_one_can_be_made(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    await playground.group("Tea news", alice, kind="channel")
    asked = {"request_id": 2, "chat_is_channel": False, "bot_is_member": True, "request_title": True}
    await asks(bot, alice, request_chat=asked)
    await chat.presses("Pick")
    await expect(chat.dialog).to_contain_text("It becomes a member there.")
    await expect(chat.dialog).to_contain_text("You have no group that Tea Party asks for.")
    await chat.picture("choose-group-empty")
    await chat.dialog.get_by_role("button", name="New group…").click()
    await chat.dialog.get_by_label("Name").fill("Oolong")
    await chat.dialog.get_by_role("button", name="Create").click()
    assert (await bot.update("my_chat_member"))["new_chat_member"]["status"] == "member"
    await bot.update("message")  # the bot was added
    assert (await bot.update("message"))["chat_shared"]["title"] == "Oolong"
    await expect(chat.messages.last).to_have_text("You shared a chat with the bot")


async def test_a_channel_is_chosen_on_a_narrow_dark_screen(
    tabs: Tabs, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    await alice.starts(bot.name)
    news = await playground.group("Tea news", alice, kind="channel")
    await playground.group("w" * 128, alice, kind="channel")
    await asks(bot, alice, request_chat={"request_id": 2, "chat_is_channel": True})
    page = await tabs.open(alice, bot.name, size=NARROW, scheme="dark")
    await page.presses("Pick")
    await expect(option(page, "wwww")).to_be_visible()
    await page.picture("390-choose-channel")
    assert await page.width_of_content() <= NARROW[0]
    await option(page, "Tea news").click()
    await bot.update("message")
    assert (await bot.update("message"))["chat_shared"]["chat_id"] == news["id"]


async def test_a_poll_is_put_together_and_sent(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await asks(bot, alice, request_poll={})
    await chat.presses("Pick")
    send = chat.dialog.get_by_role("button", name="Send")
    await send.click()
    await expect(chat.dialog.get_by_role("alert")).to_have_text("Ask a question first.")
    await chat.dialog.get_by_label("Question").fill("Which tea?")
    first = chat.dialog.get_by_role("textbox", name="Option 1")
    await first.fill("Green")
    await send.click()
    await expect(chat.dialog.get_by_role("alert")).to_have_text("Give at least two options.")
    await first.press("Enter")
    await chat.page.keyboard.type("Green")
    await send.click()
    await expect(chat.dialog.get_by_role("alert")).to_have_text("Two options of a poll are never the same.")
    await chat.dialog.get_by_role("textbox", name="Option 2").fill("Black")
    await expect(chat.dialog.get_by_role("textbox", name="Option 3")).to_be_visible()
    await chat.dialog.get_by_label("Several answers").check()
    await chat.picture("new-poll")
    await send.click()
    poll = (await bot.update("message"))["poll"]
    assert (poll["question"], [one["text"] for one in poll["options"]]) == ("Which tea?", ["Green", "Black"])
    assert (poll["type"], poll["is_anonymous"], poll["allows_multiple_answers"]) == ("regular", True, True)
    await chat.message("Which tea?").get_by_text("Black").click()
    await chat.message("Which tea?").get_by_role("button", name="Vote").click()
    await expect(chat.message("Which tea?")).to_contain_text("1 vote")


async def test_a_key_for_a_quiz_asks_for_the_right_answer(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await asks(bot, alice, request_poll={"type": "quiz"})
    await chat.presses("Pick")
    await expect(chat.dialog.get_by_label("Quiz with a right answer")).to_have_count(0)
    await chat.dialog.get_by_label("Question").fill("Which is black?")
    for number, tea in enumerate(("Sencha", "Assam"), 1):
        await chat.dialog.get_by_role("textbox", name=f"Option {number}").fill(tea)
    await chat.dialog.get_by_role("button", name="Send").click()
    await expect(chat.dialog.get_by_role("alert")).to_have_text("Mark the right answer.")
    await chat.dialog.get_by_role("radio", name="Option 2 is right").press("Space")
    await chat.dialog.get_by_label("Explanation").fill("It comes from India.")
    await chat.picture("new-quiz")
    await chat.dialog.get_by_role("button", name="Send").click()
    poll = (await bot.update("message"))["poll"]
    assert (poll["correct_option_id"], poll["explanation"]) == (1, "It comes from India.")


async def test_a_poll_is_also_sent_of_ones_own_accord(tabs: Tabs, alice: Person, playground: Playground) -> None:
    bob = await playground.person("Bob")
    group = await playground.group("Tea time", alice, [bob])
    page = await tabs.open(alice, str(group["id"]))
    await page.presses("Attach")
    await page.page.get_by_role("menuitem", name="Poll").click()
    await page.dialog.get_by_label("Question").fill("When?")
    for number, time in enumerate(("At four", "At five"), 1):
        await page.dialog.get_by_role("textbox", name=f"Option {number}").fill(time)
    await page.dialog.get_by_role("button", name="Send").click()
    poll = [message.get("poll") for message in await bob.sees(group)][-1]
    assert poll["question"] == "When?"


async def test_ones_number_and_place_answer_their_keys(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await asks(bot, alice, request_contact=True)
    await chat.presses("Pick")
    await chat.dialog.get_by_role("button", name="Share").click()
    got = await bot.update("message")
    assert (got["contact"]["last_name"], got["reply_to_message"]["text"]) == ("Liddell", "Whom?")
    await asks(bot, alice, request_location=True)
    await chat.presses("Pick")
    await chat.dialog.get_by_label("Latitude").fill("35.01")
    await chat.dialog.get_by_role("button", name="Send").click()
    assert (await bot.update("message"))["location"]["latitude"] == 35.01
    await expect(chat.page.get_by_role("button", name="Pick")).to_have_count(0)  # used up


async def test_the_mouse_and_the_arrows_move_the_same_mark(
    chat: ChatPage, alice: Person, bot: CallingBot, playground: Playground
) -> None:
    for name in ("Ann", "Ben", "Cem"):
        await playground.person(f"{name} {bot.id}")
    await asks(bot, alice, request_users={"request_id": 1, "user_is_bot": False})
    await chat.presses("Pick")
    await chat.dialog.get_by_role("combobox").fill(str(bot.id))
    marked = chat.dialog.locator(".choice.active")
    await expect(marked).to_contain_text("Ann")
    await option(chat, "Cem").hover()
    await expect(marked).to_contain_text("Cem")
    await chat.page.keyboard.press("ArrowUp")
    await expect(marked).to_contain_text("Ben")
    await expect(marked).to_have_count(1)
