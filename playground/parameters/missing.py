"""What Telegram says when a parameter that must be there is not."""

from __future__ import annotations

from typing import Any

from playground.parameters.reading import ParameterFault, Request

_SAYS = {
    "chat_id": "chat_id is empty",
    "user_id": "Invalid user_id specified",
    "file_id": "file_id not specified",
    "inline_message_id": "Message identifier is not specified",
    "message_ids": "Message identifiers are not specified",
    "user_ids": "User identifiers are not specified",
    "latitude": "latitude is empty",
    "longitude": "longitude is empty",
    "action": "Wrong parameter action in request",
    "text": "Message text is empty",
    "question": "Text must be non-empty",
    "options": "Can't parse options JSON object",
    "result": "Result isn't specified",
    "permissions": "Can't parse permissions JSON object",
    "accepted_gift_types": "Accepted gift types aren't specified",
}
_MEDIA = {
    "sendAnimation": ("animation", "animation"),
    "sendAudio": ("audio", "audio"),
    "sendDocument": ("document", "document"),
    "sendPhoto": ("photo", "photo"),
    "sendLivePhoto": ("live_photo", "live photo"),
    "sendSticker": ("sticker", "sticker"),
    "sendVideo": ("video", "video"),
    "sendVideoNote": ("video_note", "video note"),
    "sendVoice": ("voice", "voice"),
}
_LEFT_EMPTY: dict[tuple[str, str], Any] = {
    ("setWebhook", "url"): "",  # removes it
    ("setMyCommands", "commands"): [],  # removes them
    ("answerInlineQuery", "results"): [],
    ("answerCallbackQuery", "callback_query_id"): "",  # too old, says the method itself
    ("answerInlineQuery", "inline_query_id"): "",
    ("answerWebAppQuery", "web_app_query_id"): "",
    ("sendVenue", "title"): "",
    ("sendVenue", "address"): "",
    ("sendMessageDraft", "draft_id"): 0,
    ("setManagedBotAccessSettings", "is_access_restricted"): False,
}


def missing(request: Request, name: str) -> Any:
    """The value that stands for a missing parameter; raises where there is none."""
    if (request.method, name) in _LEFT_EMPTY:
        return _LEFT_EMPTY[request.method, name]
    if name == "message_id":
        return 0  # the method says which message it did not find
    field, spoken = _MEDIA.get(request.method, ("", ""))
    if name == field or (request.method == "sendLivePhoto" and name == "photo"):
        raise ParameterFault(f"There is no {spoken if name == field else 'photo'} in the request")
    if (request.method, name) == ("setChatTitle", "title"):
        raise ParameterFault("Title must be non-empty")
    raise ParameterFault(_SAYS.get(name, f'Parameter "{name}" is required'))
