"""When the daily report comes: asked once, chosen by a tap or in words, and the time zone that it is told in."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot_runtime.polling import Call
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.speaking import Key, Rows, Speech
from factory_bot.chat.visits import Pressed, Visit, Wrote
from factory_bot.model.persons import Person
from factory_bot.model.schedules import zone_of
from factory_bot.model.words.hours import TimeOfDay, never, time_of_day
from factory_bot.model.zones import zone_from_words, zone_of_language, zone_title
from factory_bot.storage.database import Transaction

HOURS_A_ROW = 6
USUAL = ((7, 8, 9), (12, 18, 21))
CITIES = (
    "America/Los_Angeles", "America/New_York", "Europe/London", "Europe/Berlin", "Asia/Kolkata", "Asia/Tokyo",
)  # fmt: skip
HOUR, ZONE = "hour", "zone"  # what was asked last, as a fact
_OF_TIME = re.compile(
    r"\d|\b(?:morning|noon|evening|night|midnight|hours?|o'?clock|a\.?m|p\.?m|daily|early|late)\b", re.I
)
_LONGEST = 60  # characters of an answer that may be about the hour


async def asked_once(desk: Desk, visit: Visit, tx: Transaction) -> list[Call]:
    """The question, when somebody who has a bot first looks after it; else nothing."""
    if not await desk.workshop.reporting.asks_for_hour(visit.person, tx):
        return []
    await _await_words(desk, visit.person, HOUR, tx)
    return [desk.speech(visit).message(*_question(desk, visit, visit.person))]


def when(speech: Speech, person: Person) -> str:
    """When the daily report comes, as a sentence."""
    if person.report_hour is None:
        return speech.text("report.never")
    return speech.text("report.daily", hour=_title(person.report_hour), zone=zone_title(person.time_zone or "UTC"))


async def forget(desk: Desk, person: Person, tx: Transaction) -> None:
    """Take no more words for an hour or a time zone."""
    await _await_words(desk, person, None, tx)


# -------------------------------------------------------------------- taps


async def tapped(desk: Desk, visit: Pressed, words: list[str]) -> Answer:
    """A button of the question, or the one below a report that brings it."""
    speech = desk.speech(visit)
    deeds = {
        "ask": lambda: _asked(desk, visit, speech.message(*_question(desk, visit, visit.person))),
        "when": lambda: _asked(desk, visit, _in_place(speech, visit, *_question(desk, visit, visit.person))),
        "hours": lambda: _asked(desk, visit, _in_place(speech, visit, *_every_hour(speech, visit.person))),
        "zone": lambda: _asked(desk, visit, _in_place(speech, visit, *_zones(desk, visit)), about=ZONE),
    }
    match words:
        case [("ask" | "when" | "hours" | "zone") as what]:
            answer = deeds[what]()
        case ["hour", "never"]:
            answer = _set(desk, visit, hour=None)
        case ["hour", number] if 0 <= int(number) <= 23:
            answer = _set(desk, visit, hour=int(number))
        case ["in", zone]:
            zone_of(zone)  # raises ValueError for what is none
            answer = _moved(desk, visit, zone)
        case _:
            raise ValueError(words)
    return Answer(calls=[speech.toast(visit.tap_id)], within=answer.within)


# -------------------------------------------------------------------- words


async def wrote(desk: Desk, visit: Wrote) -> Answer | None:
    """An hour or a place in words, where one was asked for; None for anything else."""
    asked = await desk.workshop.facts.get(_fact(visit.person))
    if asked is None:
        return None
    zone, time = zone_from_words(visit.text), time_of_day(visit.text)
    if time is not None and time.rest:
        zone = zone_from_words(time.rest)
        time = time if zone is not None else None
    if zone is None and asked == ZONE:
        return Answer(calls=[desk.speech(visit).say("report.zone_unknown", _city_rows(desk, visit))])
    if time is not None:
        return _timed(desk, visit, time, zone)
    if zone is not None:
        return _moved(desk, visit, zone)
    if never(visit.text):
        return _set(desk, visit, hour=None)
    if len(visit.text) > _LONGEST or not _OF_TIME.search(visit.text):
        return None  # about something else
    return Answer(calls=[desk.speech(visit).say("report.hour_unknown", _hour_rows(desk.speech(visit), visit.person))])


def _timed(desk: Desk, visit: Wrote, time: TimeOfDay, zone: str | None) -> Answer:
    """A time: set where it is a full hour; else the two beside it are offered."""
    if not time.minute:
        return _set(desk, visit, hour=time.hour, zone=zone)
    speech = desk.speech(visit)
    before, after = time.hour, (time.hour + 1) % 24
    keys = [(_title(hour), f"r:hour:{hour}") for hour in (before, after)]
    text = speech.text("report.full_hours", before=_title(before), after=_title(after))
    asked = speech.message(text, [keys])
    if zone is None:
        return Answer(calls=[asked])

    async def within(tx: Transaction) -> Sequence[Call]:
        await desk.workshop.reporting.set_zone(visit.person, zone, tx)
        return [asked]

    return Answer(within=within)


# -------------------------------------------------------------------- what is done and said


def _set(desk: Desk, visit: Visit, *, hour: int | None, zone: str | None = None) -> Answer:
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        person = visit.person
        if zone is not None:
            person = await desk.workshop.reporting.set_zone(person, zone, tx)
        person = await desk.workshop.reporting.set_hour(person, hour, tx)
        await _await_words(desk, person, None, tx)
        return [_noted(speech, visit, person)]

    return Answer(within=within)


def _moved(desk: Desk, visit: Visit, zone: str) -> Answer:
    """Another time zone; who has no hour yet is asked for it next."""
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        person = await desk.workshop.reporting.set_zone(visit.person, zone, tx)
        await _await_words(desk, person, HOUR if person.report_hour is None else None, tx)
        if person.report_hour is None:
            return [_in_place(speech, visit, *_question(desk, visit, person))]
        return [_noted(speech, visit, person)]

    return Answer(within=within)


def _asked(desk: Desk, visit: Visit, call: Call, *, about: str = HOUR) -> Answer:
    async def within(tx: Transaction) -> Sequence[Call]:
        await _await_words(desk, visit.person, about, tx)
        return [call]

    return Answer(within=within)


def _noted(speech: Speech, visit: Visit, person: Person) -> Call:
    text = f"{speech.text('report.noted')} {when(speech, person)}"
    return _in_place(speech, visit, text, [[speech.key("report.button_hour", "r:when")]])


def _in_place(speech: Speech, visit: Visit, text: str, rows: Rows) -> Call:
    """In the message that was tapped; a new one for who wrote."""
    if isinstance(visit, Pressed) and visit.message_id is not None:
        return speech.replace(visit.message_id, text, rows)
    return speech.message(text, rows)


def _question(desk: Desk, visit: Visit, person: Person) -> tuple[str, Rows]:
    """When should it come?"""
    speech, zone = desk.speech(visit), _zone(person)
    text = speech.text("report.ask_hour", zone=zone_title(zone), clock=_clock(desk, zone))
    return text, _hour_rows(speech, person)


def _hour_rows(speech: Speech, person: Person) -> Rows:
    return [
        *([_hour_key(speech, person, hour) for hour in hours] for hours in USUAL),
        [speech.key("report.button_other", "r:hours"), speech.key("report.button_never", "r:hour:never")],
        [speech.key("report.button_zone", "r:zone", zone=zone_title(_zone(person)))],
    ]


def _every_hour(speech: Speech, person: Person) -> tuple[str, Rows]:
    keys = [_hour_key(speech, person, hour) for hour in range(24)]
    rows = [keys[first : first + HOURS_A_ROW] for first in range(0, 24, HOURS_A_ROW)]
    return speech.text("report.ask_any_hour"), [*rows, [speech.key("report.button_back", "r:when")]]


def _hour_key(speech: Speech, person: Person, hour: int) -> Key:
    key = "report.button_at_now" if hour == person.report_hour else "report.button_at"
    return speech.key(key, f"r:hour:{hour}", hour=_title(hour))


def _zones(desk: Desk, visit: Visit) -> tuple[str, Rows]:
    return desk.speech(visit).text("report.ask_zone"), _city_rows(desk, visit)


def _city_rows(desk: Desk, visit: Visit) -> Rows:
    """Some cities with the time they have: people know their own by it."""
    speech, own = desk.speech(visit), _zone(visit.person)
    zones = list(dict.fromkeys([own, *CITIES] if own != "UTC" else CITIES))[: len(CITIES)]
    keys = [
        speech.key("report.button_city", f"r:in:{zone}", city=zone_title(zone), clock=_clock(desk, zone))
        for zone in zones
    ]
    return [
        *(keys[first : first + 2] for first in range(0, len(keys), 2)),
        [speech.key("report.button_back", "r:when")],
    ]


def _clock(desk: Desk, zone: str) -> str:
    return f"{desk.workshop.clock.now().astimezone(zone_of(zone)):%H:%M}"


def _title(hour: int) -> str:
    return f"{hour:02d}:00"


def _zone(person: Person) -> str:
    return person.time_zone or zone_of_language(person.language)


def _fact(person: Person) -> str:
    return f"asked.hour:{person.id}"


async def _await_words(desk: Desk, person: Person, about: str | None, tx: Transaction) -> None:
    await desk.workshop.facts.set(_fact(person), about, connection=tx)
