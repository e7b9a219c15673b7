"""When things are due: two rules, and what follows from them.  Pure: the present moment is an argument."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from factory_bot.model.agents import PersonId

_OFFSET = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)


class Kind(StrEnum):
    """What is to be done.  The values are stored: never rename one."""

    REPORT = "report"  # a maker's daily report
    SWEEP = "sweep"  # expired interviews, pending creations, old transcripts


@dataclass(frozen=True, kw_only=True)
class Every:
    """Again after a fixed time."""

    seconds: int


@dataclass(frozen=True, kw_only=True)
class Daily:
    """Once a day, at a full hour of somebody's time zone."""

    hour: int  # 0–23
    zone: str  # as `zone_of` takes it


Rule = Every | Daily


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """One thing that comes due again and again."""

    name: str  # unique
    kind: Kind
    rule: Rule
    due_at: datetime  # aware, UTC
    person_id: PersonId | None = None
    ran_at: datetime | None = None  # aware, UTC


def zone_of(name: str) -> tzinfo:
    """The time zone of an IANA name or of an offset such as UTC+05:30.  Raises ValueError for anything else."""
    offset = _OFFSET.fullmatch(name.strip())
    if offset:
        sign, hours, minutes = offset.groups()
        distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if distance > timedelta(hours=14):
            raise ValueError(f"{name!r} is no time zone: offsets end at 14 hours")
        return timezone(-distance if sign == "-" else distance)
    try:
        return ZoneInfo(name.strip())
    except (ZoneInfoNotFoundError, ValueError, OSError) as exc:  # OSError: a name such as "Europe" is a folder
        raise ValueError(f"{name!r} is no time zone") from exc


def next_due(rule: Rule, after: datetime) -> datetime:
    """The first moment later than `after` at which the rule is due, aware, UTC.

    An hour that a clock change skips is due right after the gap; one that happens twice is due the first time.
    """
    if isinstance(rule, Every):
        return after + timedelta(seconds=rule.seconds)
    zone = zone_of(rule.zone)
    day = after.astimezone(zone).date()
    while True:
        due = datetime(day.year, day.month, day.day, rule.hour, tzinfo=zone).astimezone(UTC)
        if due > after:
            return due
        day += timedelta(days=1)


def rule_to_json(rule: Rule) -> dict[str, Any]:
    """The rule as it is stored."""
    if isinstance(rule, Every):
        return {"every": rule.seconds}
    return {"daily": rule.hour, "zone": rule.zone}


def rule_from_json(stored: dict[str, Any]) -> Rule:
    """The rule that `rule_to_json` stored."""
    if "every" in stored:
        return Every(seconds=stored["every"])
    return Daily(hour=stored["daily"], zone=stored["zone"])
