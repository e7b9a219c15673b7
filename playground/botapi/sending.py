"""Sending messages: what all send methods share, and texts."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.entities import formatted
from playground.parameters import check_for_chat
from playground.world.origins import origin
from playground.world.people import user_of
from playground.world.posting import post, shown
from playground.world.records import Room, Thing
from playground.world.refusals import Refusal
from playground.world.rooms import chat_of, room_of_bot, writable


@deed("sendMessage")
def send_message(call: Call) -> Any:
    content = text_content(call, call.get("text", ""))
    return send(call, content)


def send(call: Call, content: Thing) -> Thing:
    """Post the content in the chat that was named, with everything the send methods have in common."""
    room = ready_room(call)
    written = post(
        call.world,
        room,
        None if room.is_channel else call.bot,
        {**content, **common(call, room)},
        keyboard=keyboard(call, room),
        reply_to=reply_target(call, room),
    )
    return shown(call.world, written)


def ready_room(call: Call) -> Room:
    """The chat, if the bot may write there now."""
    room = call.room()
    writable(call.world, call.bot, room)
    return room


def text_content(call: Call, text: str) -> Thing:
    """Text and entities from `text`, `parse_mode` and `entities`."""
    text, entities = formatted(text, parse_mode=call.get("parse_mode"), entities=call.get("entities"))
    content: Thing = {"text": text}
    if entities := known_entities(call, entities):
        content["entities"] = entities
    if options := call.get("link_preview_options"):
        content["link_preview_options"] = options
    return content


def caption_content(call: Call) -> Thing:
    """Caption and entities from `caption`, `parse_mode` and `caption_entities`."""
    caption, entities = formatted(
        call.get("caption", ""),
        parse_mode=call.get("parse_mode"),
        entities=call.get("caption_entities"),
        what="caption",
        may_be_empty=True,
    )
    content: Thing = {"caption": caption} if caption else {}
    if entities := known_entities(call, entities):
        content["caption_entities"] = entities
    if call.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def known_entities(call: Call, entities: list[Thing]) -> list[Thing]:
    """The entities with whole users in text mentions; mentions of nobody are dropped."""
    known = []
    for entity in entities:
        if entity["type"] == "text_mention":
            account = call.world.accounts.get(entity["user"]["id"])
            if account is None:
                continue
            entity = {**entity, "user": user_of(account)}
        known.append(entity)
    return known


def common(call: Call, room: Room) -> Thing:
    """Fields that any sent message may carry."""
    if call.get("message_thread_id"):
        raise Refusal("message thread not found")  # no chat here has topics
    content: Thing = {}
    if call.get("protect_content"):
        content["has_protected_content"] = True
    if call.get("message_effect_id") and room.is_private:
        content["effect_id"] = call["message_effect_id"]
    if room.is_channel:
        content["author_bot"] = call.bot.id
    content.update(foreign_reply(call, room))
    return content


def keyboard(call: Call, room: Room) -> Thing | None:
    """The reply markup, if it may stand in this chat."""
    markup: Thing | None = call.get("reply_markup")
    check_for_chat(markup, room.type)
    return markup


def reply_target(call: Call, room: Room) -> int | None:
    """The message that is answered, in this chat."""
    reply: Thing = call.get("reply_parameters") or {}
    if "message_id" not in reply or _replied_room(call, room) is not room:
        return None
    answered = call.world.posts[room.name].get(reply["message_id"])
    if answered is None or answered.gone:
        if reply.get("allow_sending_without_reply"):
            return None
        raise Refusal("message to be replied not found")
    return answered.id


def foreign_reply(call: Call, room: Room) -> Thing:
    """`external_reply` for an answer to a message of another chat."""
    reply: Thing = call.get("reply_parameters") or {}
    content: Thing = {}
    if reply.get("quote"):
        content["quote"] = {"text": reply["quote"], "position": reply.get("quote_position", 0), "is_manual": True}
    other = _replied_room(call, room)
    if "message_id" not in reply or other is room:
        return content
    answered = call.world.posts[other.name].get(reply["message_id"])
    if answered is None or answered.gone:
        if reply.get("allow_sending_without_reply"):
            return content
        raise Refusal("message to be replied not found")
    external = {"origin": origin(call.world, answered), "chat": chat_of(call.world, other), "message_id": answered.id}
    return {**content, "external_reply": external}


def _replied_room(call: Call, room: Room) -> Room:
    chat_id = (call.get("reply_parameters") or {}).get("chat_id")
    return room if chat_id is None else room_of_bot(call.world, call.bot, chat_id)
