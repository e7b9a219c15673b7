"""Files as they stand in messages: sizes, durations, and what Telegram leaves out."""

from __future__ import annotations

import struct
from typing import Any

from playground.world.files import LARGEST_PHOTO
from playground.world.records import Account, FileRecord, Thing
from playground.world.refusals import Refusal
from playground.world.world import World

KINDS = ("photo", "document", "video", "audio", "voice", "animation", "video_note", "sticker")
DEFAULTS: dict[str, Thing] = {
    "video": {"width": 640, "height": 360, "duration": 1},
    "animation": {"width": 320, "height": 240, "duration": 1},
    "audio": {"duration": 1},
    "voice": {"duration": 1},
    "video_note": {"length": 240, "duration": 1},
    "sticker": {"width": 512, "height": 512, "type": "regular", "is_animated": False, "is_video": False},
    "document": {},
    "photo": {},
}
MIME_TYPES = {
    "photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4", "animation": "video/mp4",
    "video_note": "video/mp4", "sticker": "image/webp", "audio": "audio/mpeg",
}  # fmt: skip
NAMED = ("document", "video", "audio", "animation")  # kinds that show a file name and type


def media_content(
    world: World, kind: str, content: bytes, filename: str, content_type: str | None = None, **details: Any
) -> Thing:
    """Keep the bytes and answer the part of a message that shows them."""
    if not content:
        raise Refusal("file must be non-empty")
    if kind == "photo" and len(content) > LARGEST_PHOTO:
        raise Refusal("file is too big")
    if kind == "photo":
        width, height = picture_size(content)
        details = {"width": width, "height": height}
    generic = content_type in (None, "", "application/octet-stream")
    mime_type = MIME_TYPES.get(kind) if generic else content_type
    known = {name: value for name, value in details.items() if value is not None}
    record = world.files.add(kind, content, filename, mime_type, **{**DEFAULTS[kind], **known})
    return shown_media(record)


def adds_photo(world: World, account: Account, content: bytes) -> None:
    """The account shows this picture of itself from now on."""
    (size,) = media_content(world, "photo", content, "photo.jpg")["photo"]
    account.photos.insert(0, size["file_id"])
    world.changed(account)


def shown_media(record: FileRecord) -> Thing:
    """The part of a message that shows this file."""
    shown: Thing = {"file_id": record.id, "file_unique_id": record.unique_id, "file_size": record.size}
    shown.update(record.details)
    if record.type == "photo":
        return {"photo": [shown]}
    if record.type in NAMED:
        shown["file_name"] = record.name
    if record.type not in ("video_note", "sticker"):
        shown["mime_type"] = record.mime_type
    if record.type == "animation":
        document = {name: shown[name] for name in ("file_id", "file_unique_id", "file_size", "file_name", "mime_type")}
        return {"animation": shown, "document": document}
    return {record.type: shown}


def picture_size(content: bytes) -> tuple[int, int]:
    """Width and height of a PNG, GIF or JPEG; what is neither is refused as Telegram refuses it."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return width, height
    if content[:6] in (b"GIF87a", b"GIF89a") and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return width, height
    if content.startswith(b"\xff\xd8"):
        return _jpeg_size(content)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return 512, 512
    raise Refusal("IMAGE_PROCESS_FAILED")


def _jpeg_size(content: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], struct.unpack(">H", content[at + 2 : at + 4])[0]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", content[at + 5 : at + 9])
            return width, height
        at += 2 + length
    return 640, 480
