"""What markup parsers share: the source they read, and the plain text produced so far, measured as it grows."""

from __future__ import annotations

from typing import Generic, TypeVar

from playground.entities.model import Entity


class Output:
    """Characters written so far and their UTF-16 length; spans are marked by `length` and `mark`."""

    def __init__(self) -> None:
        self._chars: list[str] = []
        self.length = 0  # UTF-16 code units
        self.entities: list[Entity] = []

    def put(self, char: str) -> None:
        self._chars.append(char)
        self.length += 2 if char > "\uffff" else 1

    def put_all(self, text: str) -> None:
        for char in text:
            self.put(char)

    def add(self, kind: str, start: int, **extra: object) -> None:
        """Note a piece of formatting from `start` to here."""
        self.entities.append(Entity(type=kind, offset=start, length=self.length - start, extra=extra))

    @property
    def mark(self) -> int:
        return len(self._chars)

    def since(self, mark: int) -> str:
        return "".join(self._chars[mark:])

    @property
    def text(self) -> str:
        return "".join(self._chars)


class Source:
    """Markup being read: any position may be looked at, and beyond the end stands NUL, as in Telegram's parsers."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.end = len(text)

    def at(self, position: int) -> str:
        return self.text[position] if position < self.end else "\0"

    def byte(self, position: int) -> int:
        """The position counted in UTF-8 bytes, as error texts give it."""
        return len(self.text[:position].encode())


Open = TypeVar("Open")


class Parser(Generic[Open]):
    """A parser at work: where it reads, what it has written, and which marks wait for their ends."""

    def __init__(self, text: str) -> None:
        self._source = Source(text)
        self._position = 0
        self._output = Output()
        self._open: list[Open] = []


BLANKS = " \t\r\n\0\v"


def language_and_start(source: Source, position: int) -> tuple[str, int]:
    """The language named after three backquotes, and where the code itself begins (one line break is skipped)."""
    end = position
    while source.at(end) not in BLANKS and source.at(end) != "`":
        end += 1
    language = ""
    if position != end and end < source.end and source.at(end) != "`":
        language, position = source.text[position:end], end
    if source.at(position) in "\r\n":
        pair = source.at(position + 1) in "\r\n" and source.at(position + 1) != source.at(position)
        position += 2 if pair else 1
    return language, position
