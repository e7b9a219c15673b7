"""What Telegram itself finds in plain text: commands, mentions, tags, telephone numbers (addresses: `urls.py`)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from playground.entities.model import Entity, utf16_length
from playground.entities.nesting import without_overlap
from playground.entities.urls import find_addresses

_SHORT_NAMES = {"gif", "nft", "pic", "ufc", "vid"}
_MENTION = re.compile(r"@([A-Za-z0-9_]*)")
_COMMAND = re.compile(r"/([A-Za-z0-9_]*)(?:(@)([A-Za-z0-9_]*))?")
_CASHTAG = re.compile(r"\$(1INCH|[A-Z]*)(?:@[A-Za-z0-9_]{3,32}(?![A-Za-z0-9_]))?")
_TAG_NAME = re.compile(r"@[A-Za-z0-9_]{3,32}")
_PHONE = re.compile(r"\+[0-9](?:[ -]?\(?[0-9]+\)?){1,14}")


def find(text: str) -> list[Entity]:
    """The entities of a plain text, in order, none overlapping another."""
    spans = [
        *(("mention", *span) for span in _mentions(text)),
        *(("bot_command", *span) for span in _commands(text)),
        *(("hashtag", *span) for span in _hashtags(text)),
        *(("cashtag", *span) for span in _cashtags(text)),
        *(("phone_number", *span) for span in _phone_numbers(text)),
        *find_addresses(text),
    ]
    return without_overlap(_entity(text, *span) for span in spans)


def _entity(text: str, kind: str, start: int, end: int) -> Entity:
    return Entity(type=kind, offset=utf16_length(text[:start]), length=utf16_length(text[start:end]))


def is_word(char: str) -> bool:
    return char == "_" or unicodedata.category(char)[0] in "L" or unicodedata.category(char) in {"Nd", "Nl", "No"}


def _stands_free(text: str, position: int, also: str = "") -> bool:
    """Whether the character there neither goes on with a word nor is one of the others that forbid a match."""
    if not 0 <= position < len(text):
        return True
    return not is_word(text[position]) and text[position] not in also


def _mentions(text: str) -> Iterator[tuple[int, int]]:
    for found in _MENTION.finditer(text):
        name = found[1]
        if not (4 <= len(name) <= 32 or name.lower() in _SHORT_NAMES):
            continue
        if _stands_free(text, found.start() - 1) and _stands_free(text, found.end()):
            yield found.span()


def _commands(text: str) -> Iterator[tuple[int, int]]:
    for found in _COMMAND.finditer(text):
        if not 1 <= len(found[1]) <= 64 or (found[2] and not 3 <= len(found[3]) <= 32):
            continue
        if _stands_free(text, found.start() - 1, "/<>") and _stands_free(text, found.end(), "/<>"):
            yield found.span()


def _is_tag_letter(char: str) -> bool:
    if char in "_\u200c\u00b7" or "\u0d80" <= char <= "\u0dff":
        return True
    return unicodedata.category(char)[0] == "L" or unicodedata.category(char) == "Nd"


def _hashtags(text: str) -> Iterator[tuple[int, int]]:
    position = text.find("#")
    while position >= 0:
        start, end = position, position + 1
        if start and _is_tag_letter(text[start - 1]):
            position = text.find("#", end)
            continue
        while end < len(text) and _is_tag_letter(text[end]):
            end += 1
        word_end = min(end, start + 257)
        letters = any(unicodedata.category(char)[0] == "L" for char in text[start + 1 : word_end])
        if word_end == end and (named := _TAG_NAME.match(text, end)):
            word_end = end = named.end()
        if letters and text[end : end + 1] != "#":
            yield start, word_end
        position = text.find("#", end)


def _cashtags(text: str) -> Iterator[tuple[int, int]]:
    for found in _CASHTAG.finditer(text):
        if not 1 <= len(found[1]) <= 8:
            continue
        around = text[found.start() - 1 : found.start()] if found.start() else "", text[found.end() : found.end() + 1]
        if not any(char and (_is_tag_letter(char) or char == "$") for char in around):
            yield found.span()


def _phone_numbers(text: str) -> Iterator[tuple[int, int]]:
    for found in _PHONE.finditer(text):
        digits = sum(char.isdigit() for char in found[0])
        if (
            7 <= digits <= 15
            and _stands_free(text, found.start() - 1, "+.,-/")
            and _stands_free(text, found.end(), "+")
        ):
            yield found.span()
