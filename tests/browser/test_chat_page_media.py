"""What is more than words: pictures, files, places, polls, albums, and the form that makes a bot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.async_api import expect

from playground.people import Person, Playground
from tests.browser.chat_page import NARROW, ChatPage, Tabs
from tests.playground.calling import CallingBot
from tests.playground.pixel import PIXEL

FORM_KEY = {"text": "Make it", "request_managed_bot": {"request_id": 7, "suggested_name": "Ann's Shop"}}


async def test_a_photo_is_attached_captioned_and_sent(chat: ChatPage, bot: CallingBot, tmp_path: Path) -> None:
    (tmp_path / "cup.png").write_bytes(PIXEL)
    await chat.presses("Attach")
    async with chat.page.expect_file_chooser() as choice:
        await chat.page.get_by_role("menuitem", name="Photo").click()
    await (await choice.value).set_files(tmp_path / "cup.png")
    await chat.dialog.get_by_label("Caption").fill("My cup")
    await chat.dialog.get_by_role("button", name="Send").click()
    message = await bot.update("message")
    assert (message["caption"], "photo" in message) == ("My cup", True)
    picture = chat.message("My cup").locator("img")
    await expect(picture).to_be_visible()
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth > 0)")
    await chat.page.get_by_role("button", name="Open photo").click()
    await expect(chat.page.locator(".picture-view img")).to_be_visible()


async def test_a_file_a_contact_and_a_place_are_sent(chat: ChatPage, bot: CallingBot, tmp_path: Path) -> None:
    (tmp_path / "leaves.txt").write_bytes(b"green")
    await chat.presses("Attach")
    async with chat.page.expect_file_chooser() as choice:
        await chat.page.get_by_role("menuitem", name="File").click()
    await (await choice.value).set_files(tmp_path / "leaves.txt")
    await chat.dialog.get_by_role("button", name="Send").click()
    assert (await bot.update("message"))["document"]["file_name"] == "leaves.txt"
    async with chat.page.expect_download() as download:
        await chat.page.get_by_role("link", name="Download leaves.txt").click()
    await (await download.value).save_as(tmp_path / "again.txt")
    assert (tmp_path / "again.txt").read_bytes() == b"green"
    await chat.presses("Attach")
    await chat.page.get_by_role("menuitem", name="Contact").click()
    await chat.dialog.get_by_label("First name").fill("Bob")
    await chat.dialog.get_by_label("Phone number").fill("+4930123")
    await chat.dialog.get_by_role("button", name="Send").click()
    assert (await bot.update("message"))["contact"] == {"phone_number": "+4930123", "first_name": "Bob"}
    await chat.presses("Attach")
    await chat.page.get_by_role("menuitem", name="Location").click()
    await chat.dialog.get_by_role("button", name="Send").click()
    assert (await bot.update("message"))["location"]["latitude"] == 52.51628
    await expect(chat.page.get_by_role("link", name="Location 52.51628, 13.37770")).to_be_visible()


async def test_an_album_stands_together_and_every_kind_is_shown(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    files = {name: (f"{name}.png", PIXEL) for name in ("a", "b", "c")}
    media: list[dict[str, Any]] = [{"type": "photo", "media": f"attach://{name}"} for name in files]
    media[0]["caption"] = "Three cups"
    await bot.upload("sendMediaGroup", files, chat_id=alice.id, media=json.dumps(media))
    await expect(chat.message("Three cups").locator("img")).to_have_count(3)
    await bot.upload("sendVoice", {"voice": ("v.ogg", b"OggS")}, chat_id=alice.id, duration=65)
    await expect(chat.page.get_by_role("button", name="Play voice message")).to_be_visible()
    await expect(chat.messages.last).to_contain_text("1:05")
    await bot.sendVenue(chat_id=alice.id, latitude=1, longitude=2, title="Tea house", address="River lane 1")
    await expect(chat.message("Tea house")).to_contain_text("River lane 1")
    await bot.sendDice(chat_id=alice.id)
    await expect(chat.page.locator(".dice")).to_be_visible()
    await bot.sendContact(chat_id=alice.id, phone_number="+49301", first_name="Dora", last_name="Mouse")
    await expect(chat.message("Dora Mouse")).to_contain_text("+49301")
    await chat.picture("media")


async def test_a_poll_is_voted_in_and_the_vote_taken_back(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    options = [{"text": "Green"}, {"text": "Black"}]
    await bot.sendPoll(chat_id=alice.id, question="Which tea?", options=options)
    await chat.message("Which tea?").get_by_text("Black").click()
    await expect(chat.message("Which tea?").locator(".poll-result")).to_contain_text(["0%Green", "100%Black"])
    await expect(chat.message("Which tea?")).to_contain_text("1 vote")
    await chat.presses("Retract vote")
    await expect(chat.message("Which tea?")).to_contain_text("No votes yet")
    sent = await bot.sendPoll(chat_id=alice.id, question="And with?", options=options, allows_multiple_answers=True)
    for name in ("Green", "Black"):
        await chat.message("And with?").get_by_label(name).check()
    await chat.message("And with?").get_by_role("button", name="Vote").click()
    await expect(chat.message("And with?").locator(".poll-sign")).to_have_count(2)
    await bot.stopPoll(chat_id=alice.id, message_id=sent["message_id"])
    await expect(chat.message("And with?")).to_contain_text("Final results")


async def test_the_form_of_a_managed_bot_is_edited_refused_cancelled_and_confirmed(
    chat: ChatPage, alice: Person, bot: CallingBot
) -> None:
    await bot.sendMessage(chat_id=alice.id, text="Go", reply_markup={"keyboard": [[FORM_KEY]], "resize_keyboard": True})
    await chat.presses("Make it")
    await expect(chat.dialog.get_by_label("Name", exact=True)).to_have_value("Ann's Shop")
    await chat.dialog.get_by_role("button", name="Cancel").click()
    await expect(chat.dialog).to_have_count(0)
    await chat.presses("Make it")
    await chat.dialog.get_by_label("Username").fill("ann_shop")
    await chat.dialog.get_by_role("button", name="Create").click()
    await expect(chat.dialog.get_by_role("alert")).to_have_text("A bot's username ends with 'bot'.")  # without a code
    await chat.picture("managed-bot-form")
    await chat.dialog.get_by_label("Username").fill(f"ann_{bot.id}_bot")
    await chat.dialog.get_by_label("Name", exact=True).fill("Ann's Tea Shop")
    await chat.dialog.get_by_role("button", name="Create").click()
    made = (await bot.update("managed_bot"))["bot"]
    assert (made["first_name"], made["username"]) == ("Ann's Tea Shop", f"ann_{bot.id}_bot")
    await expect(chat.message("You made the bot Ann's Tea Shop")).to_be_visible()
    await expect(chat.page.locator("#toast")).not_to_be_visible()  # it would lie over what the bot says next


async def test_a_newbot_link_opens_the_same_form(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    username = f"linked_{bot.id}_bot"
    link = f"https://t.me/newbot/{bot.name[1:]}/{username}?name=Linked%20Shop"
    button = {"text": "Make it here", "url": link}
    await bot.sendMessage(chat_id=alice.id, text="Go", reply_markup={"inline_keyboard": [[button]]})
    await chat.presses("Make it here")
    await expect(chat.dialog.get_by_label("Name", exact=True)).to_have_value("Linked Shop")
    await chat.dialog.get_by_role("button", name="Create").click()
    assert (await bot.update("managed_bot"))["bot"]["username"] == username
    await expect(chat.page.locator("#toast")).to_have_text(f"@{username} is yours now.")


async def test_a_phone_number_is_given_only_after_a_question(chat: ChatPage, alice: Person, bot: CallingBot) -> None:
    key = {"text": "My number", "request_contact": True}
    await bot.sendMessage(chat_id=alice.id, text="Go", reply_markup={"keyboard": [[key]], "resize_keyboard": True})
    await chat.presses("My number")
    await chat.dialog.get_by_role("button", name="Share").click()
    assert (await bot.update("message"))["contact"]["user_id"] == alice.id


async def test_people_bots_and_groups_are_made_in_the_page(
    tabs: Tabs, playground: Playground, bot: CallingBot, alice: Person
) -> None:
    page = await tabs.open(alice)
    menu = page.page.get_by_role("button", name="You are Alice")
    await menu.click()
    await page.picture("menu")
    await page.page.get_by_role("menuitem", name="New group…").click()
    await page.dialog.get_by_label("Name", exact=True).fill("Tea time")
    await page.dialog.get_by_role("checkbox", name=bot.name).check()
    await page.dialog.get_by_role("button", name="Create").click()
    await expect(page.page.locator("#head")).to_contain_text("2 members")
    assert (await bot.update("my_chat_member"))["chat"]["title"] == "Tea time"
    await menu.click()
    await page.page.get_by_role("menuitem", name="New bot…").click()
    await page.dialog.get_by_label("Name", exact=True).fill("Cake")
    await page.dialog.get_by_label("Username").fill(f"cake_{bot.id}_bot")
    await page.dialog.get_by_role("button", name="Create").click()
    token = await page.dialog.locator(".token").inner_text()
    async with CallingBot(playground.base_url, token) as cake:
        assert (await cake.getMe())["first_name"] == "Cake"
    await page.dialog.get_by_role("button", name="Open chat").click()
    await menu.click()
    await page.page.get_by_role("menuitem", name="New person…").click()
    await page.dialog.get_by_label("First name").fill("Hatter")
    await page.dialog.get_by_role("button", name="Create").click()
    await expect(page.page).to_have_title("Hatter · Playground")


async def test_the_members_of_a_group_are_moved_in_the_page(
    tabs: Tabs, playground: Playground, bot: CallingBot, alice: Person
) -> None:
    group = await playground.group("Tea time", alice, [await playground.person("Dormouse")])
    page = await tabs.open(alice, str(group["id"]))
    await page.presses("Chat menu")
    await page.page.get_by_role("menuitem", name="Add a member…").click()
    await page.dialog.get_by_role("button", name=bot.name).click()
    assert (await bot.update("my_chat_member"))["new_chat_member"]["status"] == "member"
    await page.presses("About Tea time")
    await page.picture("members")
    await page.dialog.get_by_role("button", name="What to do with Tea Party").click()
    await page.page.get_by_role("menuitem", name="Make an admin").click()
    assert (await bot.update("my_chat_member"))["new_chat_member"]["status"] == "administrator"
    await page.presses("Chat menu")
    await page.page.get_by_role("menuitem", name="Leave group").click()
    await expect(page.page.locator("#chat")).to_be_hidden()
    await expect(page.chats.filter(has_text="Tea time")).to_have_count(0)


async def test_a_rich_chat_is_well_shaped_in_every_dress(tabs: Tabs, alice: Person, bot: CallingBot) -> None:
    await alice.starts(bot.name)
    await alice.says(bot.name, "Two cups for the garden, please")
    teas = [{"text": "Green", "callback_data": "g"}, {"text": "Black", "callback_data": "b"}]
    keys = [teas, [{"text": "More", "url": "https://example.com"}]]
    text = "<b>Of course.</b> Which tea?\n<blockquote>Ours is <i>fresh</i></blockquote>\n<pre>cup = 2</pre>"
    log = "<pre>2026-11-21 02:41:21 INFO bot_runtime.child: @tea_party_bot is up with two features</pre>"
    await bot.sendMessage(chat_id=alice.id, text=text, parse_mode="HTML", reply_markup={"inline_keyboard": keys})
    await bot.sendMessage(chat_id=alice.id, text="x" * 200)
    await bot.sendMessage(chat_id=alice.id, text=log, parse_mode="HTML")
    await bot.sendMessage(chat_id=alice.id, text="اختر الشاي")
    for scheme in ("light", "dark"):
        for size in ((1280, 820), NARROW):
            page = await tabs.open(alice, bot.name, size=size, scheme=scheme)
            await expect(page.message("اختر")).to_be_visible()
            assert await page.width_of_content() <= size[0]
            code = page.message("is up with").locator("pre")
            assert await code.evaluate("(box) => box.scrollWidth <= box.clientWidth")  # it wraps: nothing is cut off
            await page.picture(f"rich-{scheme}-{size[0]}")
