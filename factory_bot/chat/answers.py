"""What a handler gives back: the calls it owes, what is to be done in the transaction, and what comes after it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Call
from factory_bot.chat.speaking import Speech
from factory_bot.chat.visits import Visit
from factory_bot.model.persons import Person
from factory_bot.storage.database import Transaction
from factory_bot.storage.journal import FactoryJournal
from factory_bot.workshop import Workshop
from factory_bot.workshop.ports import Face

Within = Callable[[Transaction], Awaitable[Sequence[Call]]]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """Effects and replies of one update; the router commits them together with the update being done."""

    calls: Sequence[Call] = ()
    within: Within | None = None  # its calls come after `calls`
    after: Callable[[], Awaitable[None]] | None = None  # when it is committed; lost in a crash, hence only hints


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What every handler works with."""

    workshop: Workshop
    catalogue: Catalogue
    journal: FactoryJournal
    face: Face
    answer_now: Callable[[str, str], Awaitable[None]]  # answers a tap at once, where the work takes long
    typing: Callable[[int], Awaitable[None]]  # shows in a chat that something is being worked on

    def speech(self, visit: Visit) -> Speech:
        """Speaks to the visitor."""
        return Speech(catalogue=self.catalogue, chat_id=visit.chat_id, language=visit.person.language)

    def speech_to(self, person: Person) -> Speech:
        """Speaks to a person in their private chat."""
        return Speech(catalogue=self.catalogue, chat_id=person.id, language=person.language)
