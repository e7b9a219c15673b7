"""What the world keeps to itself, forgets in time, and never loses."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from playground.botapi import families
from playground.botapi.call import DEEDS
from playground.parameters import canonical
from playground.people import Person, Playground
from playground.world import groups, people
from playground.world.acts import chooses_inline, inline_query, says, starts
from playground.world.inline import remember_inline
from playground.world.refusals import Refusal, WrongCall
from playground.world.rooms import private_room, room_of_bot, writable
from playground.world.world import World
from tests.playground.calling import CallingBot, Refused

PROMISED = [
    "getMe",
    "getUpdates",
    "setWebhook",
    "deleteWebhook",
    "getWebhookInfo",
    "sendMessage",
    "sendPhoto",
    "sendAudio",
    "sendVideo",
    "sendAnimation",
    "sendVoice",
    "sendVideoNote",
    "sendSticker",
    "sendDocument",
    "sendMediaGroup",
    "sendLocation",
    "sendVenue",
    "sendContact",
    "sendPoll",
    "stopPoll",
    "sendDice",
    "sendChatAction",
    "sendMessageDraft",
    "forwardMessage",
    "forwardMessages",
    "copyMessage",
    "copyMessages",
    "editMessageText",
    "editMessageCaption",
    "editMessageReplyMarkup",
    "editMessageMedia",
    "deleteMessage",
    "deleteMessages",
    "answerCallbackQuery",
    "answerInlineQuery",
    "answerWebAppQuery",
    "getFile",
    "getUserProfilePhotos",
    "pinChatMessage",
    "unpinChatMessage",
    "unpinAllChatMessages",
    "setMessageReaction",
    "getMyCommands",
    "setMyCommands",
    "deleteMyCommands",
    "getMyName",
    "setMyName",
    "getMyDescription",
    "setMyDescription",
    "getMyShortDescription",
    "setMyShortDescription",
    "getChatMenuButton",
    "setChatMenuButton",
    "getChat",
    "getChatMember",
    "getChatAdministrators",
    "getChatMemberCount",
    "banChatMember",
    "unbanChatMember",
    "restrictChatMember",
    "promoteChatMember",
    "setChatTitle",
    "setChatDescription",
    "leaveChat",
    "getManagedBotToken",
    "replaceManagedBotToken",
    "getManagedBotAccessSettings",
    "setManagedBotAccessSettings",
    "savePreparedKeyboardButton",
    "logOut",
    "close",
]


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_every_promised_method_is_carried_out_and_every_name_is_known() -> None:
    families.load()
    assert set(PROMISED) <= set(DEEDS)
    assert all(canonical(name) == name for name in DEEDS)


def test_what_the_clock_was_moved_by_survives_a_restart(tmp_path: Path) -> None:
    first = World(tmp_path)
    first.clock.advance(5000)
    first.close()
    assert World(tmp_path).clock.shift == 5000


def test_halves_of_characters_do_not_spoil_the_world(world: World, tmp_path: Path) -> None:
    world.set_note("odd", "\ud800")
    world.close()
    assert World(tmp_path).note("odd") == "?"


def test_a_ban_for_a_time_ends_with_it(world: World) -> None:
    alice, bob = people.add_person(world, "Alice"), people.add_person(world, "Bob")
    bot, _ = people.add_bot(world, alice["id"], "Guard", "guard_bot")
    chat = groups.add_chat(world, "supergroup", "Friends", alice["id"], [bob["id"], bot["id"]])
    room, guard = world.rooms[str(chat["id"])], world.accounts[bot["id"]]
    entry = {"status": "kicked", "until_date": world.clock.date() + 60}
    groups.change_member(world, room, world.accounts[bob["id"]], entry)
    room_of_bot(world, guard, chat["id"])
    assert room.members[str(bob["id"])]["status"] == "kicked"
    world.clock.advance(61)
    room_of_bot(world, guard, chat["id"])
    assert room.members[str(bob["id"])]["status"] == "left"


def test_a_group_that_became_a_supergroup_tells_where_it_went(world: World) -> None:
    alice = people.add_person(world, "Alice")
    bot, _ = people.add_bot(world, alice["id"], "Guard", "guard_bot")
    chat = groups.add_chat(world, "group", "Friends", alice["id"], [bot["id"]])
    new = groups.upgrade(world, chat["id"])
    guard = world.accounts[bot["id"]]
    with pytest.raises(Refusal) as refused:
        writable(world, guard, room_of_bot(world, guard, chat["id"]))
    assert refused.value.description == "Bad Request: group chat was upgraded to a supergroup chat"
    assert refused.value.parameters == {"migrate_to_chat_id": new["id"]}
    writable(world, guard, room_of_bot(world, guard, new["id"]))
    assert says(world, alice["id"], chat["id"], "here")["chat"]["id"] == new["id"]


def test_a_bot_that_asks_for_a_stranger_leaves_no_trace(world: World) -> None:
    alice = people.add_person(world, "Alice")
    bot, _ = people.add_bot(world, alice["id"], "Echo", "echo_bot")
    room_of_bot(world, world.accounts[bot["id"]], alice["id"])
    assert world.rooms == {}
    private_room(world, alice["id"], bot["id"])
    assert len(world.rooms) == 1


@pytest.mark.parametrize("payload", ["", "x" * 65, "a b", "ä"])
def test_a_start_payload_has_its_alphabet(world: World, payload: str) -> None:
    alice = people.add_person(world, "Alice")
    bot, _ = people.add_bot(world, alice["id"], "Echo", "echo_bot")
    with pytest.raises(WrongCall):
        starts(world, alice["id"], bot["id"], payload)


def test_ids_begin_anew_after_a_week_of_silence(world: World) -> None:
    alice = people.add_person(world, "Alice")
    bot, _ = people.add_bot(world, alice["id"], "Echo", "echo_bot")
    queue = world.queues.of(bot["id"]).queue
    starts(world, alice["id"], bot["id"])
    after = queue.next_id
    world.clock.advance(6 * 86400)
    world.queues.pending(bot["id"])
    says(world, alice["id"], bot["id"], "one")
    assert queue.next_id == after + 1
    world.clock.advance(8 * 86400)
    world.queues.pending(bot["id"])
    says(world, alice["id"], bot["id"], "two")
    assert queue.next_id not in (after + 1, after + 2)


def test_an_update_that_is_too_large_is_dropped(world: World) -> None:
    alice = people.add_person(world, "Alice")
    bot, _ = people.add_bot(world, alice["id"], "Echo", "echo_bot")
    world.queues.push(bot["id"], "message", {"text": "x" * 600_000})
    assert world.queues.pending(bot["id"]) == []


async def test_an_inline_bot_offers_and_the_person_chooses(world: World) -> None:
    alice = people.add_person(world, "Alice")
    bot, _ = people.add_bot(world, alice["id"], "Echo", "echo_bot")
    asked = asyncio.create_task(inline_query(world, alice["id"], bot["id"], "cats"))
    await asyncio.sleep(0)
    (update,) = world.queues.pending(bot["id"])
    assert (update.payload["query"], update.payload["chat_type"]) == ("cats", "sender")
    question = world.questions[update.payload["id"]]
    question.answer = {"results": [{"id": "1", "content": {"text": "Cats!"}}]}
    world.wake(question.id)
    assert (await asked)["results"][0]["id"] == "1"
    message = chooses_inline(world, alice["id"], bot["id"], bot["id"], question.id, "1")
    assert (message["text"], message["via_bot"]["id"]) == ("Cats!", bot["id"])
    kinds = [update.type for update in world.queues.pending(bot["id"])]
    assert kinds == ["inline_query", "message", "chosen_inline_result"]
    assert world.queues.pending(bot["id"])[-1].payload["query"] == "cats"
    assert remember_inline(world, "x") != message["inline_message_id"]


async def test_a_button_under_an_inline_message_tells_its_inline_id(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    await alice.starts("@echo_bot")
    app = {"type": "web_app", "text": "App", "web_app": {"url": "http://app.localhost:1/"}}
    await bot.setChatMenuButton(menu_button=app)
    launch = await playground.call("POST", f"/users/{alice.id}/chats/@echo_bot/open_app", json={"source": "menu"})
    keys = {"inline_keyboard": [[{"text": "Tap", "callback_data": "t"}]]}
    content = {"message_text": "Sent"}
    result = {"type": "article", "id": "1", "title": "T", "input_message_content": content, "reply_markup": keys}
    sent = await bot.answerWebAppQuery(web_app_query_id=launch["query_id"], result=result)
    press = asyncio.create_task(alice.presses("@echo_bot", "Tap"))
    query = await bot.update("callback_query")
    assert (query["inline_message_id"], "message" in query) == (sent["inline_message_id"], False)
    await bot.answerCallbackQuery(callback_query_id=query["id"])
    assert await press == {}


async def test_channel_posts_do_not_tell_which_bot_wrote_them(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    channel = await playground.group("News", alice, kind="channel")
    await playground.call(
        "POST", f"/chats/{channel['id']}/members", json={"user_id": bot.id, "status": "administrator"}
    )
    keys = {"inline_keyboard": [[{"text": "Tap", "callback_data": "t"}]]}
    sent = await bot.sendMessage(chat_id=channel["id"], text="x", reply_markup=keys)
    assert set(sent) == {"message_id", "sender_chat", "chat", "date", "text", "reply_markup"}
    press = asyncio.create_task(alice.presses(channel["id"], "Tap"))
    query = await bot.update("callback_query")
    await bot.answerCallbackQuery(callback_query_id=query["id"], text="ok")
    assert await press == {"toast": "ok"}
    with pytest.raises(Refused, match=r"^Bad Request: message thread not found$"):
        await bot.sendMessage(chat_id=channel["id"], text="x", message_thread_id=5)


async def test_after_log_out_the_bot_is_out_for_ten_minutes(bot: CallingBot, playground: Playground) -> None:
    assert await bot.logOut() is True
    with pytest.raises(Refused, match=r"^Logged out$"):
        await bot.getMe()
    await playground.advance(601)
    await bot.getMe()
    assert await bot.close() is True
