"""Messages go on to other chats: what stays of them, and people forwarding them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence

from playground.world.origins import origin
from playground.world.posting import SERVICE, deliver, post, shown
from playground.world.records import Post, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import room_of_peer
from playground.world.voting import shown_poll
from playground.world.world import World
from playground.world.writing import opened, seen_message

LEFT_BEHIND = ("reply_markup", "author_bot", "has_protected_content", "external_reply", "quote", "effect_id", "via_bot")
ORIGIN_NAMES = {"user": "forward_from", "channel": "forward_from_chat", "chat": "forward_from_chat"}
MOST_AT_ONCE = 100


def forwarded(world: World, written: Post) -> Thing:
    """What a message holds where it is forwarded to."""
    first = origin(world, written)
    kept = {name: value for name, value in written.content.items() if name not in LEFT_BEHIND}
    sender = first.get("sender_user") or first.get("chat") or first.get("sender_chat")
    if "poll" in kept:
        kept["poll"] = shown_poll(kept["poll"])
    told = {"forward_origin": first, ORIGIN_NAMES[first["type"]]: sender, "forward_date": first["date"]}
    if "message_id" in first:
        told["forward_from_message_id"] = first["message_id"]
    return {**told, **kept}


def with_new_albums(contents: Iterable[Thing]) -> list[Thing]:
    """The same messages; what was an album stays one, under a new number."""
    groups: dict[str, str] = {}
    put = []
    for content in contents:
        if "media_group_id" in content:
            group = groups.setdefault(content["media_group_id"], str(secrets.randbits(53)))
            content = {**content, "media_group_id": group}
        put.append(content)
    return put


def may_go_on(written: Post) -> bool:
    """Whether a message can be forwarded at all: what happened cannot, nor what its bot protects."""
    return SERVICE.isdisjoint(written.content) and not written.content.get("has_protected_content")


def forwards(world: World, person_id: int, peer: int | str, message_ids: Sequence[int], to: int | str) -> list[Thing]:
    """The person forwards messages of one chat into another; answers the new ones, in the order of the old."""
    source = room_of_peer(world, person_id, peer)
    if not 1 <= len(message_ids) <= MOST_AT_ONCE:
        raise WrongCall(f"1 to {MOST_AT_ONCE} messages are forwarded at once")
    posts = [seen_message(world, source, number) for number in sorted(set(message_ids))]
    for written in posts:
        if not may_go_on(written):
            raise WrongCall(f"message {written.id} cannot be forwarded")
    who, target = opened(world, person_id, to)
    sender = None if target.is_channel else who
    contents = with_new_albums(forwarded(world, written) for written in posts)
    put = [post(world, target, sender, content, tell=False) for content in contents]
    for one in put:
        deliver(world, target, one)
    return [shown(world, one) for one in put]
