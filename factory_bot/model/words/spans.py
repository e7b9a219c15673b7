"""A span of time in a person's words: "3 days", "a week", "a day and a half".  Pure."""

from __future__ import annotations

import re

_HOURS = {"minute": 1 / 60, "min": 1 / 60, "hour": 1, "hr": 1, "day": 24, "night": 24, "week": 168, "fortnight": 336,
          "month": 720, "year": 8760}  # fmt: skip
_COUNTS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "half a": 0.5, "half an": 0.5, "a couple of": 2,
}  # fmt: skip
_WORDS = "|".join(sorted(_COUNTS, key=len, reverse=True))
_UNIT = rf"(?:{'|'.join(sorted(_HOURS, key=len, reverse=True))})s?\b(?!['’])"
COUNT = rf"(?:\d{{1,4}}(?:[.,]\d)?|(?:{_WORDS})\b)"
"""A pattern of a count of something; `count_of` says how many."""

SPAN = rf"(?:{COUNT}(?: ?|-| whole | full ){_UNIT}(?: and a half\b)?(?:(?: and |, | ){COUNT} ?{_UNIT})*)"
"""A pattern of a span of time; like the other, to be matched whatever the case."""

_SPAN = re.compile(SPAN, re.IGNORECASE)
_PART = re.compile(rf"({COUNT})(?: ?|-| whole | full )({_UNIT})( and a half)?", re.IGNORECASE)


def hours_of(text: str) -> float | None:
    """The hours of a text that is a span of time and nothing else; None of any other."""
    if not _SPAN.fullmatch(text):
        return None
    return round(sum(_part(found) for found in _PART.finditer(text)), 6)


def count_of(text: str) -> float:
    """How many a count is."""
    known = _COUNTS.get(text.casefold())
    return float(text.replace(",", ".") if known is None else known)


def _part(found: re.Match[str]) -> float:
    unit = found[2].casefold()
    hours = _HOURS[unit if unit in _HOURS else unit[:-1]]
    return (count_of(found[1]) + (0.5 if found[3] else 0)) * hours
