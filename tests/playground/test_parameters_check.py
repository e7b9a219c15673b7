"""Parameters become typed values, and what Telegram would refuse is refused in its words."""

from __future__ import annotations

import json
from typing import Any

import pytest

from playground.parameters import ParameterFault, Upload, check

FILE = Upload(filename="a.txt", content_type="text/plain", content=b"hello")
BUTTON = {"text": "Yes", "callback_data": "y"}


def refused(method: str, raw: dict[str, Any], **more: Any) -> str:
    with pytest.raises(ParameterFault) as caught:
        check(method, raw, **more)
    return caught.value.description.removeprefix("Bad Request: ")


def markup(value: Any, **more: Any) -> Any:
    return check("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": json.dumps(value)}, **more).get(
        "reply_markup"
    )


@pytest.mark.parametrize(
    ("method", "raw", "values"),
    [
        pytest.param("getMe", {"unknown": "1"}, {}, id="unknown names are ignored"),
        pytest.param("getUpdates", {"limit": "500", "timeout": "999"}, {"limit": 100, "timeout": 50}, id="clamped"),
        pytest.param("getUpdates", {"offset": "-3"}, {"offset": -3}, id="negative offset"),
        pytest.param("getUpdates", {"offset": "x"}, {"offset": 0}, id="no number is nought"),
        pytest.param("getUpdates", {"allowed_updates": '["Message"]'}, {"allowed_updates": ["message"]}, id="names"),
        pytest.param("getUpdates", {"allowed_updates": "[]"}, {"allowed_updates": []}, id="empty list of names"),
        pytest.param("getUpdates", {"allowed_updates": "{"}, {}, id="names that are no list count as not given"),
        pytest.param("getChat", {"chat_id": "@Name"}, {"chat_id": "@Name"}, id="chat by name"),
        pytest.param("getChat", {"chat_id": -100123}, {"chat_id": -100123}, id="chat by number from JSON"),
        pytest.param("deleteMessage", {"chat_id": "1"}, {"chat_id": 1, "message_id": 0}, id="the method tells"),
        pytest.param(
            "deleteMessages",
            {"chat_id": "1", "message_ids": '[1,"2"]'},
            {"chat_id": 1, "message_ids": [1, 2]},
            id="ids",
        ),
        pytest.param("setWebhook", {}, {"url": ""}, id="no address removes the webhook"),
        pytest.param("setMyCommands", {}, {"commands": []}, id="no commands remove them"),
        pytest.param(
            "sendMessage",
            {"chat_id": "1", "text": "x", "disable_notification": "True", "protect_content": True, "parse_mode": ""},
            {"chat_id": 1, "text": "x", "disable_notification": True, "protect_content": True},
            id="truth from a form and from JSON",
        ),
        pytest.param(
            "sendMessage",
            {"chat_id": "1", "text": "x", "disable_web_page_preview": "yes", "reply_to_message_id": "7"},
            {
                "chat_id": 1,
                "text": "x",
                "link_preview_options": {"is_disabled": True},
                "reply_parameters": {"message_id": 7},
            },
            id="old spellings",
        ),
        pytest.param(
            "sendMessage",
            {"chat_id": "1", "text": "x", "reply_parameters": '{"message_id":"7","allow_sending_without_reply":true}'},
            {"chat_id": 1, "text": "x", "reply_parameters": {"message_id": 7, "allow_sending_without_reply": True}},
            id="reply parameters",
        ),
        pytest.param(
            "sendLocation",
            {"chat_id": 1, "latitude": "52.5", "longitude": 13},
            {"chat_id": 1, "latitude": 52.5, "longitude": 13.0},
            id="floats",
        ),
    ],
)
def test_parameters_become_typed_values(method: str, raw: dict[str, Any], values: dict[str, Any]) -> None:
    assert check(method, raw) == values


