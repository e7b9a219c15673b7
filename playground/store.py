"""Where the world is kept: one SQLite file, one row per thing, one transaction per answer."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

Row = tuple[str, str, str]  # kind, key, body as JSON
Name = tuple[str, str]  # kind, key


class Store:
    """Rows that outlive the process: whatever `save` returned from is there after a kill."""

    def __init__(self, path: Path) -> None:
        _keep_private(path)
        self._connection = sqlite3.connect(path, isolation_level=None)
        self._connection.execute("PRAGMA journal_mode = WAL")
        self._connection.execute("PRAGMA synchronous = NORMAL")
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS things"
            " (kind TEXT, key TEXT, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )

    def load(self) -> Iterator[Row]:
        """Every row, ordered by kind and key."""
        yield from self._connection.execute("SELECT kind, key, body FROM things ORDER BY kind, key")

    def save(self, rows: Iterable[Row], gone: Iterable[Name]) -> None:
        """Write and delete in one transaction."""
        run = self._connection
        run.execute("BEGIN IMMEDIATE")
        try:
            run.executemany("DELETE FROM things WHERE kind = ? AND key = ?", gone)
            run.executemany("INSERT OR REPLACE INTO things (kind, key, body) VALUES (?, ?, ?)", rows)
            run.execute("COMMIT")
        except BaseException:
            run.execute("ROLLBACK")
            raise

    def close(self) -> None:
        self._connection.close()


def _keep_private(path: Path) -> None:
    """Nobody else on this machine may read it; SQLite gives the files it puts beside it the same mode."""
    with contextlib.suppress(OSError):  # SQLite says it better
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with contextlib.suppress(OSError):
            file.chmod(0o600)
