"""Keyboards under messages and below the input field: read, checked and written down as Telegram keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from playground import fields
from playground.entities.links import BadLink, check_link, mentioned_user
from playground.fields import FieldFault
from playground.parameters.objects import administrator_rights
from playground.parameters.reading import ParameterFault, Request

Json = dict[str, Any]

_ROW_LIMIT = 12
_KEY_LIMIT = 300
_BUTTON_LIMIT = 100  # of an inline keyboard; more is refused
_CALLBACK_BYTES = range(1, 65)
_COPIED = range(1, 257)
_STYLES = {"primary", "danger", "success"}
_FLAGS = ("is_persistent", "resize_keyboard", "one_time_keyboard", "selective")


def reply_markup(value: Any, request: Request) -> Json | None:
    """Any reply markup as Telegram keeps it; None if it holds nothing."""
    if not isinstance(value, Mapping):
        raise ParameterFault("Object expected as reply markup")
    try:
        keys = _rows(value, "keyboard", 'Field "keyboard" must be an Array of Arrays', _key, request)
        buttons = _rows(
            value,
            "inline_keyboard",
            'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
            _inline_button,
            request,
        )
        return _markup(value, keys, buttons)
    except FieldFault as exc:
        raise ParameterFault(str(exc)) from exc


def inline_keyboard(value: Any, request: Request) -> Json | None:
    """A markup where only an inline keyboard will do, as in edits."""
    markup = reply_markup(value, request)
    if markup is not None and "inline_keyboard" not in markup:
        raise ParameterFault("Inline keyboard expected")
    return markup


def _markup(value: Mapping[str, Any], keys: list[list[Json]], buttons: list[list[Json]]) -> Json | None:
    placeholder = fields.optional_string(value, "input_field_placeholder")
    asked = {"input_field_placeholder": placeholder} if placeholder else {}
    flags = {name: True for name in _FLAGS if fields.flag(value, name)}
    remove, force = fields.flag(value, "remove_keyboard"), fields.flag(value, "force_reply")
    selective = {"selective": True} if "selective" in flags else {}
    if keys:
        return {"keyboard": keys, **flags, **asked}
    if buttons:
        if sum(len(row) for row in buttons) > _BUTTON_LIMIT:
            raise ParameterFault("reply markup is too long")
        return {"inline_keyboard": buttons}
    if remove:
        return {"remove_keyboard": True, **selective}
    return {"force_reply": True, **asked, **selective} if force else None


def _rows(
    value: Mapping[str, Any], name: str, fault: str, read: Callable[[Any, Request], Json], request: Request
) -> list[list[Json]]:
    if value.get(name) is None:
        return []
    rows, count = [], 0
    for row in fields.array(value, name):
        if not isinstance(row, list):
            raise FieldFault(fault)
        kept = [_read_button(button, name, read, request) for button in row][: min(_ROW_LIMIT, _KEY_LIMIT - count)]
        count += len(kept)
        if kept:
            rows.append(kept)
    return rows


def _read_button(button: Any, name: str, read: Callable[[Any, Request], Json], request: Request) -> Json:
    kind = "keyboard button" if name == "keyboard" else "inline keyboard button"
    try:
        return read(button, request)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse {kind}: {exc}") from exc


def _face(button: Mapping[str, Any], kind: str) -> Json:
    """What a button looks like: its text, and style and icon if it has any."""
    text = fields.string(button, "text")
    icon = fields.optional_integer(button, "icon_custom_emoji_id", span=fields.INT64)
    style = fields.optional_string(button, "style").lower()
    if style not in {"", "default", *_STYLES}:
        raise FieldFault("invalid button style specified")
    if not text:
        raise ParameterFault(f"{kind} text must be non-empty")
    face: Json = {"text": text}
    if icon:
        face["icon_custom_emoji_id"] = str(icon)
    if style in _STYLES:
        face["style"] = style
    return face


# ── below the input field ───────────────────────────────────────────────────


def _key(button: Any, request: Request) -> Json:
    if isinstance(button, str):
        button = {"text": button}
    if not isinstance(button, Mapping):
        raise FieldFault("KeyboardButton must be a String or an Object")
    return {**_face(button, "Keyboard button"), **_key_action(button, request)}


def keyboard_button(value: Any, request: Request) -> Json:
    """A button on its own, as savePreparedKeyboardButton takes it."""
    try:
        return _key(value, request)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse keyboard button: {exc}") from exc


def _key_action(button: Mapping[str, Any], request: Request) -> Json:
    if fields.flag(button, "request_contact"):
        return {"request_contact": True}
    if fields.flag(button, "request_location"):
        return {"request_location": True}
    for name, read in _REQUESTS.items():
        if button.get(name) is not None:
            return {name: read(fields.nested(button, name))}
    if button.get("web_app") is not None:
        return {"web_app": {"url": _web_app(button, "Keyboard button", request)}}
    return {}


def _request_poll(asked: Mapping[str, Any]) -> Json:
    kind = fields.optional_string(asked, "type")
    return {"type": kind} if kind in {"quiz", "regular"} else {}


def _request_users(asked: Mapping[str, Any]) -> Json:
    return {
        "request_id": fields.integer(asked, "request_id"),
        **_given_flags(asked, ("user_is_bot", "user_is_premium")),
        "max_quantity": fields.optional_integer(asked, "max_quantity", 1),
        **_set_flags(asked, ("request_name", "request_username", "request_photo")),
    }


def _request_chat(asked: Mapping[str, Any]) -> Json:
    rights = ("user_administrator_rights", "bot_administrator_rights")
    return {
        "request_id": fields.integer(asked, "request_id"),
        "chat_is_channel": fields.flag(asked, "chat_is_channel"),
        **_given_flags(asked, ("chat_is_forum", "chat_has_username")),
        **_set_flags(asked, ("chat_is_created", "bot_is_member")),
        **{name: administrator_rights(asked[name]) for name in rights if asked.get(name) is not None},
        **_set_flags(asked, ("request_title", "request_username", "request_photo")),
    }


def _request_managed_bot(asked: Mapping[str, Any]) -> Json:
    wanted: Json = {"request_id": fields.integer(asked, "request_id")}
    for name in ("suggested_name", "suggested_username"):
        if suggestion := fields.optional_string(asked, name):
            wanted[name] = suggestion
    return wanted


def _given_flags(asked: Mapping[str, Any], names: tuple[str, ...]) -> Json:
    return {name: fields.flag(asked, name) for name in names if asked.get(name) is not None}


def _set_flags(asked: Mapping[str, Any], names: tuple[str, ...]) -> Json:
    return {name: True for name in names if fields.flag(asked, name)}


_REQUESTS: dict[str, Callable[[Mapping[str, Any]], Json]] = {
    "request_poll": _request_poll,
    "request_users": _request_users,
    "request_chat": _request_chat,
    "request_managed_bot": _request_managed_bot,
}


# ── under a message ─────────────────────────────────────────────────────────


def _inline_button(button: Any, request: Request) -> Json:
    if not isinstance(button, Mapping):
        raise FieldFault("InlineKeyboardButton must be an Object")
    face = _face(button, "Inline keyboard button")
    return {**face, **_inline_action(button, request)}


def _inline_action(button: Mapping[str, Any], request: Request) -> Json:
    if url := fields.optional_string(button, "url"):
        return {"url": url if mentioned_user(url) else _url(url, "Inline keyboard button")}
    if pressed := fields.optional_string(button, "callback_data"):
        if len(pressed.encode()) not in _CALLBACK_BYTES:
            raise ParameterFault("BUTTON_DATA_INVALID")
        return {"callback_data": pressed}
    for name, read in _INLINE.items():
        if button.get(name) is not None:
            return {name: read(button, request)}
    raise FieldFault("Text buttons are unallowed in the inline keyboard")


def _chosen_chat(button: Mapping[str, Any], _: Request) -> Json:
    chosen = fields.nested(button, "switch_inline_query_chosen_chat")
    kinds = ("allow_user_chats", "allow_bot_chats", "allow_group_chats", "allow_channel_chats")
    return {"query": fields.optional_string(chosen, "query"), **_set_flags(chosen, kinds)}


def _login(button: Mapping[str, Any], request: Request) -> Json:
    login = fields.nested(button, "login_url")
    url = fields.string(login, "url")
    if mentioned_user(url):
        raise ParameterFault("Link to a user can't be used in login URL buttons")
    checked = _url(url, "Inline keyboard button login", http_only=True, https_only=not request.plain_http_apps)
    username = fields.optional_string(login, "bot_username").removeprefix("@")
    if username and not username.replace("_", "").isalnum():
        raise FieldFault("LoginUrl bot username is invalid")
    return {"url": checked, **({"bot_username": username} if username else {})}


def _copied(button: Mapping[str, Any], _: Request) -> Json:
    text = fields.string(fields.nested(button, "copy_text"), "text")
    if len(text) not in _COPIED:
        raise ParameterFault("BUTTON_COPY_TEXT_INVALID")
    return {"text": text}


_INLINE: dict[str, Callable[[Mapping[str, Any], Request], Any]] = {
    "callback_game": lambda button, _: {},
    "pay": lambda button, _: True,
    "switch_inline_query": lambda button, _: fields.string(button, "switch_inline_query"),
    "switch_inline_query_chosen_chat": _chosen_chat,
    "switch_inline_query_current_chat": lambda button, _: fields.string(button, "switch_inline_query_current_chat"),
    "login_url": _login,
    "web_app": lambda button, request: {"url": _web_app(button, "Inline keyboard button", request)},
    "copy_text": _copied,
}


# ── addresses ───────────────────────────────────────────────────────────────


def _web_app(button: Mapping[str, Any], kind: str, request: Request) -> str:
    return web_app_url(fields.string(fields.nested(button, "web_app"), "url"), kind, request)


def web_app_url(url: str, kind: str, request: Request) -> str:
    """The address of a Mini App: HTTPS, unless the playground may open plain ones."""
    if mentioned_user(url):
        raise ParameterFault("Link to a user can't be used in Web App URL buttons")
    return _url(url, f"{kind} Web App", http_only=True, https_only=not request.plain_http_apps)


def _url(url: str, kind: str, *, http_only: bool = False, https_only: bool = False) -> str:
    try:
        return check_link(url, http_only=http_only, https_only=https_only)
    except BadLink as exc:
        raise ParameterFault(f"{kind} URL '{url}' is invalid: {exc}") from exc


def check_for_chat(markup: Mapping[str, Any] | None, chat_type: str) -> None:
    """Refuse what a keyboard may not hold in this type of chat."""
    if markup is None or chat_type == "private":
        return
    if chat_type == "channel" and "inline_keyboard" not in markup:
        raise ParameterFault("Inline keyboard expected")
    for button in (button for row in markup.get("keyboard", ()) for button in row):
        for name, what in _PRIVATE_ONLY.items():
            if name in button:
                raise ParameterFault(f"{what} in private chats only")
    if any("web_app" in button for row in markup.get("inline_keyboard", ()) for button in row):
        raise ParameterFault("BUTTON_TYPE_INVALID")


_PRIVATE_ONLY = {
    "request_contact": "Phone number can be requested",
    "request_location": "Location can be requested",
    "request_poll": "Poll can be requested",
    "request_users": "Users can be requested",
    "request_chat": "Chats can be requested",
    "request_managed_bot": "Managed bots can be requested",
    "web_app": "Web App buttons can be used",
}
