"""What a person sees: the messages of a chat, the list of chats, keyboards, menus and who is typing."""

from __future__ import annotations

import asyncio
from typing import Any

from playground.world.people import bot_of, display_name, person, user_of
from playground.world.posting import shown
from playground.world.profile import commands_in, in_language, menu_button_of
from playground.world.records import Post, Room, Thing
from playground.world.rooms import bots_in, chat_seen_by, is_present, may_write, room_of_peer
from playground.world.touching import reactions_of
from playground.world.world import World


def look(world: World, person_id: int, peer: int | str, after: int = 0) -> Thing:
    """What changed in the chat since `after`, and what stands in it now."""
    return _view(world, person_id, room_of_peer(world, person_id, peer), after)


async def watch(world: World, person_id: int, peer: int | str, after: int, wait: float) -> Thing:
    """The same, as soon as anything is newer than `after`, or when `wait` seconds passed."""
    room = room_of_peer(world, person_id, peer)
    until = asyncio.get_running_loop().time() + wait
    while room.seq <= after:
        left = until - asyncio.get_running_loop().time()
        if left <= 0 or not await world.news(room.name, left):
            break
    return _view(world, person_id, room, after)


def _view(world: World, person_id: int, room: Room, after: int) -> Thing:
    upto, cleared_at = room.cleared.get(str(person_id), [0, 0])
    messages: list[Thing] = []
    deleted: list[int] = []
    for written in _newer(world, room, 0 if cleared_at > after else after):
        if written.gone or written.id <= upto:
            deleted.append(written.id)
        elif written.seq > after:
            messages.append(seen(world, written))
    view: Thing = {
        "seq": max(room.seq, after),
        "messages": messages,
        "deleted": deleted,
        "blocked": room.blocked,
        "started": room.started or not room.is_private,
        **_passing(world, room),
    }
    keyboard = room.keyboards.get(str(person_id))
    if keyboard is not None:
        view["keyboard"] = keyboard
    return view


def seen(world: World, written: Post) -> Thing:
    """The message as people see it: with what everybody put under it."""
    message = {**shown(world, written), "seq": written.seq}
    reactions = reactions_of(world, written)
    return {**message, "reactions": reactions} if reactions else message


def _newer(world: World, room: Room, after: int) -> list[Post]:
    posts = world.posts[room.name].values()
    return sorted((written for written in posts if written.seq > after), key=lambda written: written.id)


def _passing(world: World, room: Room) -> Thing:
    passing = world.passing.get(room.name, {})
    now = asyncio.get_running_loop().time()
    view: dict[str, Any] = {"typing": False}
    if passing.get("action_until", 0) > now:
        view.update(typing=True, action=passing["action"])
    if passing.get("draft_until", 0) > now:
        view.update(draft=passing["draft"], draft_id=passing["draft_id"], draft_entities=passing["draft_entities"])
    return view


# --- the list of chats ---


def chats_of(world: World, person_id: int) -> list[Thing]:
    """The person's chats, the one with the newest message first."""
    person(world, person_id)
    listed = []
    for room in world.rooms_of[person_id]:
        last, unread = _end(world, room, person_id)
        if not is_present(room, person_id) or room.migrated_to or (last is None and room.is_private):
            continue
        entry: Thing = {
            "chat": chat_seen_by(world, room, person_id),
            "last": shown(world, last) if last else None,
            "unread": unread,
            "can_write": may_write(room, person_id),
            "seq": room.seq,
        }
        listed.append((last.date if last else 0, room.seq, entry))
    return [entry for _, _, entry in sorted(listed, key=lambda item: item[:2], reverse=True)]


def _end(world: World, room: Room, person_id: int) -> tuple[Post | None, int]:
    """The last message the person sees there, and how many they have not read; looked for from the end."""
    upto = room.cleared.get(str(person_id), [0, 0])[0]
    read = max(room.read.get(str(person_id), 0), upto)
    last, unread = None, 0
    for written in reversed(world.posts[room.name].values()):
        if written.id <= upto or (last is not None and written.id <= read):
            break
        if not written.gone:
            last = last or written
            unread += written.id > read and written.sender != person_id
    return last, unread


def chat_list_seq(world: World, person_id: int) -> int:
    """Grows whenever any of the person's chats changes."""
    return max((room.seq for room in world.rooms_of[person_id]), default=0)


async def watch_chats(world: World, person_id: int, after: int, wait: float) -> int:
    """The number above as soon as it is greater than `after`, or when `wait` seconds passed."""
    until = asyncio.get_running_loop().time() + wait
    while (seq := chat_list_seq(world, person_id)) <= after:
        left = until - asyncio.get_running_loop().time()
        if left <= 0 or not await world.news(person_id, left):
            break
    return seq


def mark_read(world: World, person_id: int, peer: int | str, message_id: int) -> None:
    """The person has seen everything up to this message."""
    room = room_of_peer(world, person_id, peer)
    if room.read.get(str(person_id), 0) < message_id:
        room.read[str(person_id)] = message_id
        world.announce(room)


def fetched_up_to(world: World, person_id: int, peer: int | str) -> int:
    """The highest message id a bot of the chat has fetched: two ticks up to there."""
    room = room_of_peer(world, person_id, peer)
    return max(room.fetched.values(), default=0)


# --- menus and profiles ---


def commands_for(world: World, person_id: int, peer: int | str) -> list[Thing]:
    """The commands the menu offers this person in this chat."""
    room = room_of_peer(world, person_id, peer)
    offered = []
    for bot in bots_in(world, room):
        for command in commands_in(world, bot, room, person_id):
            offered.append(command if room.is_private else {**command, "bot": bot.username})
    return offered


def menu_button(world: World, person_id: int, bot_id: int) -> Thing:
    """The menu button of the private chat with that bot."""
    return menu_button_of(bot_of(world, bot_id), person(world, person_id).id)


def bot_profile(world: World, person_id: int, bot_id: int) -> Thing:
    """What the bot's profile page tells this person."""
    bot, language = bot_of(world, bot_id), person(world, person_id).language_code
    profile: Thing = {
        "user": user_of(bot),
        "name": display_name(bot, language),
        "description": in_language(bot.descriptions, language),
        "short_description": in_language(bot.short_descriptions, language),
    }
    if bot.manager_id in world.accounts:
        profile["manager"] = user_of(world.accounts[bot.manager_id])
    return profile
