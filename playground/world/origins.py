"""Where a message came from, when it stands somewhere else."""

from __future__ import annotations

from playground.world.people import user_of
from playground.world.records import Post, Thing
from playground.world.rooms import chat_of
from playground.world.world import World


def origin(world: World, written: Post) -> Thing:
    """The `MessageOrigin` of a message: of the first one, when it was forwarded itself."""
    if "forward_origin" in written.content:
        first: Thing = written.content["forward_origin"]
        return first
    room = world.rooms[written.room]
    if written.sender:
        return {"type": "user", "sender_user": user_of(world.accounts[written.sender]), "date": written.date}
    if room.is_channel:
        return {"type": "channel", "chat": chat_of(world, room), "message_id": written.id, "date": written.date}
    return {"type": "chat", "sender_chat": chat_of(world, room), "date": written.date}
