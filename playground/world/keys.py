"""People press the keys of a reply keyboard."""

from __future__ import annotations

from playground.world.making import managed_bot_form
from playground.world.people import bot_of, own_contact, user_of
from playground.world.polls import sends_poll
from playground.world.records import Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import chat_of, room_of_peer
from playground.world.sends import sends_contact, sends_location
from playground.world.sharing import fitting_chats, fitting_users, shares_chat, shares_users
from playground.world.world import World
from playground.world.writing import says

GIVEN_TO = {  # what a person chooses → the kind of key that asks for it
    "user_ids": "request_users",
    "chat_id": "request_chat",
    "poll": "request_poll",
    "location": "request_location",
}
HOME = {"latitude": 41.902782, "longitude": 12.496366}  # where a shared location is, unless another is given


def presses_key(world: World, person_id: int, peer: int | str, text: str, given: Thing | None = None) -> Thing:
    """The person presses a key: what it says is written, or what it asks for is `given`.

    A key that needs a choice, and gets none, answers what it asks for and what there is to choose from.
    """
    room = room_of_peer(world, person_id, peer)
    key = key_named(world, room, person_id, text)
    given = given or {}
    if any(GIVEN_TO[name] not in key for name in given):
        wanted = next((name for name, asking in GIVEN_TO.items() if asking in key), None)
        takes = f"takes {wanted!r}" if wanted else "only needs to be pressed"
        raise WrongCall(f"the key {text!r} {takes}, not {', '.join(map(repr, given))}")
    if "request_managed_bot" in key:
        return {"managed_bot": managed_bot_form(world, person_id, peer, text)}
    if "web_app" in key:
        return {"web_app": {"url": key["web_app"]["url"], "button_text": text}}
    if not given and (question := _question(world, person_id, room, key)):
        return question
    message = _answer(world, person_id, peer, room, key, given)
    used(world, room, person_id)
    return {"message": message}


def _question(world: World, person_id: int, room: Room, key: Thing) -> Thing | None:
    """What the key asks the person to choose, or None when pressing it is enough."""
    if "request_users" in key:
        asked = key["request_users"]
        users = [user_of(account) for account in fitting_users(world, person_id, asked)]
        return {"request_users": asked, "choices": users}
    if "request_chat" in key:
        asked, bot = key["request_chat"], bot_of(world, room.bot_id)
        chats = [chat_of(world, chat) for chat in fitting_chats(world, person_id, bot, asked)]
        return {"request_chat": asked, "choices": chats}
    return {"request_poll": key["request_poll"]} if "request_poll" in key else None


def _answer(world: World, person_id: int, peer: int | str, room: Room, key: Thing, given: Thing) -> Thing:
    """The message that comes of the key."""
    asking = room.keyboards[str(person_id)]["message_id"]
    if "request_users" in key:
        return shares_users(world, person_id, peer, key["request_users"], given["user_ids"])
    if "request_chat" in key:
        bot = bot_of(world, room.bot_id)
        return shares_chat(world, person_id, peer, bot, key["request_chat"], given["chat_id"])
    if "request_poll" in key:
        return sends_poll(world, person_id, peer, _as_wanted(given["poll"], key["request_poll"].get("type")))
    if key.get("request_contact"):
        return sends_contact(world, person_id, peer, own_contact(world, person_id), asking)
    if key.get("request_location"):
        return sends_location(world, person_id, peer, given.get("location", HOME), asking)
    return says(world, person_id, peer, key["text"])


def _as_wanted(poll: Thing, kind: str | None) -> Thing:
    """The poll, of the kind the key asks for."""
    if kind is not None and poll.get("type", kind) != kind:
        raise WrongCall(f"this key asks for a {'quiz' if kind == 'quiz' else 'regular poll'}")
    return {**poll, "type": kind} if kind else poll


def key_named(world: World, room: Room, person_id: int, text: str) -> Thing:
    """The key with these words on it."""
    rows = room.keyboards.get(str(person_id), {}).get("keyboard", [])
    keys = [key if isinstance(key, dict) else {"text": key} for row in rows for key in row]
    for key in keys:
        if key["text"] == text:
            return dict(key)
    labels = ", ".join(repr(key["text"]) for key in keys) or "none"
    raise WrongCall(f"the keyboard has no key {text!r}; its keys: {labels}", 404)


def used(world: World, room: Room, person_id: int) -> None:
    """A one-time keyboard goes away once a key of it was pressed."""
    if room.keyboards.get(str(person_id), {}).get("one_time_keyboard"):
        del room.keyboards[str(person_id)]
        world.announce(room)
