"""Keyboards are checked as Telegram checks them: what is refused, in which words, and what is kept."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.parameters import ParameterFault, check, check_for_chat

BUTTON = {"text": "Yes", "callback_data": "y"}


def refused(method: str, raw: dict[str, Any], **more: Any) -> str:
    with pytest.raises(ParameterFault) as caught:
        check(method, raw, **more)
    return caught.value.description.removeprefix("Bad Request: ")


def markup(value: Any, **more: Any) -> Any:
    return check("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": json.dumps(value)}, **more).get(
        "reply_markup"
    )


def refused_markup(value: Any) -> str:
    return refused("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": json.dumps(value)})


@pytest.mark.parametrize(
    ("given", "says"),
    [
        pytest.param([], "object expected as reply markup", id="no object"),
        pytest.param(
            {"inline_keyboard": [BUTTON]},
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
            id="one level",
        ),
        pytest.param({"keyboard": ["x"]}, 'field "keyboard" must be an Array of Arrays', id="one level of keys"),
        pytest.param({"inline_keyboard": {}}, 'field "inline_keyboard" must be of type Array', id="no list"),
        pytest.param(
            {"inline_keyboard": [["x"]]},
            "can't parse inline keyboard button: InlineKeyboardButton must be an Object",
            id="text button",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x"}]]},
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
            id="no action",
        ),
        pytest.param(
            {"inline_keyboard": [[{"callback_data": "x"}]]},
            "can't parse inline keyboard button: Can't find field \"text\"",
            id="no text",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "", "callback_data": "x"}]]},
            "inline keyboard button text must be non-empty",
            id="empty text",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]}, "BUTTON_DATA_INVALID", id="66 bytes"
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "url": "nowhere"}]]},
            "inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL",
            id="bad address",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "web_app": {"url": "http://a.example"}}]]},
            "inline keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
            id="plain http app",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "web_app": {"url": "https://localhost/"}}]]},
            "inline keyboard button Web App URL 'https://localhost/' is invalid: Wrong HTTP URL",
            id="host without a dot",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "style": "pink", "callback_data": "x"}]]},
            "can't parse inline keyboard button: invalid button style specified",
            id="style",
        ),
        pytest.param({"inline_keyboard": [[BUTTON] * 8] * 13}, "reply markup is too long", id="104 buttons"),
        pytest.param(
            {"keyboard": [[1]]},
            "can't parse keyboard button: KeyboardButton must be a String or an Object",
            id="number as key",
        ),
        pytest.param(
            {"keyboard": [[{"text": "x", "web_app": {"url": "http://a.example"}}]]},
            "keyboard button Web App URL 'http://a.example' is invalid: Only HTTPS links are allowed",
            id="key with plain http app",
        ),
        pytest.param(
            {"keyboard": [[{"text": "x", "request_managed_bot": {}}]]},
            "can't parse keyboard button: Can't find field \"request_id\"",
            id="managed bot without id",
        ),
        pytest.param(
            {"keyboard": [[{"text": "x", "request_contact": "yes"}]]},
            'can\'t parse keyboard button: Field "request_contact" must be of type Boolean',
            id="no truth value",
        ),
    ],
)
def test_bad_keyboards_are_refused_in_telegrams_words(given: Any, says: str) -> None:
    assert refused_markup(given) == says


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        pytest.param({"inline_keyboard": [[BUTTON], []]}, {"inline_keyboard": [[BUTTON]]}, id="empty rows are dropped"),
        pytest.param({"inline_keyboard": []}, None, id="an empty keyboard is none"),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "url": "HTTP://A.example"}]]},
            {"inline_keyboard": [[{"text": "x", "url": "http://a.example/"}]]},
            id="address spelled",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "url": "tg://user?id=5"}]]},
            {"inline_keyboard": [[{"text": "x", "url": "tg://user?id=5"}]]},
            id="link to a user",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "copy_text": {"text": "y"}}]]},
            {"inline_keyboard": [[{"text": "x", "copy_text": {"text": "y"}}]]},
            id="copied text",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "switch_inline_query": ""}]]},
            {"inline_keyboard": [[{"text": "x", "switch_inline_query": ""}]]},
            id="inline switch",
        ),
        pytest.param(
            {"keyboard": [["a", {"text": "b", "request_contact": True}]], "resize_keyboard": True},
            {"keyboard": [[{"text": "a"}, {"text": "b", "request_contact": True}]], "resize_keyboard": True},
            id="keys",
        ),
        pytest.param(
            {"keyboard": [[{"text": "x", "request_managed_bot": {"request_id": 7, "suggested_name": "Ann"}}]]},
            {"keyboard": [[{"text": "x", "request_managed_bot": {"request_id": 7, "suggested_name": "Ann"}}]]},
            id="managed bot",
        ),
        pytest.param({"remove_keyboard": True}, {"remove_keyboard": True}, id="removal"),
        pytest.param(
            {"force_reply": True, "input_field_placeholder": "…"},
            {"force_reply": True, "input_field_placeholder": "…"},
            id="forced reply",
        ),
        pytest.param({}, None, id="nothing"),
    ],
)
def test_keyboards_are_kept_as_telegram_keeps_them(given: Any, kept: Any) -> None:
    assert markup(given) == kept


def test_plain_http_apps_are_allowed_only_by_the_flag() -> None:
    app = {"inline_keyboard": [[{"text": "x", "web_app": {"url": "http://bot.localhost:8080/app/"}}]]}
    assert markup(app, plain_http_apps=True) == app
    assert "Only HTTPS" in refused_markup(app)


@pytest.mark.parametrize(
    ("given", "chat", "says"),
    [
        pytest.param(
            {"keyboard": [[{"text": "x", "request_managed_bot": {"request_id": 1}}]]},
            "supergroup",
            "managed bots can be requested in private chats only",
            id="managed",
        ),
        pytest.param(
            {"keyboard": [[{"text": "x", "web_app": {"url": "https://a.example/"}}]]},
            "group",
            "web App buttons can be used in private chats only",
            id="app",
        ),
        pytest.param(
            {"inline_keyboard": [[{"text": "x", "web_app": {"url": "https://a.example/"}}]]},
            "group",
            "BUTTON_TYPE_INVALID",
            id="inline app",
        ),
        pytest.param({"keyboard": [[{"text": "x"}]]}, "channel", "inline keyboard expected", id="channel"),
    ],
)
def test_some_keyboards_are_for_private_chats_only(given: Any, chat: str, says: str) -> None:
    kept = markup(given)
    check_for_chat(kept, "private")
    with pytest.raises(ParameterFault) as caught:
        check_for_chat(kept, chat)
    assert caught.value.description == f"Bad Request: {says}"
