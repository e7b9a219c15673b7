"""Answers to inline queries: results of every type, and the button above them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from playground import fields
from playground.entities import formatted
from playground.fields import FieldFault
from playground.parameters.keyboards import inline_keyboard, web_app_url
from playground.parameters.objects import link_preview
from playground.parameters.reading import ParameterFault, Request

Json = dict[str, Any]

_MOST_RESULTS = 50
_REQUIRED: dict[str, tuple[str, ...]] = {
    "article": ("title",),
    "audio": (),
    "contact": ("phone_number", "first_name"),
    "document": ("title",),
    "game": ("game_short_name",),
    "gif": (),
    "location": ("title",),
    "mpeg4_gif": (),
    "photo": (),
    "sticker": ("sticker_file_id",),
    "venue": ("title", "address"),
    "video": (),
    "voice": ("title",),
}
_BY_FILE = {"audio", "document", "gif", "mpeg4_gif", "photo", "video", "voice"}
_PLACED = {"location", "venue"}


def results(value: Any, request: Request) -> list[Json]:
    if not isinstance(value, list):
        raise ParameterFault("Expected an Array of inline query results")
    if len(value) > _MOST_RESULTS:
        raise ParameterFault("Too many inline query results specified")
    try:
        read = [_result(item, request) for item in value]
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse inline query result: {exc}") from exc
    if len({result["id"] for result in read}) < len(read):
        raise ParameterFault("RESULT_ID_DUPLICATE")
    return read


def result(value: Any, request: Request) -> Json:
    try:
        return _result(value, request)
    except FieldFault as exc:
        raise ParameterFault(str(exc)) from exc


def _result(value: Any, request: Request) -> Json:
    if not isinstance(value, Mapping):
        raise FieldFault("Inline query result must be an object")
    kind = fields.string(value, "type").lower()
    identifier = fields.string(value, "id")
    content = _content(value, kind, request)
    caption = _caption(value)
    markup = inline_keyboard(fields.nested(value, "reply_markup"), request) if value.get("reply_markup") else None
    if kind not in _REQUIRED:
        raise FieldFault(f'type "{kind}" is unsupported for the inline query result')
    for name in _REQUIRED[kind]:
        fields.string(value, name)
    if kind in _BY_FILE and not fields.optional_string(value, f"{kind}_url"):
        fields.string(value, f"{kind}_file_id")
    if kind in _PLACED:
        fields.number(value, "latitude")
        fields.number(value, "longitude")
    if not 1 <= len(identifier.encode()) <= 64:
        raise ParameterFault("RESULT_ID_INVALID")
    kept = {name: given for name, given in value.items() if name not in {"parse_mode", "caption", "caption_entities"}}
    return {
        **kept,
        "type": kind,
        "id": identifier,
        **caption,
        **({"input_message_content": content} if content else {}),
        **({"reply_markup": markup} if markup else {}),
    }


def _caption(value: Mapping[str, Any]) -> Json:
    text, found = formatted(
        fields.optional_string(value, "caption"),
        parse_mode=fields.optional_string(value, "parse_mode"),
        entities=value.get("caption_entities"),
        what="caption",
        may_be_empty=True,
    )
    return {name: kept for name, kept in (("caption", text), ("caption_entities", found)) if kept}


def _content(value: Mapping[str, Any], kind: str, request: Request) -> Json | None:
    """What is sent instead of the medium itself; an article has nothing else."""
    if value.get("input_message_content") is None:
        if kind == "article":
            return _text(value, request)
        return None
    content = fields.nested(value, "input_message_content")
    if fields.optional_string(content, "message_text"):
        return _text(content, request)
    if "latitude" in content and "longitude" in content:
        fields.number(content, "latitude")
        fields.number(content, "longitude")
        return dict(content)
    if content.get("phone_number") is not None:
        fields.string(content, "first_name")
        return dict(content)
    if content.get("payload") is not None:
        fields.string(content, "title")
        return dict(content)
    if kind == "article":
        raise FieldFault("Input message content is not specified")
    return None


def _text(content: Mapping[str, Any], request: Request) -> Json:
    text, found = formatted(
        fields.string(content, "message_text"),
        parse_mode=fields.optional_string(content, "parse_mode"),
        entities=content.get("entities"),
    )
    preview = content.get("link_preview_options")
    return {
        "message_text": text,
        **({"entities": found} if found else {}),
        **({"link_preview_options": link_preview(preview, request)} if preview is not None else {}),
    }


def results_button(value: Any, request: Request) -> Json:
    try:
        return _results_button(value, request)
    except FieldFault as exc:
        raise ParameterFault(f"Can't parse inline query results button: {exc}") from exc


def _results_button(value: Any, request: Request) -> Json:
    if not isinstance(value, Mapping):
        raise FieldFault("InlineQueryResultsButton must be an Object")
    text = fields.string(value, "text")
    if value.get("start_parameter") is not None:
        return {"text": text, "start_parameter": fields.string(value, "start_parameter")}
    if value.get("web_app") is not None:
        url = fields.string(fields.nested(value, "web_app"), "url")
        return {"text": text, "web_app": {"url": web_app_url(url, "Inline query results button", request)}}
    raise FieldFault("InlineQueryResultsButton must have exactly one optional field")
