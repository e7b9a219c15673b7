"""Every query about agents; rows become `AgentRecord` here and nowhere else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot_runtime.dna import load
from factory_bot.clock import Clock, SystemClock
from factory_bot.errors import StorageError
from factory_bot.model.agents import ALIVE, MOVES, AgentEvent, AgentId, AgentRecord, PersonId, RunState, Told
from factory_bot.storage.database import Database, Transaction
from factory_bot.storage.tables import agent_events, agents


class AgentStore:
    """The records of made bots, their sealed tokens and what happened to them."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def add(self, record: AgentRecord, sealed_token: bytes, *, connection: AsyncConnection | None = None) -> None:
        """Keep a new agent.  Raises `StorageError` if its id or its bot has one already."""
        async with self._database.within(connection) as tx:
            await tx.execute(agents.insert().values(_row(record) | {"sealed_token": sealed_token}))

    async def get(self, agent_id: AgentId) -> AgentRecord | None:
        """The agent, deleted ones included."""
        return await self._one(agents.c.id == agent_id)

    async def with_token(self, agent_id: AgentId) -> tuple[AgentRecord, bytes] | None:
        """The agent, deleted ones included, and its token as the vault sealed it."""
        async with self._database.reading() as connection:
            row = (await connection.execute(sa.select(agents).where(agents.c.id == agent_id))).mappings().one_or_none()
        return None if row is None else (_record(row), bytes(row["sealed_token"]))

    async def by_bot_id(self, bot_id: int) -> AgentRecord | None:
        """The living agent of that Telegram bot."""
        return await self._one(agents.c.bot_id == bot_id, agents.c.deleted_at.is_(None))

    async def all(self) -> list[AgentRecord]:
        """Every living agent, oldest first."""
        return await self._many(agents.c.deleted_at.is_(None))

    async def of_owner(self, owner_id: PersonId) -> list[AgentRecord]:
        """A person's living agents, oldest first."""
        return await self._many(agents.c.owner_id == owner_id, agents.c.deleted_at.is_(None))

    async def deleted_before(self, moment: datetime) -> list[AgentRecord]:
        """Agents whose data has been kept long enough."""
        return await self._many(agents.c.deleted_at < moment)

    async def ids(self) -> frozenset[str]:
        """Every id ever given and still kept, deleted ones included."""
        async with self._database.reading() as connection:
            return frozenset((await connection.execute(sa.select(agents.c.id))).scalars())

    async def set_wanted(
        self, agent_id: AgentId, wanted: bool, *, connection: AsyncConnection | None = None
    ) -> AgentRecord:
        """Say whether the bot should run."""
        return await self._change(agent_id, {"wanted": wanted}, connection)

    async def move(
        self,
        agent_id: AgentId,
        to: RunState,
        *,
        reason: str | None = None,
        pid: int | None = None,
        port: int | None = None,
        told: Told | None = None,
        also: Callable[[Transaction], Awaitable[None]] | None = None,
    ) -> AgentRecord:
        """Move the bot to another state and record it; to its own state only to renew reason, process and port.

        What the owner is told of it is noted, and owed by `also`, in the same transaction.  A state without a process
        forgets process and port.  Raises `StorageError` on a move that is not in `MOVES`.
        """
        async with self._database.transaction() as tx:
            before = await self._locked(tx, agent_id)
            moved = before.state is not to
            if moved and to not in MOVES[before.state]:
                raise StorageError(f"the agent {agent_id!r} cannot move from {before.state} to {to}")
            now = self._clock.now()
            values: dict[str, Any] = {
                "state": to.value,
                "reason": reason,
                "moved_at": now if moved else before.moved_at,
                "pid": (pid if pid is not None else before.pid) if to in ALIVE else None,
                "port": (port if port is not None else before.port) if to in ALIVE else None,
            }
            await tx.execute(agents.update().where(agents.c.id == agent_id).values(values))
            if moved:
                event = {"agent_id": agent_id, "at": now, "before": before.state, "after": to, "reason": reason}
                await tx.execute(agent_events.insert().values(event))
            if told is not None:
                await tx.execute(agents.update().where(agents.c.id == agent_id).values(told=asdict(told)))
            if also is not None:
                await also(tx)
            return replace(before, **(values | {"state": to, "told": told or before.told}))

    async def delete(self, agent_id: AgentId, *, connection: AsyncConnection | None = None) -> AgentRecord:
        """Mark the agent as deleted and not wanted; its row and data stay until `forget`."""
        return await self._change(agent_id, {"wanted": False, "deleted_at": self._clock.now()}, connection)

    async def forget(self, agent_id: AgentId) -> None:
        """Remove the agent for good, its token and events included."""
        async with self._database.transaction() as tx:
            await tx.execute(agents.delete().where(agents.c.id == agent_id))

    async def sealed_token(self, agent_id: AgentId) -> bytes:
        """The bot's token as the vault sealed it.  Raises `StorageError` if there is no such agent."""
        async with self._database.reading() as connection:
            query = sa.select(agents.c.sealed_token).where(agents.c.id == agent_id)
            sealed: bytes | None = (await connection.execute(query)).scalar_one_or_none()
        if sealed is None:
            raise StorageError(f"there is no agent {agent_id!r}")
        return sealed

    async def set_token(
        self, agent_id: AgentId, sealed_token: bytes, *, connection: AsyncConnection | None = None
    ) -> None:
        """Keep another token of the same bot."""
        await self._change(agent_id, {"sealed_token": sealed_token}, connection)

    async def events(self, agent_id: AgentId, since: datetime) -> list[AgentEvent]:
        """The agent's moves from `since` on, oldest first."""
        query = (
            sa.select(agent_events)
            .where(agent_events.c.agent_id == agent_id, agent_events.c.at >= since)
            .order_by(agent_events.c.id)
        )
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            AgentEvent(
                agent_id=AgentId(row["agent_id"]),
                at=row["at"],
                before=RunState(row["before"]),
                after=RunState(row["after"]),
                reason=row["reason"],
            )
            for row in rows
        ]

    async def forget_events(self, older_than: timedelta) -> None:
        """Drop moves that no report looks at any more."""
        async with self._database.transaction() as tx:
            await tx.execute(agent_events.delete().where(agent_events.c.at < self._clock.now() - older_than))

    async def _one(self, *conditions: sa.ColumnElement[bool]) -> AgentRecord | None:
        found = await self._many(*conditions)
        return found[0] if found else None

    async def _many(self, *conditions: sa.ColumnElement[bool]) -> list[AgentRecord]:
        query = sa.select(agents).where(*conditions).order_by(agents.c.created_at, agents.c.id)
        async with self._database.reading() as connection:
            return [_record(row) for row in (await connection.execute(query)).mappings()]

    async def _change(
        self, agent_id: AgentId, values: dict[str, Any], connection: AsyncConnection | None
    ) -> AgentRecord:
        async with self._database.within(connection) as tx:
            change = agents.update().where(agents.c.id == agent_id).values(values).returning(*agents.c)
            return self._found(await tx.execute(change), agent_id)

    async def _locked(self, tx: AsyncConnection, agent_id: AgentId) -> AgentRecord:
        query = sa.select(agents).where(agents.c.id == agent_id).with_for_update()
        return self._found(await tx.execute(query), agent_id)

    def _found(self, result: sa.CursorResult[Any], agent_id: AgentId) -> AgentRecord:
        row = result.mappings().one_or_none()
        if row is None:
            raise StorageError(f"there is no agent {agent_id!r}")
        return _record(row)


def _row(record: AgentRecord) -> dict[str, Any]:
    return {
        "id": record.id,
        "owner_id": record.owner_id,
        "bot_id": record.bot_id,
        "username": record.username,
        "dna": record.dna.model_dump(mode="json"),
        "wanted": record.wanted,
        "state": record.state.value,
        "reason": record.reason,
        "moved_at": record.moved_at,
        "created_at": record.created_at,
        "deleted_at": record.deleted_at,
        "port": record.port,
        "pid": record.pid,
        "told": asdict(record.told),
    }


def _record(row: sa.RowMapping) -> AgentRecord:
    return AgentRecord(
        id=AgentId(row["id"]),
        owner_id=PersonId(row["owner_id"]),
        bot_id=row["bot_id"],
        username=row["username"],
        dna=load(row["dna"]),
        wanted=row["wanted"],
        state=RunState(row["state"]),
        reason=row["reason"],
        moved_at=row["moved_at"],
        created_at=row["created_at"],
        deleted_at=row["deleted_at"],
        port=row["port"],
        pid=row["pid"],
        told=Told(**(row["told"] or {})),
    )
