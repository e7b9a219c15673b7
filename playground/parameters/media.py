"""Media inside other parameters: albums, replaced media, what polls and stories show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground import fields
from playground.entities import formatted
from playground.fields import FieldFault
from playground.parameters.reading import ParameterFault, Request

Json = dict[str, Any]

_NUMBERS = {
    "photo": {},
    "live_photo": {},
    "video": {"width": 10_000, "height": 10_000, "duration": 86_400, "start_timestamp": 86_400},
    "animation": {"width": 10_000, "height": 10_000, "duration": 86_400},
    "audio": {"duration": 86_400},
    "document": {},
}
_TEXTS = {"audio": ("title", "performer")}
_FILES = {"live_photo": ("photo",), "video": ("cover",)}


def input_media(value: Any, request: Request) -> Json:
    """One medium with its file found among the uploads and its caption parsed."""
    try:
        return _medium(value, request, in_album=False)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse InputMedia: {exc}") from exc


def input_album(value: Any, request: Request) -> list[Json]:
    if not isinstance(value, list):
        raise ParameterFault("Expected an Array of InputMedia")
    try:
        return [_medium(item, request, in_album=True) for item in value]
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse InputMedia: {exc}") from exc


def poll_media(value: Any, request: Request) -> Json:
    """What a poll shows beside its question: a medium, a location or a venue."""
    try:
        if isinstance(value, Mapping) and value.get("type") in {"location", "venue"}:
            return dict(value)
        return _medium(value, request, in_album=False)
    except FieldFault as exc:
        raise ParameterFault(f"Failed to parse InputPollMedia: {exc}") from exc


def _medium(value: Any, request: Request, *, in_album: bool) -> Json:
    if not isinstance(value, Mapping):
        raise FieldFault("expected an Object")
    medium: Json = {"type": "", **_caption(value)}
    for name in ("show_caption_above_media", "has_spoiler"):
        if fields.flag(value, name):
            medium[name] = True
    kind = medium["type"] = fields.string(value, "type")
    file = request.file(fields.optional_string(value, "media"))
    if file is None:
        raise FieldFault("media not found")
    if kind not in _NUMBERS:
        raise FieldFault(f'type "{kind}" is unsupported')
    if kind == "animation" and in_album:
        raise FieldFault(f'type "{kind}" can\'t be used in sendMediaGroup')
    medium["media"] = file
    return {**medium, **_details(value, kind, request)}


def _details(value: Mapping[str, Any], kind: str, request: Request) -> Json:
    details: Json = {}
    for name, most in _NUMBERS[kind].items():
        if number := min(max(fields.optional_integer(value, name), 0), most):
            details[name] = number
    for name in _TEXTS.get(kind, ()):
        if text := fields.optional_string(value, name):
            details[name] = text
    for name in (*_FILES.get(kind, ()), "thumbnail"):
        reference = fields.optional_string(value, name)
        if reference and (file := request.file(reference)) is not None:
            details[name] = file
    if kind == "live_photo" and "photo" not in details:
        raise FieldFault("photo not found")
    return details


def _caption(value: Mapping[str, Any]) -> Json:
    caption = fields.optional_string(value, "caption")
    mode = fields.optional_string(value, "parse_mode")
    given = value.get("caption_entities")
    text, found = formatted(
        caption,
        parse_mode=mode,
        entities=given if isinstance(given, list) else None,
        what="caption",
        may_be_empty=True,
    )
    return {name: kept for name, kept in (("caption", text), ("caption_entities", found)) if kept}
