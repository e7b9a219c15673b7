"""A new token for a bot whose token was pasted: asked for by a button, taken over from a message that is deleted."""

from __future__ import annotations

from collections.abc import Sequence

from bot_runtime.polling import Call
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.speaking import Key, Speech
from factory_bot.chat.visits import Pressed, Visit, Wrote
from factory_bot.errors import PersonError, TelegramError
from factory_bot.model.agents import AgentId, AgentRecord, PersonId
from factory_bot.storage.database import Transaction
from factory_bot.workshop.tokens import bot_id_of, token_in


def fact(person_id: PersonId) -> str:
    """Under which name it is kept for which bot a person was asked."""
    return f"asked.token:{person_id}"


async def asked(desk: Desk, visit: Pressed, agent_id: AgentId) -> Answer:
    """The button: say how to get the token."""
    record = await desk.workshop.bots.own(visit.person.id, agent_id)
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        await desk.workshop.facts.set(fact(visit.person.id), agent_id, connection=tx)
        text = speech.text("bots.paste", name=record.dna.name, username=record.username)
        return [speech.message(text, _rows(speech, agent_id))]

    return Answer(calls=[speech.toast(visit.tap_id)], within=within)


async def wrote(desk: Desk, visit: Wrote) -> Answer | None:
    """What is written where such a token is awaited; None where none is."""
    record, token = await _awaited(desk, visit), token_in(visit.text)
    if record is None or (token and bot_id_of(token) != record.bot_id and await _of_a_new_bot(desk, visit)):
        return None
    speech, agent_id = desk.speech(visit), record.id
    rows = _rows(speech, agent_id)
    if token is None:
        return Answer(calls=[speech.say("creation.token_malformed", rows)])
    deleted = speech.delete(visit.message_id)
    try:
        await desk.workshop.bots.take_token(visit.person.id, agent_id, token)
    except PersonError as exc:
        return Answer(calls=[deleted, speech.message(speech.text(exc.key, **exc.values), rows)])
    except TelegramError:
        return Answer(calls=[deleted, speech.say("bots.token_unchecked", rows)])

    async def within(tx: Transaction) -> Sequence[Call]:
        await forget(desk, visit, tx)
        card = [[speech.key("creation.button_card", f"b:card:{agent_id}")]]
        return [speech.say("bots.token_renewed", card, name=record.dna.name, username=record.username)]

    return Answer(calls=[deleted], within=within)


async def forget(desk: Desk, visit: Visit, tx: Transaction) -> None:
    """Await no token any more."""
    await desk.workshop.facts.set(fact(visit.person.id), None, connection=tx)


async def _awaited(desk: Desk, visit: Wrote) -> AgentRecord | None:
    agent_id = await desk.workshop.facts.get(fact(visit.person.id))
    if agent_id is None:
        return None
    try:
        return await desk.workshop.bots.own(visit.person.id, AgentId(agent_id))
    except PersonError:  # it was deleted meanwhile
        return None


async def _of_a_new_bot(desk: Desk, visit: Wrote) -> bool:
    """Whether a bot is being made that waits for a token of its own."""
    creation = await desk.workshop.creating.open_of(visit.person.id)
    return creation is not None and creation.waits_for_maker


def _rows(speech: Speech, agent_id: AgentId) -> list[list[Key]]:
    return [
        [speech.key("creation.button_botfather", "https://t.me/BotFather")],
        [speech.key("creation.button_cancel", f"b:unpaste:{agent_id}")],
    ]
