"""How long and how many things may be (telegram.md 4.5)."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.people import Person
from tests.playground.calling import CallingBot, Refused

FILES = {f"f{number}": (f"{number}.txt", b"x") for number in range(11)}


def album(count: int) -> str:
    return json.dumps([{"type": "document", "media": f"attach://f{number}"} for number in range(count)])


@pytest.mark.parametrize(
    ("method", "name", "longest"),
    [
        ("sendMessage", "text", 4096),
        ("answerCallbackQuery", "text", 200),
        ("setMyName", "name", 64),
        ("setMyDescription", "description", 512),
        ("setMyShortDescription", "short_description", 120),
    ],
)
async def test_texts_have_a_longest(bot: CallingBot, alice: Person, method: str, name: str, longest: int) -> None:
    values: dict[str, Any] = {"chat_id": alice.id} if method == "sendMessage" else {"callback_query_id": "1"}
    if method != "answerCallbackQuery":
        assert await bot.call(method, **values, **{name: "é" * longest})
    with pytest.raises(Refused) as caught:
        await bot.call(method, **values, **{name: "é" * (longest + 1)})
    assert caught.value.code == 400


async def test_a_caption_has_a_longest(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendDocument", {"document": ("a", b"a")}, chat_id=alice.id, caption="😀" * 1024)
    where = {"chat_id": alice.id, "message_id": sent["message_id"]}
    with pytest.raises(Refused, match="message caption is too long"):
        await bot.editMessageCaption(**where, caption="x" * 1025)
    edited = await bot.editMessageCaption(**where)
    assert "caption" not in edited


async def test_commands_have_bounds(bot: CallingBot) -> None:
    def commands(count: int) -> list[dict[str, str]]:
        return [{"command": f"c{number}", "description": "x"} for number in range(count)]

    assert await bot.setMyCommands(commands=commands(100))
    with pytest.raises(Refused):
        await bot.setMyCommands(commands=commands(101))
    assert len(await bot.getMyCommands()) == 100
    assert await bot.setMyCommands(commands=[{"command": "a" * 32, "description": "x" * 256}])
    for wrong in ({"command": "a" * 33, "description": "x"}, {"command": "a", "description": "x" * 257}):
        with pytest.raises(Refused):
            await bot.setMyCommands(commands=[wrong])


async def test_an_album_has_at_most_ten_items(bot: CallingBot, alice: Person) -> None:
    with pytest.raises(Refused, match="too many messages to send as an album"):
        await bot.upload("sendMediaGroup", FILES, chat_id=alice.id, media=album(11))


async def test_an_album_of_one_is_a_message_of_its_own(bot: CallingBot, alice: Person) -> None:
    (sent,) = await bot.upload("sendMediaGroup", FILES, chat_id=alice.id, media=album(1))
    assert "media_group_id" not in sent


async def test_an_album_shares_one_id(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendMediaGroup", FILES, chat_id=alice.id, media=album(10))
    assert len({message["media_group_id"] for message in sent}) == 1
    ids = [message["message_id"] for message in sent]
    assert ids == [*range(ids[0], ids[0] + 10)]


async def test_no_more_than_a_hundred_messages_are_deleted_at_once(bot: CallingBot, alice: Person) -> None:
    with pytest.raises(Refused, match="too many message identifiers specified"):
        await bot.deleteMessages(chat_id=alice.id, message_ids=[*range(1, 102)])
    assert await bot.deleteMessages(chat_id=alice.id, message_ids=[9999]) is True


async def test_a_draft_needs_a_private_chat_and_an_id(bot: CallingBot, alice: Person) -> None:
    assert await bot.sendMessageDraft(chat_id=alice.id, draft_id=7, text="Thinki")
    assert await bot.sendMessageDraft(chat_id=alice.id, draft_id=7, text="")
    with pytest.raises(Refused):
        await bot.sendMessageDraft(chat_id=alice.id, draft_id=0, text="x")


async def test_a_file_has_a_largest(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendDocument", {"document": ("a.bin", bytes(20 * 1024 * 1024 + 1))}, chat_id=alice.id)
    with pytest.raises(Refused, match=r"^Bad Request: file is too big$"):
        await bot.getFile(file_id=sent["document"]["file_id"])
