"""Use cases: begin, continue and end an interview."""

from __future__ import annotations

from dataclasses import dataclass

from factory_bot.clock import Clock
from factory_bot.errors import PersonError
from factory_bot.log import redacted
from factory_bot.model.agents import PersonId
from factory_bot.model.funnel import Ending
from factory_bot.model.interview import (
    Event,
    Interview,
    Kit,
    OutcomeKind,
    Started,
    Tapped,
    Turn,
    Wrote,
    advance,
    needs_reading,
)
from factory_bot.model.persons import Person
from factory_bot.model.reading import Reading
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.database import Transaction
from factory_bot.storage.interviews import InterviewStore, StoredInterview
from factory_bot.workshop.ports import Designer


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A turn that was stored; `interview_id` belongs to it."""

    turn: Turn
    interview_id: int


def fresh_words(person_id: PersonId) -> str:
    """Under which name is kept how a person described another bot in the midst of an interview."""
    return f"asked.fresh:{person_id}"


class Interviewing:
    """Takes a maker's words and taps, one turn per transaction."""

    def __init__(
        self,
        store: InterviewStore,
        agents: AgentStore,
        designer: Designer,
        kit: Kit,
        clock: Clock,
        *,
        bots_per_maker: int,
        transcribing: bool,
    ) -> None:
        self._store = store
        self._agents = agents
        self._designer = designer
        self._clock = clock
        self._bots_per_maker = bots_per_maker
        self._transcribing = transcribing
        self.kit = kit

    async def open_of(self, person: Person) -> StoredInterview | None:
        """The interview the person is in."""
        return await self._store.open_of(person.id)

    async def require_room(self, person: Person) -> None:
        """Raises `PersonError` if the person has as many bots as one may have."""
        if len(await self._agents.of_owner(person.id)) >= self._bots_per_maker:
            raise PersonError("chat.too_many_bots", limit=self._bots_per_maker)

    async def read(self, interview: Interview, event: Event) -> Reading | None:
        """What the words say, where that helps; may take seconds, so it comes before the transaction."""
        if not isinstance(event, Wrote) or not needs_reading(interview, event):
            return None
        return await self._designer.read(event.text, interview.draft, interview.place)

    async def begin(self, person: Person, event: Started, tx: Transaction) -> Taken:
        """Open a new interview; one that was open ends."""
        before = await self._store.latest_of(person.id, connection=tx)
        turn = self._advanced(person, before.interview if before else Interview(), event, None)
        stored = await self._store.begin(person.id, turn.interview, connection=tx)
        return await self._stored(stored.id, event, turn, tx)

    async def take(self, person: Person, event: Event, reading: Reading | None, tx: Transaction) -> Taken | None:
        """Take the next turn of the person's interview; None where there never was one.

        One that is over only answers taps: it says so.
        """
        stored = await self._store.latest_of(person.id, connection=tx)
        if stored is None or (stored.ended and not isinstance(event, Tapped)):
            return None
        turn = self._advanced(person, stored.interview, event, reading)
        if stored.ended:
            return Taken(turn=turn, interview_id=stored.id)
        return await self._stored(stored.id, event, turn, tx)

    def _advanced(self, person: Person, interview: Interview, event: Event, reading: Reading | None) -> Turn:
        zone = person.time_zone or "UTC"
        return advance(interview, event, reading, kit=self.kit, now=self._clock.now(), zone=zone)

    async def _stored(self, interview_id: int, event: Event, turn: Turn, tx: Transaction) -> Taken:
        endings = {OutcomeKind.CREATE: Ending.CONFIRMED, OutcomeKind.CANCELLED: Ending.CANCELLED}
        ending = endings[turn.outcome.kind] if turn.outcome else None
        await self._store.save(interview_id, turn.interview, ending=ending, connection=tx)
        if self._transcribing:
            await self._transcribe(interview_id, event, turn, tx)
        return Taken(turn=turn, interview_id=interview_id)

    async def _transcribe(self, interview_id: int, event: Event, turn: Turn, tx: Transaction) -> None:
        said = redacted(event.text) if isinstance(event, Wrote) else _tapped(event)
        await self._store.transcribe(interview_id, "person", said, connection=tx)
        for line in turn.rendered(self.kit.texts):
            await self._store.transcribe(interview_id, "factory", line.text, connection=tx)


def _tapped(event: Event) -> str:
    return f"[{event.action}]" if isinstance(event, Tapped) else f"[{type(event).__name__.lower()}]"
