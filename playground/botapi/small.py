"""Small messages: places, contacts, dice; and what passes without leaving one: actions and drafts."""

from __future__ import annotations

import asyncio
from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.sending import known_entities, ready_room, send
from playground.entities import formatted
from playground.world.records import Thing
from playground.world.refusals import Refusal
from playground.world.sends import HIGHEST, thrown

ACTIONS = (
    "typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice", "record_audio",
    "upload_audio", "upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note",
)  # fmt: skip
ACTION_LASTS, DRAFT_LASTS = 5.0, 30.0  # seconds, unless a message comes first
THINKING = "…"


@deed("sendLocation")
def send_location(call: Call) -> Any:
    ready_room(call)
    return send(call, {"location": place(call)})


def place(call: Call) -> Thing:
    """The `Location` that the values tell."""
    latitude, longitude = float(call["latitude"]), float(call["longitude"])
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Refusal(
            "wrong latitude or longitude specified" if call.method != "sendVenue" else "wrong venue location specified"
        )
    location: Thing = {"latitude": latitude, "longitude": longitude}
    for name in ("horizontal_accuracy", "live_period", "heading", "proximity_alert_radius"):
        if call.get(name):
            location[name] = call[name]
    return location


@deed("sendVenue")
def send_venue(call: Call) -> Any:
    ready_room(call)
    names = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    if not call.get("title"):
        raise Refusal("venue title must be non-empty")
    if not call.get("address"):
        raise Refusal("venue address must be non-empty")
    location = place(call)
    venue = {"location": location, **{name: call[name] for name in names if call.get(name)}}
    return send(call, {"location": location, "venue": venue})


@deed("sendContact")
def send_contact(call: Call) -> Any:
    ready_room(call)
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {name: call[name] for name in names if call.get(name)}
    if not contact.get("phone_number"):
        raise Refusal("phone number must be non-empty")
    if not contact.get("first_name"):
        raise Refusal("first name must be non-empty")
    return send(call, {"contact": contact})


@deed("sendDice")
def send_dice(call: Call) -> Any:
    ready_room(call)
    emoji = call.get("emoji", "🎲")
    if emoji not in HIGHEST:
        raise Refusal("wrong parameter emoji in request")
    return send(call, {"dice": thrown(emoji)})


@deed("sendChatAction")
def send_chat_action(call: Call) -> Any:
    action = str(call["action"]).lower()
    if action not in (*ACTIONS, "cancel"):
        raise Refusal("wrong parameter action in request")
    room = ready_room(call)
    passing = call.world.passing.setdefault(room.name, {})
    lasts = 0.0 if action == "cancel" else ACTION_LASTS
    passing.update(action=action, action_until=asyncio.get_running_loop().time() + lasts)
    call.world.announce(room)
    return True


@deed("sendMessageDraft")
def send_message_draft(call: Call) -> Any:
    room = ready_room(call)
    if not room.is_private:
        raise Refusal("message drafts can be sent to private chats only")
    if not call.get("draft_id"):
        raise Refusal("RANDOM_ID_INVALID")
    text, entities = formatted(
        call.get("text", ""), parse_mode=call.get("parse_mode"), entities=call.get("entities"), may_be_empty=True
    )
    passing = call.world.passing.setdefault(room.name, {})
    passing.update(
        draft=text or THINKING,
        draft_id=call["draft_id"],
        draft_entities=known_entities(call, entities),
        draft_until=asyncio.get_running_loop().time() + DRAFT_LASTS,
    )
    call.world.announce(room)
    return True
