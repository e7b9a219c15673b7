"""HTML as bots write it, to plain text and entities: the tags, errors and oddities of Telegram's own parser."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playground.entities.links import BadLink, custom_emoji_id, date_time, link_or_none, lower, mentioned_user
from playground.entities.model import Entity, ParseFault, cannot_parse
from playground.entities.output import BLANKS, Parser

_SIMPLE = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_TAGS = {*_SIMPLE, "a", "pre", "code", "blockquote", "tg-emoji", "tg-time"}
_KEPT_ATTRIBUTE = {"a": "href", "tg-emoji": "emoji-id", "tg-time": "format"}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_NOT_UNICODE = (
    "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units"
)
_REFERENCE = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]*)|#(?P<dec>[0-9]*)|(?P<name>[A-Za-z]*))(?P<end>;?)")


@dataclass(frozen=True)
class _Open:
    """A tag that waits for its end."""

    name: str
    argument: str
    moment: int
    start: int  # UTF-16
    mark: int


def parse_html(text: str) -> tuple[str, list[Entity]]:
    return _Parser(text).parse()


class _Parser(Parser[_Open]):
    def parse(self) -> tuple[str, list[Entity]]:
        source, output = self._source, self._output
        while self._position < source.end:
            char = source.at(self._position)
            if char == "<":
                self._tag()
                continue
            self._position += 1
            if char == "&" and (decoded := _reference(source.text, self._position - 1)):
                char, self._position = decoded
            output.put(char)
        if self._open:
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        text = output.text
        if any("\ud800" <= char <= "\udfff" for char in text):
            raise cannot_parse(_NOT_UNICODE)
        for entity in output.entities:
            if entity.type == "code":
                entity.extra = {}
        return text, output.entities

    def _tag(self) -> None:
        begin = self._position
        self._position += 1
        if self._source.at(self._position) == "/":
            self._end_tag(begin)
        else:
            self._start_tag(begin)

    # ── start tags ──────────────────────────────────────────────────────────

    def _start_tag(self, begin: int) -> None:
        source = self._source
        name = self._read_until(BLANKS + ">")
        if source.at(self._position) == "\0":
            raise self._fault("Unclosed start tag", begin)
        if name not in _TAGS:
            raise self._fault(f'Unsupported start tag "{name}"', begin)
        argument, moment = self._attributes(name, begin)
        self._position += 1
        if name == "span" and argument != "spoiler":
            raise self._fault('Tag "span" must have class "tg-spoiler"', begin)
        self._open.append(_Open(name, argument, moment, self._output.length, self._output.mark))

    def _attributes(self, tag: str, begin: int) -> tuple[str, int]:
        """What the attributes say that matters to this tag: its argument, and a moment for `tg-time`."""
        source, argument, moment = self._source, "", 0
        while source.at(self._position) != ">":
            self._skip_blanks()
            if source.at(self._position) == ">":
                break
            attribute = self._read_until(BLANKS + "=>/\"'")
            if not attribute:
                raise self._fault(f'Empty attribute name in the tag "{tag}"', begin)
            self._skip_blanks()
            if source.at(self._position) != "=":
                if source.at(self._position) == "\0":
                    raise self._fault(f'Unclosed start tag "{tag}"', begin)
                argument = "1" if (tag, attribute) == ("blockquote", "expandable") else argument
                continue
            self._position += 1
            value = self._attribute_value(tag, begin)
            if (tag, attribute) == ("tg-time", "unix"):
                moment = _leading_int(value)
            else:
                argument = _argument(tag, attribute, value, argument)
        return argument, moment

    def _attribute_value(self, tag: str, begin: int) -> str:
        source = self._source
        self._skip_blanks()
        quote = source.at(self._position)
        if quote == "\0":
            raise self._fault(f'Unclosed start tag "{tag}"', begin)
        if quote in "'\"":
            value = self._quoted(quote)
        else:
            start = self._position
            while re.fullmatch(r"[A-Za-z0-9.-]", source.at(self._position)):
                self._position += 1
            value = source.text[start : self._position].lower()
            if source.at(self._position) not in BLANKS + ">":
                raise self._fault("Unexpected end of name token", start)
        if source.at(self._position) == "\0":
            raise self._fault("Unclosed start tag", begin)
        return value

    def _quoted(self, quote: str) -> str:
        source, value = self._source, ""
        self._position += 1
        while source.at(self._position) not in (quote, "\0"):
            char = source.at(self._position)
            self._position += 1
            if char == "&" and (decoded := _reference(source.text, self._position - 1)):
                char, self._position = decoded
            value += char
        if source.at(self._position) == quote:
            self._position += 1
        return value

    # ── end tags ────────────────────────────────────────────────────────────

    def _end_tag(self, begin: int) -> None:
        if not self._open:
            raise self._fault("Unexpected end tag", begin)
        self._position += 1
        found = self._read_until(BLANKS + ">")
        self._skip_blanks()
        if self._source.at(self._position) != ">":
            raise self._fault("Unclosed end tag", begin)
        self._position += 1
        tag = self._open[-1]
        if found and found != tag.name:
            raise cannot_parse(
                f"Unmatched end tag at byte offset {self._source.byte(begin)}, "
                f'expected "</{tag.name}>", found "</{found}>"'
            )
        if self._output.length > tag.start:
            self._close(tag)
        self._open.pop()

    def _close(self, tag: _Open) -> None:
        output = self._output
        if tag.name in _SIMPLE:
            output.add(_SIMPLE[tag.name], tag.start)
        elif tag.name == "blockquote":
            output.add("expandable_blockquote" if tag.argument else "blockquote", tag.start)
        elif tag.name == "a":
            self._close_link(tag)
        elif tag.name in {"pre", "code"}:
            self._close_code(tag)
        else:
            self._close_special(tag)

    def _close_link(self, tag: _Open) -> None:
        url = tag.argument or self._output.since(tag.mark)
        if user := mentioned_user(url):
            self._output.add("text_mention", tag.start, user={"id": user})
        elif address := link_or_none(url):
            self._output.add("text_link", tag.start, url=address)

    def _close_code(self, tag: _Open) -> None:
        """`<pre><code class="language-x">`, either way round, is one entity with a language."""
        output = self._output
        last = output.entities[-1] if output.entities else None
        if last is not None and (last.offset, last.end) == (tag.start, output.length):
            if tag.name == "pre" and last.type == "code" and last.extra:
                last.type = "pre"
                return
            if tag.name == "code" and last.type == "pre" and not last.extra and tag.argument:
                last.extra = {"language": tag.argument}
                return
        language = {"language": tag.argument} if tag.name == "code" and tag.argument else {}
        output.add(tag.name, tag.start, **language)

    def _close_special(self, tag: _Open) -> None:
        try:
            if tag.name == "tg-emoji":
                self._output.add("custom_emoji", tag.start, custom_emoji_id=custom_emoji_id(tag.argument))
                return
            fields = date_time(tag.moment, tag.argument)
        except BadLink as exc:
            raise cannot_parse(str(exc)) from exc
        if tag.moment > 0:
            self._output.add("date_time", tag.start, **fields)

    # ── reading ─────────────────────────────────────────────────────────────

    def _read_until(self, stops: str) -> str:
        """The text up to any of the stops, its Latin letters in lower case."""
        start = self._position
        while self._source.at(self._position) not in stops:
            self._position += 1
        return lower(self._source.text[start : self._position])

    def _skip_blanks(self) -> None:
        while self._source.at(self._position) in BLANKS and self._source.at(self._position) != "\0":
            self._position += 1

    def _fault(self, what: str, position: int) -> ParseFault:
        return cannot_parse(f"{what} at byte offset {self._source.byte(position)}")


def _argument(tag: str, attribute: str, value: str, argument: str) -> str:
    if _KEPT_ATTRIBUTE.get(tag) == attribute:
        return value
    if (tag, attribute) == ("blockquote", "expandable"):
        return "1"
    if (tag, attribute) == ("code", "class") and value.startswith("language-"):
        return value.removeprefix("language-")
    if (tag, attribute) == ("span", "class") and value.startswith("tg-"):
        return value.removeprefix("tg-")
    return argument


def _reference(text: str, position: int) -> tuple[str, int] | None:
    """The character an `&…;` stands for, and where reading goes on; None if it stands for itself."""
    found = _REFERENCE.match(text, position)
    if found is None:
        return None
    if found["name"] is not None:
        named = _NAMED.get(found["name"])
        return (named, found.end()) if named else None
    digits, base = (found["hex"], 16) if found["hex"] is not None else (found["dec"], 10)
    code = int(digits, base) if digits else 0
    if not 0 < code < 0x10FFFF or found.end() - len(found["end"]) - position >= 10:
        return None
    return chr(code), found.end()


def _leading_int(value: str) -> int:
    found = re.match(r"-?[0-9]+", value)
    number = int(found[0]) if found else 0
    return number if number < 2**31 else 0
