"""Every query about agents' days: what was counted on each."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from factory_bot.model.agents import AgentId
from factory_bot.storage.database import Database, insert
from factory_bot.storage.tables import agent_days


class DayStore:
    """Counters by agent and day (of the owner's zone), kept so that a report can look back."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(
        self, agent_id: AgentId, day: date, counters: Mapping[str, float], *, connection: AsyncConnection | None = None
    ) -> None:
        """Keep what was counted on that day; a later count of the same day replaces it."""
        async with self._database.within(connection) as tx:
            row = insert(tx, agent_days).values(agent_id=agent_id, day=day, counters=dict(counters))
            renewed = {"counters": row.excluded.counters}
            await tx.execute(row.on_conflict_do_update(index_elements=["agent_id", "day"], set_=renewed))

    async def get(self, agent_id: AgentId, day: date) -> dict[str, float] | None:
        """What was counted on that day, if anything was."""
        query = sa.select(agent_days.c.counters).where(agent_days.c.agent_id == agent_id, agent_days.c.day == day)
        async with self._database.reading() as connection:
            found: dict[str, float] | None = (await connection.execute(query)).scalar_one_or_none()
        return found