@pytest.mark.parametrize(
    ("method", "raw", "says"),
    [
        pytest.param("sendMessage", {"text": "x"}, "chat_id is empty", id="no chat"),
        pytest.param("sendMessage", {"chat_id": "1"}, "message text is empty", id="no text"),
        pytest.param("sendPhoto", {"chat_id": "1"}, "there is no photo in the request", id="no photo"),
        pytest.param("sendVideoNote", {"chat_id": "1"}, "there is no video note in the request", id="no video note"),
        pytest.param("sendChatAction", {"chat_id": "1"}, "wrong parameter action in request", id="no action"),
        pytest.param("sendLocation", {"chat_id": "1"}, "latitude is empty", id="no latitude"),
        pytest.param("sendContact", {"chat_id": "1"}, 'parameter "phone_number" is required', id="no telephone number"),
        pytest.param("getFile", {}, "file_id not specified", id="no file"),
        pytest.param("getChatMember", {"chat_id": "1"}, "invalid user_id specified", id="no user"),
        pytest.param("getChatMember", {"chat_id": "1", "user_id": "-4"}, "invalid user_id specified", id="bad user"),
        pytest.param("editMessageText", {"text": "x"}, "message identifier is not specified", id="edit of nothing"),
        pytest.param("forwardMessage", {"chat_id": "1"}, 'parameter "from_chat_id" is required', id="no source"),
        pytest.param("deleteMessages", {"chat_id": "1"}, "message identifiers are not specified", id="no ids"),
        pytest.param(
            "deleteMessages",
            {"chat_id": "1", "message_ids": "5"},
            "expected an Array of message identifiers",
            id="no list",
        ),
        pytest.param(
            "deleteMessages", {"chat_id": "1", "message_ids": "[0]"}, "invalid message identifier specified", id="id 0"
        ),
        pytest.param(
            "deleteMessages",
            {"chat_id": "1", "message_ids": json.dumps([*range(1, 102)])},
            "too many message identifiers specified",
            id="101 ids",
        ),
        pytest.param("answerCallbackQuery", {"text": "x" * 201}, "MESSAGE_TOO_LONG", id="long notice"),
        pytest.param("setMyCommands", {"commands": "{}"}, "expected an Array of BotCommand", id="commands no list"),
        pytest.param("setMyCommands", {"commands": "["}, "can't parse commands JSON object", id="commands no JSON"),
        pytest.param(
            "setMyCommands",
            {"commands": '[{"command":"a"}]'},
            "can't parse BotCommand: Can't find field \"description\"",
            id="no description",
        ),
        pytest.param(
            "setMyCommands",
            {"commands": '[{"command":"A B","description":"x"}]'},
            "BOT_COMMAND_INVALID",
            id="bad command",
        ),
        pytest.param(
            "setMyCommands",
            {"commands": '[{"command":"a","description":""}]'},
            "BOT_COMMAND_DESCRIPTION_INVALID",
            id="empty description",
        ),
        pytest.param(
            "setMyCommands",
            {"scope": '{"type":"x"}'},
            "can't parse BotCommandScope: Unsupported type specified",
            id="bad scope",
        ),
        pytest.param(
            "setMyCommands",
            {"scope": '{"type":"chat"}'},
            "can't parse BotCommandScope: Can't find field \"chat_id\"",
            id="scope without chat",
        ),
        pytest.param(
            "setChatMenuButton",
            {"menu_button": '{"type":"x"}'},
            "can't parse menu button: MenuButton has unsupported type",
            id="bad menu button",
        ),
        pytest.param(
            "setChatMenuButton",
            {"menu_button": '{"type":"web_app","text":"App","web_app":{"url":"http://a.example/x"}}'},
            "menu button Web App URL 'http://a.example/x' is invalid: Only HTTPS links are allowed",
            id="plain http",
        ),
        pytest.param(
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_parameters": "{"},
            "can't parse reply parameters JSON object",
            id="bad reply",
        ),
        pytest.param(
            "sendMessage",
            {"chat_id": 1, "text": "x", "reply_parameters": '{"a":1}'},
            'can\'t find field "message_id"',
            id="reply to nothing",
        ),
        pytest.param(
            "sendMessage",
            {"chat_id": 1, "text": "x", "link_preview_options": "[]"},
            "object expected as link preview options",
            id="bad preview",
        ),
        pytest.param(
            "setMessageReaction",
            {"chat_id": 1, "message_id": 1, "reaction": '[{"type":"x"}]'},
            "can't parse ReactionType: invalid reaction type specified",
            id="bad reaction",
        ),
        pytest.param("sendPoll", {"chat_id": 1, "question": "q"}, "can't parse options JSON object", id="no options"),
        pytest.param(
            "sendPoll",
            {"chat_id": 1, "question": "q", "options": '[""]'},
            "poll option must be non-empty",
            id="empty option",
        ),
        pytest.param(
            "sendMediaGroup",
            {"chat_id": 1, "media": '[{"type":"photo"}]'},
            "can't parse InputMedia: media not found",
            id="album without file",
        ),
        pytest.param(
            "sendMediaGroup",
            {"chat_id": 1, "media": '[{"type":"animation","media":"id"}]'},
            "can't parse InputMedia: type \"animation\" can't be used in sendMediaGroup",
            id="animation in album",
        ),
        pytest.param(
            "editMessageMedia",
            {"chat_id": 1, "message_id": 1, "media": '{"type":"x","media":"id"}'},
            'can\'t parse InputMedia: type "x" is unsupported',
            id="unknown medium",
        ),
        pytest.param("answerWebAppQuery", {"web_app_query_id": "q"}, "result isn't specified", id="no result"),
        pytest.param(
            "answerInlineQuery",
            {"inline_query_id": "1", "results": '[{"type":"article","id":"1","title":"t"}]'},
            "can't parse inline query result: Can't find field \"message_text\"",
            id="article of nothing",
        ),
        pytest.param(
            "answerInlineQuery",
            {"inline_query_id": "1", "results": '[{"type":"x","id":"1"}]'},
            'can\'t parse inline query result: type "x" is unsupported for the inline query result',
            id="unknown result",
        ),
        pytest.param(
            "answerInlineQuery",
            {"inline_query_id": "1", "results": json.dumps([{}] * 51)},
            "too many inline query results specified",
            id="51 results",
        ),
    ],
)
def test_bad_parameters_are_refused_in_telegrams_words(method: str, raw: dict[str, Any], says: str) -> None:
    assert refused(method, raw) == says


def test_a_file_comes_under_its_parameter_by_attachment_or_by_name() -> None:
    assert check("sendDocument", {"chat_id": 1}, {"document": FILE})["document"] is FILE
    assert check("sendDocument", {"chat_id": 1, "document": "attach://f"}, {"f": FILE})["document"] is FILE
    assert check("sendDocument", {"chat_id": 1, "document": "AgAC"})["document"] == "AgAC"
    assert refused("sendDocument", {"chat_id": 1, "document": "attach://g"}, uploads={"f": FILE}) == (
        "there is no document in the request"
    )


def test_a_thumbnail_must_be_a_new_file() -> None:
    assert "thumbnail" not in check("sendDocument", {"chat_id": 1, "document": "id", "thumbnail": "id"})
    assert check("sendDocument", {"chat_id": 1, "document": "id"}, {"thumbnail": FILE})["thumbnail"] is FILE


def test_an_album_finds_its_files_and_parses_its_captions() -> None:
    media = [
        {"type": "photo", "media": "attach://a", "caption": "<b>one</b>", "parse_mode": "HTML"},
        {"type": "video", "media": "id", "width": 99999},
    ]
    album = check("sendMediaGroup", {"chat_id": 1, "media": json.dumps(media)}, {"a": FILE})["media"]
    assert album == [
        {
            "type": "photo",
            "media": FILE,
            "caption": "one",
            "caption_entities": [{"type": "bold", "offset": 0, "length": 3}],
        },
        {"type": "video", "media": "id", "width": 10000},
    ]


def test_nested_values_may_come_as_json_or_as_text_of_it() -> None:
    keyboard = {"inline_keyboard": [[BUTTON]]}
    assert check("sendMessage", {"chat_id": 1, "text": "x", "reply_markup": keyboard})["reply_markup"] == keyboard
    assert markup(keyboard) == keyboard


def test_permissions_that_are_not_named_follow_those_that_are() -> None:
    given = check("setChatPermissions", {"chat_id": -1, "permissions": '{"can_send_messages":true}'})["permissions"]
    assert given["can_send_messages"]
    assert given["can_react_to_messages"]
    assert not given["can_pin_messages"]
    assert not given["can_manage_topics"]
