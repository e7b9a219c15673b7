"""People press the keys of a reply keyboard."""

from __future__ import annotations

from playground.world.making import managed_bot_form
from playground.world.records import Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import room_of_peer
from playground.world.sends import sends_contact, sends_location
from playground.world.world import World
from playground.world.writing import says

ASKING = ("request_users", "request_user", "request_chat", "request_poll")
HOME = {"latitude": 41.902782, "longitude": 12.496366}  # where a shared location is, unless another is given


def presses_key(world: World, person_id: int, peer: int | str, text: str) -> Thing:
    """The person presses a key: what it says is written, what it asks for is given, or the form it opens is told."""
    room = room_of_peer(world, person_id, peer)
    key = key_named(world, room, person_id, text)
    who = world.accounts[person_id]
    if "request_managed_bot" in key:
        return {"managed_bot": managed_bot_form(world, person_id, peer, text)}
    if "web_app" in key:
        return {"web_app": {"url": key["web_app"]["url"], "button_text": text}}
    for asking in ASKING:
        if asking in key:
            return {asking: key[asking]}
    if key.get("request_contact"):
        contact = {"phone_number": phone_of(person_id), "first_name": who.first_name, "user_id": person_id}
        message = sends_contact(world, person_id, peer, contact)
    elif key.get("request_location"):
        message = sends_location(world, person_id, peer, HOME)
    else:
        message = says(world, person_id, peer, text)
    used(world, room, person_id)
    return {"message": message}


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


def phone_of(person_id: int) -> str:
    """The made-up number of a person, in a range no country uses."""
    return f"+9996{person_id % 10**7:07d}"
