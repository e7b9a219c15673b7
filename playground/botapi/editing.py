"""Editing and deleting messages."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.media import album_part
from playground.botapi.sending import caption_content, keyboard, text_content
from playground.world.posting import deliver, found, shown
from playground.world.records import Post, Thing
from playground.world.refusals import Refusal
from playground.world.rooms import is_admin
from playground.world.touching import vanish

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup "
    "are exactly the same as a current content and reply markup of the message"
)
TEXT_FIELDS = ("text", "entities", "link_preview_options")
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")
MEDIA_FIELDS = ("photo", "video", "animation", "audio", "document", "voice", "has_media_spoiler")
CAPTIONED = ("photo", "video", "animation", "audio", "document", "voice")
DELETABLE_FOR = 48 * 3600  # seconds


@deed("editMessageText")
def edit_message_text(call: Call) -> Any:
    written = editable(call)
    if "text" not in written.content:
        raise Refusal("there is no text in the message to edit")
    content = text_content(call, call.get("text", ""))
    return edited(call, written, {**without(written.content, TEXT_FIELDS), **content})


@deed("editMessageCaption")
def edit_message_caption(call: Call) -> Any:
    written = editable(call)
    if not any(kind in written.content for kind in CAPTIONED):
        raise Refusal("there is no caption in the message to edit")
    return edited(call, written, {**without(written.content, CAPTION_FIELDS), **caption_content(call)})


@deed("editMessageMedia")
def edit_message_media(call: Call) -> Any:
    written = editable(call)
    if not any(kind in written.content for kind in (*CAPTIONED, "text")):
        raise Refusal("message can't be edited")
    kept = without(written.content, (*TEXT_FIELDS, *CAPTION_FIELDS, *MEDIA_FIELDS))
    return edited(call, written, {**kept, **album_part(call, call["media"])})


@deed("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Any:
    written = editable(call)
    return edited(call, written, written.content)


def editable(call: Call, *, gone: str = "message to edit not found") -> Post:
    """The message that is meant, if this bot may change it."""
    if "chat_id" not in call and not call.get("message_id"):
        written = inline_message(call)
    else:
        if "chat_id" not in call:
            raise Refusal("chat_id is empty")
        written = found(call.world, call.room(), call.get("message_id", 0), gone)
        room = call.world.rooms[written.room]
        own = written.sender == call.bot.id
        if not own and not (room.is_channel and is_admin(room, call.bot.id) and written.sender == 0):
            raise Refusal("message can't be edited")
    return written


def inline_message(call: Call) -> Post:
    """The message that was sent through the bot's inline answer."""
    room_name, _, number = str(call.world.note(f"inline message {call['inline_message_id']}", "")).rpartition("/")
    written = call.world.posts[room_name].get(int(number)) if room_name else None
    if written is None or written.gone or written.content.get("via_bot", {}).get("id") != call.bot.id:
        raise Refusal("MESSAGE_ID_INVALID")
    return written


def edited(call: Call, written: Post, content: Thing) -> Any:
    """Put the new content in place, with the new inline keyboard or none, and tell who reads along."""
    room = call.world.rooms[written.room]
    markup = keyboard(call, room)
    content = without(content, ("reply_markup",))
    if markup is not None and "inline_keyboard" in markup and markup["inline_keyboard"]:
        content["reply_markup"] = markup
    if content == written.content:
        raise Refusal(NOT_MODIFIED)
    words = without(content, ("reply_markup",)) != without(written.content, ("reply_markup",))
    written.content = content
    if words:
        written.edit_date = call.world.clock.date()
    written.seq = call.world.next_seq()
    call.world.changed(written)
    call.world.announce(room)
    if words:
        deliver(call.world, room, written, edited=True)
    return True if "inline_message_id" in call else shown(call.world, written)


def without(content: Thing, names: tuple[str, ...]) -> Thing:
    return {name: value for name, value in content.items() if name not in names}


@deed("deleteMessage")
def delete_message(call: Call) -> Any:
    room = call.room()
    written = found(call.world, room, call["message_id"], "message to delete not found")
    _check_deletable(call, written)
    vanish(call.world, room, written)
    return True


@deed("deleteMessages")
def delete_messages(call: Call) -> Any:
    room = call.room()
    if len(call["message_ids"]) > 100:
        raise Refusal("too many message identifiers specified")
    posts = [call.world.posts[room.name].get(number) for number in call["message_ids"]]
    present = [written for written in posts if written is not None and not written.gone]
    for written in present:
        _check_deletable(call, written)
    for written in present:
        vanish(call.world, room, written)
    return True


def _check_deletable(call: Call, written: Post) -> None:
    room = call.world.rooms[written.room]
    old = call.world.clock.now() - written.date > DELETABLE_FOR
    rights = room.members.get(str(call.bot.id), {})
    may_delete = rights.get("status") == "administrator" and rights.get("can_delete_messages")
    own = written.sender == call.bot.id or written.content.get("author_bot") == call.bot.id
    allowed = (not old or may_delete) if room.is_private or own else may_delete
    if not allowed:
        raise Refusal("message can't be deleted")
