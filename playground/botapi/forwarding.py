"""Forwarding and copying messages."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.sending import caption_content, common, keyboard, ready_room, reply_target
from playground.world.origins import origin
from playground.world.posting import SERVICE, deliver, post, shown
from playground.world.records import Post, Room, Thing
from playground.world.refusals import Refusal
from playground.world.touching import shown_poll

LEFT_BEHIND = ("reply_markup", "author_bot", "has_protected_content", "external_reply", "quote", "effect_id", "via_bot")
LEFT_BY_COPY = (*LEFT_BEHIND, "forward_origin", "media_group_id", "is_automatic_forward")
ORIGIN_NAMES = {"user": "forward_from", "channel": "forward_from_chat", "chat": "forward_from_chat"}


@deed("forwardMessage")
def forward_message(call: Call) -> Any:
    room, source = ready_room(call), call.room("from_chat_id")
    written = _source(call, source, call["message_id"], "message to forward not found")
    return shown(call.world, _put(call, room, _forwarded(call, written)))


@deed("forwardMessages")
def forward_messages(call: Call) -> Any:
    room, source = ready_room(call), call.room("from_chat_id")
    posts = _sources(call, source)
    if not posts:
        raise Refusal("there are no messages to forward")
    return [{"message_id": put.id} for put in _put_all(call, room, [_forwarded(call, one) for one in posts])]


@deed("copyMessage")
def copy_message(call: Call) -> Any:
    room, source = ready_room(call), call.room("from_chat_id")
    written = _source(call, source, call["message_id"], "message to copy not found")
    content = _copied(call, written)
    if "caption" in call and any(
        kind in content for kind in ("photo", "video", "document", "audio", "voice", "animation")
    ):
        content = {name: value for name, value in content.items() if name not in ("caption", "caption_entities")}
        content.update(caption_content(call))
    return {"message_id": _put(call, room, content, reply_to=reply_target(call, room)).id}


@deed("copyMessages")
def copy_messages(call: Call) -> Any:
    room, source = ready_room(call), call.room("from_chat_id")
    contents = [_copied(call, written) for written in _sources(call, source)]
    if not contents:
        raise Refusal("there are no messages to copy")
    if call.get("remove_caption"):
        contents = [{k: v for k, v in one.items() if k not in ("caption", "caption_entities")} for one in contents]
    return [{"message_id": put.id} for put in _put_all(call, room, contents)]


def _source(call: Call, source: Room, message_id: int, complaint: str) -> Post:
    written = call.world.posts[source.name].get(message_id)
    if written is None or written.gone:
        raise Refusal(complaint)
    if not SERVICE.isdisjoint(written.content) or written.content.get("has_protected_content"):
        kind = "copied" if call.method.startswith("copy") else "forwarded"
        raise Refusal(f"message can't be {kind}")
    return written


def _sources(call: Call, source: Room) -> list[Post]:
    """Those of the messages that can be taken, in order; the others are left out, as Telegram does."""
    numbers = call["message_ids"]
    if numbers != sorted(set(numbers)):
        raise Refusal("message identifiers must be in a strictly increasing order")
    posts = call.world.posts[source.name]
    found = (posts[number] for number in numbers if number in posts)
    return [
        p for p in found if not p.gone and SERVICE.isdisjoint(p.content) and "has_protected_content" not in p.content
    ]


def _forwarded(call: Call, written: Post) -> Thing:
    first = origin(call.world, written)
    kept = {name: value for name, value in written.content.items() if name not in LEFT_BEHIND}
    sender = first.get("sender_user") or first.get("chat") or first.get("sender_chat")
    told = {"forward_origin": first, ORIGIN_NAMES[first["type"]]: sender, "forward_date": first["date"]}
    if "message_id" in first:
        told["forward_from_message_id"] = first["message_id"]
    return {**told, **kept}


def _copied(call: Call, written: Post) -> Thing:
    content = {name: value for name, value in written.content.items() if name not in LEFT_BY_COPY}
    content = {name: value for name, value in content.items() if not name.startswith("forward_")}
    if "poll" in content:
        fresh = shown_poll(content["poll"])
        for option in fresh["options"]:
            option["voter_count"] = 0
        content["poll"] = {
            **fresh,
            "total_voter_count": 0,
            "is_closed": False,
            "id": str(int(fresh["id"]) + written.id),
        }
    return content


def _put(call: Call, room: Room, content: Thing, *, reply_to: int | None = None, tell: bool = True) -> Post:
    content = {**content, **common(call, room)}
    sender = None if room.is_channel else call.bot
    return post(call.world, room, sender, content, keyboard=keyboard(call, room), reply_to=reply_to, tell=tell)


def _put_all(call: Call, room: Room, contents: list[Thing]) -> list[Post]:
    """Several at once; what was an album stays one, under a new number."""
    groups: dict[str, str] = {}
    put = []
    for content in contents:
        if "media_group_id" in content:
            group = groups.setdefault(content["media_group_id"], str(int(content["media_group_id"]) + len(groups) + 1))
            content = {**content, "media_group_id": group}
        put.append(_put(call, room, content, tell=False))
    for one in put:
        deliver(call.world, room, one)
    return put
