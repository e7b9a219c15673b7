"""A moment to come in a person's words: "Friday 8 pm", "24 December", "tomorrow".  Pure: the present is an argument.

A day without a time lasts until its end, and so does "the end of the week".  What can mean two days is not guessed.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from factory_bot.model.schedules import zone_of
from factory_bot.model.words.spans import COUNT, count_of
from factory_bot.model.zones import zone_from_words

LONGEST_AHEAD = timedelta(days=366)
_SOON = timedelta(days=270)  # a day without a year that comes later than this is rather one that has passed
_LAST = time(23, 59)


@dataclass(frozen=True, kw_only=True)
class Present:
    """When and where a person speaks."""

    now: datetime  # aware, UTC
    zone: str = "UTC"  # as `zone_of` takes it


@dataclass(frozen=True, kw_only=True)
class Moment:
    """A moment to come, and the zone that the words mean."""

    at: datetime  # aware, UTC
    zone: str


class Doubt(StrEnum):
    """Why words do not say when; the values end the names of sentences."""

    UNREAD = "unread"
    NUMBERS = "numbers"  # 12/24: day and month may be mixed up
    HALF = "half"  # 8 o'clock: in the morning or in the evening
    EITHER = "either"  # "next Friday", or "Friday" on a Friday
    WEEKDAY = "weekday"  # "Friday, 24 December", where that is no Friday
    MINUTES = "minutes"  # a time that is no whole number of hours
    PASSED = "passed"
    FAR = "far"  # more than a year ahead


class Unclear(ValueError):
    """The words do not say when, for that reason; EITHER has the two days that can be meant."""

    def __init__(self, doubt: Doubt, *days: date) -> None:
        super().__init__(doubt.value)
        self.doubt = doubt
        self.days = days


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FEASTS = {
    "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25), "new year's eve": (12, 31),
    "new year's day": (1, 1), "new year": (1, 1), "valentine's day": (2, 14), "halloween": (10, 31),
}  # fmt: skip
_PARTS = {"morning": time(12), "afternoon": time(18), "evening": _LAST, "night": _LAST, "midnight": _LAST}

_DAY = r"(?:mon(?:day)?|tue(?:s|sday)?|wed(?:nesday)?|thu(?:rs?|rsday)?|fri(?:day)?|sat(?:urday)?|sun(?:day)?)\b"
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\b"
)
_NUMBER = r"\d{1,2}(?:st|nd|rd|th)?"
_HALF = r"(?:[ap]\.m\.?|[ap]m\b)"
# What a moment is made of, tried in this order.
_PIECES = {
    "iso": r"\d{4}-\d{1,2}-\d{1,2}\b",
    "dotted": r"\d{1,2}\. ?\d{1,2}\.(?: ?(?:\d{4}|\d{2})(?![\d:.]))?|(?:2[4-9]|3[01])\.\d{1,2}\b",
    "slashed": r"\d{1,2}/\d{1,2}(?:/\d{2,4})?\b",
    "daymonth": rf"{_NUMBER}\.? (?:of )?{_MONTH}",
    "monthday": rf"{_MONTH}\.? {_NUMBER}\b(?![:.]\d)(?! ?{_HALF})",
    "clock": rf"\d{{1,2}}[:.]\d{{2}}\b(?: ?(?:{_HALF}|h\b))?|\d{{1,2}} ?(?:{_HALF}|h\b)|noon\b|midday\b",
    "hour": r"\d{1,2}(?= ?o'?clock)|(?<=at )\d{1,2}\b(?![.:/]\d)",
    "end": rf"(?:the )?end of (?:(?:the |this |next )?(?:day|week|month|year)\b|{_MONTH})",
    "span": rf"in {COUNT} (?:days?|weeks?)\b",
    "feast": rf"(?:{'|'.join(sorted(_FEASTS, key=len, reverse=True))})\b",
    "nth": r"the \d{1,2}(?:st|nd|rd|th)\b",
    "near": r"today\b|tonight\b|tomorrow\b|(?:the )?day after tomorrow\b",
    "weekday": rf"(?:(?:this coming|this|next|coming) )?{_DAY}",
    "part": r"(?:this |in the )(?:morning|afternoon|evening|night)\b|midnight\b",
}
_FURTHER_PIECES = {
    "part_": r"(?:morning|afternoon|evening|night)\b",
    "year": r"20\d\d\b",
    "zone": r"(?:utc|gmt)(?: ?[+−-] ?\d{1,2}(?::?\d{2})?)?\b|(?:cest|cet|est|edt|pst|pdt|bst)\b",
    "place": r"(?:(?:local|our|my)|(?-i:[A-Z])[a-z/_]+(?: (?-i:[A-Z])[a-z]+){0,2}) time\b",
}
# What else people name as a day: it is found, and then said to be unclear.
_UNCLEAR = (
    r"easter(?: (?:sunday|monday))?|(?:next|this) (?:week|month|year|weekend)\b|the weekend"
    rf"|(?:every|each) (?:{_DAY}|day|week|month)|(?:mon|tues|wednes|thurs|fri|satur|sun)days"
    rf"|(?:early|late|mid|(?:the )?(?:start|beginning|middle) of)[ -](?:the |this |next )?(?:week|month|year|{_MONTH}"
    rf"|{_DAY})|half past \w+|quarter (?:to|past) \w+|{_MONTH}|20\d\d\b"
)
_FIRST = "|".join((*_PIECES.values(), _UNCLEAR))
_NEXT = "|".join((*_PIECES.values(), *_FURTHER_PIECES.values(), _UNCLEAR))
MOMENT = (
    rf"(?:(?:{_FIRST})\.?(?:,? (?:(?:on|at|in|by|the) )*(?:{_NEXT}))*(?: ?(?:o'?clock|sharp|(?:at the )?latest))*"
    rf"(?:,? (?:(?:on|at|in|by|the) )*(?:{_NEXT}))*)"
)
"""A pattern of words for a moment, readable or not; to be matched whatever the case."""

_PIECE = re.compile(
    "|".join(f"(?P<{name}>{pattern})" for name, pattern in (_PIECES | _FURTHER_PIECES).items()), re.IGNORECASE
)
_JOINT = re.compile(r"[\s,.]+|(?:on|at|in|by|the|o'?clock|sharp|latest)\b", re.IGNORECASE)

Said = Mapping[str, str]  # the pieces of a moment by their names


def moment_in(words: str, present: Present, *, before: bool = False) -> Moment:
    """The moment to come that the words name; `before`: a day without a time is over before it begins.

    Raises `Unclear`.
    """
    said = _said(words)
    zone = _zone(said, present)
    here = present.now.astimezone(zone_of(zone))
    clock = _clock(said)
    day = _day(said, here, clock)
    if before and clock is None:
        day -= timedelta(days=1)
    at = datetime.combine(day, clock or _LAST, zone_of(zone)).astimezone(UTC)
    if at <= present.now:
        raise Unclear(Doubt.PASSED)
    if at > present.now + LONGEST_AHEAD:
        raise Unclear(Doubt.FAR)
    return Moment(at=at, zone=zone)


def _said(words: str) -> Said:
    """The words as pieces: all of them, each once.  Raises `Unclear`."""
    words = " ".join(words.replace("’", "'").split()).strip(" ,;!?()")
    said: dict[str, str] = {}
    place = 0
    while place < len(words):
        piece = _PIECE.match(words, place)
        found = piece or _JOINT.match(words, place)
        if found is None:
            raise Unclear(Doubt.UNREAD)
        if piece is not None and piece.lastgroup is not None:
            name = piece.lastgroup.rstrip("_")
            if name in said:
                raise Unclear(Doubt.UNREAD)
            said[name] = piece[0]
        place = found.end()
    return said


def _zone(said: Said, present: Present) -> str:
    named = said.get("zone") or said.get("place", "").removesuffix(" time")
    if not named or named.casefold() in {"local", "our", "my"}:
        return present.zone
    zone = zone_from_words(named)
    if zone is None:
        raise Unclear(Doubt.UNREAD)
    return zone


def _clock(said: Said) -> time | None:
    """The time of day; None where none is named."""
    part = "night" if said.get("near", "").casefold() == "tonight" else said.get("part", "").casefold().split(" ")[-1]
    if "clock" in said and "hour" in said:
        raise Unclear(Doubt.UNREAD)
    if "hour" in said:
        return _hour(int(said["hour"]), part)
    if "clock" in said:
        return _clock_of(said["clock"].casefold(), part)
    return _PARTS.get(part)


def _hour(hour: int, part: str) -> time:
    if 12 < hour < 25:
        return time(hour) if hour < 24 else _LAST
    if not 0 < hour < 12 or not part:
        raise Unclear(Doubt.HALF)
    return time(hour if part == "morning" else hour + 12)


def _clock_of(text: str, part: str) -> time:
    if text in {"noon", "midday"}:
        return time(12)
    found = re.fullmatch(r"(\d{1,2})(?:([:.])(\d{2}))? ?(?:([ap])\.?m\.?|h)?", text)
    if not found:
        raise Unclear(Doubt.UNREAD)
    hour, minute, half = int(found[1]), int(found[3] or 0), found[4]
    if half:
        if not 1 <= hour <= 12:
            raise Unclear(Doubt.UNREAD)
        hour = hour % 12 + (12 if half == "p" else 0)
    elif found[2] == "." and not text.endswith("h") and 1 <= minute <= 12:
        raise Unclear(Doubt.NUMBERS)  # 20.12: a time, or a day
    elif hour < 12 and part in {"afternoon", "evening", "night"}:
        hour += 12
    if hour == 24 and minute == 0:
        return _LAST
    if hour > 23 or minute > 59:
        raise Unclear(Doubt.UNREAD)
    return time(hour, minute)


def _day(said: Said, here: datetime, clock: time | None) -> date:
    if "slashed" in said:
        raise Unclear(Doubt.NUMBERS)
    days = [day for name, text in said.items() if (day := _dated(name, text.casefold(), said, here, clock))]
    if len(days) > 1 or ("year" in said and not {"daymonth", "monthday"} & said.keys()):
        raise Unclear(Doubt.UNREAD)
    if "weekday" in said:
        return _weekday(said["weekday"].casefold(), days, here, clock)
    if days:
        return days[0]
    bare_part = "part" in said and not said["part"].casefold().startswith(("this", "midnight"))
    if clock is None or (bare_part and not {"clock", "hour"} & said.keys()):
        raise Unclear(Doubt.UNREAD)
    return here.date()


def _dated(name: str, text: str, said: Said, here: datetime, clock: time | None) -> date | None:
    """The day that the piece names by itself; None where it names none."""
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    today = here.date()
    match name:
        case "iso":
            return _date(*numbers)
        case "dotted":
            day, month, *years = numbers
            return _in_year(years[0] if years else None, month, day, here, clock)
        case "daymonth" | "monthday":
            month = next(number for number, begin in enumerate(_MONTHS, 1) if re.search(rf"\b{begin}", text))
            return _in_year(int(said["year"]) if "year" in said else None, month, numbers[0], here, clock)
        case "feast":
            return _in_year(None, *_FEASTS[text], here, clock)
        case "nth":
            return _nth(numbers[0], today)
        case "near":
            return today + timedelta(days=2 if "after" in text else text == "tomorrow")
        case "span":
            return today + _days_of(text)
        case "end":
            return _end(text, here)
    return None


def _days_of(span: str) -> timedelta:
    _, count, unit = re.split(rf"({COUNT})", span, maxsplit=1)
    days = count_of(count) * (7 if "week" in unit else 1)
    if not days.is_integer():
        raise Unclear(Doubt.UNREAD)
    return timedelta(days=days)


def _in_year(year: int | None, month: int, day: int, here: datetime, clock: time | None) -> date:
    """The day in that year; without a year, the next time it comes."""
    if year is not None:
        return _date(year + 2000 if year < 100 else year, month, day)
    for coming in (here.year, here.year + 1):
        try:
            found = date(coming, month, day)
        except ValueError:
            continue
        at = datetime.combine(found, clock or _LAST, here.tzinfo)
        if at > here:
            if coming > here.year and at - here > _SOON:
                raise Unclear(Doubt.PASSED)
            return found
    raise Unclear(Doubt.UNREAD)


def _date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError as exc:
        raise Unclear(Doubt.UNREAD) from exc


def _nth(day: int, today: date) -> date:
    """That day of this month or the next."""
    month = today if day >= today.day else today.replace(day=1) + timedelta(days=31)
    return _date(month.year, month.month, day)


def _weekday(text: str, days: list[date], here: datetime, clock: time | None) -> date:
    """The coming day of that name, or the named date where it is one."""
    today = here.date()
    index = _DAYS.index(text.split()[-1][:3])
    if days:
        if days[0].weekday() != index:
            raise Unclear(Doubt.WEEKDAY)
        return days[0]
    ahead = (index - today.weekday()) % 7
    first, second = today + timedelta(days=ahead), today + timedelta(days=7 + index - today.weekday())
    if text.startswith("next "):
        first = first if ahead else second
    elif ahead or (text.startswith("this ") and "coming" not in text):
        return first
    elif clock is not None and datetime.combine(today, clock, here.tzinfo) <= here:
        return second
    if first != second:
        raise Unclear(Doubt.EITHER, first, second)
    return first


def _end(text: str, here: datetime) -> date:
    """The last day of what the words name the end of."""
    today = here.date()
    what = text.split()[-1]
    if what == "day":
        return today
    if what == "week":
        return today + timedelta(days=6 - today.weekday() + (7 if "next" in text else 0))
    if what == "year":
        return date(today.year + ("next" in text), 12, 31)
    if what == "month":
        month = today.replace(day=1) + timedelta(days=31 if "next" in text else 0)
        return month.replace(day=monthrange(month.year, month.month)[1])
    number = next(number for number, begin in enumerate(_MONTHS, 1) if what.startswith(begin))
    year = today.year + (number < today.month)
    return date(year, number, monthrange(year, number)[1])
