"""Every object the playground gives has the fields that Bot API 10.0 documents, all that it must and no other."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from playground.people import BotAccount, Person, Playground
from tests.playground.calling import CallingBot
from tests.playground.conformance.shapes import unknown
from tests.playground.pixel import PIXEL

KINDS = ("photo", "audio", "video", "animation", "voice", "video_note", "sticker", "document")
ALL = [
    "message", "edited_message", "channel_post", "edited_channel_post", "inline_query", "chosen_inline_result",
    "callback_query", "poll", "poll_answer", "my_chat_member", "chat_member", "message_reaction", "managed_bot",
]  # fmt: skip
KEYS = {"inline_keyboard": [[{"text": "Tap", "callback_data": "t"}, {"text": "Go", "url": "t.me/x"}]]}


class Judged(CallingBot):
    """A bot whose every result is looked at."""

    async def call(self, method: str, **values: Any) -> Any:
        return self.judge(method, await super().call(method, **values))

    async def upload(self, method: str, files: dict[str, tuple[str, bytes]], **values: Any) -> Any:
        return self.judge(method, await super().upload(method, files, **values))

    @staticmethod
    def judge(method: str, result: Any) -> Any:
        assert unknown(method, result) == [], json.dumps(result, indent=1)
        return result


@pytest.fixture
async def judged(bot: CallingBot) -> Any:
    async with Judged(bot.url, bot.token) as judged:
        judged.offset = bot.offset
        await judged.call("getUpdates", offset=bot.offset + 1, allowed_updates=ALL)
        yield judged


async def test_messages_of_every_kind(judged: Judged, alice: Person) -> None:
    chat = {"chat_id": alice.id}
    said = await alice.says(judged.id, "hello @someone_else https://t.me/x")
    text = await judged.sendMessage(**chat, text="<b>x</b>", parse_mode="HTML", reply_markup=KEYS)
    await judged.sendMessage(
        **chat,
        text="x t.me/y",
        protect_content=True,
        reply_parameters={"message_id": said.id, "quote": "hello"},
        link_preview_options={"is_disabled": True},
    )
    for kind in KINDS:
        sent = await judged.upload(
            f"send{''.join(word.capitalize() for word in kind.split('_'))}",
            {kind: (f"a.{'png' if kind in {'photo', 'sticker'} else 'bin'}", PIXEL)},
            **chat,
            caption="<i>c</i>",
            parse_mode="HTML",
        )
        assert kind in sent
    await judged.sendLocation(**chat, latitude=1.5, longitude=2, horizontal_accuracy=5, live_period=60)
    await judged.sendVenue(**chat, latitude=1, longitude=2, title="Here", address="There", google_place_id="g")
    await judged.sendContact(**chat, phone_number="+1", first_name="A", last_name="B", vcard="BEGIN:VCARD")
    await judged.sendDice(**chat)
    await judged.sendChatAction(**chat, action="typing")
    await judged.sendMessageDraft(**chat, draft_id=1, text="x")
    where = {**chat, "message_id": text["message_id"]}
    await judged.editMessageText(**where, text="y", reply_markup=KEYS)
    await judged.editMessageReplyMarkup(**where)
    await judged.forwardMessage(**where, from_chat_id=alice.id)
    await judged.forwardMessages(**chat, from_chat_id=alice.id, message_ids=[text["message_id"]])
    await judged.copyMessage(**where, from_chat_id=alice.id, caption="z")
    await judged.copyMessages(**chat, from_chat_id=alice.id, message_ids=[text["message_id"]])
    await judged.pinChatMessage(**where)
    await judged.setMessageReaction(**where, reaction=[{"type": "emoji", "emoji": "👍"}])


async def test_albums_files_and_replaced_media(judged: Judged, alice: Person) -> None:
    media = json.dumps(
        [{"type": "photo", "media": "attach://a", "caption": "x"}, {"type": "photo", "media": "attach://a"}]
    )
    album = await judged.upload("sendMediaGroup", {"a": ("a.png", PIXEL)}, chat_id=alice.id, media=media)
    await judged.getFile(file_id=album[0]["photo"][0]["file_id"])
    where = {"chat_id": alice.id, "message_id": album[0]["message_id"]}
    await judged.editMessageCaption(**where, caption="y")
    replaced = json.dumps({"type": "document", "media": "attach://a"})
    await judged.upload("editMessageMedia", {"a": ("a.txt", b"x")}, **where, media=replaced)


async def test_what_a_bot_and_a_chat_tell_of_themselves(judged: Judged, alice: Person, account: BotAccount) -> None:
    await judged.setMyCommands(commands=[{"command": "a", "description": "b"}])
    app = {"type": "web_app", "text": "App", "web_app": {"url": "https://a.example/"}}
    await judged.setChatMenuButton(menu_button=app)
    for method in ("getMe", "getMyName", "getMyDescription", "getMyShortDescription", "getMyCommands"):
        await judged.call(method)
    await judged.getWebhookInfo()
    await judged.getChatMenuButton(chat_id=alice.id)
    await judged.getChat(chat_id=alice.id)
    await judged.getChatMember(chat_id=alice.id, user_id=alice.id)
    await judged.getUserProfilePhotos(user_id=alice.id)
    ask = {"text": "x", "request_managed_bot": {"request_id": 1}}
    await judged.savePreparedKeyboardButton(user_id=alice.id, button=ask)


async def test_what_a_person_does(judged: Judged, alice: Person, playground: Playground) -> None:
    spot = f"/users/{alice.id}/chats/{judged.id}"
    said = await alice.says(judged.id, "hi #tag")
    await playground.call("POST", f"{spot}/edit", json={"message_id": said.id, "text": "ho"})
    await alice.sends_document(judged.id, b"x", "x.txt", caption="c")
    await alice.sends_photo(judged.id, PIXEL)
    await alice.sends_voice(judged.id, b"OggS")
    await alice.sends_contact(judged.id, "+1")
    await alice.sends_location(judged.id, 1, 2)
    sent = await judged.sendMessage(chat_id=alice.id, text="x", reply_markup=KEYS)
    await playground.call("POST", f"{spot}/react", json={"message_id": sent["message_id"], "emoji": "👍"})
    press = asyncio.create_task(alice.presses(judged.id, "Tap"))
    query = await judged.update("callback_query")
    await judged.answerCallbackQuery(callback_query_id=query["id"])
    await press
    poll = await judged.sendPoll(
        chat_id=alice.id, question="q", options=["a", "b"], is_anonymous=False, allows_multiple_answers=True
    )
    await playground.call("POST", f"{spot}/vote", json={"message_id": poll["message_id"], "option_ids": [1]})
    assert (await judged.update("poll_answer"))["option_ids"] == [1]
    await judged.stopPoll(chat_id=alice.id, message_id=poll["message_id"])
    await alice.blocks(judged.id)
    assert (await judged.update("my_chat_member"))["new_chat_member"]["status"] == "kicked"


async def test_what_keys_ask_for(judged: Judged, alice: Person, playground: Playground) -> None:
    await playground.photo(alice, PIXEL)
    bob, group = await playground.person("Bob", username=f"bob_{judged.id}"), await playground.group("G", alice)
    await playground.photo(bob, PIXEL)
    told = {"request_name": True, "request_username": True, "request_photo": True}
    users = {"request_users": {"request_id": 1, "max_quantity": 3, **told}}
    chat = {"request_chat": {"request_id": 2, "chat_is_channel": False, "bot_is_member": True, "request_title": True}}
    keys = [{"text": "users", **users}, {"text": "chat", **chat}, {"text": "poll", "request_poll": {}}]
    place = [{"text": "number", "request_contact": True}, {"text": "place", "request_location": True}]
    await judged.sendMessage(chat_id=alice.id, text="x", reply_markup={"keyboard": [keys, place]})
    await alice.shares_users(judged.id, "users", bob)
    assert (await judged.update("message"))["users_shared"]["users"][0]["photo"]
    await alice.shares_users(judged.id, "users", bob, judged.id)
    await alice.shares_chat(judged.id, "chat", group)
    quiz = {
        "type": "quiz",
        "correct_option_ids": [0, 1],
        "explanation": "e",
    }  # one alone is told twice, as Telegram does
    await alice.sends_poll(judged.id, "q", ["a", "b"], key="poll", **quiz)
    await alice.presses(judged.id, "number")
    await alice.presses(judged.id, "place")
    await alice.forwards(judged.id, 1, to=judged.id)
    while "forward_origin" not in (message := await judged.update("message")):
        assert message["chat"]["id"] in (alice.id, group["id"])


async def test_inline_queries(judged: Judged, alice: Person, playground: Playground) -> None:
    spot = f"/users/{alice.id}/chats/{judged.id}"
    asked = asyncio.create_task(playground.call("POST", f"{spot}/inline", json={"bot": judged.id, "query": "q"}))
    query = await judged.update("inline_query")
    article = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "x"}}
    await judged.answerInlineQuery(inline_query_id=query["id"], results=[article])
    offered = await asked
    assert offered["results"][0]["title"] == "T"
    choice = {"bot": judged.id, "query_id": offered["query_id"], "result_id": "1"}
    assert (await playground.call("POST", f"{spot}/choose", json=choice))["text"] == "x"
    assert (await judged.update("chosen_inline_result"))["result_id"] == "1"


async def test_groups_and_channels(judged: Judged, account: BotAccount, alice: Person, playground: Playground) -> None:
    bob = await playground.person("Bob")
    for kind in ("group", "supergroup", "channel"):
        chat = await playground.group("Team", alice, [account, bob], kind=kind)
        await playground.member(chat["id"], account, "administrator")
        where = {"chat_id": chat["id"]}
        sent = await judged.sendMessage(**where, text="x", reply_markup=KEYS)
        await judged.pinChatMessage(**where, message_id=sent["message_id"])
        await judged.getChat(**where)
        await judged.getChatAdministrators(**where)
        for member in (alice, bob, account):
            await judged.getChatMember(**where, user_id=member.id)
        await judged.getChatMemberCount(**where)
        await judged.setChatTitle(**where, title="New")
        await alice.says(chat["id"], "/hello all")
        if kind != "group":
            await judged.banChatMember(**where, user_id=bob.id)
        await playground.member(chat["id"], bob, "left")
    while await judged.updates(timeout=0):
        pass


async def test_managed_bots(judged: Judged, alice: Person) -> None:
    ask = {"text": "Make", "request_managed_bot": {"request_id": 1, "suggested_name": "N"}}
    await judged.sendMessage(chat_id=alice.id, text="x", reply_markup={"keyboard": [[ask]]})
    made = await alice.confirms_managed_bot(judged.id, username=f"made_by_{judged.id}_bot")
    assert (await judged.update("managed_bot"))["bot"]["id"] == made["bot"]["id"]
    assert (await judged.update("message"))["managed_bot_created"]["bot"]["id"] == made["bot"]["id"]
    await judged.getManagedBotToken(user_id=made["bot"]["id"])
    await judged.setManagedBotAccessSettings(user_id=made["bot"]["id"], is_access_restricted=True)
    await judged.getManagedBotAccessSettings(user_id=made["bot"]["id"])
