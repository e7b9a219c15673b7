"""One call's parameters from text to typed values, or the error Telegram would answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playground.parameters import inline, keyboards, media, menu_button, objects
from playground.parameters.kinds import SIMPLE
from playground.parameters.missing import missing
from playground.parameters.reading import ParameterFault, Request, Upload
from playground.parameters.table import METHODS, Parameter, canonical

Reader = Callable[[Any, Request], Any]

_JSON: dict[str, tuple[Reader, str]] = {
    "ReplyMarkup": (keyboards.reply_markup, "Can't parse reply keyboard markup JSON object"),
    "InlineKeyboardMarkup": (keyboards.inline_keyboard, "Can't parse reply keyboard markup JSON object"),
    "KeyboardButton": (keyboards.keyboard_button, "Can't parse keyboard button JSON object"),
    "LinkPreviewOptions": (objects.link_preview, "Can't parse link preview options JSON object"),
    "ReplyParameters": (objects.reply_parameters, "Can't parse reply parameters JSON object"),
    "MessageEntity[]": (objects.entities, ""),
    "BotCommand[]": (objects.bot_commands, "Can't parse commands JSON object"),
    "BotCommandScope": (objects.command_scope, "Can't parse BotCommandScope JSON object"),
    "MenuButton": (menu_button.menu_button, "Can't parse menu button JSON object"),
    "ChatAdministratorRights": (objects.rights, "Can't parse ChatAdministratorRights JSON object"),
    "ChatPermissions": (objects.permissions, "Can't parse permissions JSON object"),
    "ReactionType[]": (objects.reactions, "Can't parse reaction types JSON object"),
    "InputMedia": (media.input_media, "Can't parse input media JSON object"),
    "InputMedia[]": (media.input_album, "Can't parse media JSON object"),
    "InputPollMedia": (media.poll_media, "Can't parse InputPollMedia JSON object"),
    "InputPollOption[]": (objects.poll_options, "Can't parse options JSON object"),
    "InlineQueryResult": (inline.result, "Can't parse JSON encoded web view query results"),
    "InlineQueryResult[]": (inline.results, "Can't parse JSON encoded inline query results"),
    "InlineQueryResultsButton": (inline.results_button, "Can't parse inline query results button JSON object"),
}


def check(
    method: str,
    raw: Mapping[str, Any],
    uploads: Mapping[str, Upload] | None = None,
    *,
    plain_http_apps: bool = False,
) -> dict[str, Any]:
    """The typed values of a call; parameters that are missing or say nothing are left out."""
    name = canonical(method)
    if name is None:
        raise KeyError(method)
    request = Request(method=name, raw=_modern(raw), uploads=uploads or {}, plain_http_apps=plain_http_apps)
    values: dict[str, Any] = {}
    for parameter_name, parameter in METHODS[name].items():
        value = _value(request, parameter_name, parameter)
        if value is None and parameter.required:
            value = missing(request, parameter_name)
        if value is not None:
            values[parameter_name] = value
    return _addressed(request, values)


def _value(request: Request, name: str, parameter: Parameter) -> Any:
    given = request.raw.get(name)
    if parameter.kind in {"file", "upload"}:
        return SIMPLE[parameter.kind](request, name, parameter)
    if given is None or given == "":
        return None
    if parameter.kind in SIMPLE:
        return SIMPLE[parameter.kind](request, name, parameter)
    read, fault = _JSON.get(parameter.kind, _plain(parameter.kind))
    try:
        value = request.json(name, fault)
    except ParameterFault:
        if not fault:
            return None  # entities that are no JSON count as none
        raise
    return read(value, request)


def _plain(kind: str) -> tuple[Reader, str]:
    """Objects of methods that go no further here: any object or list will do."""
    return (objects.an_array if kind.endswith("[]") else objects.an_object), f"Can't parse {kind} JSON object"


def _modern(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters by their names of today: older spellings are still understood."""
    modern = {name: value for name, value in raw.items() if value is not None}
    for old, new in (("thumb", "thumbnail"), ("correct_option_id", "correct_option_ids")):
        if old in modern and new not in modern:
            modern[new] = [modern[old]] if new.endswith("ids") else modern[old]
    if "reply_parameters" not in modern and modern.get("reply_to_message_id"):
        request = Request(method="", raw=modern)
        reply = SIMPLE["message"](request, "reply_to_message_id", _ANY)
        if reply:
            relaxed = SIMPLE["bool"](request, "allow_sending_without_reply", _ANY)
            modern["reply_parameters"] = {"message_id": reply, "allow_sending_without_reply": relaxed}
    if "link_preview_options" not in modern and "disable_web_page_preview" in modern:
        request = Request(method="", raw=modern)
        if SIMPLE["bool"](request, "disable_web_page_preview", _ANY):
            modern["link_preview_options"] = {"is_disabled": True}
    return modern


_ANY = Parameter(kind="text", required=False, low=None, high=None)
_OLD = ("reply_to_message_id", "allow_sending_without_reply", "disable_web_page_preview", "correct_option_id")


def _addressed(request: Request, values: dict[str, Any]) -> dict[str, Any]:
    """Without old spellings; an edit must name a message of a chat or an inline message."""
    for name in _OLD:
        values.pop(name, None)
    if "inline_message_id" in METHODS[request.method] and not values.get("message_id"):
        no_chat = values.get("chat_id", "") == ""
        if no_chat and not values.get("inline_message_id"):
            missing(request, "inline_message_id")
    return values
