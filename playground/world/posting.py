"""Messages: writing one, how it looks to whoever reads it, and which bots are told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.world.people import user_of
from playground.world.records import Account, Post, Room, Thing
from playground.world.refusals import Refusal
from playground.world.rooms import bots_in, chat_of, is_admin, people_in
from playground.world.world import World

SERVICE = frozenset(
    {
        "new_chat_members", "left_chat_member", "new_chat_title", "new_chat_photo", "delete_chat_photo",
        "group_chat_created", "supergroup_chat_created", "channel_chat_created", "migrate_to_chat_id",
        "migrate_from_chat_id", "pinned_message", "managed_bot_created", "web_app_data", "write_access_allowed",
        "users_shared", "chat_shared",
    }
)  # fmt: skip


UNSEEN = ("author_bot",)  # known to the world, not part of a `Message`


def post(
    world: World,
    room: Room,
    sender: Account | None,
    content: Thing,
    *,
    keyboard: Thing | None = None,
    reply_to: int | None = None,
    tell: bool = True,
) -> Post:
    """Write a message: people see it at once, and the bots that may are told.  No sender: the channel itself."""
    written = Post(
        room=room.name,
        id=next_message_id(world, room),
        seq=world.next_seq(),
        date=world.clock.date(),
        sender=sender.id if sender else 0,
        content=content,
        reply_to=reply_to,
    )
    world.add(written)
    if "poll" in content:
        name = f"poll places {content['poll']['id']}"
        world.set_note(name, [*world.note(name, []), written.key])
    place_keyboard(world, room, written, keyboard)
    if sender is not None and sender.is_bot:
        room.last_bot = sender.id
        world.passing.pop(room.name, None)  # it has stopped typing
    world.announce(room)
    if tell:
        deliver(world, room, written)
    return written


def next_message_id(world: World, room: Room) -> int:
    """The next id: of the bot's private chats together, of every other chat on its own."""
    counted: Account | Room = world.accounts[room.bot_id] if room.is_private else room
    number = counted.next_message_id
    counted.next_message_id += 1
    world.changed(counted)
    return number


def place_keyboard(world: World, room: Room, written: Post, keyboard: Thing | None) -> None:
    """Keep an inline keyboard with its message, and put a reply keyboard before the people it is meant for."""
    if keyboard is None:
        return
    if "inline_keyboard" in keyboard:
        if keyboard["inline_keyboard"]:
            written.content["reply_markup"] = keyboard
        return
    for person_id in _meant(world, room, written, keyboard):
        if "remove_keyboard" in keyboard:
            room.keyboards.pop(str(person_id), None)
        elif "keyboard" in keyboard or "force_reply" in keyboard:
            room.keyboards[str(person_id)] = {**keyboard, "message_id": written.id, "bot_id": written.sender}


def _meant(world: World, room: Room, written: Post, keyboard: Thing) -> Iterable[int]:
    people = people_in(world, room)
    if room.is_private or not keyboard.get("selective"):
        return people
    chosen = {mention["user"]["id"] for mention in written.content.get("entities", []) if "user" in mention}
    answered = world.posts[room.name].get(written.reply_to or 0)
    if answered is not None:
        chosen.add(answered.sender)
    names = {name.lower() for name in _words(written.content.get("text", "")) if name.startswith("@")}
    chosen |= {person for person in people if f"@{world.accounts[person].username or ''}".lower() in names}
    return [person for person in people if person in chosen]


def _words(text: str) -> list[str]:
    return text.replace(",", " ").replace(".", " ").split()


# --- how it looks ---


def shown(world: World, written: Post, *, nested: bool = False) -> Thing:
    """The message as a `Message`."""
    room = world.rooms[written.room]
    message: Thing = {"message_id": written.id}
    if written.sender:
        message["from"] = user_of(world.accounts[written.sender])
    else:
        message["sender_chat"] = chat_of(world, room)
    message["chat"] = chat_of(world, room)
    message["date"] = written.date
    if written.edit_date is not None:
        message["edit_date"] = written.edit_date
    content = written.content
    if not nested:
        answered = world.posts[written.room].get(written.reply_to or 0)
        if answered is not None and not answered.gone:
            message["reply_to_message"] = shown(world, answered, nested=True)
        if "pinned_message" in content:
            content = {**content, "pinned_message": _pinned(world, written)}
    return {**message, **{name: value for name, value in content.items() if name not in UNSEEN}}


def _pinned(world: World, written: Post) -> Thing:
    pinned = world.posts[written.room].get(written.content["pinned_message"]["message_id"])
    if pinned is None or pinned.gone:
        return {"chat": chat_of(world, world.rooms[written.room]), **written.content["pinned_message"], "date": 0}
    return shown(world, pinned, nested=True)


def found(world: World, room: Room, message_id: int, complaint: str) -> Post:
    """The message, unless it is gone; then the refusal with this complaint."""
    written = world.posts[room.name].get(message_id)
    if written is None or written.gone:
        raise Refusal(complaint)
    return written


# --- who is told ---


def deliver(world: World, room: Room, written: Post, *, edited: bool = False) -> None:
    """Queue the message for every bot that may read it, its writer apart."""
    kind = ("edited_" if edited else "") + ("channel_post" if room.is_channel else "message")
    message = None
    for bot in bots_in(world, room):
        if bot.id != written.sender and reads(world, bot, room, written):
            message = message or shown(world, written)
            world.queues.push(bot.id, kind, message)


def reads(world: World, bot: Account, room: Room, written: Post) -> bool:
    """Whether the bot is told of this message: in groups, privacy mode keeps most of them from it."""
    if room.is_private:
        return not room.blocked
    if room.is_channel:
        return True
    sender = world.accounts.get(written.sender)
    service = not SERVICE.isdisjoint(written.content)
    if sender is not None and sender.is_bot and not service:
        return False
    if service or bot.can_read_all_group_messages or is_admin(room, bot.id):
        return True
    return is_meant_for(world, bot, room, written)


def is_meant_for(world: World, bot: Account, room: Room, written: Post) -> bool:
    """Commands to the bot, commands to nobody when it spoke last, replies to it, its @name, what was sent via it."""
    content: dict[str, Any] = written.content
    if content.get("via_bot", {}).get("id") == bot.id:
        return True
    answered = world.posts[room.name].get(written.reply_to or 0)
    if answered is not None and answered.sender == bot.id:
        return True
    text = content.get("text") or content.get("caption") or ""
    name = f"@{bot.username}".lower()
    for entity in content.get("entities") or content.get("caption_entities") or ():
        words = cut(text, entity["offset"], entity["length"]).lower()
        if entity["type"] == "bot_command" and (
            words.endswith(name) or ("@" not in words and room.last_bot in (None, bot.id))
        ):
            return True
        if entity["type"] == "mention" and words == name:
            return True
        if entity["type"] == "text_mention" and entity["user"]["id"] == bot.id:
            return True
    return False


def cut(text: str, offset: int, length: int) -> str:
    """A piece of the text by UTF-16 offsets."""
    units = text.encode("utf-16-le")
    return units[offset * 2 : (offset + length) * 2].decode("utf-16-le", "replace")
