"""Inline results as the messages they become."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call
from playground.botapi.sending import known_entities
from playground.world.media import shown_media
from playground.world.records import Thing

BY_FILE = {
    "photo": "photo_file_id", "document": "document_file_id", "video": "video_file_id", "audio": "audio_file_id",
    "voice": "voice_file_id", "gif": "gif_file_id", "mpeg4_gif": "mpeg4_file_id", "sticker": "sticker_file_id",
}  # fmt: skip
PLACE = ("latitude", "longitude", "horizontal_accuracy", "live_period", "heading", "proximity_alert_radius")
VENUE = ("title", "address", "foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
CONTACT = ("phone_number", "first_name", "last_name", "vcard")


def content_of(call: Call, result: Thing) -> Thing:
    """What the message will hold when this result is chosen."""
    given = result.get("input_message_content")
    if given is not None:
        return _given(call, given)
    if result["type"] in ("location", "venue"):
        return _place(result, venue=result["type"] == "venue")
    if result["type"] == "contact":
        return {"contact": _some(result, CONTACT)}
    return _media(call, result)


def _given(call: Call, given: Thing) -> Thing:
    if "message_text" in given:
        content: Thing = {"text": given["message_text"]}
        if entities := known_entities(call, given.get("entities", [])):
            content["entities"] = entities
        if options := given.get("link_preview_options"):
            content["link_preview_options"] = options
        return content
    if "latitude" in given:
        return _place(given, venue="address" in given)
    if "phone_number" in given:
        return {"contact": _some(given, CONTACT)}
    return {"text": str(given.get("title", "…"))}


def _place(told: Thing, *, venue: bool) -> Thing:
    location = _some(told, PLACE)
    if venue:
        return {"location": location, "venue": {"location": location, **_some(told, VENUE)}}
    return {"location": location}


def _media(call: Call, result: Thing) -> Thing:
    file_id = result.get(BY_FILE.get(result["type"], ""))
    content: Thing = {}
    for name in ("caption", "caption_entities"):
        if name in result:
            content[name] = result[name]
    if file_id is not None:
        return {**shown_media(call.world.files.of(file_id)), **content}
    address = next((str(result[name]) for name in result if name.endswith("_url") and name != "thumbnail_url"), "")
    return {"text": content.get("caption") or result.get("title") or address or "…"}


def _some(told: Any, names: tuple[str, ...]) -> Thing:
    return {name: told[name] for name in names if told.get(name) is not None}
