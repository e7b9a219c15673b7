"""One piece of formatting over a text, and the order and families Telegram puts such pieces in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from playground.wire import WireFault


class ParseFault(WireFault):
    """A text, its markup or its entities that Telegram would refuse."""


def cannot_parse(what: str) -> ParseFault:
    return ParseFault(f"Can't parse entities: {what}")


LIMIT = 100  # entities in one message; Telegram ignores the rest

SPLITTABLE = ("bold", "italic", "underline", "strikethrough", "spoiler")
BLOCKQUOTES = frozenset({"blockquote", "expandable_blockquote"})
SOLID = frozenset({"pre", "code", "date_time"})  # nothing may be inside, and they are in nothing but a quotation
AUTOMATIC = frozenset({"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"})
CONTINUOUS = AUTOMATIC | {"text_link", "text_mention", "custom_emoji"}

_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}  # every automatic one: 50


@dataclass(kw_only=True)
class Entity:
    """A type over a span of the text, counted in UTF-16 code units; `extra` holds the url, user, language …"""

    type: str
    offset: int
    length: int
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def end(self) -> int:
        return self.offset + self.length

    def order(self) -> tuple[int, int, int]:
        """Earlier first, longer first, then by type: outer pieces come before what they hold."""
        priority = 10 if "language" in self.extra else _PRIORITY.get(self.type, 50)
        return self.offset, -self.length, priority

    def as_json(self) -> dict[str, Any]:
        return {"offset": self.offset, "length": self.length, "type": self.type, **self.extra}


def in_order(entities: Iterable[Entity]) -> list[Entity]:
    return sorted(entities, key=Entity.order)


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has: characters beyond the first plane count twice."""
    return len(text) + sum(1 for char in text if char > "\uffff")
