"""The first words, help, privacy, and what is said to whatever else arrives."""

from __future__ import annotations

from collections.abc import Sequence

from bot_runtime.polling import Call
from factory_bot.chat import maker
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.speaking import Key, Speech
from factory_bot.chat.visits import Pressed, Visit, Wrote
from factory_bot.model.persons import Verdict
from factory_bot.storage.database import Transaction
from factory_bot.workshop import ASIDE_KEPT


def menu_rows(speech: Speech) -> list[list[Key]]:
    """The two buttons that lead everywhere."""
    return [[speech.key("chat.button_make", "m:new"), speech.key("chat.button_mybots", "b:list:0")]]


async def start(desk: Desk, visit: Wrote) -> Answer:
    """/start: what this is."""
    if visit.argument.startswith("t_"):
        return await maker.newbot_from(desk, visit, visit.argument.removeprefix("t_"))
    speech = desk.speech(visit)
    rows = menu_rows(speech)
    if await desk.workshop.access.verdict(visit.person) is Verdict.OPERATOR:
        rows.append([speech.key("chat.button_access", "a:card")])
    return Answer(calls=[speech.say("chat.start", rows, name=visit.person.first_name)])


async def help_(desk: Desk, visit: Wrote) -> Answer:
    """/help: the commands."""
    speech = desk.speech(visit)
    return Answer(calls=[speech.say("chat.help", menu_rows(speech))])


async def privacy(desk: Desk, visit: Wrote) -> Answer:
    """/privacy: what is kept of a maker, and for how long."""
    speech = desk.speech(visit)
    days = desk.workshop.settings.transcript_days
    key = "chat.privacy" if days else "chat.privacy_no_transcripts"
    rows = [[speech.key("chat.button_forget", "p:forget")]]
    return Answer(calls=[speech.say(key, rows, days=days, aside=ASIDE_KEPT.days)])


async def tapped(desk: Desk, visit: Pressed, words: list[str]) -> Answer:
    """The button below /privacy."""
    if words != ["forget"]:
        return stale(desk, visit)
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        await desk.workshop.forget_person(visit.person, tx)
        return [speech.say("chat.forgotten")]

    return Answer(calls=[speech.toast(visit.tap_id)], within=within)


async def unknown(desk: Desk, visit: Visit) -> Answer:
    """Something that belongs to no conversation: say what can be done."""
    speech = desk.speech(visit)
    return Answer(calls=[speech.say("chat.unknown", menu_rows(speech))])


def stale(desk: Desk, visit: Pressed) -> Answer:
    """A button that means nothing any more."""
    speech = desk.speech(visit)
    return Answer(calls=[speech.toast(visit.tap_id, speech.plain("chat.stale"))])


async def in_group(desk: Desk, visit: Visit) -> Answer:
    """A group is told to come to the private chat, once a day."""
    speech = desk.speech(visit)
    today, fact = desk.workshop.clock.now().date().isoformat(), f"group:{visit.chat_id}"
    if await desk.workshop.facts.get(fact) == today:
        return Answer()

    async def within(tx: Transaction) -> Sequence[Call]:
        await desk.workshop.facts.set(fact, today, connection=tx)
        address = f"https://t.me/{desk.face.me.username}"
        return [speech.say("chat.group", [[speech.key("chat.button_private", address)]])]

    return Answer(within=within)
