"""Who is served: the claim, the words for those who are not, and the operator's buttons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot_runtime.polling import Call
from factory_bot.chat import welcome
from factory_bot.chat.answers import Answer, Desk, Within
from factory_bot.chat.speaking import Key, Speech
from factory_bot.chat.visits import Pressed, Visit, Wrote
from factory_bot.model.agents import PersonId
from factory_bot.model.persons import AccessMode, Person, Standing, Verdict
from factory_bot.storage.database import Transaction

SHOWN = 20  # people on the operator's card
DECISIONS = {"in": Standing.INVITED, "block": Standing.BLOCKED, "out": Standing.GUEST}


async def unserved(desk: Desk, visit: Visit, verdict: Verdict) -> Answer:
    """What somebody hears whom the factory does not serve; somebody blocked hears nothing."""
    speech = desk.speech(visit)
    if verdict is Verdict.BLOCKED:
        return Answer()
    if isinstance(visit, Pressed):
        return _ask(desk, visit)
    if verdict is Verdict.UNCLAIMED:
        return _claim(desk, visit) if isinstance(visit, Wrote) else Answer(calls=[speech.say("chat.unclaimed")])
    if verdict is Verdict.NOT_LISTED:
        if visit.person.standing is Standing.ASKING:
            return Answer(calls=[speech.say("chat.asked_already")])
        return Answer(calls=[speech.say("chat.not_listed", [[speech.key("chat.button_ask", "a:ask")]])])
    return Answer(calls=[speech.say("chat.closed")])


def _claim(desk: Desk, visit: Wrote) -> Answer:
    speech = desk.speech(visit)
    code = visit.argument if visit.command == "start" else visit.text

    async def within(tx: Transaction) -> Sequence[Call]:
        if not code or not await desk.workshop.access.claim(visit.person, code, tx):
            return [speech.say("chat.unclaimed")]
        rows = [*welcome.menu_rows(speech), [speech.key("chat.button_access", "a:card")]]
        return [speech.say("chat.claimed", rows, name=visit.person.first_name)]

    return Answer(within=within)


def _ask(desk: Desk, visit: Pressed) -> Answer:
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        if not await desk.workshop.access.ask(visit.person, tx):
            return [speech.say("chat.asked_already")]
        calls = [speech.say("chat.asked")]
        for operator_id in await desk.workshop.access.operators():
            operator = await desk.workshop.persons.get(operator_id)
            if operator is not None:
                to_operator = desk.speech_to(operator)
                rows = [_decisions(to_operator, replace(visit.person, standing=Standing.ASKING))]
                calls.append(to_operator.say("chat.somebody_asks", rows, who=_who(visit.person)))
        return calls

    return Answer(calls=[speech.toast(visit.tap_id)], within=within)


async def tapped(desk: Desk, visit: Pressed, words: list[str]) -> Answer:
    """A button of the operator's card."""
    speech, access = desk.speech(visit), desk.workshop.access
    match words:
        case ["card"]:
            return Answer(calls=[speech.toast(visit.tap_id), await _card(desk, visit, speech)])
        case ["ask"]:
            return Answer(calls=[speech.toast(visit.tap_id)])  # served already
        case ["mode", mode]:

            async def set_mode(tx: Transaction) -> Sequence[Call]:
                await access.set_mode(visit.person, AccessMode(mode), tx)
                return []

            return await _changed(desk, visit, set_mode)
        case [("in" | "block" | "out") as decision, number]:

            async def decide(tx: Transaction) -> Sequence[Call]:
                standing, before = DECISIONS[decision], await desk.workshop.persons.get(PersonId(int(number)))
                person = await access.decide(visit.person, PersonId(int(number)), standing, tx)
                if standing is not Standing.INVITED or before is None or before.standing is standing:
                    return []
                welcomed = desk.speech_to(person)
                return [welcomed.say("chat.let_in", welcome.menu_rows(welcomed))]

            return await _changed(desk, visit, decide)
    raise ValueError(words)


async def _changed(desk: Desk, visit: Pressed, change: Within) -> Answer:
    """Change it in a transaction of its own, so that the card shows what then holds; doing it again is harmless."""
    speech = desk.speech(visit)
    async with desk.workshop.database.transaction() as tx:
        await desk.journal.owe(await change(tx), connection=tx)
    return Answer(calls=[speech.toast(visit.tap_id), await _card(desk, visit, speech)])


async def _card(desk: Desk, visit: Pressed, speech: Speech) -> Call:
    people = await desk.workshop.access.known(visit.person)
    mode = (await desk.workshop.access.policy()).mode
    modes = [
        [speech.key(f"chat.mode_{each}", f"a:mode:{each}", mark="●" if each is mode else "○")] for each in AccessMode
    ]
    shown = [_decisions(speech, person) for person in people[:SHOWN]]
    lines = [speech.text(f"chat.standing_{person.standing}", who=_who(person)) for person in people[:SHOWN]]
    text = "\n".join([speech.text("chat.access", limit=desk.workshop.settings.bots_per_maker), "", *lines]).strip()
    if visit.message_id is None:
        return speech.message(text, [*modes, *shown])
    return speech.replace(visit.message_id, text, [*modes, *shown])


def _decisions(speech: Speech, person: Person) -> list[Key]:
    let_in = speech.key("chat.button_let_in", f"a:in:{person.id}", who=person.first_name)
    block = speech.key("chat.button_block", f"a:block:{person.id}", who=person.first_name)
    remove = speech.key("chat.button_remove", f"a:out:{person.id}", who=person.first_name)
    unblock = speech.key("chat.button_unblock", f"a:out:{person.id}", who=person.first_name)
    choices = {Standing.INVITED: [remove, block], Standing.BLOCKED: [unblock], Standing.GUEST: [block]}
    return choices.get(person.standing, [let_in, block])


def _who(person: Person) -> str:
    return f"{person.first_name} (@{person.username})" if person.username else f"{person.first_name} ({person.id})"
