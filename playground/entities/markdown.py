"""The old Markdown of bots, to plain text and entities: no nesting, four marks, a backslash before each of them."""

from __future__ import annotations

from playground.entities.links import link_or_none, mentioned_user
from playground.entities.model import Entity, cannot_parse
from playground.entities.output import Output, Source, language_and_start

_MARKS = "_*`["
_SIMPLE = {"_": "italic", "*": "bold", "`": "code"}


def parse_markdown(text: str) -> tuple[str, list[Entity]]:
    source, output, position = Source(text), Output(), 0
    while position < source.end:
        char = source.at(position)
        if char == "\\" and source.at(position + 1) in _MARKS:
            output.put(source.at(position + 1))
            position += 2
        elif char in _MARKS:
            position = _entity(source, output, position)
        else:
            output.put(char)
            position += 1
    return output.text, output.entities


def _entity(source: Source, output: Output, begin: int) -> int:
    """Read one entity from its opening mark; answers where reading goes on."""
    mark, position, language = source.at(begin), begin + 1, ""
    block = source.text.startswith("```", begin)
    if block:
        language, position = language_and_start(source, begin + 3)
    closing = "```" if block else "]" if mark == "[" else mark
    end = source.text.find(closing, position)
    if end < 0:
        raise cannot_parse(f"Can't find end of the entity starting at byte offset {source.byte(begin)}")
    start = output.length
    inside = source.text[position:end]
    output.put_all(inside)
    after = end + len(closing)
    if mark == "[":
        return _link(source, output, start, inside, after) if inside else after
    if inside:
        kind = "pre" if block else _SIMPLE[mark]
        output.add(kind, start, **({"language": language} if language else {}))
    return after


def _link(source: Source, output: Output, start: int, inside: str, after: int) -> int:
    """The address of `[text](address)`, or the text itself; a bad address leaves plain text."""
    url = inside
    if source.at(after) == "(":
        end = source.text.find(")", after)
        end = end if end >= 0 else source.end
        url, after = source.text[after + 1 : end], end + 1
    if user := mentioned_user(url):
        output.add("text_mention", start, user={"id": user})
    elif address := link_or_none(url):
        output.add("text_link", start, url=address)
    return after
