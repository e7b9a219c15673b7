"""One way into SQLite and PostgreSQL: opened at the newest migration, written in short transactions.

On SQLite a transaction begins with BEGIN IMMEDIATE, so that two writers queue instead of failing half-way, and only one
task of ours asks at a time: waiting in our own queue is fair, waiting in SQLite's busy timeout is not.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from factory_bot.errors import StorageError

BUSY_TIMEOUT = 10_000  # milliseconds

Transaction = AsyncConnection
"""A transaction under way, for those who pass it on without knowing what it is."""


class Database:
    """The factory's database, open and migrated."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer: asyncio.Lock | None = asyncio.Lock() if engine.dialect.name == "sqlite" else None
        self._writing: asyncio.Task[Any] | None = None

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self._engine.dialect.name

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A transaction that may write; everything in it counts, or nothing.  Raises `StorageError`."""
        async with self._turn(), _translated(), self._engine.begin() as connection:
            yield connection

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncConnection]:
        """A connection that only reads: it never waits for a writer.  Raises `StorageError`."""
        async with _translated(), self._engine.connect() as plain:
            connection = await plain.execution_options(reading=True)
            async with connection.begin():
                yield connection

    @asynccontextmanager
    async def within(self, connection: AsyncConnection | None) -> AsyncIterator[AsyncConnection]:
        """The given transaction, or a new one where there is none."""
        if connection is not None:
            yield connection
            return
        async with self.transaction() as own:
            yield own

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        if self._writer is None:
            yield
            return
        task = asyncio.current_task()
        if self._writing is task:
            raise RuntimeError("this task is in a transaction already: pass its connection on")
        async with self._writer:
            self._writing = task
            try:
                yield
            finally:
                self._writing = None


@asynccontextmanager
async def open_database(url: str) -> AsyncIterator[Database]:
    """The database at `url`, brought to the newest migration.  Raises `StorageError` with one clear sentence."""
    async with _translated(), AsyncExitStack() as stack:
        try:
            engine = _engine(url)
            stack.push_async_callback(engine.dispose)
            async with engine.connect() as connection:
                await connection.run_sync(_migrate)
        except OSError as exc:
            raise StorageError(f"the database cannot be opened: {exc}") from exc
        yield Database(engine)


def insert(connection: AsyncConnection, table: sa.Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that knows ON CONFLICT, in the words of the database at hand."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except DBAPIError as exc:
        raise StorageError(f"the database refused: {exc.orig}") from exc
    except PoolTimeout as exc:
        raise StorageError("the database is too busy") from exc
    except SQLAlchemyError as exc:
        raise StorageError(f"the database cannot be used: {exc}") from exc


def _engine(url: str) -> AsyncEngine:
    parsed = make_url(url)
    # hide_parameters: a value could be a token, and an error text is logged.
    if parsed.get_backend_name() != "sqlite":
        return create_async_engine(parsed, hide_parameters=True, pool_pre_ping=True)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
        _keep_private(Path(parsed.database))
    # Every transaction here ends in `transaction` or `reading`: a rollback before each reuse would only cost a hop.
    engine = create_async_engine(parsed, hide_parameters=True, pool_reset_on_return=None)
    sa.event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    sa.event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _keep_private(path: Path) -> None:
    """Nobody but us may read the database; SQLite gives the files it puts beside it the same mode."""
    with contextlib.suppress(OSError):  # SQLite says it better
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with contextlib.suppress(OSError):
            file.chmod(0o600)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours
    cursor = connection.cursor()
    for pragma in (f"busy_timeout = {BUSY_TIMEOUT}", "journal_mode = WAL", "foreign_keys = ON", "synchronous = FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A reader needs none: each SELECT is a snapshot of its own, and every statement saved is a hop between threads.
    if not connection.get_execution_options().get("reading", False):
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _migrate(connection: Connection) -> None:
    from factory_bot.storage.migrating import migrate

    migrate(connection)
