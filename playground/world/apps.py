"""Mini Apps: launching one, its query, its storage, and what it sends to its bot."""

from __future__ import annotations

from dataclasses import dataclass

from playground.world.keys import key_named, used
from playground.world.people import bot_of, person
from playground.world.posting import post, shown
from playground.world.pressing import new_question, pressed_button
from playground.world.profile import menu_button_of
from playground.world.records import Account, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import private_room, room_of_peer
from playground.world.world import World
from playground.world.writing import opened, seen_message

OPEN = 86400.0  # seconds a query lives while its app is open
AFTER_CLOSE = 60.0


@dataclass(frozen=True, kw_only=True)
class Launch:
    """A Mini App about to open."""

    bot: Account
    url: str
    kind: str  # menu | inline | keyboard
    query_id: str | None
    button_text: str
    token: str


def launch(
    world: World,
    person_id: int,
    bot_id: int,
    source: str,
    *,
    message_id: int | None = None,
    text: str | None = None,
    row: int | None = None,
    column: int | None = None,
    query_id: str | None = None,
) -> Launch:
    """The app behind the menu button, an inline button, a key, or the button over the results of an inline query."""
    bot = bot_of(world, bot_id)
    room = private_room(world, person(world, person_id).id, bot_id)
    if source == "menu":
        button = menu_button_of(bot, person_id)
        if button["type"] != "web_app":
            raise WrongCall(f"@{bot.username} has no Mini App in its menu button", 404)
    elif source == "inline":
        button = pressed_button(seen_message(world, room, message_id or 0), text, row, column)
    elif source == "keyboard":
        button = key_named(world, room, person_id, text or "")
    elif source == "results":
        button = _over_results(world, person_id, bot_id, query_id or "")
    else:
        raise WrongCall("a Mini App opens from 'menu', 'inline', 'keyboard' or 'results'")
    if "web_app" not in button:
        raise WrongCall(f"the button {button.get('text', 'over the results')!r} opens no Mini App")
    own_query = None
    if source in ("menu", "inline"):
        own_query = new_question(world, "web_app", bot_id, person_id, room, OPEN, message_id).id
    url = button["web_app"]["url"]
    return Launch(bot=bot, url=url, kind=source, query_id=own_query, button_text=button["text"], token=bot.token)


def _over_results(world: World, person_id: int, bot_id: int, query_id: str) -> Thing:
    """The button the bot put over its answer to this inline query."""
    question = world.questions.get(query_id)
    if question is None or (question.person, question.bot) != (person_id, bot_id):
        raise WrongCall("there is no such inline query", 404)
    return dict((question.answer or {}).get("button", {}))


def close_query(world: World, query_id: str) -> None:
    """The app was closed: its query lives for another minute."""
    question = world.questions.get(query_id)
    if question is not None and question.type == "web_app":
        question.expires = min(question.expires, world.clock.now() + AFTER_CLOSE)
        world.changed(question)


def app_data(world: World, person_id: int, peer: int | str, button_text: str, data: str) -> Thing:
    """What `sendData` of an app that was opened from the reply keyboard does."""
    who, room = opened(world, person_id, peer)
    key = key_named(world, room, person_id, button_text)
    if "web_app" not in key:
        raise WrongCall(f"the key {button_text!r} opens no Mini App")
    written = post(world, room, who, {"web_app_data": {"data": data, "button_text": button_text}})
    used(world, room, person_id)
    return shown(world, written)


def storage(world: World, person_id: int, bot_id: int, name: str) -> dict[str, str]:
    """What the bot's apps keep for this person under this name."""
    return dict(world.note(f"storage {name} {person_id} {bot_id}", {}))


def store(world: World, person_id: int, bot_id: int, name: str, changes: dict[str, str | None]) -> None:
    """Put values in, or take those out that are None."""
    kept = {**storage(world, person_id, bot_id, name), **changes}
    left = {key: value for key, value in kept.items() if value is not None}
    world.set_note(f"storage {name} {person_id} {bot_id}", left)


def allow_writing(world: World, person_id: int, bot_id: int) -> None:
    """The person lets the bot write to them, from its app; the bot is told."""
    room = room_of_peer(world, person_id, bot_id)
    if room.started or room.write_allowed:
        return
    room.write_allowed = True
    post(world, room, world.accounts[person_id], {"write_access_allowed": {"from_request": True}})


def is_allowed(world: World, person_id: int, bot_id: int) -> bool:
    """Whether the bot may write to the person."""
    room = world.rooms.get(f"{person_id}:{bot_id}")
    return room is not None and (room.started or room.write_allowed) and not room.blocked
