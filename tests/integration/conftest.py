"""What integration tests share: one PostgreSQL server, started when the first test wants it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests import postgres


@pytest.fixture(scope="session")
def postgres_host() -> Iterator[str]:
    programs = postgres.programs()
    if programs is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's programs are missing: apt-get install postgresql")
        pytest.skip("PostgreSQL's programs are not on this machine")
    with postgres.running(programs) as host:
        yield host
