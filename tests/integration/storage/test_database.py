"""The database itself: migrations, transactions, errors."""

from __future__ import annotations

import asyncio
import hashlib
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Connection

import migrations
from factory_bot.errors import StorageError
from factory_bot.storage.database import Database, open_database
from factory_bot.storage.migrating import newest
from factory_bot.storage.tables import facts, metadata

RELEASED = {
    "m0001_ground.py": "4ad0c2cca857901a5e61bb3f0f5e48f0f1b02ea6ca1620c3dadc786cba6810af",
    "m0002_told.py": "b8e1291150180039a3d37245a1a1aa4178678d0ab19b501008946b6989409369",
}


def _shape(connection: Connection) -> dict[str, object]:
    inspector = sa.inspect(connection)
    shape: dict[str, object] = {}
    for table in inspector.get_table_names():
        if table == "alembic_version":
            continue
        columns = [
            (column["name"], str(column["type"].compile(connection.dialect)), column["nullable"])
            for column in inspector.get_columns(table)
        ]
        indexes = sorted(
            (str(index["name"]), tuple(index["column_names"]), bool(index["unique"]), _condition(index))
            for index in inspector.get_indexes(table)
        )
        keys = sorted(
            (str(key["name"]), tuple(key["constrained_columns"]), key["referred_table"], str(key["options"]))
            for key in inspector.get_foreign_keys(table)
        )
        primary = inspector.get_pk_constraint(table)
        shape[table] = (columns, indexes, keys, primary["name"], tuple(primary["constrained_columns"]))
    return shape


def _condition(index: sa.engine.interfaces.ReflectedIndex) -> str:
    options = index.get("dialect_options", {})
    found = options.get("sqlite_where", options.get("postgresql_where", ""))
    return str(found).strip("()").lower()


async def test_the_migrations_lead_to_exactly_the_declared_tables(database: Database) -> None:
    async with database.transaction() as connection:
        migrated = await connection.run_sync(_shape)
        await connection.execute(sa.text("DROP TABLE alembic_version"))
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
        declared = await connection.run_sync(_shape)
    assert set(migrated) == set(metadata.tables)
    assert migrated == declared


async def test_opening_twice_changes_nothing(url: str) -> None:
    async with open_database(url) as first, first.transaction() as connection:
        await connection.execute(facts.insert().values(name="kept", value=1))
    async with open_database(url) as second, second.reading() as connection:
        assert (await connection.execute(sa.select(facts.c.value))).scalar_one() == 1
        assert (await connection.execute(sa.text("SELECT version_num FROM alembic_version"))).scalar_one() == newest()


async def test_a_database_of_a_newer_program_is_refused_with_a_sentence(url: str) -> None:
    async with open_database(url) as database, database.transaction() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(StorageError, match="another version of this program"):
        async with open_database(url):
            pass


async def test_a_transaction_that_raises_leaves_nothing(database: Database) -> None:
    async def half() -> None:
        async with database.transaction() as connection:
            await connection.execute(facts.insert().values(name="half", value=1))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half()
    async with database.reading() as connection:
        assert (await connection.execute(sa.select(facts))).all() == []


async def test_a_cancelled_transaction_leaves_neither_rows_nor_a_lock(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(facts.insert().values(name=f"n{number}", value=1))
            await asyncio.Event().wait()

    for number in range(20):
        task = asyncio.create_task(write(number))
        for _ in range(number):
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    async with asyncio.timeout(5):
        async with database.transaction() as connection:
            assert (await connection.execute(sa.select(facts))).all() == []


async def test_writers_at_the_same_time_all_get_their_turn(database: Database) -> None:
    async def add(number: int) -> None:
        async with database.transaction() as connection:
            await connection.execute(facts.insert().values(name=f"n{number}", value=number))

    await asyncio.gather(*(add(number) for number in range(40)))
    async with database.reading() as connection:
        assert len((await connection.execute(sa.select(facts))).all()) == 40


async def test_a_transaction_within_a_transaction_is_refused_instead_of_waiting_for_itself(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'f.db'}") as database, database.transaction():
        with pytest.raises(RuntimeError, match="in a transaction already"):
            async with database.transaction():
                pass


async def test_a_drivers_error_arrives_as_ours_without_the_value(database: Database) -> None:
    async with database.transaction() as connection:
        await connection.execute(facts.insert().values(name="once", value="secret words"))
    with pytest.raises(StorageError) as caught:
        async with database.transaction() as connection:
            await connection.execute(facts.insert().values(name="once", value="secret words"))
    assert "secret words" not in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("sqlite+aiosqlite:////proc/nowhere/factory.db", id="unwritable folder"),
        pytest.param("postgresql+asyncpg://nobody@127.0.0.1:1/none", id="no server"),
    ],
)
async def test_a_database_that_cannot_be_opened_says_so(url: str) -> None:
    with pytest.raises(StorageError, match="database"):
        async with open_database(url):
            pass


async def test_a_server_without_that_database_says_so(postgres_host: str) -> None:
    with pytest.raises(StorageError, match="database"):
        async with open_database(f"postgresql+asyncpg://postgres@/missing?host={postgres_host}"):
            pass


async def test_a_file_that_is_no_database_says_so(tmp_path: Path) -> None:
    (tmp_path / "factory.db").write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StorageError, match="database"):
        async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'factory.db'}"):
            pass


def test_a_released_migration_never_changes() -> None:
    folder = Path(migrations.__file__).parent / "versions"
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("m*.py")}
    assert found == RELEASED
