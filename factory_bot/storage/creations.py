"""Every query about creations and spare bots."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot_runtime.dna import AgentDNA, load
from factory_bot.clock import Clock, SystemClock
from factory_bot.errors import StorageError
from factory_bot.model.agents import AgentId, PersonId
from factory_bot.model.creation import WINDOW, Creation, CreationEnd, CreationStep, SpareBot, Way
from factory_bot.storage.database import Database, insert
from factory_bot.storage.tables import creations, spare_bots


class CreationStore:
    """Telegram bots on their way; a person has one open creation at most."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def request(
        self,
        user_id: PersonId,
        dna: AgentDNA,
        *,
        suggested_username: str,
        way: Way,
        interview_id: int | None = None,
        connection: AsyncConnection | None = None,
    ) -> Creation:
        """Open a creation; one that was waiting ends as replaced."""
        now = self._clock.now()
        async with self._database.within(connection) as tx:
            await self._end(tx, CreationEnd.REPLACED, creations.c.user_id == user_id)
            row = creations.insert().values(
                user_id=user_id,
                interview_id=interview_id,
                step=CreationStep.REQUESTED.value,
                way=way.value,
                dna=dna.model_dump(mode="json"),
                suggested_username=suggested_username,
                requested_at=now,
                expires_at=now + WINDOW,
                moved_at=now,
            )
            return _creation((await tx.execute(row.returning(creations))).mappings().one())

    async def get(self, creation_id: int, *, connection: AsyncConnection | None = None) -> Creation | None:
        """The creation."""
        return await self._first(creations.c.id == creation_id, connection=connection)

    async def open_of(self, user_id: PersonId, *, connection: AsyncConnection | None = None) -> Creation | None:
        """The creation a person is in."""
        return await self._first(creations.c.user_id == user_id, creations.c.ended_at.is_(None), connection=connection)

    async def of_bot(self, bot_id: int, *, connection: AsyncConnection | None = None) -> Creation | None:
        """The open creation that has this bot."""
        return await self._first(creations.c.bot_id == bot_id, creations.c.ended_at.is_(None), connection=connection)

    async def last_unfinished(self, user_id: PersonId, *, connection: AsyncConnection | None = None) -> Creation | None:
        """The person's newest creation, if it ended before its bot was launched."""
        newest = await self._first(creations.c.user_id == user_id, connection=connection)
        over = newest is not None and newest.ended_at is not None and newest.step is not CreationStep.LAUNCHED
        return newest if over else None

    async def open(self) -> list[Creation]:
        """Every open creation, oldest first."""
        query = sa.select(creations).where(creations.c.ended_at.is_(None)).order_by(creations.c.id)
        async with self._database.reading() as connection:
            return [_creation(row) for row in (await connection.execute(query)).mappings()]

    async def change(self, creation_id: int, *, connection: AsyncConnection | None = None, **values: Any) -> Creation:
        """Record what became known; a `step` moves it on.  Raises `StorageError` if it has ended."""
        async with self._database.within(connection) as tx:
            changed = (
                creations.update()
                .where(creations.c.id == creation_id, creations.c.ended_at.is_(None))
                .values(values | {"moved_at": self._clock.now()})
                .returning(creations)
            )
            row = (await tx.execute(changed)).mappings().one_or_none()
            if row is None:
                raise StorageError(f"the creation {creation_id} is over")
            return _creation(row)

    async def launched(self, creation_id: int, *, connection: AsyncConnection | None = None) -> None:
        """The bot is wanted running: the creation is over, and its copy of the token gone."""
        values = {"step": CreationStep.LAUNCHED.value, "ended_at": self._clock.now(), "sealed_token": None}
        await self.change(creation_id, connection=connection, **values)

    async def end(self, creation_id: int, end: CreationEnd, *, connection: AsyncConnection | None = None) -> bool:
        """End it early; False if it was over."""
        async with self._database.within(connection) as tx:
            return await self._end(tx, end, creations.c.id == creation_id) == 1

    async def was_managed(self, bot_id: int) -> bool:
        """Whether the bot was made through us, so that its token can be fetched at any time."""
        query = sa.select(creations.c.way).where(creations.c.bot_id == bot_id).order_by(creations.c.id.desc()).limit(1)
        async with self._database.reading() as connection:
            return (await connection.execute(query)).scalar_one_or_none() == Way.MANAGED

    async def expired(self, now: datetime) -> list[Creation]:
        """Creations that have waited for their maker too long."""
        return [each for each in await self.open() if each.waits_for_maker and each.expires_at <= now]

    # ---------------------------------------------------------------- spare bots

    async def keep_spare(self, bot: SpareBot, *, connection: AsyncConnection | None = None) -> None:
        """Remember a bot that no agent uses: Telegram has no list of them."""
        async with self._database.within(connection) as tx:
            row = insert(tx, spare_bots).values(
                bot_id=bot.bot_id, user_id=bot.user_id, username=bot.username, added_at=self._clock.now()
            )
            renewed = {"user_id": bot.user_id, "username": bot.username}
            await tx.execute(row.on_conflict_do_update(index_elements=["bot_id"], set_=renewed))

    async def spares_of(self, user_id: PersonId, *, connection: AsyncConnection | None = None) -> list[SpareBot]:
        """The person's spare bots, newest first."""
        query = sa.select(spare_bots).where(spare_bots.c.user_id == user_id).order_by(spare_bots.c.added_at.desc())
        async with self._database.within(connection) as tx:
            rows = (await tx.execute(query)).mappings().all()
        return [
            SpareBot(bot_id=row["bot_id"], user_id=PersonId(row["user_id"]), username=row["username"]) for row in rows
        ]

    async def drop_spare(self, bot_id: int, *, connection: AsyncConnection | None = None) -> None:
        """The bot is used, or of no use."""
        async with self._database.within(connection) as tx:
            await tx.execute(spare_bots.delete().where(spare_bots.c.bot_id == bot_id))

    async def _first(self, *conditions: sa.ColumnElement[bool], connection: AsyncConnection | None) -> Creation | None:
        query = sa.select(creations).where(*conditions).order_by(creations.c.id.desc()).limit(1)
        if connection is not None:
            row = (await connection.execute(query.with_for_update())).mappings().one_or_none()
        else:
            async with self._database.reading() as reading:
                row = (await reading.execute(query)).mappings().one_or_none()
        return None if row is None else _creation(row)

    async def _end(self, tx: AsyncConnection, end: CreationEnd, condition: sa.ColumnElement[bool]) -> int:
        values = {"ended_at": self._clock.now(), "reason": end.value, "sealed_token": None}
        ended = creations.update().where(condition, creations.c.ended_at.is_(None)).values(values)
        return (await tx.execute(ended)).rowcount


def _creation(row: sa.RowMapping) -> Creation:
    return Creation(
        id=row["id"],
        user_id=PersonId(row["user_id"]),
        interview_id=row["interview_id"],
        step=CreationStep(row["step"]),
        way=Way(row["way"]),
        dna=load(row["dna"]),
        suggested_username=row["suggested_username"],
        requested_at=row["requested_at"],
        expires_at=row["expires_at"],
        bot_id=row["bot_id"],
        username=row["username"],
        sealed_token=row["sealed_token"],
        agent_id=None if row["agent_id"] is None else AgentId(row["agent_id"]),
        reason=row["reason"],
        ended_at=row["ended_at"],
    )
