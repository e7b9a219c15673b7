"""The table of methods agrees with what two client libraries call, method by method and parameter by parameter."""

from __future__ import annotations

import inspect
from typing import Any

import aiogram.methods
import pytest
from aiogram.methods import TelegramMethod
from telegram import Bot

from playground.parameters import METHODS, canonical

NEWER_METHODS = {  # than Bot API 10.0
    "answerChatJoinRequestQuery",
    "deleteEphemeralMessage",
    "editEphemeralMessageCaption",
    "editEphemeralMessageMedia",
    "editEphemeralMessageReplyMarkup",
    "editEphemeralMessageText",
    "sendChatJoinRequestWebApp",
    "sendRichMessage",
    "sendRichMessageDraft",
}
NEWER_PARAMETERS = {
    "rich_message",
    "ephemeral_message_parameters",
    "receiver_user_id",
    "callback_query_id",  # of the send methods
    "can_stop",
    "keep_on_stop",
    "can_send_welcome_messages",
}
FORGOTTEN = {  # no longer documented
    "answerInlineQuery": {"switch_pm_text", "switch_pm_parameter"},
    "createNewStickerSet": {"sticker_format"},
    "getBusinessAccountGifts": {"exclude_limited"},
}
OPTIONAL_SINCE = {("editMessageText", "text")}  # since rich messages

PTB_CONVENIENCE = {
    "api_kwargs",
    "read_timeout",
    "write_timeout",
    "connect_timeout",
    "pool_timeout",
    "filename",
    "location",
    "venue",
    "contact",
    "current_offset",
    "reply_to_message_id",
    "allow_sending_without_reply",
    "disable_web_page_preview",
}
PTB_ALBUM_CAPTION = {"caption", "caption_entities", "parse_mode"}
PTB_OF_AN_OBJECT = {  # required by Telegram, but PTB also takes them inside one object
    "sendLocation": {"latitude", "longitude"},
    "editMessageLiveLocation": {"latitude", "longitude"},
    "sendVenue": {"latitude", "longitude", "title", "address"},
    "sendContact": {"phone_number", "first_name"},
}


def _aiogram() -> dict[str, dict[str, bool]]:
    """Every method aiogram knows: its parameters, and whether each must be given."""
    known: dict[str, dict[str, bool]] = {}
    for name in aiogram.methods.__all__:
        method = getattr(aiogram.methods, name)
        if inspect.isclass(method) and issubclass(method, TelegramMethod) and method is not TelegramMethod:
            known[method.__api_method__] = {
                field.alias or name: field.is_required() for name, field in method.model_fields.items()
            }
    return known


def _ptb() -> dict[str, dict[str, bool]]:
    """The same of python-telegram-bot, without what it adds for convenience."""
    known: dict[str, dict[str, bool]] = {}
    for name, method in inspect.getmembers(Bot, inspect.isfunction):
        if name.startswith("_") or name in {"do_api_request", "to_dict", "initialize", "shutdown"}:
            continue
        called = "".join(word if not index else word.capitalize() for index, word in enumerate(name.split("_")))
        documented = canonical(called)
        if documented is None or ("_" not in name and name != "close"):
            continue
        known[documented] = {
            parameter: given.default is inspect.Parameter.empty
            for parameter, given in inspect.signature(method).parameters.items()
            if parameter not in {"self", *PTB_CONVENIENCE}
            and not (documented == "sendMediaGroup" and parameter in PTB_ALBUM_CAPTION)
        }
    return known


AIOGRAM = _aiogram()
PTB = _ptb()


def _table(method: str) -> dict[str, bool]:
    return {name: parameter.required for name, parameter in METHODS[method].items()}


def test_every_method_of_ten_zero_is_known_and_no_other() -> None:
    assert set(METHODS) == set(AIOGRAM) - NEWER_METHODS
    assert set(METHODS) == set(PTB)


def test_the_newer_methods_are_really_there() -> None:
    assert set(AIOGRAM) >= NEWER_METHODS


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_parameters_are_those_of_aiogram(method: str) -> None:
    newer = NEWER_PARAMETERS if method != "answerCallbackQuery" else set()
    theirs = {name: must for name, must in AIOGRAM[method].items() if name not in newer | FORGOTTEN.get(method, set())}
    for name in theirs:
        theirs[name] = theirs[name] or (method, name) in OPTIONAL_SINCE
    assert _table(method) == theirs


@pytest.mark.parametrize("method", sorted(METHODS))
def test_the_parameters_are_those_of_python_telegram_bot(method: str) -> None:
    ours: dict[str, Any] = {
        name: must and name not in PTB_OF_AN_OBJECT.get(method, set()) for name, must in _table(method).items()
    }
    assert {name: must for name, must in ours.items() if name not in PTB_CONVENIENCE} == PTB[method]


def test_names_of_methods_may_be_spelled_in_any_case() -> None:
    assert canonical("SENDMESSAGE") == canonical("sendmessage") == "sendMessage"
    assert canonical("sendRichMessage") is None
