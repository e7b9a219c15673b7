"""People shut the door: block, unblock, and delete the history on their side."""

from __future__ import annotations

from playground.world.people import user_of
from playground.world.refusals import WrongCall
from playground.world.rooms import chat_of, room_of_peer
from playground.world.world import World


def blocks(world: World, person_id: int, peer: int | str) -> None:
    """The person blocks the bot: it is told, and may not write any more."""
    _block(world, person_id, peer, blocked=True)


def unblocks(world: World, person_id: int, peer: int | str) -> None:
    _block(world, person_id, peer, blocked=False)


def _block(world: World, person_id: int, peer: int | str, *, blocked: bool) -> None:
    room = room_of_peer(world, person_id, peer)
    if not room.is_private:
        raise WrongCall("only a private chat can be blocked")
    if room.blocked == blocked:
        return
    room.blocked = blocked
    room.started = True
    world.announce(room)
    bot = user_of(world.accounts[room.bot_id])
    states = ({"user": bot, "status": "member"}, {"user": bot, "status": "kicked", "until_date": 0})
    payload = {
        "chat": chat_of(world, room),
        "from": user_of(world.accounts[person_id]),
        "date": world.clock.date(),
        "old_chat_member": states[0 if blocked else 1],
        "new_chat_member": states[1 if blocked else 0],
    }
    world.queues.push(room.bot_id, "my_chat_member", payload)


def clears(world: World, person_id: int, peer: int | str) -> None:
    """The person deletes the history on their side."""
    room = room_of_peer(world, person_id, peer)
    last = max(world.posts[room.name], default=0)
    world.announce(room)
    room.cleared[str(person_id)] = [last, room.seq]
    room.keyboards.pop(str(person_id), None)
