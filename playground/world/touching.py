"""People change what is there: edit, delete, react."""

from __future__ import annotations

from playground.entities import formatted
from playground.world.people import user_of
from playground.world.posting import deliver, shown
from playground.world.records import Post, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import bots_in, chat_of, is_admin, room_of_peer
from playground.world.world import World
from playground.world.writing import opened, seen_message


def edits(world: World, person_id: int, peer: int | str, message_id: int, text: str) -> Thing:
    """The person changes the words of a message of theirs; the bots get the edited message."""
    _, room = opened(world, person_id, peer)
    written = _own(world, room, person_id, message_id)
    if "forward_origin" in written.content:
        raise WrongCall("what was forwarded stays as it is")
    captioned = "text" not in written.content
    words, entities = formatted(text, what="caption" if captioned else "text", may_be_empty=captioned)
    names = ("caption", "caption_entities") if captioned else ("text", "entities")
    for name, value in zip(names, (words, entities), strict=True):
        written.content.pop(name, None)
        if value:
            written.content[name] = value
    written.edit_date = world.clock.date()
    touched(world, room, written)
    deliver(world, room, written, edited=True)
    return shown(world, written)


def deletes(world: World, person_id: int, peer: int | str, message_id: int) -> None:
    """The person deletes a message for both sides; bots are not told, as Telegram does not tell them."""
    room = room_of_peer(world, person_id, peer)
    written = seen_message(world, room, message_id)
    if not room.is_private and written.sender != person_id and not is_admin(room, person_id):
        raise WrongCall("only its writer or an administrator deletes a message here", 403)
    vanish(world, room, written)


def _own(world: World, room: Room, person_id: int, message_id: int) -> Post:
    written = seen_message(world, room, message_id)
    if written.sender != person_id:
        raise WrongCall(f"message {message_id} is somebody else's", 403)
    return written


def touched(world: World, room: Room, written: Post) -> None:
    """A message is different: whoever sees the chat is told."""
    written.seq = world.next_seq()
    world.changed(written)
    world.announce(room)


def vanish(world: World, room: Room, written: Post) -> None:
    """A message is gone: only its number stays, so that it is never used again."""
    written.gone, written.content, written.reply_to = True, {}, None
    if written.id in room.pinned:
        room.pinned.remove(written.id)
    for person, keyboard in list(room.keyboards.items()):
        if keyboard.get("message_id") == written.id:
            del room.keyboards[person]
    touched(world, room, written)


# --- reactions ---


def reacts(world: World, person_id: int, peer: int | str, message_id: int, emoji: str | None) -> None:
    """The person reacts to a message, or takes the reaction back."""
    _, room = opened(world, person_id, peer)
    written = seen_message(world, room, message_id)
    react(world, room, written, person_id, [{"type": "emoji", "emoji": emoji}] if emoji else [])


def react(world: World, room: Room, written: Post, account_id: int, wanted: list[Thing]) -> None:
    """Put somebody's reactions under a message; the bots that asked for it are told."""
    name = f"reactions {written.key}"
    everybody: dict[str, list[Thing]] = world.note(name, {})
    before = everybody.pop(str(account_id), [])
    if wanted:
        everybody[str(account_id)] = wanted
    world.set_note(name, everybody)
    touched(world, room, written)
    payload = {
        "chat": chat_of(world, room),
        "message_id": written.id,
        "user": user_of(world.accounts[account_id]),
        "date": world.clock.date(),
        "old_reaction": before,
        "new_reaction": wanted,
    }
    for bot in bots_in(world, room):
        if bot.id != account_id and (room.is_private or is_admin(room, bot.id)):
            world.queues.push(bot.id, "message_reaction", payload)


def reactions_of(world: World, written: Post) -> list[Thing]:
    """What people see under the message: each reaction with its count."""
    counts: dict[str, int] = {}
    for reactions in world.note(f"reactions {written.key}", {}).values():
        for reaction in reactions:
            counts[reaction.get("emoji", "⭐")] = counts.get(reaction.get("emoji", "⭐"), 0) + 1
    return [{"emoji": emoji, "count": count} for emoji, count in counts.items()]
