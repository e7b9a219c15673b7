"""Every store test runs twice: on SQLite and on PostgreSQL."""

from __future__ import annotations

import itertools
import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

from factory_bot.storage.database import Database, open_database
from tests import postgres

_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_host() -> Iterator[str]:
    programs = postgres.programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's programs are missing: apt-get install postgresql")
        pytest.skip("PostgreSQL's programs are not on this machine")
    with postgres.running(programs) as host:
        yield host


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
async def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'factory.db'}"
    host = request.getfixturevalue("postgres_host")
    name = f"mancer{next(_numbers)}"
    engine = create_async_engine(postgres.address(host, "postgres"), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(sa.text(f"CREATE DATABASE {name}"))
    await engine.dispose()
    return postgres.address(host, name)


@pytest.fixture
async def database(url: str) -> AsyncIterator[Database]:
    """A migrated database."""
    async with open_database(url) as opened:
        yield opened
