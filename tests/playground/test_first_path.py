"""The thinnest path: a person and a bot talk, by real HTTP to a real server."""

from __future__ import annotations

import asyncio

import pytest

from playground.people import Person
from tests.playground.calling import CallingBot, Refused


async def test_a_bot_knows_itself(bot: CallingBot) -> None:
    me = await bot.getMe()
    assert (me["id"], me["username"], me["is_bot"], me["can_manage_bots"]) == (bot.id, "echo_bot", True, True)


async def test_a_waiting_poll_ends_when_a_person_writes(bot: CallingBot, alice: Person) -> None:
    poll = asyncio.create_task(bot.updates(timeout=20))
    await alice.says("@echo_bot", "/start hello")
    (update,) = await poll
    message = update["message"]
    assert message["text"] == "/start hello"
    assert message["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert message["chat"] == {"id": alice.id, "first_name": "Alice", "username": "alice", "type": "private"}
    assert message["from"]["language_code"] == "en"


async def test_a_bot_may_not_write_first(bot: CallingBot, alice: Person) -> None:
    with pytest.raises(Refused, match=r"^Forbidden: bot can't initiate conversation with a user$"):
        await bot.sendMessage(chat_id=alice.id, text="hi")


async def test_a_button_is_pressed_answered_and_its_message_edited(bot: CallingBot, alice: Person) -> None:
    await alice.starts("@echo_bot")
    keys = {"inline_keyboard": [[{"text": "Tap", "callback_data": "t"}]]}
    sent = await bot.sendMessage(chat_id=alice.id, text="<b>Hi</b>", parse_mode="HTML", reply_markup=keys)
    assert sent["entities"] == [{"type": "bold", "offset": 0, "length": 2}]
    press = asyncio.create_task(alice.presses("@echo_bot", "Tap"))
    query = await bot.update("callback_query")
    assert (query["data"], query["message"]["message_id"]) == ("t", sent["message_id"])
    await bot.editMessageText(chat_id=alice.id, message_id=sent["message_id"], text="Done")
    assert await bot.answerCallbackQuery(callback_query_id=query["id"], text="Yes") is True
    assert await press == {"toast": "Yes"}
    assert str(await alice.hears("@echo_bot", "Done")) == "Done"


async def test_a_managed_bot_is_made_and_its_token_handed_over(
    bot: CallingBot, alice: Person, playground_url: str
) -> None:
    await alice.starts("@echo_bot")
    ask = {"request_id": 7, "suggested_name": "Ann's Shop", "suggested_username": "ann_shop_bot"}
    keys = {"keyboard": [[{"text": "Create", "request_managed_bot": ask}]], "one_time_keyboard": True}
    await bot.sendMessage(chat_id=alice.id, text="Make it", reply_markup=keys)
    assert (await bot.update("message"))["text"] == "/start"
    made = (await alice.confirms_managed_bot("@echo_bot", username="anns_bot"))["bot"]
    update = await bot.update("managed_bot")
    assert (update["user"]["id"], update["bot"]["id"]) == (alice.id, made["id"])
    created = await bot.update("message")
    assert created["managed_bot_created"]["bot"]["username"] == "anns_bot"
    token = await bot.getManagedBotToken(user_id=made["id"])
    async with CallingBot(playground_url, token) as child:
        assert (await child.getMe())["first_name"] == "Ann's Shop"
        assert await child.setMyCommands(commands=[{"command": "start", "description": "Begin"}])
        app = {"type": "web_app", "text": "App", "web_app": {"url": "http://anns.localhost:8080/app/"}}
        assert await child.setChatMenuButton(menu_button=app)
        assert await child.getChatMenuButton() == app
