"""A bot's face: its texts, commands and menu button, by language, scope and person."""

from __future__ import annotations

from collections.abc import Iterator

from playground.world.records import Account, Room, Thing
from playground.world.rooms import is_admin
from playground.world.world import World


def in_language(texts: dict[str, str], language: str | None) -> str:
    """The text for this language, or the one for all others."""
    return texts.get(language or "") or texts.get("", "")


def scope_key(scope: Thing | None, chat_id: int | None = None) -> str:
    """Where commands of this scope are kept."""
    if scope is None:
        return "default"
    parts = [scope["type"]]
    if chat_id is not None:
        parts.append(str(chat_id))
    if "user_id" in scope:
        parts.append(str(scope["user_id"]))
    return "/".join(parts)


def commands_in(world: World, bot: Account, room: Room, person_id: int) -> list[Thing]:
    """The commands a person's client shows: narrowest scope first, its language before none."""
    language = world.accounts[person_id].language_code or ""
    for scope in _scopes(room, person_id):
        kept = bot.commands.get(scope, {})
        for wanted in (language, ""):
            if wanted in kept:
                return kept[wanted]
    return []


def _scopes(room: Room, person_id: int) -> Iterator[str]:
    if room.is_private:
        yield f"chat/{room.id}"
        yield "all_private_chats"
    else:
        yield f"chat_member/{room.id}/{person_id}"
        if is_admin(room, person_id):
            yield f"chat_administrators/{room.id}"
        yield f"chat/{room.id}"
        if is_admin(room, person_id):
            yield "all_chat_administrators"
        yield "all_group_chats"
    yield "default"


def menu_button_of(bot: Account, person_id: int | None) -> Thing:
    """The button for this person, the bot's own for everybody, or what Telegram shows by itself."""
    own = bot.menu_buttons.get(str(person_id)) if person_id is not None else None
    if own is not None and own["type"] != "default":
        return own
    general = bot.menu_buttons.get("", {"type": "default"})
    if general["type"] != "default":
        return general
    return {"type": "commands"} if bot.commands and person_id is not None else {"type": "default"}
