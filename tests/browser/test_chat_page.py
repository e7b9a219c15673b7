"""The chat page in Chromium: finding a bot, talking to it, and everything that happens live."""

from __future__ import annotations

import re

from playwright.async_api import expect

from playground.people import Person, Playground
from tests.browser.chat_page import NARROW, ChatPage, Tabs
from tests.playground.calling import CallingBot


async def test_a_person_finds_a_bot_by_its_name_starts_it_and_talks(tabs: Tabs, alice: Person, bot: CallingBot) -> None:
    await bot.setMyDescription(description="Tea at any hour.")
    page = await tabs.open(alice)
    await expect(page.page.get_by_text("No chats yet")).to_be_visible()
    await page.page.get_by_role("searchbox").fill(bot.name)
    await page.chats.filter(has_text="Tea Party").click()
    await expect(page.page.get_by_text("Tea at any hour.")).to_be_visible()
    await page.picture("new-bot")
    await page.presses("Start")
    assert (await bot.update("message"))["text"] == "/start"
    await bot.sendMessage(chat_id=alice.id, text="Hello, <b>Alice</b>", parse_mode="HTML")
    await expect(page.message("Hello").locator("strong")).to_have_text("Alice")
    await page.writes("Two lumps, please")
    assert (await bot.update("message"))["text"] == "Two lumps, please"
    await expect(page.message("Two lumps").locator(".ticks")).to_have_attribute("title", "Read")
    await expect(page.chats.first).to_contain_text("You: Two lumps, please")


