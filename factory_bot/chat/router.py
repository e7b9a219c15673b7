"""One update from its raw form to its commit.

The slow part (reading words, asking a bot's process) comes before the transaction; in the transaction the update is
marked done first, so whatever is done twice is done for nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from bot_runtime.polling import Call, Incoming
from factory_bot.chat import access, bots, creation, hours, maker, pasting, reports, welcome
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.visits import InGroup, MadeBot, Pressed, SentSomething, Visit, Wrote, visit_of
from factory_bot.errors import PersonError
from factory_bot.model.persons import SERVED, Person, Verdict
from factory_bot.workshop.tokens import token_in

log = logging.getLogger(__name__)

COMMANDS: Mapping[str, Callable[[Desk, Wrote], Awaitable[Answer]]] = {
    "start": welcome.start,
    "help": welcome.help_,
    "newbot": maker.newbot,
    "mybots": bots.mybots,
    "report": reports.report,
    "privacy": welcome.privacy,
    "cancel": maker.cancel,
}

BUTTONS: Mapping[str, Callable[[Desk, Pressed, list[str]], Awaitable[Answer]]] = {
    "i": maker.tapped,
    "m": maker.menu,
    "c": creation.tapped,
    "b": bots.tapped,
    "a": access.tapped,
    "r": hours.tapped,
    "p": welcome.tapped,
}


class Router:
    """Handles updates."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def handle(self, incoming: Incoming) -> None:
        """Everything an update asks for; raises to be tried again."""
        visit = visit_of(incoming.raw, self._desk.face.me.username)
        if visit is None:
            return
        visit = await self._known(visit)
        try:
            answer = await self._answer(visit)
            await self._commit(incoming.update_id, answer)
        except PersonError as exc:
            answer = Answer(calls=self._refusal(visit, exc))
            await self._commit(incoming.update_id, answer)
        if answer.after is not None:
            await answer.after()

    async def _known(self, visit: Visit) -> Visit:
        """The visit with all that is known of its person."""
        persons, told = self._desk.workshop.persons, visit.person
        known = await persons.get(told.id)
        if known is not None and told.language is None:
            told = replace(told, language=known.language)  # some updates do not say it
        if known is None or _names(known) != _names(told):
            known = await persons.seen(told)
        return type(visit)(**(vars(visit) | {"person": known}))

    async def _answer(self, visit: Visit) -> Answer:
        verdict = await self._desk.workshop.access.verdict(visit.person)
        if isinstance(visit, InGroup):
            return Answer() if verdict is Verdict.BLOCKED else await welcome.in_group(self._desk, visit)
        if verdict not in SERVED:
            return await self._unserved(visit, verdict)
        match visit:
            case Wrote():
                return await self._wrote(visit)
            case Pressed():
                return await self._pressed(visit)
            case MadeBot():
                return await creation.bot_made(self._desk, visit)
            case SentSomething():
                return await maker.sent_something(self._desk, visit) or await welcome.unknown(self._desk, visit)
        return Answer()

    async def _unserved(self, visit: Visit, verdict: Verdict) -> Answer:
        if isinstance(visit, Pressed) and visit.data != "a:ask":
            return Answer(calls=[self._desk.speech(visit).toast(visit.tap_id)])
        answer = await access.unserved(self._desk, visit, verdict)
        if isinstance(visit, Wrote) and token_in(visit.text) is not None:
            deleted = self._desk.speech(visit).delete(visit.message_id)
            return replace(answer, calls=[deleted, *answer.calls])
        return answer

    async def _wrote(self, visit: Wrote) -> Answer:
        if token_in(visit.text) is not None:
            return await pasting.wrote(self._desk, visit) or await creation.pasted(self._desk, visit)
        if visit.command:
            known = COMMANDS.get(visit.command)
            return await (known(self._desk, visit) if known else welcome.unknown(self._desk, visit))
        return (
            await maker.wrote(self._desk, visit)
            or await creation.wrote(self._desk, visit)
            or await pasting.wrote(self._desk, visit)
            or await hours.wrote(self._desk, visit)
            or await welcome.unknown(self._desk, visit)
        )

    async def _pressed(self, visit: Pressed) -> Answer:
        kind, *rest = visit.data.split(":")
        handler = BUTTONS.get(kind)
        if handler is None:
            return welcome.stale(self._desk, visit)
        try:
            return await handler(self._desk, visit, rest)
        except (IndexError, ValueError):  # not one of our buttons, or one of an older version
            log.info("a button of unknown meaning was tapped")
            return welcome.stale(self._desk, visit)

    def _refusal(self, visit: Visit, exc: PersonError) -> list[Call]:
        speech = self._desk.speech(visit)
        calls = [speech.toast(visit.tap_id)] if isinstance(visit, Pressed) else []
        return [*calls, speech.message(speech.text(exc.key, **exc.values), welcome.menu_rows(speech))]

    async def _commit(self, update_id: int, answer: Answer) -> None:
        desk = self._desk
        async with desk.workshop.database.transaction() as tx:
            if not await desk.journal.finish(update_id, answer.calls, connection=tx):
                return
            if answer.within is not None:
                await desk.journal.owe(await answer.within(tx), connection=tx)


def _names(person: Person) -> tuple[object, ...]:
    return person.first_name, person.username, person.language
