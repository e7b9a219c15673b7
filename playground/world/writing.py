"""People write: the chat is opened by it, the message stands there, the bots are told."""

from __future__ import annotations

import re

from playground.entities import formatted
from playground.world.posting import post, shown
from playground.world.records import Account, Post, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import is_present, room_of_peer
from playground.world.world import World

START_PAYLOAD = re.compile(r"[A-Za-z0-9_-]{1,64}")


def opened(world: World, person_id: int, peer: int | str) -> tuple[Account, Room]:
    """The person and the chat, ready to be written to; a private chat is started by it."""
    room = room_of_peer(world, person_id, peer)
    who = world.accounts[person_id]
    if room.is_private:
        if room.blocked:
            raise WrongCall(f"{who.first_name} has blocked this bot; unblock it first")
        bot = world.accounts[room.bot_id]
        if bot.access_restricted and person_id not in (bot.owner_id, *bot.access_users):
            raise WrongCall(f"@{bot.username} is private; its owner has not added {who.first_name}", 403)
        room.started = True
    elif not is_present(room, person_id):
        raise WrongCall(f"{who.first_name} is not in {room.title}", 403)
    elif room.is_channel and room.members[str(person_id)]["status"] not in ("creator", "administrator"):
        raise WrongCall(f"only administrators write in {room.title}", 403)
    elif room.members[str(person_id)].get("can_send_messages", True) is False:
        raise WrongCall(f"{who.first_name} may not write in {room.title}", 403)
    return who, room


def write(world: World, person_id: int, peer: int | str, content: Thing, reply_to: int | None = None) -> Thing:
    """Post what the person made; answers the `Message`."""
    who, room = opened(world, person_id, peer)
    if reply_to is not None:
        seen_message(world, room, reply_to)
    written = post(world, room, None if room.is_channel else who, content, reply_to=reply_to)
    _after_writing(world, room, written)
    return shown(world, written)


def _after_writing(world: World, room: Room, written: Post) -> None:
    keyboard = room.keyboards.get(str(written.sender))
    if keyboard and "force_reply" in keyboard and written.reply_to == keyboard["message_id"]:
        del room.keyboards[str(written.sender)]
        world.changed(room)


def says(
    world: World,
    person_id: int,
    peer: int | str,
    text: str,
    *,
    entities: list[Thing] | None = None,
    reply_to: int | None = None,
) -> Thing:
    """The person writes a text; links, commands and mentions in it are found as a client does."""
    text, found_entities = formatted(text, entities=entities)
    content: Thing = {"text": text}
    if found_entities:
        content["entities"] = found_entities
    return write(world, person_id, peer, content, reply_to)


def starts(world: World, person_id: int, peer: int | str, payload: str | None = None) -> Thing:
    """The person presses Start, or follows `t.me/<bot>?start=<payload>`."""
    if payload is not None and not START_PAYLOAD.fullmatch(payload):
        raise WrongCall("a start payload is 1 to 64 letters, digits, underscores and hyphens")
    return says(world, person_id, peer, "/start" if payload is None else f"/start {payload}")


def seen_message(world: World, room: Room, message_id: int) -> Post:
    """The message, if it is there to be seen."""
    written = world.posts[room.name].get(message_id)
    if written is None or written.gone:
        raise WrongCall(f"there is no message {message_id} in this chat", 404)
    return written
