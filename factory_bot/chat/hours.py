"""The question at which hour the daily report should come."""

from __future__ import annotations

from bot_runtime.polling import Call
from factory_bot.chat.answers import Desk
from factory_bot.chat.speaking import Key, Speech
from factory_bot.chat.visits import Visit
from factory_bot.model.persons import Person
from factory_bot.model.zones import zone_of_language, zone_title
from factory_bot.storage.database import Transaction

HOURS_A_ROW = 6


def hour_question(speech: Speech, person: Person) -> Call:
    """When should it come?"""
    zone = person.time_zone or zone_of_language(person.language)
    keys: list[Key] = [(f"{hour:02d}:00", f"r:hour:{hour}") for hour in range(24)]
    rows = [
        *(keys[first : first + HOURS_A_ROW] for first in range(0, 24, HOURS_A_ROW)),
        [
            speech.key("report.button_zone", "r:zone", zone=zone_title(zone)),
            speech.key("report.button_never", "r:hour:never"),
        ],
    ]
    return speech.message(speech.text("report.ask_hour", zone=zone_title(zone)), rows)


async def asked_once(desk: Desk, visit: Visit, tx: Transaction) -> list[Call]:
    """The question, when somebody who has a bot first looks after it; else nothing."""
    asks = await desk.workshop.reporting.asks_for_hour(visit.person, tx)
    return [hour_question(desk.speech(visit), visit.person)] if asks else []
