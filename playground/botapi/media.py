"""Sending files: one by one and as albums."""

from __future__ import annotations

import secrets
from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.sending import caption_content, common, known_entities, ready_room, reply_target, send
from playground.parameters import Upload
from playground.world.media import media_content, shown_media
from playground.world.posting import deliver, post, shown
from playground.world.records import Thing
from playground.world.refusals import Refusal

METHODS = {
    "sendPhoto": "photo",
    "sendAudio": "audio",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendVoice": "voice",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
    "sendDocument": "document",
}
DETAILS = ("width", "height", "duration", "title", "performer", "length", "emoji")
TOGETHER = (frozenset({"photo", "video"}), frozenset({"document"}), frozenset({"audio"}))
LARGEST_ALBUM = 10
WITHOUT_CAPTION = ("video_note", "sticker")


@deed(*METHODS)
def send_media(call: Call) -> Any:
    kind = METHODS[call.method]
    ready_room(call)
    content = media_of(call, kind, call[kind], call.values)
    if kind not in WITHOUT_CAPTION:
        content.update(caption_content(call))
    if call.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return send(call, content)


def media_of(call: Call, kind: str, file: Upload | str, details: Any) -> Thing:
    """The part of a message that shows this file: a new one, or one the server has already."""
    if isinstance(file, Upload):
        given = {name: details[name] for name in DETAILS if name in details}
        if isinstance(thumbnail := details.get("thumbnail"), Upload):
            small = call.world.files.add("thumbnail", thumbnail.content, "thumb.jpg", "image/jpeg")
            given["thumbnail"] = {
                "file_id": small.id,
                "file_unique_id": small.unique_id,
                "file_size": small.size,
                "width": 320,
                "height": 320,
            }
        return media_content(call.world, kind, file.content, file.filename, file.content_type, **given)
    if file.startswith(("http://", "https://")):
        raise Refusal("failed to get HTTP URL content")  # the playground fetches nothing from outside
    if "://" in file:
        raise Refusal("wrong HTTP URL specified")
    record = call.world.files.of(file)
    if record.type != kind:
        raise Refusal("type of file mismatch")
    return shown_media(record)


@deed("sendMediaGroup")
def send_media_group(call: Call) -> Any:
    room = ready_room(call)
    media = call["media"]
    if len(media) > LARGEST_ALBUM:
        raise Refusal("too many messages to send as an album")
    if not media:
        raise Refusal("there are no messages to send")
    kinds = {medium["type"] for medium in media}
    if not any(kinds <= together for together in TOGETHER):
        alone = min(kinds & {"audio", "document"}, default="live photo")
        raise Refusal(f"{alone} can't be mixed with other media types")
    group, reply_to = str(secrets.randbits(53)), reply_target(call, room)
    contents = [album_part(call, medium) for medium in media]
    sender = None if room.is_channel else call.bot
    written = [
        post(
            call.world,
            room,
            sender,
            {**({"media_group_id": group} if len(media) > 1 else {}), **content, **common(call, room)},
            reply_to=reply_to,
            tell=False,
        )
        for content in contents
    ]
    for one in written:
        deliver(call.world, room, one)
    return [shown(call.world, one) for one in written]


def album_part(call: Call, medium: Thing) -> Thing:
    """One medium of an album, or the one that replaces another, with its caption."""
    content = media_of(call, medium["type"], medium["media"], medium)
    if "caption" in medium:
        content["caption"] = medium["caption"]
    if entities := known_entities(call, medium.get("caption_entities", [])):
        content["caption_entities"] = entities
    if medium.get("show_caption_above_media"):
        content["show_caption_above_media"] = True
    if medium.get("has_spoiler"):
        content["has_media_spoiler"] = True
    return content
