"""Every store test runs twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from factory_bot.storage.database import Database, open_database
from tests import postgres

_numbers = itertools.count(1)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'factory.db'}"
    host = request.getfixturevalue("postgres_host")
    name = f"mancer{next(_numbers)}"
    return await postgres.empty_database(host, name)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    async with open_database(url) as opened:
        yield opened
