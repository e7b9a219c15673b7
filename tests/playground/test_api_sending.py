"""Sending: every kind of message arrives as the Bot API documents it, with Telegram's words when it may not."""

from __future__ import annotations

import json
import struct
import zlib
from typing import Any

import httpx
import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused


def png(width: int = 3, height: int = 2) -> bytes:
    """A real picture."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\0" + b"\x80" * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(autouse=True)
async def started(alice: Person, bot: CallingBot) -> None:
    await alice.starts("@echo_bot")


@pytest.mark.parametrize(
    ("method", "values", "field", "shown"),
    [
        pytest.param("sendLocation", {"latitude": 41.9, "longitude": 12.5}, "location", {"latitude": 41.9}, id="place"),
        pytest.param(
            "sendVenue",
            {"latitude": 1, "longitude": 2, "title": "Bar", "address": "Via 1"},
            "venue",
            {"title": "Bar", "address": "Via 1"},
            id="venue",
        ),
        pytest.param(
            "sendContact", {"phone_number": "+1", "first_name": "A"}, "contact", {"phone_number": "+1"}, id="contact"
        ),
        pytest.param("sendDice", {"emoji": "🎯"}, "dice", {"emoji": "🎯"}, id="dice"),
        pytest.param(
            "sendPoll",
            {"question": "Which?", "options": ["A", {"text": "B"}]},
            "poll",
            {"question": "Which?", "is_anonymous": True, "type": "regular", "total_voter_count": 0},
            id="poll",
        ),
    ],
)
async def test_small_messages(
    bot: CallingBot, alice: Person, method: str, values: dict[str, Any], field: str, shown: dict[str, Any]
) -> None:
    sent = await bot.call(method, chat_id=alice.id, **values)
    assert shown.items() <= sent[field].items()
    seen = (await alice.sees("@echo_bot"))[-1]
    assert sent[field].items() <= seen[field].items()


@pytest.mark.parametrize(
    ("method", "field"),
    [
        ("sendDocument", "document"),
        ("sendAudio", "audio"),
        ("sendVideo", "video"),
        ("sendAnimation", "animation"),
        ("sendVoice", "voice"),
        ("sendVideoNote", "video_note"),
        ("sendSticker", "sticker"),
    ],
)
async def test_a_file_is_kept_sent_again_by_its_id_and_fetched(
    bot: CallingBot, alice: Person, method: str, field: str
) -> None:
    sent = await bot.upload(method, {field: ("a.bin", b"content")}, chat_id=str(alice.id))
    file_id = sent[field]["file_id"]
    again = await bot.call(method, chat_id=alice.id, **{field: file_id})
    assert again[field]["file_id"] == file_id
    told = await bot.getFile(file_id=file_id)
    assert told["file_size"] == 7
    fetched = await bot.http.get(f"{bot.url}/file/bot{bot.token}/{told['file_path']}")
    assert fetched.content == b"content"


async def test_a_photo_has_its_size_and_its_caption(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload(
        "sendPhoto", {"photo": ("p.png", png())}, chat_id=str(alice.id), caption="*Look*", parse_mode="Markdown"
    )
    assert (sent["photo"][-1]["width"], sent["photo"][-1]["height"], sent["caption"]) == (3, 2, "Look")
    assert sent["caption_entities"] == [{"type": "bold", "offset": 0, "length": 4}]
    with pytest.raises(Refused, match="IMAGE_PROCESS_FAILED"):
        await bot.upload("sendPhoto", {"photo": ("p.png", b"words")}, chat_id=str(alice.id))


async def test_an_album_is_one_group_of_messages(bot: CallingBot, alice: Person) -> None:
    media = [
        {"type": "photo", "media": "attach://one", "caption": "First"},
        {"type": "photo", "media": "attach://two"},
    ]
    files = {"one": ("1.png", png()), "two": ("2.png", png())}
    sent = await bot.upload("sendMediaGroup", files, chat_id=str(alice.id), media=json.dumps(media))
    assert [message.get("caption") for message in sent] == ["First", None]
    assert len({message["media_group_id"] for message in sent}) == 1
    assert [seen.id for seen in await alice.sees("@echo_bot")][-2:] == [message["message_id"] for message in sent]


async def test_a_reply_shows_what_it_answers(bot: CallingBot, alice: Person) -> None:
    asked = await alice.says("@echo_bot", "Why?")
    sent = await bot.sendMessage(chat_id=alice.id, text="So", reply_parameters={"message_id": asked.id})
    assert sent["reply_to_message"]["text"] == "Why?"
    with pytest.raises(Refused, match=r"^Bad Request: message to be replied not found$"):
        await bot.sendMessage(chat_id=alice.id, text="So", reply_to_message_id=9999)
    assert "reply_to_message" not in await bot.sendMessage(
        chat_id=alice.id, text="So", reply_parameters={"message_id": 9999, "allow_sending_without_reply": True}
    )


@pytest.mark.parametrize(
    ("values", "description"),
    [
        pytest.param({"text": ""}, "Bad Request: message text is empty", id="empty"),
        pytest.param({"text": "x" * 4097}, "Bad Request: message is too long", id="too long"),
        pytest.param({"text": "x", "chat_id": ""}, "Bad Request: chat_id is empty", id="no chat"),
        pytest.param({"text": "x", "chat_id": 12345}, "Bad Request: chat not found", id="unknown chat"),
        pytest.param({"text": "x", "chat_id": "@nobody_here"}, "Bad Request: chat not found", id="unknown name"),
        pytest.param({"text": "x", "parse_mode": "X"}, "Bad Request: unsupported parse_mode", id="parse mode"),
        pytest.param(
            {"text": "x", "reply_markup": {"inline_keyboard": [[{"text": "b", "callback_data": "x" * 65}]]}},
            "Bad Request: BUTTON_DATA_INVALID",
            id="button data",
        ),
    ],
)
async def test_what_a_text_may_not_be(bot: CallingBot, alice: Person, values: dict[str, Any], description: str) -> None:
    with pytest.raises(Refused) as refused:
        await bot.sendMessage(**{"chat_id": alice.id, **values})
    assert refused.value.description == description


async def test_a_person_who_blocked_the_bot_gets_nothing(bot: CallingBot, alice: Person) -> None:
    await alice.blocks("@echo_bot")
    with pytest.raises(Refused, match=r"^Forbidden: bot was blocked by the user$") as refused:
        await bot.sendMessage(chat_id=alice.id, text="x")
    assert refused.value.code == 403
    change = await bot.update("my_chat_member")
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "kicked")
    await alice.unblocks("@echo_bot")
    await bot.sendMessage(chat_id=alice.id, text="x")


async def test_parameters_come_in_every_way(bot: CallingBot, alice: Person) -> None:
    address, told = f"{bot.url}/bot{bot.token}", {"chat_id": str(alice.id), "text": "hi"}
    for answer in (
        await bot.http.get(f"{address}/sendmessage", params=told),
        await bot.http.post(f"{address}/SENDMESSAGE", data=told),
        await bot.http.post(f"{address}/test/sendMessage", json=told),
        await bot.http.post(f"{address}/sendMessage", files={"chat_id": (None, told["chat_id"]), "text": (None, "hi")}),
    ):
        assert bot.result(answer)["text"] == "hi"


@pytest.mark.parametrize(
    ("token", "method", "code", "description"),
    [
        pytest.param("nonsense", "getMe", 404, "Not Found", id="malformed token"),
        pytest.param("7000000001:" + "A" * 35, "getMe", 401, "Unauthorized", id="wrong token"),
        pytest.param(None, "getNothing", 404, "Not Found", id="unknown method"),
        pytest.param(None, "sendGift", 501, None, id="method the playground does not do"),
    ],
)
async def test_who_is_not_let_in(
    bot: CallingBot, token: str | None, method: str, code: int, description: str | None
) -> None:
    answer = await bot.http.post(f"{bot.url}/bot{token or bot.token}/{method}")
    assert (answer.status_code, answer.json()["error_code"]) == (code, code)
    assert description in (None, answer.json()["description"])


async def test_typing_and_drafts_pass_and_a_message_ends_them(
    bot: CallingBot, alice: Person, playground_url: str
) -> None:
    async def look() -> Any:
        address = f"{playground_url}/play/v1/users/{alice.id}/chats/@echo_bot/messages"
        async with httpx.AsyncClient(trust_env=False) as http:
            return (await http.get(address)).json()

    await bot.sendChatAction(chat_id=alice.id, action="typing")
    await bot.sendMessageDraft(chat_id=alice.id, draft_id=1, text="Thinking ab")
    seen = await look()
    assert (seen["typing"], seen["draft"]) == (True, "Thinking ab")
    await bot.sendMessage(chat_id=alice.id, text="Done")
    seen = await look()
    assert (seen["typing"], "draft" in seen) == (False, False)
    with pytest.raises(Refused, match=r"^Bad Request: wrong parameter action in request$"):
        await bot.sendChatAction(chat_id=alice.id, action="dancing")


async def test_forwarded_messages_tell_their_origin_and_copies_do_not(
    bot: CallingBot, alice: Person, bob: Person
) -> None:
    said = await alice.says("@echo_bot", "Mine")
    await bob.starts("@echo_bot")
    forwarded = await bot.forwardMessage(chat_id=bob.id, from_chat_id=alice.id, message_id=said.id)
    assert forwarded["forward_origin"]["sender_user"]["id"] == alice.id
    copied = await bot.copyMessages(chat_id=bob.id, from_chat_id=alice.id, message_ids=[said.id])
    seen = (await bob.sees("@echo_bot"))[-1]
    assert (seen.id, seen.text, seen.get("forward_origin")) == (copied[0]["message_id"], "Mine", None)
    with pytest.raises(Refused, match=r"^Bad Request: message to forward not found$"):
        await bot.forwardMessage(chat_id=bob.id, from_chat_id=alice.id, message_id=9999)


async def test_a_poll_is_voted_in_and_closed(bot: CallingBot, alice: Person, playground: Playground) -> None:
    sent = await bot.sendPoll(chat_id=alice.id, question="Which?", options=["A", "B"], is_anonymous=False)
    spot = f"/users/{alice.id}/chats/@echo_bot/vote"
    await playground.call("POST", spot, json={"message_id": sent["message_id"], "option_ids": [1]})
    answer = await bot.update("poll_answer")
    assert (answer["user"]["id"], answer["option_ids"]) == (alice.id, [1])
    closed = await bot.stopPoll(chat_id=alice.id, message_id=sent["message_id"])
    assert (closed["is_closed"], [option["voter_count"] for option in closed["options"]]) == (True, [0, 1])
    with pytest.raises(Refused, match=r"^Bad Request: poll has already been closed$"):
        await bot.stopPoll(chat_id=alice.id, message_id=sent["message_id"])
