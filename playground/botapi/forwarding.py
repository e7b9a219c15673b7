"""Forwarding and copying messages."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.sending import caption_content, common, keyboard, ready_room, reply_target
from playground.world.forwarding import LEFT_BEHIND, forwarded, may_go_on, with_new_albums
from playground.world.posting import deliver, post, shown
from playground.world.records import Post, Room, Thing
from playground.world.refusals import Refusal
from playground.world.voting import shown_poll

LEFT_BY_COPY = (*LEFT_BEHIND, "forward_origin", "media_group_id", "is_automatic_forward")


@deed("forwardMessage")
def forward_message(call: Call) -> Any:
    room, source = ready_room(call), call.room("from_chat_id")
    written = _source(call, source, call["message_id"], "message to forward not found")
    return shown(call.world, _put(call, room, forwarded(call.world, written)))


@deed("forwardMessages")
def forward_messages(call: Call) -> Any:
    room, source = ready_room(call), call.room("from_chat_id")
    posts = _sources(call, source)
    if not posts:
        raise Refusal("there are no messages to forward")
    return [{"message_id": put.id} for put in _put_all(call, room, [forwarded(call.world, one) for one in posts])]


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
    if not may_go_on(written):
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
    return [written for written in found if not written.gone and may_go_on(written)]


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
    """Several at once."""
    put = [_put(call, room, content, tell=False) for content in with_new_albums(contents)]
    for one in put:
        deliver(call.world, room, one)
    return put
