"""Moments and spans of time as sentences, and what is unclear in a person's words for them."""

from __future__ import annotations

from datetime import date, datetime

from factory_bot.model.questions.base import phrase
from factory_bot.model.saying import Phrase, shortened
from factory_bot.model.schedules import zone_of
from factory_bot.model.words.moments import Unclear
from factory_bot.model.zones import zone_title

_UNITS = (("week", 168), ("day", 24), ("hour", 1))


def time_of(hours: int) -> Phrase:
    """A span of time in its largest whole unit."""
    unit, count = next((unit, hours // size) for unit, size in _UNITS if hours % size == 0)
    return phrase(f"time_{unit}" if count == 1 else f"time_{unit}s", count=count)


def moment_of(at: datetime, zone: str) -> Phrase:
    """A moment with its weekday, and the zone it is told in."""
    there = at.astimezone(zone_of(zone))
    return phrase("moment", day=day_of(there.date()), time=f"{there:%H:%M}", zone=zone_title(zone))


def day_of(day: date) -> Phrase:
    """A day with its weekday."""
    weekday, month = phrase(f"weekday_{day.isoweekday()}"), phrase(f"month_{day.month}")
    return phrase("day", weekday=weekday, day=day.day, month=month, year=day.year)


def doubt_of(unclear: Unclear, words: str) -> Phrase:
    """Why the words do not say when."""
    days = {name: day_of(day) for name, day in zip(("first", "second"), unclear.days, strict=False)}
    return phrase(f"doubt_{unclear.doubt}", words=shortened(words.strip(" ,;"), 64), **days)
