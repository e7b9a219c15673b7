"""MarkdownV2 to plain text and entities: nesting, quotations, and every reserved character escaped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from playground.entities.links import BadLink, link_or_none, mentioned_user, named_emoji_or_time
from playground.entities.model import Entity, ParseFault, cannot_parse
from playground.entities.output import Parser, language_and_start

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_CLOSING = {
    "bold": "*",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "custom_emoji": "]",
}
_OPENING = {"*": "bold", "~": "strikethrough", "[": "text_link"}


@dataclass(frozen=True)
class _Open:
    """A mark that waits for its end."""

    type: str
    start: int  # UTF-16
    position: int  # in the source
    mark: int  # in the output
    extra: dict[str, Any] = field(default_factory=dict)


def parse_markdown_v2(text: str) -> tuple[str, list[Entity]]:
    return _Parser(text).parse()


class _Parser(Parser[_Open]):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._quoting = False
        self._line_begins = True  # a quotation may begin here

    def parse(self) -> tuple[str, list[Entity]]:
        source = self._source
        while self._position < source.end:
            char = source.at(self._position)
            if char == "\\" and 0 < ord(source.at(self._position + 1)) <= 126:
                self._plain(source.at(self._position + 1))
                self._position += 2
            elif char not in self._reserved():
                self._output.put(char)
                self._line_begins = self._line_begins and char == "\r"
                self._position += 1
            elif self._ends_here(char):
                self._close(char)
            else:
                self._begin(char)
        self._end_quotation()
        if self._open:
            raise self._unclosed()
        return self._output.text, self._output.entities

    def _reserved(self) -> str:
        return "`" if self._open and self._open[-1].type in {"code", "pre"} else _RESERVED

    def _plain(self, char: str) -> None:
        self._output.put(char)
        if char != "\r":
            self._line_begins = char == "\n"

    def _ends_here(self, char: str) -> bool:
        if not self._open:
            return False
        if self._quoting and char == "\n" and self._source.at(self._position + 1) != ">":
            return True
        innermost = self._open[-1].type
        if innermost == "italic":
            return char == "_" and self._source.at(self._position + 1) != "_"
        closing = _CLOSING.get(innermost)
        return closing is not None and self._source.text.startswith(closing, self._position)

    # ── beginnings ──────────────────────────────────────────────────────────

    def _begin(self, char: str) -> None:
        begin, source = self._position, self._source
        self._position += 1
        if char == "\n":
            self._plain(char)
        elif char == ">" and self._line_begins:
            if not self._quoting:
                self._quoting = True
                self._push("blockquote", begin)
        elif char in _OPENING:
            self._push(_OPENING[char], begin)
        elif char == "_":
            double = source.at(begin + 1) == "_"
            self._position += double
            self._push("underline" if double else "italic", begin)
        elif char == "`":
            self._begin_code(begin)
        elif (char, source.at(begin + 1)) in {("|", "|"), ("!", "[")}:
            self._position += 1
            self._push("spoiler" if char == "|" else "custom_emoji", begin)
        else:
            raise cannot_parse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")

    def _begin_code(self, begin: int) -> None:
        if not self._source.text.startswith("```", begin):
            self._push("code", begin)
            return
        language, self._position = language_and_start(self._source, begin + 3)
        self._push("pre", begin, **({"language": language} if language else {}))

    def _push(self, kind: str, begin: int, **extra: Any) -> None:
        self._open.append(_Open(kind, self._output.length, begin, self._output.mark, extra))

    # ── ends ────────────────────────────────────────────────────────────────

    def _close(self, char: str) -> None:
        innermost = self._open[-1]
        if char == "\n":
            self._close_quotation()
            return
        self._position += len(_CLOSING.get(innermost.type, "_"))
        kind, extra = innermost.type, innermost.extra
        if kind == "text_link":
            kind, extra = self._link(innermost)
        elif kind == "custom_emoji":
            kind, extra = self._emoji_or_time()
        if kind and self._output.length > innermost.start:
            self._output.add(kind, innermost.start, **extra)
        self._open.pop()

    def _close_quotation(self) -> None:
        """A line that does not go on quoting: `||` at its very end makes the quotation expandable."""
        kind = "blockquote"
        if self._open[-1].type != "blockquote":
            if not self._is_lone_bar(self._open[-1], self._position):
                raise self._unclosed()
            self._open.pop()
            if self._open[-1].type != "blockquote":
                raise self._unclosed()
            kind = "expandable_blockquote"
        self._plain("\n")
        self._position += 1
        self._quoting = False
        self._output.add(kind, self._open.pop().start)

    def _is_lone_bar(self, innermost: _Open, end: int) -> bool:
        return innermost.type == "spoiler" and self._source.text[innermost.position + 2 : end] in {"", "\r"}

    def _end_quotation(self) -> None:
        """A quotation that reaches the end of the text needs no line break."""
        if not self._quoting:
            return
        kind = "blockquote"
        if self._open[-1].type == "spoiler" and self._open[-1].position == self._source.end - 2:
            self._open.pop()
            kind = "expandable_blockquote"
        if self._open[-1].type == "blockquote":
            start = self._open.pop().start
            if self._output.length > start:
                self._output.add(kind, start)

    def _link(self, innermost: _Open) -> tuple[str, dict[str, Any]]:
        url = self._output.since(innermost.mark)
        if self._source.at(self._position) == "(":
            url = self._address()
        if user := mentioned_user(url):
            return "text_mention", {"user": {"id": user}}
        address = link_or_none(url)
        return ("text_link", {"url": address}) if address else ("", {})

    def _emoji_or_time(self) -> tuple[str, dict[str, Any]]:
        if self._source.at(self._position) != "(":
            raise cannot_parse("The entity must contain a tg://emoji or tg://time URL")
        try:
            return named_emoji_or_time(self._address())
        except BadLink as exc:
            raise cannot_parse(str(exc)) from exc

    def _address(self) -> str:
        """The address between parentheses, read with its escapes."""
        source, url = self._source, ""
        self._position += 1
        begin = self._position
        while self._position < source.end and source.at(self._position) != ")":
            escaped = source.at(self._position) == "\\" and 0 < ord(source.at(self._position + 1)) <= 126
            url += source.at(self._position + escaped)
            self._position += 1 + escaped
        if self._position >= source.end:
            raise cannot_parse(f"Can't find end of a URL at byte offset {source.byte(begin)}")
        self._position += 1
        return url

    def _unclosed(self) -> ParseFault:
        innermost = self._open[-1]
        name = "PreCode" if innermost.extra else _NAMES[innermost.type]
        return cannot_parse(f"Can't find end of {name} entity at byte offset {self._source.byte(innermost.position)}")
