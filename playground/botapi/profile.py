"""A bot's own face: commands, names, descriptions, menu button."""

from __future__ import annotations

import re
from typing import Any

from playground.botapi.call import Call, deed
from playground.world.people import display_name
from playground.world.profile import in_language, menu_button_of, scope_key
from playground.world.refusals import Refusal
from playground.world.rooms import room_of_bot

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
LANGUAGE = re.compile(r"([a-z]{2})?")


@deed("setMyCommands")
def set_my_commands(call: Call) -> Any:
    commands = []
    for command in call["commands"]:
        name, description = command["command"].removeprefix("/").lower(), command["description"].strip()
        if not COMMAND.fullmatch(name):
            raise Refusal("BOT_COMMAND_INVALID")
        if not 1 <= len(description) <= 256:
            raise Refusal("BOT_COMMAND_DESCRIPTION_INVALID")
        commands.append({"command": name, "description": description})
    if len(commands) > 100:
        raise Refusal("BOT_COMMANDS_TOO_MUCH")
    scope, language = _scope(call), _language(call)
    call.bot.commands.setdefault(scope, {})[language] = commands
    if not commands:
        _forget_commands(call, scope, language)
    return _face_changed(call)


@deed("deleteMyCommands")
def delete_my_commands(call: Call) -> Any:
    _forget_commands(call, _scope(call), _language(call))
    return _face_changed(call)


def _forget_commands(call: Call, scope: str, language: str) -> None:
    kept = call.bot.commands.get(scope, {})
    kept.pop(language, None)
    if not kept:
        call.bot.commands.pop(scope, None)


@deed("getMyCommands")
def get_my_commands(call: Call) -> Any:
    return call.bot.commands.get(_scope(call), {}).get(_language(call), [])


def _scope(call: Call) -> str:
    scope = call.get("scope")
    if scope is None or "chat_id" not in scope:
        return scope_key(scope)
    return scope_key(scope, room_of_bot(call.world, call.bot, scope["chat_id"]).id)


def _language(call: Call) -> str:
    language = str(call.get("language_code", ""))
    if not LANGUAGE.fullmatch(language):
        raise Refusal("language_code is invalid")
    return language


@deed("setMyName")
def set_my_name(call: Call) -> Any:
    name, language = call.get("name", "").strip(), _language(call)
    if len(name) > 64:
        raise Refusal("BOT_TITLE_INVALID")
    if name:
        call.bot.names[language] = name
    elif language:
        call.bot.names.pop(language, None)
    else:
        raise Refusal("BOT_TITLE_INVALID")
    return _face_changed(call)


@deed("getMyName")
def get_my_name(call: Call) -> Any:
    return {"name": display_name(call.bot, _language(call))}


@deed("setMyDescription")
def set_my_description(call: Call) -> Any:
    return _set_text(call, call.bot.descriptions, "description", 512, "BOT_DESCRIPTION_INVALID")


@deed("getMyDescription")
def get_my_description(call: Call) -> Any:
    return {"description": in_language(call.bot.descriptions, _language(call))}


@deed("setMyShortDescription")
def set_my_short_description(call: Call) -> Any:
    return _set_text(call, call.bot.short_descriptions, "short_description", 120, "BOT_ABOUT_INVALID")


@deed("getMyShortDescription")
def get_my_short_description(call: Call) -> Any:
    return {"short_description": in_language(call.bot.short_descriptions, _language(call))}


def _set_text(call: Call, texts: dict[str, str], name: str, longest: int, complaint: str) -> bool:
    text, language = call.get(name, "").strip(), _language(call)
    if len(text) > longest:
        raise Refusal(complaint)
    if text:
        texts[language] = text
    else:
        texts.pop(language, None)
    return _face_changed(call)


def _face_changed(call: Call) -> bool:
    """Clients that show this bot look again."""
    call.world.changed(call.bot)
    for room in call.world.rooms_of[call.bot.id]:
        call.world.announce(room)
    return True


@deed("setChatMenuButton")
def set_chat_menu_button(call: Call) -> Any:
    person = _menu_person(call)
    button = call.get("menu_button") or {"type": "default"}
    if button["type"] == "default":
        call.bot.menu_buttons.pop(person, None)
    else:
        call.bot.menu_buttons[person] = button
    return _face_changed(call)


@deed("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Any:
    person = _menu_person(call)
    return menu_button_of(call.bot, int(person) if person else None)


def _menu_person(call: Call) -> str:
    if "chat_id" not in call:
        return ""
    account = call.world.accounts.get(call["chat_id"])
    if account is None or account.is_bot:
        raise Refusal("chat not found" if account is None else "user not found")
    return str(account.id)
