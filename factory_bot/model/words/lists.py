"""Lists in words: "A, B and C", bullets, numbered lines, "A / B / C" become their items."""

from __future__ import annotations

import re

from bot_runtime.dna import cleaned, one_line

_BULLET = re.compile(r"^\s*(?:[-*•·–—▪◦●➤►→✔✅☑]+️?|\(?\d{1,2}(?:\)|\.(?=\s))|\(?[a-zA-Z][.)](?=\s))\s*")
_RANGE = re.compile(r"\bbetween\s+-?[\d.]+\s+and\s+-?[\d.]*\d", re.IGNORECASE)
_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "«": "»"}
_NUMBERED = re.compile(r"(?:^|\s)\(?\d{1,2}[.)]\s+")
_LAST = re.compile(r"\s+(?:and|or|und|oder|y|o|e|et|ou|&|\+)\s+", re.IGNORECASE)
_PLEASE = re.compile(r"[\s,.!]*\b(?:please|thanks|thank you|thx|cheers)[\s.!]*$", re.IGNORECASE)
_LEADING = re.compile(r"^(?:and|or|und|oder|plus|also|then|&|\+)\s+", re.IGNORECASE)
_HEDGE = re.compile(
    r"^(?:(?:maybe|perhaps|let'?s say|something like|how about|i'?d say|i think|well|okay|ok|um)\b[\s,:]+)+(?=.*(?:,"
    r"|;|\bor\b))",
    re.IGNORECASE | re.DOTALL,
)
_ONLY = re.compile(r"^(?:just|only)\s+(?=.*(?:[,;]|\b(?:and|or)\b))", re.DOTALL)  # "Only You" has its capital
_LEADING_LIST = re.compile(
    r"^(?:(?:the\s+)?(?:options?|choices?|answers?|fields?|questions?)\s*(?:(?:are|is|will be|should be)\b\s*:?|:)"
    r"|(?:let\s+)?(?:people|they|them|you|everyone|guests|customers)\s+(?:can |could |should |may )?"
    r"(?:choose|pick|vote|select|decide)\s*(?:between|from|among|for)?\s*:?"
    r"|between\s+|either\s+|from\s+(?=.*(?:,|\b(?:and|or)\b)))\s*",
    re.IGNORECASE,
)


def items_of(text: str) -> list[str]:
    """The items of a list in words, in order, trimmed; an enumeration keeps what is in brackets together."""
    text = _LEADING_LIST.sub("", _ONLY.sub("", _HEDGE.sub("", _PLEASE.sub("", cleaned(text))))).strip()
    lines = [line for line in text.splitlines() if line.strip()]
    numbered = _NUMBERED.split(text)
    if len(lines) == 1 and len(numbered) > 2 and not numbered[0].strip():
        return _tidied(numbered[1:])
    if len(lines) > 1 or any(_BULLET.match(line) for line in lines):
        return _tidied(_of_lines(lines))
    return _tidied(_of_one_line(text))


def _of_lines(lines: list[str]) -> list[str]:
    bulleted = [_BULLET.match(line) is not None for line in lines]
    if len(lines) > 1 and not bulleted[0] and lines[0].rstrip().endswith(":"):
        lines = lines[1:]  # a heading
    items: list[str] = []
    for line in lines:
        bare = _BULLET.sub("", line)
        items += [bare] if len(lines) > 1 else _of_one_line(bare)
    return items


def _of_one_line(text: str) -> list[str]:
    for separator in (";", "|", ","):
        parts = split_outside(text, separator)
        if len(parts) > 1:
            return _with_last_split(parts)
    parts = [part for part in re.split(r"\s+[•·]\s+", text) if part]
    if len(parts) > 1:
        return parts
    added = re.split(r"\s*\+\s*", text)
    if len(added) > 1 and all(re.search(r"[^\W\d_]{2}", part) for part in added):
        return added
    slashed = split_outside(text, "/")
    if len(slashed) > 1 and (len(slashed) > 2 or " / " in text or not re.search(r"\b(?:and|or)\b", text)):
        return slashed
    return _split_words(text)


def _with_last_split(parts: list[str]) -> list[str]:
    last = parts[-1].strip()
    if _LEADING.match(last):  # the Oxford comma: what follows it is one item
        return [*parts[:-1], last]
    return [*parts[:-1], *_split_words(last)]


def _split_words(text: str) -> list[str]:
    """`A and B or C` in parts; words in brackets are left alone."""
    masked = _masked(text)
    parts, start = [], 0
    for match in _LAST.finditer(masked):
        parts.append(text[start : match.start()])
        start = match.end()
    return [*parts, text[start:]]


def split_outside(text: str, separator: str) -> list[str]:
    """The text in parts at every `separator` that is not in brackets or quotes."""
    masked = _masked(text)
    parts, start = [], 0
    for place, character in enumerate(masked):
        if character == separator and not _within_number(text, place):
            parts.append(text[start:place])
            start = place + 1
    return [part for part in (*parts, text[start:]) if part.strip()]


def _within_number(text: str, place: int) -> bool:
    return (
        text[place] == ","
        and 0 < place < len(text) - 1
        and text[place - 1].isdigit()
        and bool(re.match(r"\d{3}(?!\d)", text[place + 1 :]))
    )


def _masked(text: str) -> str:
    """The text with everything in brackets or double quotes blanked out, at the same length."""
    out: list[str] = []
    closing: list[str] = []
    for character in _RANGE.sub(lambda found: "\0" * len(found[0]), text):
        if closing and character == closing[-1]:
            closing.pop()
            out.append("\0")
        elif character in _PAIRS:
            closing.append(_PAIRS[character])
            out.append("\0")
        elif character == '"':
            closing.append('"')
            out.append("\0")
        else:
            out.append("\0" if closing else character)
    return "".join(out) if not closing else _RANGE.sub(lambda found: "\0" * len(found[0]), text)


def _tidied(items: list[str]) -> list[str]:
    tidy = (_LEADING.sub("", one_line(item)).strip(" \t.,;:!") for item in items)
    return [_unquoted(item) for item in tidy if item]


def _unquoted(text: str) -> str:
    for opening, closing in (('"', '"'), ("“", "”"), ("'", "'"), ("«", "»"), ("‘", "’"), ("`", "`")):
        if len(text) > 2 and text.startswith(opening) and text.endswith(closing):
            return text[1:-1].strip()
    return text
