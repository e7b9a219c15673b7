"""What is refused, and in exactly which words (telegram.md 4.4)."""

from __future__ import annotations

from typing import Any

import pytest

from playground.people import BotAccount, Person, Playground
from tests.playground.calling import CallingBot, Refused

SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


async def refused(bot: CallingBot, method: str, **values: Any) -> str:
    with pytest.raises(Refused) as caught:
        await bot.call(method, **values)
    assert caught.value.code == 400
    assert caught.value.description.startswith("Bad Request: ")
    return str(caught.value.description).removeprefix("Bad Request: ")


@pytest.mark.parametrize(
    ("method", "values", "says"),
    [
        ("sendMessage", {"chat_id": 1, "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": "@nobody_here", "text": "x"}, "chat not found"),
        ("sendMessage", {"chat_id": -5, "text": "x"}, "chat not found"),
        ("sendMessage", {"text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": 0, "text": "x"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "me"}, "message text is empty"),
        ("sendMessage", {"chat_id": "me", "text": " "}, "text must be non-empty"),
        ("sendMessage", {"chat_id": "me", "text": "x" * 4097}, "message is too long"),
        ("sendMessage", {"chat_id": "me", "text": "x", "parse_mode": "XML"}, "unsupported parse_mode"),
        (
            "sendMessage",
            {"chat_id": "me", "text": "<b>x", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            "sendMessage",
            {"chat_id": "me", "text": "a-b", "parse_mode": "MarkdownV2"},
            "can't parse entities: Character '-' is reserved and must be escaped with the preceding '\\'",
        ),
        ("sendMessage", {"chat_id": "me", "text": "x", "reply_markup": []}, "object expected as reply markup"),
        (
            "sendMessage",
            {"chat_id": "me", "text": "x", "reply_markup": "{"},
            "can't parse reply keyboard markup JSON object",
        ),
        (
            "sendMessage",
            {"chat_id": "me", "text": "x", "reply_markup": {"inline_keyboard": [[{"text": "x"}]]}},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
        ),
        (
            "sendMessage",
            {
                "chat_id": "me",
                "text": "x",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "x" * 65}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        (
            "sendMessage",
            {"chat_id": "me", "text": "x", "reply_parameters": {"message_id": 9999}},
            "message to be replied not found",
        ),
        ("sendPhoto", {"chat_id": "me"}, "there is no photo in the request"),
        ("sendPhoto", {"chat_id": "me", "photo": "nonsense"}, "wrong file identifier/HTTP URL specified"),
        ("sendDocument", {"chat_id": "me", "document": "http://127.0.0.1:9/x"}, "failed to get HTTP URL content"),
        ("sendChatAction", {"chat_id": "me", "action": "dancing"}, "wrong parameter action in request"),
        ("editMessageText", {"text": "x"}, "message identifier is not specified"),
        ("editMessageText", {"chat_id": "me", "message_id": 9999, "text": "x"}, "message to edit not found"),
        ("editMessageText", {"chat_id": "me", "text": "x"}, "message to edit not found"),
        ("editMessageReplyMarkup", {"chat_id": "me", "message_id": 9999}, "message to edit not found"),
        ("deleteMessage", {"chat_id": "me", "message_id": 9999}, "message to delete not found"),
        ("deleteMessages", {"chat_id": "me"}, "message identifiers are not specified"),
        ("forwardMessage", {"chat_id": "me", "from_chat_id": "me", "message_id": 9999}, "message to forward not found"),
        ("copyMessage", {"chat_id": "me", "from_chat_id": "me", "message_id": 9999}, "message to copy not found"),
        ("answerCallbackQuery", {"callback_query_id": "1"}, TOO_OLD),
        ("answerCallbackQuery", {}, TOO_OLD),
        ("answerInlineQuery", {"inline_query_id": "1", "results": []}, TOO_OLD),
        ("getFile", {"file_id": "nonsense"}, "invalid file_id"),
        ("getFile", {}, "file_id not specified"),
        ("getChat", {"chat_id": 1}, "chat not found"),
        ("getChatMember", {"chat_id": "me", "user_id": 1}, "user not found"),
        ("getManagedBotToken", {"user_id": 1}, "user not found"),
        ("setMyCommands", {"commands": [{"command": "ä", "description": "x"}]}, "BOT_COMMAND_INVALID"),
        ("setMyCommands", {"commands": [{"command": "a", "description": " "}]}, "BOT_COMMAND_DESCRIPTION_INVALID"),
        (
            "setChatMenuButton",
            {"menu_button": {"type": "?"}},
            "can't parse menu button: MenuButton has unsupported type",
        ),
        (
            "setChatMenuButton",
            {"menu_button": {"type": "web_app", "text": "x", "web_app": {"url": "http://a.example"}}},
            "menu button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
        ),
        ("sendMediaGroup", {"chat_id": "me", "media": []}, "there are no messages to send"),
        ("pinChatMessage", {"chat_id": "me", "message_id": 9999}, "message to pin not found"),
        ("setMessageReaction", {"chat_id": "me", "message_id": 9999}, "message to react not found"),
        ("stopPoll", {"chat_id": "me", "message_id": 9999}, "message with poll to stop not found"),
    ],
)
async def test_a_call_is_refused_in_telegrams_words(
    bot: CallingBot, alice: Person, method: str, values: dict[str, Any], says: str
) -> None:
    meant = {name: alice.id if value == "me" else value for name, value in values.items()}
    assert await refused(bot, method, **meant) == says


async def test_an_edit_that_changes_nothing_is_refused(bot: CallingBot, alice: Person) -> None:
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    sent = await bot.sendMessage(chat_id=alice.id, text="x", reply_markup=keys)
    where = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert await refused(bot, "editMessageText", **where, text="<b></b>x", parse_mode="HTML", reply_markup=keys) == SAME
    assert await refused(bot, "editMessageReplyMarkup", **where, reply_markup=keys) == SAME
    edited = await bot.editMessageText(**where, text="x")
    assert "reply_markup" not in edited


async def test_only_ones_own_messages_can_be_edited_but_others_deleted(bot: CallingBot, alice: Person) -> None:
    said = await alice.says(bot.id, "mine")
    where = {"chat_id": alice.id, "message_id": said.id}
    assert await refused(bot, "editMessageText", **where, text="x") == "message can't be edited"
    assert await bot.deleteMessage(**where) is True
    assert await refused(bot, "deleteMessage", **where) == "message to delete not found"


async def test_a_media_message_has_no_text_to_edit(bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendDocument", {"document": ("a", b"a")}, chat_id=alice.id)
    where = {"chat_id": alice.id, "message_id": sent["message_id"]}
    assert await refused(bot, "editMessageText", **where, text="x") == "there is no text in the message to edit"
    text = await bot.sendMessage(chat_id=alice.id, text="x")
    where = {"chat_id": alice.id, "message_id": text["message_id"]}
    assert await refused(bot, "editMessageCaption", **where, caption="x") == (
        "there is no caption in the message to edit"
    )


async def test_a_question_may_be_answered_once(bot: CallingBot, alice: Person) -> None:
    import asyncio

    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await bot.sendMessage(chat_id=alice.id, text="x", reply_markup=keys)
    press = asyncio.create_task(alice.presses(bot.id, "a"))
    query = await bot.update("callback_query")
    assert await bot.answerCallbackQuery(callback_query_id=query["id"]) is True
    assert await refused(bot, "answerCallbackQuery", callback_query_id=query["id"]) == TOO_OLD
    assert await press == {}


async def forbidden(bot: CallingBot, chat: int) -> str:
    with pytest.raises(Refused) as caught:
        await bot.sendMessage(chat_id=chat, text="x")
    assert caught.value.code == 403
    return str(caught.value.description)


async def test_who_may_be_written_to(
    silent: CallingBot, account: BotAccount, alice: Person, playground: Playground
) -> None:
    assert await forbidden(silent, alice.id) == "Forbidden: bot can't initiate conversation with a user"
    await alice.starts(account)
    await silent.sendMessage(chat_id=alice.id, text="x")
    await alice.blocks(account)
    assert await forbidden(silent, alice.id) == "Forbidden: bot was blocked by the user"
    await alice.unblocks(account)
    await silent.sendMessage(chat_id=alice.id, text="x")
    other = await playground.bot(alice, "Other", f"other_{account.username}")
    assert await forbidden(silent, other.id) == "Forbidden: bot can't send messages to bots"


@pytest.mark.parametrize("kind", ["group", "supergroup", "channel"])
async def test_a_bot_that_was_removed(
    bot: CallingBot, account: BotAccount, alice: Person, playground: Playground, kind: str
) -> None:
    chat = await playground.group("Team", alice, [account], kind=kind)
    await playground.member(chat, account, "kicked")
    assert await forbidden(bot, chat["id"]) == f"Forbidden: bot was kicked from the {kind} chat"
    await playground.member(chat, account, "left")
    assert await forbidden(bot, chat["id"]) == f"Forbidden: bot is not a member of the {kind} chat"


@pytest.mark.parametrize(
    ("keys", "says"),
    [
        (
            {"keyboard": [[{"text": "x", "request_managed_bot": {"request_id": 1}}]]},
            "managed bots can be requested in private chats only",
        ),
        (
            {"keyboard": [[{"text": "x", "web_app": {"url": "https://a.example"}}]]},
            "web App buttons can be used in private chats only",
        ),
        ({"inline_keyboard": [[{"text": "x", "web_app": {"url": "https://a.example"}}]]}, "BUTTON_TYPE_INVALID"),
    ],
)
async def test_buttons_for_private_chats(
    bot: CallingBot, account: BotAccount, alice: Person, playground: Playground, keys: Any, says: str
) -> None:
    chat = await playground.group("Team", alice, [account])
    assert await refused(bot, "sendMessage", chat_id=chat["id"], text="x", reply_markup=keys) == says


async def test_a_token_that_was_replaced_is_unauthorized(bot: CallingBot, playground: Playground) -> None:
    await playground.revoke(bot.id)
    with pytest.raises(Refused) as caught:
        await bot.getMe()
    assert (caught.value.code, caught.value.description) == (401, "Unauthorized")
