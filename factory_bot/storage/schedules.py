"""Every query about what is due."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from factory_bot.model.agents import PersonId
from factory_bot.model.schedules import Kind, Schedule, next_due, rule_from_json, rule_to_json
from factory_bot.storage.database import Database, insert
from factory_bot.storage.tables import schedules


class ScheduleStore:
    """The schedules, each a row with the moment it is due next."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def due(self, now: datetime) -> list[Schedule]:
        """What should have run by now, the longest waiting first."""
        query = sa.select(schedules).where(schedules.c.due_at <= now).order_by(schedules.c.due_at, schedules.c.name)
        async with self._database.reading() as connection:
            return [_schedule(row) for row in (await connection.execute(query)).mappings()]

    async def get(self, name: str) -> Schedule | None:
        """The schedule of that name."""
        async with self._database.reading() as connection:
            row = (await connection.execute(sa.select(schedules).where(schedules.c.name == name))).mappings().first()
        return _schedule(row) if row else None

    async def put(self, schedule: Schedule, *, connection: AsyncConnection | None = None) -> None:
        """Keep the schedule; one of the same name gets its rule and its next moment."""
        values = _row(schedule)
        async with self._database.within(connection) as tx:
            statement = insert(tx, schedules).values(values)
            changed = {name: values[name] for name in ("kind", "person_id", "due_at", "rule")}
            await tx.execute(statement.on_conflict_do_update(index_elements=["name"], set_=changed))

    async def remove(self, name: str, *, connection: AsyncConnection | None = None) -> None:
        """Forget the schedule."""
        async with self._database.within(connection) as tx:
            await tx.execute(schedules.delete().where(schedules.c.name == name))

    async def done(self, schedule: Schedule, now: datetime, *, connection: AsyncConnection | None = None) -> bool:
        """Move the schedule on to its next moment after `now`; False if that was done before, so that a run whose
        effects share this transaction counts once.  However many moments were missed, one run makes them up.
        """
        moved = (
            schedules.update()
            .where(schedules.c.name == schedule.name, schedules.c.due_at == schedule.due_at)
            .values(ran_at=now, due_at=next_due(schedule.rule, now))
        )
        async with self._database.within(connection) as tx:
            return (await tx.execute(moved)).rowcount == 1


def _row(schedule: Schedule) -> dict[str, Any]:
    return {
        "name": schedule.name,
        "kind": schedule.kind.value,
        "person_id": schedule.person_id,
        "due_at": schedule.due_at,
        "ran_at": schedule.ran_at,
        "rule": rule_to_json(schedule.rule),
    }


def _schedule(row: sa.RowMapping) -> Schedule:
    return Schedule(
        name=row["name"],
        kind=Kind(row["kind"]),
        rule=rule_from_json(row["rule"]),
        due_at=row["due_at"],
        person_id=None if row["person_id"] is None else PersonId(row["person_id"]),
        ran_at=row["ran_at"],
    )
