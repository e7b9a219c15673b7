"""Single facts of this installation, by name; the values are JSON."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from factory_bot.storage.database import Database, insert
from factory_bot.storage.tables import facts


class FactStore:
    """Facts by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> Any:
        """The fact, or None."""
        async with self._database.reading() as connection:
            return await read_fact(connection, name)

    async def take(self, name: str, value: Any, *, connection: AsyncConnection) -> bool:
        """Remove the fact if it has that value: of several who try, one succeeds."""
        return await take_fact(connection, name, value)

    async def set(self, name: str, value: Any, *, connection: AsyncConnection | None = None) -> None:
        """Keep the fact; the value None removes it."""
        async with self._database.within(connection) as tx:
            await write_fact(tx, name, value)


async def take_fact(connection: AsyncConnection, name: str, value: Any) -> bool:
    """Remove the fact if it has that value; False if it has not, or somebody else was first."""
    taken = facts.delete().where(facts.c.name == name, facts.c.value == value)
    return (await connection.execute(taken)).rowcount == 1


async def read_fact(connection: AsyncConnection, name: str) -> Any:
    """The fact within a transaction."""
    return (await connection.execute(sa.select(facts.c.value).where(facts.c.name == name))).scalar_one_or_none()


async def write_fact(connection: AsyncConnection, name: str, value: Any) -> None:
    """Keep or remove the fact within a transaction."""
    if value is None:
        await connection.execute(facts.delete().where(facts.c.name == name))
        return
    row = insert(connection, facts).values(name=name, value=value)
    await connection.execute(row.on_conflict_do_update(index_elements=["name"], set_={"value": row.excluded.value}))
