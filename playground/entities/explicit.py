"""Entities that a bot passes itself: each checked, with Telegram's error where it makes no sense."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from playground import fields
from playground.entities.links import BadLink, check_link, custom_emoji_id, date_time, mentioned_user
from playground.entities.model import AUTOMATIC, Entity, ParseFault
from playground.fields import FieldFault

_BARE = {
    "bold",
    "italic",
    "underline",
    "strikethrough",
    "spoiler",
    "code",
    "blockquote",
    "expandable_blockquote",
}
_IGNORED = AUTOMATIC | {"bank_card_number"}  # Telegram finds these itself
_FAR = 1_000_000


def read_entities(passed: Iterable[Any]) -> list[Entity]:
    """The entities as given, those left out that only Telegram itself may set."""
    read: list[Entity] = []
    for one in passed:
        try:
            entity = _entity(one)
        except FieldFault as exc:
            raise ParseFault(f"Can't parse MessageEntity: {exc}") from exc
        if entity is not None:
            read.append(entity)
    return read


def _entity(passed: Any) -> Entity | None:
    if not isinstance(passed, Mapping):
        raise FieldFault("expected an Object")
    offset, length = fields.integer(passed, "offset"), fields.integer(passed, "length")
    kind = fields.string(passed, "type")
    if kind in _IGNORED:
        return None
    if kind not in _BARE and kind not in _WITH_FIELDS:
        raise FieldFault("Unsupported type specified")
    if not 0 <= offset <= _FAR:
        raise ParseFault(f"Receive an entity with incorrect offset {offset}")
    if not 0 <= length <= _FAR:
        raise ParseFault(f"Receive an entity with incorrect length {length}")
    extra = _WITH_FIELDS[kind](passed) if kind in _WITH_FIELDS else {}
    if "user" in extra:
        kind = "text_mention"
    return Entity(type=kind, offset=offset, length=length, extra=extra)


def _pre(passed: Mapping[str, Any]) -> dict[str, Any]:
    language = fields.optional_string(passed, "language")
    return {"language": language} if language else {}


def _text_link(passed: Mapping[str, Any]) -> dict[str, Any]:
    url = fields.string(passed, "url")
    if user := mentioned_user(url):
        return {"user": {"id": user}}
    try:
        return {"url": check_link(url)}
    except BadLink as exc:
        raise ParseFault(f"Entity URL '{url}' is invalid: {exc}") from exc


def _text_mention(passed: Mapping[str, Any]) -> dict[str, Any]:
    return {"user": {"id": fields.integer(fields.nested(passed, "user"), "id", span=fields.INT64)}}


def _custom_emoji(passed: Mapping[str, Any]) -> dict[str, Any]:
    identifier = fields.integer(passed, "custom_emoji_id", span=fields.INT64)
    try:
        return {"custom_emoji_id": custom_emoji_id(str(identifier))}
    except BadLink as exc:
        raise ParseFault(str(exc)) from exc


def _date_time(passed: Mapping[str, Any]) -> dict[str, Any]:
    moment = fields.integer(passed, "unix_time")
    try:
        shown = date_time(moment, fields.optional_string(passed, "date_time_format"))
    except BadLink as exc:
        raise FieldFault("Invalid date-time format specified") from exc
    if moment <= 0:
        raise ParseFault("Invalid date specified")
    return shown


_WITH_FIELDS: dict[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    "pre": _pre,
    "text_link": _text_link,
    "text_mention": _text_mention,
    "custom_emoji": _custom_emoji,
    "date_time": _date_time,
}
