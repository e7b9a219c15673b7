"""Formatting of texts: markup and passed entities to plain text and entities, as Telegram's server makes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from playground.entities.automatic import find as find_entities
from playground.entities.cleaning import cleaned, is_invisible, trimmed
from playground.entities.explicit import read_entities
from playground.entities.html import parse_html
from playground.entities.markdown import parse_markdown
from playground.entities.markdown_v2 import parse_markdown_v2
from playground.entities.model import LIMIT, Entity, ParseFault, in_order
from playground.entities.nesting import made_consistent, with_found

__all__ = ["ParseFault", "find", "formatted", "parse"]

_PARSERS = {"html": parse_html, "markdown": parse_markdown, "markdownv2": parse_markdown_v2}
_LIMITS = {"text": 4096, "caption": 1024}
_TOO_LONG = {"text": "message is too long", "caption": "message caption is too long"}
_LONGEST_INPUT = 1 << 15  # bytes, markup included


def formatted(
    text: str,
    *,
    parse_mode: str | None = None,
    entities: Sequence[Mapping[str, Any]] | None = None,
    what: Literal["text", "caption"] = "text",
    limit: int | None = None,
    may_be_empty: bool = False,
) -> tuple[str, list[dict[str, Any]]]:
    """The text of a message and its entities, as Telegram stores them, or a ParseFault with its reason."""
    _check_length(text, may_be_empty=may_be_empty)
    if text and _names_parser(parse_mode):
        text, given = _parsed(text, str(parse_mode))
    else:
        given = read_entities(entities if isinstance(entities, list | tuple) else ())
    text, given = cleaned(text, made_consistent(entity for entity in given if entity.length > 0))
    text, given = trimmed(text, given)
    if is_invisible(text):
        if not may_be_empty:
            raise ParseFault("Text must be non-empty")
        return "", []
    if len(text) > (limit or _LIMITS[what]):
        raise ParseFault(_TOO_LONG[what])
    found = with_found(given, find_entities(text))
    return text, [entity.as_json() for entity in found[:LIMIT]]


def parse(text: str, parse_mode: str) -> tuple[str, list[dict[str, Any]]]:
    """Markup to plain text and its entities alone: nothing trimmed, nothing found."""
    plain, entities = _parsed(text, parse_mode) if _names_parser(parse_mode) else (text, [])
    return plain, [entity.as_json() for entity in made_consistent(entities)]


def find(text: str) -> list[dict[str, Any]]:
    """The entities Telegram finds by itself in a plain text."""
    return [entity.as_json() for entity in find_entities(text)]


def _names_parser(parse_mode: str | None) -> bool:
    return bool(parse_mode) and str(parse_mode).lower() != "none"


def _parsed(text: str, parse_mode: str) -> tuple[str, list[Entity]]:
    parser = _PARSERS.get(parse_mode.lower())
    if parser is None:
        raise ParseFault("Unsupported parse_mode")
    plain, entities = parser(text)
    return plain, in_order(entities)


def _check_length(text: str, *, may_be_empty: bool) -> None:
    if not text and not may_be_empty:
        raise ParseFault("Message text is empty")
    try:
        size = len(text.encode())
    except UnicodeEncodeError as exc:
        raise ParseFault("Strings must be encoded in UTF-8") from exc
    if size > _LONGEST_INPUT:
        raise ParseFault("Text is too long")
