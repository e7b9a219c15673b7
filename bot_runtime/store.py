"""The bot's own SQLite file: one connection, one writer at a time, migrated when opened."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar

import aiosqlite

T = TypeVar("T")
Row = sqlite3.Row
Values = Sequence[Any]

PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = NORMAL",  # a killed process loses nothing; only a power cut may take the last moments
    "PRAGMA foreign_keys = ON",
    "PRAGMA busy_timeout = 5000",
    "PRAGMA secure_delete = ON",  # what a person had removed is not left in free pages
    "PRAGMA cache_size = -1000",  # kB
)


class StoreError(Exception):
    """The file cannot be used."""


class Transaction:
    """Statements that commit together, or not at all.

    Each trip to the database's thread costs more than the statement does, so BEGIN and what was said with `later` go
    along with the next statement whose answer is wanted, or with COMMIT.
    """

    def __init__(self, database: _Database) -> None:
        self._database = database
        self._waiting: list[tuple[str, Values]] = [("BEGIN IMMEDIATE", ())]
        self._has_begun = False

    def later(self, sql: str, values: Values = ()) -> None:
        """Have the statement done before the next one, or at the end."""
        self._waiting.append((sql, values))

    async def run(self, sql: str, values: Values = ()) -> int:
        """How many rows the statement changed."""
        return await self._do(lambda connection: connection.execute(sql, values).rowcount)

    async def insert(self, sql: str, values: Values = ()) -> int:
        """The id of the row the statement made."""
        return await self._do(lambda connection: connection.execute(sql, values).lastrowid or 0)

    async def all(self, sql: str, values: Values = ()) -> list[Row]:
        """Every row of the answer."""
        return await self._do(lambda connection: connection.execute(sql, values).fetchall())

    async def one(self, sql: str, values: Values = ()) -> Row | None:
        """The first row of the answer."""
        rows = await self.all(sql, values)
        return rows[0] if rows else None

    async def commit(self) -> None:
        """Make it last; nothing is done where nothing was said."""
        if self._has_begun or len(self._waiting) > 1:
            await self._do(sqlite3.Connection.commit)

    async def rollback(self) -> None:
        """Undo everything."""
        if self._has_begun:
            await self._database.trip(sqlite3.Connection.rollback)

    async def _do(self, last: Callable[[sqlite3.Connection], T]) -> T:
        waiting, self._waiting = self._waiting, []
        self._has_begun = True

        def statements(connection: sqlite3.Connection) -> T:
            for sql, values in waiting:
                connection.execute(sql, values)
            return last(connection)

        return await self._database.trip(statements)


class _Database:
    """The connection, which lives in a thread of its own."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._connection = connection

    async def trip(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Have all of `work` done in the thread at once.  Work that was begun is also ended when this is cancelled."""
        # aiosqlite's own methods are one such trip per statement; this is the call beneath them.
        execute: Callable[[Callable[[], T]], Awaitable[T]] = self._connection._execute
        return await execute(lambda: work(self._connection._conn))


class Store:
    """The open file.  Reads wait for the writer too: they share its connection and must not see half a transaction."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self._database = _Database(connection)
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """A transaction for writing, rolled back if the block raises or is cancelled; never open one inside another."""
        async with self._lock:
            tx = Transaction(self._database)
            try:
                yield tx
                await tx.commit()
            except BaseException:
                await asyncio.shield(tx.rollback())
                raise

    async def write(self, sql: str, values: Values = ()) -> int:
        """A transaction of one statement, in one trip; how many rows it changed."""

        def statement(connection: sqlite3.Connection) -> int:
            return connection.execute(sql, values).rowcount  # a statement without BEGIN commits by itself

        async with self._lock:
            return await self._database.trip(statement)

    async def ask(self, questions: Callable[[sqlite3.Connection], T]) -> T:
        """What several queries together find, in one trip; they must not change anything."""
        async with self._lock:
            return await self._database.trip(questions)

    async def all(self, sql: str, values: Values = ()) -> list[Row]:
        """Every row of a query outside a transaction."""
        return await self.ask(lambda connection: connection.execute(sql, values).fetchall())

    async def one(self, sql: str, values: Values = ()) -> Row | None:
        """The first row of a query outside a transaction."""
        rows = await self.all(sql, values)
        return rows[0] if rows else None


@asynccontextmanager
async def open_store(path: Path) -> AsyncIterator[Store]:
    """The store in that file, made or brought up to date, closed at the end.  Raises `StoreError`."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = await aiosqlite.connect(path, isolation_level=None)
    except (OSError, sqlite3.Error) as exc:
        raise StoreError(f"its data cannot be opened: {exc}") from exc
    try:
        await _Database(connection).trip(_prepare)
        yield Store(connection)
    finally:
        await asyncio.shield(connection.close())


@cache
def migrations() -> list[tuple[int, str]]:
    """Number and script of every migration, in order.  One that was released never changes."""
    folder = files("bot_runtime") / "migrations"
    scripts = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".sql"))
    return [(int(name[:4]), (folder / name).read_text(encoding="utf-8")) for name in scripts]


def _prepare(connection: sqlite3.Connection) -> None:
    connection.row_factory = sqlite3.Row
    for pragma in PRAGMAS:
        connection.execute(pragma)
    present = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if present > migrations()[-1][0]:
        raise StoreError("its data was written by a newer version of this program")
    for number, script in migrations():
        if number > present:
            try:
                connection.executescript(f"BEGIN IMMEDIATE;\n{script}\nPRAGMA user_version = {number};\nCOMMIT;")
            except BaseException:
                connection.rollback()
                raise
