"""The text as Telegram stores it: no control characters, no blanks around it, entities moved along."""

from __future__ import annotations

import re

from playground.entities.model import Entity, ParseFault, in_order, utf16_length
from playground.entities.nesting import made_consistent

_REMOVED = frozenset("\r\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u0333\u033f\u030a")
_DIRECTION_RUN = re.compile("[\u200e\u200f]+(?=[\u200e\u200f])")
_INVISIBLE = re.compile(
    "[ \n\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufffc\ufeff\u00a0\U000e0000-\U000e007f]*"
)


def cleaned(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """The text without what Telegram drops; entities that would begin or end inside a character are refused."""
    moved, length, kept = {0: 0}, 0, []
    position = 0  # UTF-16, in the text as given
    for char in text:
        position += 2 if char > "\uffff" else 1
        if char not in _REMOVED:
            kept.append(" " if char < " " and char != "\n" else char)
            length += 2 if char > "\uffff" else 1
        moved[position] = length
    _check_spans(text, entities, moved, position)
    for entity in entities:
        start, end = moved[entity.offset], moved[entity.end]
        entity.offset, entity.length = start, end - start
    return _DIRECTION_RUN.sub(lambda run: "\u200c" * len(run[0]), "".join(kept)), made_consistent(_not_empty(entities))


def _check_spans(text: str, entities: list[Entity], moved: dict[int, int], end: int) -> None:
    for entity in in_order(entities):
        if entity.offset > end:
            raise ParseFault(f"Entity begins after the end of the text at UTF-16 offset {entity.offset}")
        if entity.offset not in moved:
            raise ParseFault(
                f"Entity begins in a middle of a UTF-16 symbol at byte offset {_byte_after(text, entity.offset)}"
            )
        begins = f"Entity beginning at UTF-16 offset {entity.offset}"
        if entity.end > end:
            raise ParseFault(f"{begins} ends after the end of the text at UTF-16 offset {entity.end}")
        if entity.end not in moved:
            raise ParseFault(
                f"{begins} ends in a middle of a UTF-16 symbol at byte offset {_byte_after(text, entity.end)}"
            )


def _byte_after(text: str, offset: int) -> int:
    """Where the character that holds this UTF-16 offset ends, in UTF-8 bytes."""
    units = 0
    for index, char in enumerate(text):
        units += 2 if char > "\uffff" else 1
        if units > offset:
            return len(text[: index + 1].encode())
    return len(text.encode())


def _not_empty(entities: list[Entity]) -> list[Entity]:
    return [entity for entity in entities if entity.length > 0]


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without blanks and line breaks at both ends; blanks at the beginning stay where formatting begins on them."""
    text = text.rstrip(" \n")
    end = utf16_length(text)
    kept = [entity for entity in entities if entity.offset < end]
    for entity in kept:
        entity.length = min(entity.length, end - entity.offset)
    kept = in_order(kept)
    first = min((entity.offset for entity in kept), default=len(text))
    blanks = min(len(text) - len(text.lstrip(" \n")), first)
    for entity in kept:
        entity.offset -= blanks
    return text[blanks:], kept


def is_invisible(text: str) -> bool:
    """Whether nothing of the text can be seen."""
    return _INVISIBLE.fullmatch(text) is not None
