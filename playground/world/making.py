"""People make managed bots: the form that a manager's button or link opens."""

from __future__ import annotations

from playground.world.people import bot_of, find, new_bot, person, tell_manager, user_of
from playground.world.posting import deliver, post
from playground.world.records import Account, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import room_of_peer
from playground.world.world import World


def managed_bot_form(world: World, person_id: int, peer: int | str, text: str, message_id: int | None = None) -> Thing:
    """What stands in the form that the key opens: the suggestions, which the person may change."""
    _, manager, request = _asked(world, person_id, peer, text)
    return {
        "name": request.get("suggested_name", ""),
        "username": request.get("suggested_username", ""),
        "request_id": request["request_id"],
        "manager": user_of(manager),
    }


def confirms_managed_bot(
    world: World,
    person_id: int,
    peer: int | str,
    text: str,
    *,
    name: str | None = None,
    username: str | None = None,
    message_id: int | None = None,
) -> Thing:
    """The person confirms the form: the bot is theirs, and the manager is told by update and by service message."""
    room, manager, request = _asked(world, person_id, peer, text)
    owner = world.accounts[person_id]
    name = name or request.get("suggested_name", "")
    username = username or request.get("suggested_username", "")
    bot = new_bot(world, owner, name, username, manager)
    reordered = world.faults.of_delivery("reorder", manager.id, "managed_bot", "getUpdates")
    if not reordered:
        tell_manager(world, bot)
    written = post(world, room, owner, {"managed_bot_created": {"bot": user_of(bot)}}, tell=False)
    deliver(world, room, written)
    if reordered:
        tell_manager(world, bot)
    keyboard = room.keyboards.get(str(person_id), {})
    if keyboard.get("one_time_keyboard"):
        del room.keyboards[str(person_id)]
        world.announce(room)
    return {"bot": user_of(bot)}


def cancels_managed_bot(
    world: World, person_id: int, peer: int | str, text: str, message_id: int | None = None
) -> None:
    """The person closes the form; nobody is told."""
    _asked(world, person_id, peer, text)


def follows_newbot_link(world: World, person_id: int, manager_username: str, *, name: str, username: str) -> Thing:
    """The person confirms the form behind `t.me/newbot/<manager>/<username>`: the update comes, no message does."""
    manager = find(world, manager_username)
    if not isinstance(manager, Account) or not manager.is_bot:
        raise WrongCall(f"MANAGER_INVALID: {manager_username} is not a bot")
    _manages(manager)
    bot = new_bot(world, person(world, person_id), name, username, manager)
    tell_manager(world, bot)
    return {"bot": user_of(bot)}


def _asked(world: World, person_id: int, peer: int | str, text: str) -> tuple[Room, Account, Thing]:
    from playground.world.keys import key_named

    room = room_of_peer(world, person_id, peer)
    if not room.is_private:
        raise WrongCall("bots are asked for in private chats only")
    key = key_named(world, room, person_id, text)
    if "request_managed_bot" not in key:
        raise WrongCall(f"the key {text!r} does not ask for a bot")
    manager = bot_of(world, room.bot_id)
    _manages(manager)
    return room, manager, key["request_managed_bot"]


def _manages(manager: Account) -> None:
    if not manager.can_manage_bots:
        raise WrongCall(f"MANAGER_PERMISSION_MISSING: @{manager.username} may not manage bots")
