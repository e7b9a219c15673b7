"""Smaller objects in parameters: previews, replies, commands and their scopes, rights, reactions, polls' options."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground import fields
from playground.entities import ParseFault, formatted
from playground.fields import FieldFault
from playground.parameters.reading import ParameterFault, Request

Json = dict[str, Any]

_SCOPES = {"default", "all_private_chats", "all_group_chats", "all_chat_administrators"}
_CHAT_SCOPES = {"chat", "chat_administrators", "chat_member"}
_RIGHTS = [
    "can_manage_chat",
    "can_change_info",
    "can_post_messages",
    "can_edit_messages",
    "can_delete_messages",
    "can_invite_users",
    "can_restrict_members",
    "can_pin_messages",
    "can_manage_topics",
    "can_promote_members",
    "can_manage_video_chats",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_manage_direct_messages",
    "can_manage_tags",
    "is_anonymous",
]
_PERMISSIONS = [
    "can_send_messages",
    "can_send_audios",
    "can_send_documents",
    "can_send_photos",
    "can_send_videos",
    "can_send_video_notes",
    "can_send_voice_notes",
    "can_send_polls",
    "can_send_other_messages",
    "can_add_web_page_previews",
    "can_react_to_messages",
    "can_edit_tag",
    "can_change_info",
    "can_invite_users",
    "can_pin_messages",
    "can_manage_topics",
]
_COMMANDS_LIMIT = 100


def link_preview(value: Any, _: Request) -> Json:
    found = _object(value, "Object expected as link preview options")
    options = {
        name: True
        for name in ("is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text")
        if _read(fields.flag, found, name)
    }
    url = _read(fields.optional_string, found, "url")
    return {**options, **({"url": url} if url else {})}


def reply_parameters(value: Any, _: Request) -> Json | None:
    found = _object(value, "Object expected as reply parameters")
    if not found:
        return None
    chat = _read(fields.optional_string, found, "chat_id")
    reply: Json = {"message_id": max(_read(fields.integer, found, "message_id"), 0)}
    if chat:
        reply["chat_id"] = int(chat) if chat.lstrip("-").isdigit() else chat
    if _read(fields.flag, found, "allow_sending_without_reply"):
        reply["allow_sending_without_reply"] = True
    if quote := _read(fields.optional_string, found, "quote"):
        mode = _read(fields.optional_string, found, "quote_parse_mode")
        text, entities = formatted(quote, parse_mode=mode, entities=_list(found, "quote_entities"))
        reply |= {"quote": text, "quote_entities": entities}
        reply["quote_position"] = _read(fields.optional_integer, found, "quote_position")
    return reply


def bot_command(value: Any, _: Request) -> Json:
    try:
        if not isinstance(value, Mapping):
            raise FieldFault("expected an Object")
        command, description = fields.string(value, "command"), fields.string(value, "description")
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse BotCommand: {exc}") from exc
    command = command.removeprefix("/")
    if not 1 <= len(command) <= 32 or not all(char.isascii() and (char.isalnum() or char == "_") for char in command):
        raise ParameterFault("BOT_COMMAND_INVALID")
    if command != command.lower():
        raise ParameterFault("BOT_COMMAND_INVALID")
    if not 1 <= len(description.strip()) <= 256:
        raise ParameterFault("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": command, "description": description.strip()}


def bot_commands(value: Any, request: Request) -> list[Json]:
    if not isinstance(value, list):
        raise ParameterFault("Expected an Array of BotCommand")
    if len(value) > _COMMANDS_LIMIT:
        raise ParameterFault("BOT_COMMANDS_TOO_MUCH")
    return [bot_command(command, request) for command in value]


def command_scope(value: Any, _: Request) -> Json:
    try:
        return _scope(value)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse BotCommandScope: {exc}") from exc


def _scope(value: Any) -> Json:
    if not isinstance(value, Mapping):
        raise FieldFault("BotCommandScope must be an Object")
    kind = fields.string(value, "type")
    if kind in _SCOPES:
        return {"type": kind}
    if kind not in _CHAT_SCOPES:
        raise FieldFault("Unsupported type specified")
    chat = fields.string(value, "chat_id")
    if not chat:
        raise FieldFault("Empty chat_id specified")
    scope: Json = {"type": kind, "chat_id": int(chat) if chat.lstrip("-").isdigit() else chat}
    if kind == "chat_member":
        scope["user_id"] = fields.integer(value, "user_id", span=fields.INT64)
        if scope["user_id"] <= 0:
            raise FieldFault("Invalid user_id specified")
    return scope


def administrator_rights(value: Any) -> Json:
    if not isinstance(value, Mapping):
        raise FieldFault("ChatAdministratorRights must be an Object")
    return {name: fields.flag(value, name) for name in _RIGHTS}


def rights(value: Any, _: Request) -> Json:
    try:
        return administrator_rights(value)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse ChatAdministratorRights: {exc}") from exc


def permissions(value: Any, _: Request) -> Json:
    found = _object(value, "Object expected as permissions")
    try:
        given = {name: fields.flag(found, name) for name in _PERMISSIONS if found.get(name) is not None}
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse chat permissions: {exc}") from exc
    granted = {name: given.get(name, False) for name in _PERMISSIONS}
    for name, like in (
        ("can_manage_topics", "can_pin_messages"),
        ("can_edit_tag", "can_pin_messages"),
        ("can_react_to_messages", "can_send_messages"),
    ):
        granted[name] = given.get(name, granted[like])
    return granted


def reactions(value: Any, _: Request) -> list[Json]:
    if not isinstance(value, list):
        raise ParameterFault("Expected an Array of ReactionType")
    return [_reaction(reaction) for reaction in value]


def _reaction(value: Any) -> Json:
    try:
        if not isinstance(value, Mapping):
            raise FieldFault("expected an Object")
        kind = fields.string(value, "type")
        if kind == "emoji":
            return {"type": kind, "emoji": fields.string(value, "emoji")}
        if kind == "custom_emoji":
            identifier = fields.integer(value, "custom_emoji_id", span=fields.INT64)
            return {"type": kind, "custom_emoji_id": str(identifier)}
        raise FieldFault("invalid reaction type specified")
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse ReactionType: {exc}") from exc


def poll_options(value: Any, _: Request) -> list[Json]:
    if not isinstance(value, list):
        raise ParameterFault("Expected an Array of String as options")
    return [_poll_option(option) for option in value]


def _poll_option(value: Any) -> Json:
    if isinstance(value, str):
        text, mode, entities = value, "", None
    elif isinstance(value, Mapping):
        text, mode = _read(fields.string, value, "text"), _read(fields.optional_string, value, "text_parse_mode")
        entities = _list(value, "text_entities")
    else:
        raise ParameterFault("Expected an option to be of type String")
    try:
        plain, found = formatted(text, parse_mode=mode, entities=entities, limit=100)
    except ParseFault as exc:
        if "parse entities" in exc.description or "MessageEntity" in exc.description:
            raise
        too_long = "too long" in exc.description
        raise ParameterFault(
            "Poll options length must not exceed 100" if too_long else "Poll option must be non-empty"
        ) from exc
    return {"text": plain, **({"text_entities": found} if found else {})}


def entities(value: Any, _: Request) -> list[Any]:
    """Left to the formatting, which knows the text they belong to; what is no list counts as none."""
    return value if isinstance(value, list) else []


def an_object(value: Any, _: Request) -> Json:
    return dict(_object(value, "Object expected"))


def an_array(value: Any, _: Request) -> list[Any]:
    if not isinstance(value, list):
        raise ParameterFault("Expected an Array")
    return value


def _object(value: Any, fault: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ParameterFault(fault)
    return value


def _read(read: Any, found: Mapping[str, Any], name: str) -> Any:
    try:
        return read(found, name)
    except FieldFault as exc:
        raise ParameterFault(str(exc)) from exc


def _list(found: Mapping[str, Any], name: str) -> list[Any] | None:
    value = found.get(name)
    return value if isinstance(value, list) else None
