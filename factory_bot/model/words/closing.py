"""When a poll closes, in its maker's words: how long it is open, until when, or that it has no end.  Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from factory_bot.model.draft import LONGEST_OPEN
from factory_bot.model.words.moments import MOMENT, Doubt, Present, Unclear, moment_in
from factory_bot.model.words.spans import hours_of

_POLL = r"(?:(?:it|this|the (?:poll|vote|voting)|voting|our poll|my poll)\b)"
_LEAD = re.compile(
    r"(?:\s|[,:;(.-]|\b(?:and|so|please|maybe|let's(?: say)?|i think|(?:i|we) (?:want|need)|i'd like"
    r"|when(?= it\b| the (?:poll|vote)\b)|make|set|let|keep|leave|change|move|put|have|it"
    r"|its|the(?! \d)|our|my|which|that|to|closing|time|date|(?:this )?poll|voting|votes?|people|everyone|they|can|is"
    r"|are|will|should|shall|must|be|stays?|automatically|clos(?:es?|ed)|ends?(?! of\b)|ending|open|runs?|running"
    r"|lasts?|lasting|stops?|finish(?:es)?|extend|deadline|(?:with |has )?an? (?=deadline|closing|end )"
    r"|(?<=deadline )of|for (?:voting|the poll|the vote)|day(?= is|:)|only|until|till|no[tr]? later than|over"
    r"|from now(?: on)?|from today)\b)+",
    re.IGNORECASE,
)
_SPAN_LEAD = re.compile(r"(?:(?:in|after|for|within|only|the (?:next|following|first)|up to)\s+)+", re.IGNORECASE)
_TRAIL = re.compile(
    r"[\s,;!?)]+$|(?<!\d)\.+$"
    r"|\b(?:please|thanks|thank you|long|later|only|from (?:now|today|then)(?: on)?|in total)[\s.,;!?)]*$",
    re.IGNORECASE,
)
_ENDLESS = re.compile(
    r"(?:(?:please|well|oh|just|should|must|will|shall|has|be|is|stays?|with|leave|keep|open(?= (?:until|till))"
    rf"|{_POLL})\s+)*"
    rf"(?:(?:until|till) (?:(?:i|we|the owner|its owner) (?:close|stop|end)s?(?: {_POLL})?|further notice)"
    r"|open(?:[- ]end(?:ed)?)?(?: forever| always)?|(?:no|without)(?: an?| any)? (?:end|limit|deadline|closing)"
    r"(?: \w+)?"
    rf"|(?:never|always|forever|not)(?: (?:clos\w+|ends?|open|at all|{_POLL}))*"
    rf"|(?:do not|don't) (?:close|end|stop)(?: {_POLL})?"
    r"|(?:remove|drop|delete|cancel) (?:the |its )?(?:end|limit|deadline|closing)(?: \w+)?)",
    re.IGNORECASE,
)
_BARE_HOUR = re.compile(r"\b(?:at \d{1,2}\b(?: ?o'?clock)?(?![.:/]\d)|\d{1,2} ?o'?clock)", re.IGNORECASE)
_SOMETIME = re.compile(rf"(?:(?:on|at|in|by|before|after) )*(?:{MOMENT})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Closing:
    """When a poll closes: so many hours after it was made, at a moment, or (with neither) when its owner wants."""

    open_hours: int | None = None
    closes_at: datetime | None = None  # aware, UTC
    closes_zone: str = "UTC"  # that the maker's words are of

    def changes(self) -> Mapping[str, object]:
        """The same as values of a draft's poll; words that were unclear before are settled by it."""
        return {
            "open_hours": self.open_hours,
            "closes_at": self.closes_at,
            "closes_zone": self.closes_zone,
            "unclear_closing": "",
        }


def closing_in(words: str, present: Present) -> Closing:
    """The closing that the words name.  Raises `Unclear`: it is never guessed."""
    text = _bare(words)
    if _ENDLESS.fullmatch(text):
        return Closing()
    span, rest = _without_lead(text)
    hours = hours_of(span)
    if hours is not None:
        return Closing(open_hours=_whole(hours))
    before = re.match(r"before\s+", rest, re.IGNORECASE)
    moment = moment_in(rest[before.end() :] if before else rest, present, before=before is not None)
    return Closing(closes_at=moment.at, closes_zone=moment.zone)


def completed(words: str, before: str, present: Present) -> Closing:
    """The closing of an answer to what was unclear in the words before: "pm" to "Friday at 8".  Raises `Unclear`."""
    hour = _BARE_HOUR.search(before)
    within = [f"{before[: hour.start()]} {words} {before[hour.end() :]}"] if hour else []
    for joined in (f"{before} {words}", *within):
        with suppress(Unclear):
            return closing_in(joined, present)
    return closing_in(words, present)


def names_closing(words: str) -> bool:
    """Whether the words say nothing but when a poll closes, be it clear or not."""
    text = _bare(words)
    span, rest = _without_lead(text)
    return bool(_ENDLESS.fullmatch(text) or hours_of(span) is not None or _SOMETIME.fullmatch(rest))


def _bare(words: str) -> str:
    text = " ".join(words.replace("’", "'").split())
    while (shorter := _TRAIL.sub("", text)) != text:
        text = shorter
    return text


def _without_lead(text: str) -> tuple[str, str]:
    """What stands behind the words that introduce a closing: as a span of time, and as a moment."""
    lead = _LEAD.match(text)
    rest = text[lead.end() :] if lead else text
    span_lead = _SPAN_LEAD.match(rest)
    return (rest[span_lead.end() :] if span_lead else rest), rest


def _whole(hours: float) -> int:
    if not hours.is_integer() or hours < 1:
        raise Unclear(Doubt.MINUTES)
    if hours > LONGEST_OPEN:
        raise Unclear(Doubt.FAR)
    return int(hours)
