"""Every query about persons."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from factory_bot.clock import Clock, SystemClock
from factory_bot.errors import StorageError
from factory_bot.model.agents import PersonId
from factory_bot.model.persons import Person, Standing
from factory_bot.storage.database import Database, insert
from factory_bot.storage.tables import agents, persons


class PersonStore:
    """The people who wrote to the factory."""

    def __init__(self, database: Database, clock: Clock | None = None) -> None:
        self._database = database
        self._clock = clock or SystemClock()

    async def seen(self, person: Person, *, connection: AsyncConnection | None = None) -> Person:
        """Keep the names and language Telegram just told, and give what else is known of the person."""
        now = self._clock.now()
        told: dict[str, Any] = {
            "first_name": person.first_name,
            "username": person.username,
            "language": person.language,
        }
        async with self._database.within(connection) as tx:
            row = insert(tx, persons).values(
                id=person.id, standing=person.standing.value, first_seen_at=now, time_zone=person.time_zone, **told
            )
            kept = row.on_conflict_do_update(index_elements=["id"], set_=told).returning(persons)
            return _person((await tx.execute(kept)).mappings().one())

    async def get(self, person_id: PersonId) -> Person | None:
        """The person, if they ever wrote."""
        async with self._database.reading() as connection:
            query = sa.select(persons).where(persons.c.id == person_id)
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else _person(row)

    async def of_standing(self, *standings: Standing) -> list[Person]:
        """Everybody about whom the operator decided that."""
        query = sa.select(persons).where(persons.c.standing.in_(standings)).order_by(persons.c.first_name, persons.c.id)
        async with self._database.reading() as connection:
            return [_person(row) for row in (await connection.execute(query)).mappings()]

    async def makers(self) -> list[Person]:
        """Everybody who has a living bot."""
        owners = sa.select(agents.c.owner_id).where(agents.c.deleted_at.is_(None))
        query = sa.select(persons).where(persons.c.id.in_(owners)).order_by(persons.c.first_name, persons.c.id)
        async with self._database.reading() as connection:
            return [_person(row) for row in (await connection.execute(query)).mappings()]

    async def set_standing(
        self, person_id: PersonId, standing: Standing, *, connection: AsyncConnection | None = None
    ) -> Person:
        """Record the operator's decision."""
        return await self._change(person_id, {"standing": standing.value}, connection)

    async def set_report(
        self, person_id: PersonId, *, hour: int | None, time_zone: str, connection: AsyncConnection | None = None
    ) -> Person:
        """Record when the person wants the daily report; `hour` None: never."""
        return await self._change(person_id, {"report_hour": hour, "time_zone": time_zone}, connection)

    async def asked_for_hour(self, person_id: PersonId, *, connection: AsyncConnection | None = None) -> bool:
        """Record that the person was asked when to report; False if they had been asked before."""
        async with self._database.within(connection) as tx:
            once = (
                persons.update()
                .where(persons.c.id == person_id, persons.c.asked_for_hour_at.is_(None))
                .values(asked_for_hour_at=self._clock.now())
            )
            return (await tx.execute(once)).rowcount == 1

    async def _change(self, person_id: PersonId, values: dict[str, Any], connection: AsyncConnection | None) -> Person:
        async with self._database.within(connection) as tx:
            changed = persons.update().where(persons.c.id == person_id).values(values).returning(persons)
            row = (await tx.execute(changed)).mappings().one_or_none()
        if row is None:
            raise StorageError(f"there is no person {person_id}")
        return _person(row)


def _person(row: sa.RowMapping) -> Person:
    return Person(
        id=PersonId(row["id"]),
        first_name=row["first_name"],
        username=row["username"],
        language=row["language"],
        standing=Standing(row["standing"]),
        time_zone=row["time_zone"],
        report_hour=row["report_hour"],
        asked_for_hour_at=row["asked_for_hour_at"],
    )
