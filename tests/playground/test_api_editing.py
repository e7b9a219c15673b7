"""Editing, deleting, answering, and a bot's own face."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused
from tests.playground.test_api_sending import png

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
KEYS = {"inline_keyboard": [[{"text": "Tap", "callback_data": "t"}]]}


@pytest.fixture(autouse=True)
async def started(alice: Person, bot: CallingBot) -> None:
    await alice.starts("@echo_bot")


async def test_an_edit_that_changes_nothing_is_refused(bot: CallingBot, alice: Person) -> None:
    sent = await bot.sendMessage(chat_id=alice.id, text="Same", reply_markup=KEYS)
    spot = {"chat_id": alice.id, "message_id": sent["message_id"]}
    with pytest.raises(Refused) as refused:
        await bot.editMessageText(**spot, text="Same", reply_markup=KEYS)
    assert refused.value.description == NOT_MODIFIED
    edited = await bot.editMessageText(**spot, text="Same")
    assert "reply_markup" not in edited
    with pytest.raises(Refused, match=r"^Bad Request: message is not modified"):
        await bot.editMessageReplyMarkup(**spot)
    assert (await bot.editMessageReplyMarkup(**spot, reply_markup=KEYS))["reply_markup"] == KEYS


@pytest.mark.parametrize(
    ("method", "values", "description"),
    [
        ("editMessageText", {"message_id": 9999, "text": "x"}, "Bad Request: message to edit not found"),
        ("editMessageText", {"message_id": 1, "text": "x"}, "Bad Request: message can't be edited"),
        ("deleteMessage", {"message_id": 9999}, "Bad Request: message to delete not found"),
        ("copyMessage", {"message_id": 9999, "from_chat_id": "me"}, "Bad Request: message to copy not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, "Bad Request: query is too old and response timeout"),
        ("getFile", {"file_id": "nonsense"}, "Bad Request: invalid file_id"),
        ("sendPhoto", {"photo": "https://a.example/p.png"}, "Bad Request: failed to get HTTP URL content"),
        ("getChatMember", {"user_id": 42}, "Bad Request: user not found"),
    ],
)
async def test_what_is_not_there(
    bot: CallingBot, alice: Person, method: str, values: dict[str, Any], description: str
) -> None:
    values = {name: alice.id if value == "me" else value for name, value in values.items()}
    with pytest.raises(Refused) as refused:
        await bot.call(method, **{"chat_id": alice.id, **values})
    assert refused.value.description.startswith(description)


async def test_captions_and_media_are_replaced(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendPhoto", {"photo": ("p.png", png())}, chat_id=str(alice.id), caption="Old")
    spot = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert (await bot.editMessageCaption(**spot, caption="New"))["caption"] == "New"
    media = json.dumps({"type": "document", "media": "attach://file", "caption": "Paper"})
    form = {name: str(value) for name, value in spot.items()}
    edited = await bot.upload("editMessageMedia", {"file": ("a.txt", b"text")}, **form, media=media)
    assert (edited["document"]["file_name"], edited["caption"], "photo" in edited) == ("a.txt", "Paper", False)


async def test_deleted_messages_vanish_for_the_person(bot: CallingBot, alice: Person, playground: Playground) -> None:
    sent = [await bot.sendMessage(chat_id=alice.id, text=text) for text in "abc"]
    await alice.sees("@echo_bot")
    await bot.deleteMessage(chat_id=alice.id, message_id=sent[0]["message_id"])
    await bot.deleteMessages(chat_id=alice.id, message_ids=[message["message_id"] for message in sent[1:]])
    assert [message.text for message in await alice.sees("@echo_bot")] == ["/start"]
    old = await bot.sendMessage(chat_id=alice.id, text="old")
    await playground.advance(49 * 3600)
    with pytest.raises(Refused, match=r"^Bad Request: message can't be deleted$"):
        await bot.deleteMessage(chat_id=alice.id, message_id=old["message_id"])


async def test_a_query_is_answered_once(bot: CallingBot, alice: Person) -> None:
    await bot.sendMessage(chat_id=alice.id, text="x", reply_markup=KEYS)
    press = asyncio.create_task(alice.presses("@echo_bot", "Tap"))
    query = await bot.update("callback_query")
    with pytest.raises(Refused, match="MESSAGE_TOO_LONG"):
        await bot.answerCallbackQuery(callback_query_id=query["id"], text="x" * 201)
    await bot.answerCallbackQuery(callback_query_id=query["id"], text="No", show_alert=True)
    assert await press == {"alert": "No"}
    with pytest.raises(Refused, match=r"^Bad Request: query is too old"):
        await bot.answerCallbackQuery(callback_query_id=query["id"])


async def test_commands_follow_scope_and_language(bot: CallingBot, alice: Person, bob: Person) -> None:
    async def named(**values: Any) -> list[str]:
        return [command["command"] for command in await bot.getMyCommands(**values)]

    one = [{"command": "one", "description": "1"}]
    private = {"type": "all_private_chats"}
    await bot.setMyCommands(commands=one)
    await bot.setMyCommands(commands=[{"command": "zwei", "description": "2"}], scope=private, language_code="de")
    assert await named() == ["one"]
    assert await named(scope=private) == []
    assert await named(scope=private, language_code="de") == ["zwei"]
    await bot.deleteMyCommands(scope=private, language_code="de")
    assert await named(scope=private, language_code="de") == []
    for broken, code in (({"command": "Ä", "description": "x"}, "BOT_COMMAND_INVALID"),):
        with pytest.raises(Refused, match=code):
            await bot.setMyCommands(commands=[broken])


async def test_names_and_descriptions_follow_the_language(bot: CallingBot) -> None:
    await bot.setMyName(name="Mirror")
    await bot.setMyName(name="Spiegel", language_code="de")
    assert (await bot.getMyName())["name"] == "Mirror"
    assert (await bot.getMyName(language_code="de"))["name"] == "Spiegel"
    assert (await bot.getMe())["first_name"] == "Mirror"
    await bot.setMyDescription(description="Says it again")
    assert (await bot.getMyDescription(language_code="fr"))["description"] == "Says it again"
    await bot.setMyShortDescription(short_description="Again")
    assert (await bot.getMyShortDescription())["short_description"] == "Again"
    with pytest.raises(Refused):
        await bot.setMyShortDescription(short_description="x" * 121)


async def test_the_menu_button_of_one_person_goes_before_everybodys(
    bot: CallingBot, alice: Person, bob: Person
) -> None:
    app = {"type": "web_app", "text": "App", "web_app": {"url": "https://a.example/"}}
    await bot.setChatMenuButton(menu_button=app)
    await bot.setChatMenuButton(chat_id=alice.id, menu_button={"type": "commands"})
    assert await bot.getChatMenuButton(chat_id=alice.id) == {"type": "commands"}
    assert await bot.getChatMenuButton(chat_id=bob.id) == app
    assert await bot.getChatMenuButton() == app


async def test_a_mini_app_answers_through_its_query(bot: CallingBot, alice: Person, playground: Playground) -> None:
    app = {"type": "web_app", "text": "App", "web_app": {"url": "http://app.localhost:1/"}}
    await bot.setChatMenuButton(menu_button=app)
    launch = await playground.call("POST", f"/users/{alice.id}/chats/@echo_bot/open_app", json={"source": "menu"})
    result = {"type": "article", "id": "1", "title": "T", "input_message_content": {"message_text": "Sent"}}
    sent = await bot.answerWebAppQuery(web_app_query_id=launch["query_id"], result=result)
    message = (await alice.sees("@echo_bot"))[-1]
    assert (message.text, message["via_bot"]["id"], message["from"]["id"]) == ("Sent", bot.id, alice.id)
    assert await bot.editMessageText(inline_message_id=sent["inline_message_id"], text="Sent later") is True
    assert (await alice.sees("@echo_bot"))[-1].text == "Sent later"
    with pytest.raises(Refused, match=r"^Bad Request: query is too old"):
        await bot.answerWebAppQuery(web_app_query_id=launch["query_id"], result=result)


async def test_the_data_of_a_keyboard_app_comes_as_a_service_message(bot: CallingBot, alice: Person) -> None:
    keys = {"keyboard": [[{"text": "App", "web_app": {"url": "http://app.localhost:1/"}}]]}
    await bot.sendMessage(chat_id=alice.id, text="x", reply_markup=keys)
    await bot.updates()
    await alice.sends_app_data("@echo_bot", "App", "{}")
    assert (await bot.update("message"))["web_app_data"] == {"data": "{}", "button_text": "App"}


async def test_getfile_refuses_what_is_over_twenty_megabytes(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendDocument", {"document": ("big.bin", bytes(21 * 1024 * 1024))}, chat_id=str(alice.id))
    with pytest.raises(Refused, match=r"^Bad Request: file is too big$"):
        await bot.getFile(file_id=sent["document"]["file_id"])


async def test_uploads_over_fifty_megabytes_are_not_even_read(bot: CallingBot) -> None:
    host, _, port = bot.url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    head = f"POST /bot{bot.token}/sendDocument HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    writer.write(f"{head}Content-Length: {60 * 1024 * 1024}\r\n\r\n".encode())
    assert b" 413 " in await reader.readline()
    writer.close()
    await writer.wait_closed()