async def test_words_are_never_markup(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    nasty = "<img src=x onerror=alert(1)> <script>alert(2)</script> &amp; \u202e right to left"
    await chat.writes(nasty)
    await bot.update("message")
    await bot.sendMessage(
        chat_id=alice.id, text=nasty, reply_markup={"inline_keyboard": [[{"text": nasty, "callback_data": "x"}]]}
    )
    await bot.call("setMyName", name='"><svg onload=alert(3)>')
    await expect(chat.messages.filter(has_text="<img src=x")).to_have_count(2)
    assert await chat.page.locator("#messages img, #messages script").count() == 0


async def test_a_button_waits_for_its_bot_and_shows_toast_and_alert(
    chat: ChatPage, alice: Person, bot: CallingBot
) -> None:
    keys = [[{"text": "Pour", "callback_data": "pour"}, {"text": "Spill", "callback_data": "spill"}]]
    sent = await bot.sendMessage(chat_id=alice.id, text="Tea?", reply_markup={"inline_keyboard": keys})
    pour = chat.page.get_by_role("button", name="Pour")
    await pour.click()
    await expect(pour).to_have_attribute("aria-busy", "true")
    query = await bot.update("callback_query")
    await bot.answerCallbackQuery(callback_query_id=query["id"], text="Poured")
    await expect(chat.page.locator("#toast")).to_have_text("Poured")
    await expect(pour).not_to_have_attribute("aria-busy", "true")
    await chat.presses("Spill")
    query = await bot.update("callback_query")
    await bot.answerCallbackQuery(callback_query_id=query["id"], text="Oh no", show_alert=True)
    await expect(chat.dialog).to_contain_text("Oh no")
    await chat.presses("OK")
    await bot.editMessageText(chat_id=alice.id, message_id=sent["message_id"], text="No more tea")
    await expect(chat.message("No more tea")).to_contain_text("edited")
    await expect(pour).to_have_count(0)
    await bot.deleteMessage(chat_id=alice.id, message_id=sent["message_id"])
    await expect(chat.messages.filter(has_text="No more tea")).to_have_count(0)


async def test_the_reply_keyboard_writes_what_its_keys_say(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    keyboard = {"keyboard": [["Green", "Black"]], "resize_keyboard": True, "input_field_placeholder": "Which tea?"}
    await bot.sendMessage(chat_id=alice.id, text="Choose", reply_markup=keyboard)
    await expect(chat.field).to_have_attribute("placeholder", "Which tea?")
    await chat.presses("Hide the reply keyboard")
    await expect(chat.page.get_by_role("button", name="Black")).to_have_count(0)
    await chat.presses("Show the reply keyboard")
    await chat.presses("Black")
    assert (await bot.update("message"))["text"] == "Black"
    await bot.sendMessage(chat_id=alice.id, text="Thanks", reply_markup={"remove_keyboard": True})
    await expect(chat.page.get_by_role("button", name="Green")).to_have_count(0)


async def test_commands_are_chosen_by_keyboard_and_by_the_menu(chat: ChatPage, bot: CallingBot, alice: Person) -> None:
    commands = [{"command": "tea", "description": "A cup"}, {"command": "cake", "description": "A slice"}]
    await bot.setMyCommands(commands=commands)
    await bot.sendMessage(chat_id=alice.id, text="Ready")
    await chat.field.press_sequentially("/c")
    await expect(chat.page.get_by_role("option")).to_have_count(1)
    await chat.field.press("Enter")
    assert (await bot.update("message"))["text"] == "/cake"
    await chat.presses("Commands menu")
    await chat.picture("commands")
    await chat.page.get_by_role("option", name="/tea").click()
    assert (await bot.update("message"))["text"] == "/tea"


async def test_typing_and_drafts_are_seen_live(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await bot.sendChatAction(chat_id=alice.id, action="typing")
    await expect(chat.page.locator("#head")).to_contain_text("typing")
    await bot.sendMessageDraft(chat_id=alice.id, draft_id=7, text="Thinking of te")
    await expect(chat.page.locator(".draft")).to_contain_text("Thinking of te")
    await bot.sendMessage(chat_id=alice.id, text="Thinking of tea")
    await expect(chat.page.locator(".draft")).to_have_count(0)


async def test_two_tabs_are_two_people(tabs: Tabs, playground: Playground, bot: CallingBot, alice: Person) -> None:
    bob = await playground.person("Bob")
    group = await playground.group("Tea time", alice, [bob])
    one, two = await tabs.open(alice, str(group["id"])), await tabs.open(bob, str(group["id"]))
    await one.writes("Is anybody there?")
    await expect(two.message("Is anybody there?").locator(".sender")).to_have_text("Alice Liddell")
    await two.writes("I am")
    await expect(one.message("I am")).to_have_class(re.compile(r"\bin\b"))
    await expect(one.page).to_have_title("Alice Liddell · Playground")


async def test_unread_messages_are_counted_until_they_are_seen(tabs: Tabs, alice: Person, bot: CallingBot) -> None:
    await alice.starts(bot.name)
    page = await tabs.open(alice)
    for text in ("One", "Two"):
        await bot.sendMessage(chat_id=alice.id, text=text)
    await expect(page.chats.first.locator(".unread")).to_have_text("2")
    await expect(page.page).to_have_title("(2) Alice Liddell · Playground")
    await page.chats.first.click()
    await expect(page.message("Two")).to_be_visible()
    await expect(page.page.locator(".unread")).to_have_count(0)


async def test_the_newest_message_stays_in_sight_until_one_scrolls_up(
    chat: ChatPage, alice: Person, bot: CallingBot
) -> None:
    for number in range(12):
        await bot.sendMessage(chat_id=alice.id, text=f"Line {number}\n\n\nend")
    await expect(chat.message("Line 11")).to_be_in_viewport(ratio=1)
    await chat.page.locator("#scroll").hover()
    await chat.page.mouse.wheel(0, -900)
    await expect(chat.message("Line 11")).not_to_be_in_viewport()
    await bot.sendMessage(chat_id=alice.id, text="One more")
    await expect(chat.message("One more")).to_be_attached()
    await expect(chat.message("One more")).not_to_be_in_viewport()
    await chat.presses("To the newest message")
    await expect(chat.message("One more")).to_be_in_viewport(ratio=1)


async def test_a_long_chat_shows_its_past_to_who_scrolls_up(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await bot.sendMessage(chat_id=alice.id, text="The first of many")
    for number in range(100):
        await bot.sendMessage(chat_id=alice.id, text=f"Line {number}.")
    await expect(chat.message("Line 99.")).to_be_in_viewport()
    await chat.page.reload()
    await expect(chat.message("Line 99.")).to_be_in_viewport()
    await expect(chat.messages).to_have_count(80)
    await chat.page.locator("#scroll").hover()
    await chat.page.mouse.wheel(0, -9000)
    await expect(chat.message("The first of many")).to_be_attached()


async def test_somebody_new_is_shown_bots_to_begin_with(tabs: Tabs, playground: Playground, bot: CallingBot) -> None:
    page = await tabs.open(await playground.person("Newcomer"))
    await expect(page.page.get_by_text("Bots here")).to_be_visible()
    assert await page.chats.count() >= 1


async def test_a_tab_behind_others_gives_its_connection_back_and_still_gets_the_news(
    chat: ChatPage, alice: Person, bot: CallingBot
) -> None:
    await chat.page.evaluate(
        """() => {
            Object.defineProperty(document, "hidden", {configurable: true, get: () => true});
            document.dispatchEvent(new Event("visibilitychange"));
        }"""
    )
    async with chat.page.expect_request(re.compile("chats.*wait=0")):
        pass
    await bot.sendMessage(chat_id=alice.id, text="Psst")
    await expect(chat.message("Psst")).to_be_attached()
    await expect(chat.page).to_have_title("(1) Alice Liddell · Playground")


async def test_a_reply_shows_what_it_answers(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await bot.sendMessage(chat_id=alice.id, text="Milk or lemon?")
    await chat.message("Milk or lemon?").click(button="right")
    await chat.page.get_by_role("menuitem", name="Reply").click()
    await chat.writes("Lemon")
    assert (await bot.update("message"))["reply_to_message"]["text"] == "Milk or lemon?"
    await expect(chat.message("Lemon").locator(".quote")).to_contain_text("Milk or lemon?")


async def test_own_messages_are_edited_and_deleted_and_others_reacted_to(
    chat: ChatPage, alice: Person, bot: CallingBot
) -> None:
    await bot.updates(timeout=0, allowed_updates=["message", "edited_message", "message_reaction"])
    await chat.writes("Two lumbs")
    await bot.update("message")
    await chat.message("Two lumbs").click(button="right")
    await chat.page.get_by_role("menuitem", name="Edit").click()
    await chat.field.fill("Two lumps")
    await chat.field.press("Enter")
    assert (await bot.update("edited_message"))["text"] == "Two lumps"
    await expect(chat.message("Two lumps")).to_contain_text("edited")
    await chat.message("Two lumps").click(button="right")
    await chat.page.get_by_role("menuitem", name="Delete").click()
    await chat.dialog.get_by_role("button", name="Delete").click()
    await expect(chat.messages.filter(has_text="Two lumps")).to_have_count(0)
    await bot.sendMessage(chat_id=alice.id, text="Sweet?")
    await chat.message("Sweet?").click(button="right")
    await chat.page.get_by_role("menuitem", name="🔥").click()
    assert (await bot.update("message_reaction"))["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]
    await chat.presses("🔥 1")
    await expect(chat.page.locator(".reactions")).to_have_count(0)


async def test_a_bot_is_asked_from_the_writing_field_of_any_chat(
    chat: ChatPage, alice: Person, bot: CallingBot
) -> None:
    share = {"text": "Share", "switch_inline_query_current_chat": "green"}
    await bot.sendMessage(chat_id=alice.id, text="Tea list", reply_markup={"inline_keyboard": [[share]]})
    await chat.presses("Share")
    await expect(chat.field).to_have_value(f"{bot.name} green")
    query = await bot.update("inline_query")
    assert query["query"] == "green"
    said = {"message_text": "Sencha is green"}
    result = {"type": "article", "id": "1", "title": "Sencha", "input_message_content": said}
    await bot.answerInlineQuery(inline_query_id=query["id"], results=[result])
    await chat.page.get_by_role("option", name="Sencha").click()
    await expect(chat.message("Sencha is green")).to_contain_text(f"via {bot.name}")
    await expect(chat.field).to_have_value("")


async def test_links_stay_inside_where_they_are_telegrams(
    chat: ChatPage, playground: Playground, alice: Person, bot: CallingBot
) -> None:
    other = await playground.bot(alice, "Coffee", f"coffee_{bot.id}_bot")
    await bot.sendMessage(chat_id=alice.id, text=f"https://t.me/{other.username}?start=from_tea javascript:alert(1)")
    await chat.messages.get_by_role("link").click()
    await expect(chat.page.locator("#head")).to_contain_text("Coffee")
    await chat.presses("Start")
    async with CallingBot(playground.base_url, other.token) as coffee:
        assert (await coffee.update("message"))["text"] == "/start from_tea"


async def test_a_blocked_bot_is_started_again(chat: ChatPage, bot: CallingBot) -> None:
    await chat.presses("Chat menu")
    await chat.page.get_by_role("menuitem", name="Stop and block bot").click()
    assert (await bot.update("my_chat_member"))["new_chat_member"]["status"] == "kicked"
    await chat.presses("Restart bot")
    assert (await bot.update("my_chat_member"))["new_chat_member"]["status"] == "member"
    assert (await bot.update("message"))["text"] == "/start"


async def test_the_page_is_used_by_keyboard_alone(tabs: Tabs, alice: Person, bot: CallingBot) -> None:
    page = await tabs.open(alice)
    keys = page.page.keyboard
    await keys.press("Control+k")
    await keys.type(bot.name)
    await expect(page.chats).to_have_count(1)
    await keys.press("Enter")
    await expect(page.page.get_by_role("button", name="Start", exact=True)).to_be_focused()
    await keys.press("Enter")
    assert (await bot.update("message"))["text"] == "/start"
    await expect(page.field).to_be_focused()
    await keys.type("No mouse")
    await keys.press("Enter")
    assert (await bot.update("message"))["text"] == "No mouse"
    await keys.press("Escape")
    await expect(page.page.locator("#chat")).to_be_hidden()


async def test_on_a_narrow_screen_one_goes_from_list_to_chat_and_back(
    tabs: Tabs, alice: Person, bot: CallingBot
) -> None:
    await alice.starts(bot.name)
    await bot.sendMessage(chat_id=alice.id, text="w" * 300)
    page = await tabs.open(alice, size=NARROW)
    await page.picture("390-list")
    await page.chats.first.click()
    await expect(page.chats.first).to_be_hidden()
    await expect(page.message("wwww")).to_be_visible()
    assert await page.width_of_content() <= NARROW[0]
    await page.presses("Back to the chats")
    await expect(page.chats.first).to_be_visible()


async def test_the_theme_follows_the_system_and_the_persons_choice(tabs: Tabs, alice: Person) -> None:
    page = await tabs.open(alice, scheme="dark")
    root = page.page.locator("html")
    await expect(root).to_have_attribute("data-theme", "dark")
    await page.page.get_by_role("button", name="You are Alice").click()
    await page.page.get_by_role("menuitem", name="Day mode").click()
    await expect(root).to_have_attribute("data-theme", "light")
    await page.page.reload()
    await expect(root).to_have_attribute("data-theme", "light")


async def test_every_control_has_a_name(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    await bot.sendMessage(chat_id=alice.id, text="Hi", reply_markup={"keyboard": [["A"]], "resize_keyboard": True})
    await expect(chat.page.get_by_role("button", name="A", exact=True)).to_be_visible()
    nameless = await chat.page.evaluate(
        """[...document.querySelectorAll("button, a, input, textarea")].filter((one) =>
            one.checkVisibility() && !(one.ariaLabel || one.textContent.trim() || one.labels?.[0]?.textContent.trim())
        ).map((one) => one.outerHTML)"""
    )
    assert nameless == []


async def test_the_page_says_when_the_playground_is_gone(chat: ChatPage) -> None:
    await chat.page.context.set_offline(True)
    await chat.field.fill("Hello?")
    await chat.field.press("Enter")
    await expect(chat.page.locator("#toast")).to_contain_text("not reachable")
    await expect(chat.field).to_have_value("Hello?")
    await expect(chat.page.locator("#offline")).to_be_visible()
    await chat.page.context.set_offline(False)
    await expect(chat.page.locator("#offline")).to_be_hidden()


async def test_telegrams_share_link_lets_one_choose_a_chat(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    url = "https://t.me/share/url?url=https%3A%2F%2Ft.me%2Ftea&text=Vote%20with%20me"
    await bot.sendMessage(
        chat_id=alice.id, text="Go", reply_markup={"inline_keyboard": [[{"text": "Tell", "url": url}]]}
    )
    await chat.presses("Tell")
    await chat.dialog.get_by_role("option", name="Tea Party").click()
    await expect(chat.field).to_have_value("Vote with me\nhttps://t.me/tea")
