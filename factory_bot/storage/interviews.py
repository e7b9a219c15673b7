"""Every query about interviews: where each stands, what was said in it, and how they end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from factory_bot.clock import Clock, SystemClock
from factory_bot.model.agents import PersonId
from factory_bot.model.creation import CreationStep
from factory_bot.model.funnel import LEFT, Ending, Funnel
from factory_bot.model.interview import Interview
from factory_bot.storage.database import Database
from factory_bot.storage.tables import creations, interviews, transcripts


@dataclass(frozen=True, kw_only=True)
class StoredInterview:
    """An interview with its row's number."""

    id: int
    user_id: PersonId
    interview: Interview
    ended: bool


class InterviewStore:
    """Interviews and their transcripts; a person has one open interview at most."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def open_of(self, user_id: PersonId, *, connection: AsyncConnection | None = None) -> StoredInterview | None:
        """The interview a person is in."""
        found = await self.latest_of(user_id, connection=connection)
        return found if found is not None and not found.ended else None

    async def latest_of(
        self, user_id: PersonId, *, connection: AsyncConnection | None = None
    ) -> StoredInterview | None:
        """The person's newest interview, ended or not."""
        query = sa.select(interviews).where(interviews.c.user_id == user_id).order_by(interviews.c.id.desc()).limit(1)
        if connection is not None:
            row = (await connection.execute(query.with_for_update())).mappings().one_or_none()
        else:
            async with self._database.reading() as reading:
                row = (await reading.execute(query)).mappings().one_or_none()
        return None if row is None else _stored(row)

    async def begin(
        self, user_id: PersonId, interview: Interview, *, connection: AsyncConnection | None = None
    ) -> StoredInterview:
        """Open an interview; one that was open ends as replaced."""
        now = self._clock.now()
        async with self._database.within(connection) as tx:
            await self._end(tx, interviews.c.user_id == user_id, ending=Ending.REPLACED)
            row = interviews.insert().values(
                user_id=user_id,
                state=json.loads(interview.to_json()),
                step=interview.step.value,
                started_at=now,
                moved_at=now,
            )
            return _stored((await tx.execute(row.returning(interviews))).mappings().one())

    async def save(
        self,
        interview_id: int,
        interview: Interview,
        *,
        ending: Ending | None = None,
        connection: AsyncConnection | None = None,
    ) -> None:
        """Keep where the interview stands; with `ending`, close it (the step it was left at stays on record)."""
        now = self._clock.now()
        values: dict[str, object] = {"state": json.loads(interview.to_json()), "moved_at": now}
        if ending is None:
            values["step"] = interview.step.value
        else:
            values |= {"ended_at": now, "ending": ending.value}
        async with self._database.within(connection) as tx:
            await tx.execute(interviews.update().where(interviews.c.id == interview_id).values(values))

    async def expire(self, untouched_since: datetime) -> int:
        """End the interviews in which nothing was heard since then; how many."""
        async with self._database.transaction() as tx:
            return await self._end(tx, interviews.c.moved_at < untouched_since, ending=Ending.EXPIRED)

    async def transcribe(
        self, interview_id: int, speaker: str, text: str, *, connection: AsyncConnection | None = None
    ) -> None:
        """Keep what the person or the factory said."""
        async with self._database.within(connection) as tx:
            line = {"interview_id": interview_id, "at": self._clock.now(), "speaker": speaker, "text": text}
            await tx.execute(transcripts.insert().values(line))

    async def forget_transcripts(self, before: datetime) -> int:
        """Drop what was said before that moment; how many lines."""
        async with self._database.transaction() as tx:
            return (await tx.execute(transcripts.delete().where(transcripts.c.at < before))).rowcount

    async def forget_person(self, user_id: PersonId, *, connection: AsyncConnection | None = None) -> None:
        """Drop everything the person said in interviews that are over."""
        async with self._database.within(connection) as tx:
            over = sa.select(interviews.c.id).where(interviews.c.user_id == user_id, interviews.c.ended_at.is_not(None))
            await tx.execute(transcripts.delete().where(transcripts.c.interview_id.in_(over)))

    async def funnel(self, since: datetime) -> Funnel:
        """What became of the interviews that began since then."""
        within = interviews.c.started_at >= since
        counted = sa.func.count()
        by_ending = sa.select(interviews.c.ending, interviews.c.step, counted).where(within)
        launched = (
            sa.select(counted)
            .select_from(creations.join(interviews))
            .where(within, creations.c.step == CreationStep.LAUNCHED)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(by_ending.group_by(interviews.c.ending, interviews.c.step))).all()
            created: int = (await connection.execute(launched)).scalar_one()
        left: dict[str, int] = {}
        for ending, step, number in rows:
            if ending in LEFT:
                left[step] = left.get(step, 0) + number
        return Funnel(
            started=sum(number for _, _, number in rows),
            open=sum(number for ending, _, number in rows if ending is None),
            left=left,
            confirmed=sum(number for ending, _, number in rows if ending == Ending.CONFIRMED),
            created=created,
        )

    async def _end(self, tx: AsyncConnection, condition: sa.ColumnElement[bool], *, ending: Ending) -> int:
        ended = {"ended_at": self._clock.now(), "ending": ending.value}
        return (
            await tx.execute(interviews.update().where(condition, interviews.c.ended_at.is_(None)).values(ended))
        ).rowcount


def _stored(row: sa.RowMapping) -> StoredInterview:
    return StoredInterview(
        id=row["id"],
        user_id=PersonId(row["user_id"]),
        interview=Interview.from_json(json.dumps(row["state"])),
        ended=row["ended_at"] is not None,
    )
