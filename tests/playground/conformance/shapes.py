"""Is this JSON what the Bot API documents?  Two libraries judge: one knows the fields of 10.0, the other the types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import aiogram.types
import telegram
from telegram import TelegramObject

RESULTS: dict[str, type[TelegramObject]] = {
    "getMe": telegram.User,
    "getWebhookInfo": telegram.WebhookInfo,
    "getFile": telegram.File,
    "getUserProfilePhotos": telegram.UserProfilePhotos,
    "getChat": telegram.ChatFullInfo,
    "getChatMember": telegram.ChatMember,
    "getChatAdministrators": telegram.ChatMember,
    "getMyCommands": telegram.BotCommand,
    "getMyName": telegram.BotName,
    "getMyDescription": telegram.BotDescription,
    "getMyShortDescription": telegram.BotShortDescription,
    "getChatMenuButton": telegram.MenuButton,
    "getManagedBotAccessSettings": telegram.BotAccessSettings,
    "savePreparedKeyboardButton": telegram.PreparedKeyboardButton,
    "answerWebAppQuery": telegram.SentWebAppMessage,
    "copyMessage": telegram.MessageId,
    "copyMessages": telegram.MessageId,
    "forwardMessages": telegram.MessageId,
    "stopPoll": telegram.Poll,
    "getUpdates": telegram.Update,
}
STILL_SENT = {  # by Telegram's server, though the documentation has long dropped them
    "forward_from",
    "forward_from_chat",
    "forward_from_message_id",
    "forward_date",
    "new_chat_member",
    "new_chat_participant",
    "left_chat_participant",
    "thumb",
    "all_members_are_administrators",
    "can_send_gift",
    "can_send_media_messages",
    "user_shared",
    "user_ids",
}
NEWER = {"can_send_welcome_messages"}  # of Bot API 10.3, and required by clients that speak it
UNIONS = {"ChatMember", "MenuButton"}  # one of several types, told apart by a field
MESSAGES = ("send", "edit", "forwardMessage")
PLAIN = {"sendChatAction", "sendMessageDraft"}


def unknown(method: str, result: Any) -> list[str]:
    """The fields of a result that Bot API 10.0 does not have; raises where one it must have is missing."""
    kind = RESULTS.get(method)
    if kind is None and method.startswith(MESSAGES) and method not in PLAIN:
        kind = telegram.Message
    if kind is None:
        assert isinstance(result, bool | int | str), (method, result)
        return []
    values = result if isinstance(result, list) else [result]
    return [name for value in values for name in unknown_in(kind, value)]


def unknown_in(kind: type[TelegramObject], value: dict[str, Any]) -> list[str]:
    parsed = kind.de_json(value, None)
    if kind.__name__ not in UNIONS:
        getattr(aiogram.types, kind.__name__).model_validate(value)
    return [*_leftover(parsed, kind.__name__)]


def _leftover(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, TelegramObject):
        for name in value.api_kwargs.keys() - STILL_SENT - NEWER:
            yield f"{path}.{name}"
        for slot in {name for base in type(value).__mro__ for name in getattr(base, "__slots__", ())}:
            if not slot.startswith("_") and slot not in {"api_kwargs"}:
                yield from _leftover(getattr(value, slot, None), f"{path}.{slot}")
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leftover(item, path)
