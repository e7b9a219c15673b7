"""An hour of the day in a person's words: "7", "19:00", "8 in the evening", "half past seven", "never".  Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NUMBERS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"), 1
    )
}
_NUMBER = rf"\d{{1,2}}|{'|'.join(_NUMBERS)}"
_TIME = re.compile(
    rf"(?<![\w:.+-])(?:(?P<past>half|quarter|a quarter) (?P<side>past"
    rf"|to) )?(?:(?P<hour>{_NUMBER})(?:[:.h](?P<minute>\d{{2}}))?"
    rf"|(?P<joined>\d{{4}}))(?: ?(?P<half>[ap])\.? ?m\b\.?| ?h\b|(?: ?o['’]? ?clock\b)| hours?\b)?(?![\w:]|\.\d)"
    r"(?:,? (?:in the |at |this )?(?P<part>morning|noon|afternoon|evening|night|tonight)\b)?",
    re.IGNORECASE,
)
_NAMED = {"midnight": 0, "noon": 12, "midday": 12}
_NAMES = re.compile(rf"\b(?:{'|'.join(_NAMED)})\b", re.IGNORECASE)
_NEVER = re.compile(
    r"^\W*(?:never|no|none|nope|off|not at all|no(?: daily)? report|no thanks?(?: you)?|don'?t|do not"
    r"|stop(?: it| the report)?"
    r"|i don'?t want (?:it|one|any|a report))\b[\w\s,]{0,20}\W*$",
    re.IGNORECASE,
)
_AROUND = re.compile(
    r"\b(?:at|around|about|by|please|every|each|day|morning|evening|sharp|exactly|send|me|it|the|report|daily|make|set"
    r"|let'?s|say|to|i|would|like|want|want it|o'?clock|ok|in|time|my|change|hour|is|fine|good|then|for)\b|[\s,.!?]+",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class TimeOfDay:
    """An hour and its minutes, and the words that are left, which may name a place."""

    hour: int  # 0–23
    minute: int = 0
    rest: str = ""


def never(text: str) -> bool:
    """Whether the words want no hour at all."""
    return _NEVER.match(text) is not None


def time_of_day(text: str) -> TimeOfDay | None:
    """The one time of day that the words name; None where they name none, or several."""
    text = " ".join(text.split())
    named = _NAMES.search(text)
    if named:
        text = f"{text[: named.start()]}{_NAMED[named[0].casefold()]}:00{text[named.end() :]}"
        text = re.sub(r"\b12 (?:at )?(?=(?:0|12):00)", "", text)  # "12 noon"
    found = list(_TIME.finditer(text))
    if len(found) != 1:
        return None
    clock = _clock(found[0])
    if clock is None:
        return None
    hour, minute = divmod(clock % (24 * 60), 60)
    left = f"{text[: found[0].start()]} {text[found[0].end() :]}"
    return TimeOfDay(hour, minute, " ".join(_AROUND.sub(" ", left).split()))


def _clock(found: re.Match[str]) -> int | None:
    """Minutes since midnight; they may be negative or beyond the day."""
    number = found["joined"] or found["hour"].casefold()
    hour, minute = _NUMBERS.get(number) or int(number), int(found["minute"] or 0)
    if found["joined"]:
        hour, minute = divmod(hour, 100)
    half, part = (found["half"] or "").casefold(), (found["part"] or "").casefold()
    if hour > 24 or minute > 59 or (hour == 24 and minute) or (half and not 1 <= hour <= 12):
        return None
    if half:
        hour = hour % 12 + (12 if half == "p" else 0)
    elif hour <= 12 and part:
        hour = _in_part(hour, part)
    step = {"half": 30, "quarter": 15, "a quarter": 15}.get((found["past"] or "").casefold(), 0)
    return hour * 60 + minute + (step if (found["side"] or "past").casefold() == "past" else -step)


def _in_part(hour: int, part: str) -> int:
    if part in {"night", "tonight"}:
        return hour % 12 + (12 if 6 <= hour < 12 else 0)
    return hour if part == "morning" and hour < 12 else 0 if part == "morning" else hour % 12 + 12
