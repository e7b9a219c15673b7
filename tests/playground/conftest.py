"""A playground of their own for the tests of it, and bots that call it by plain HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.people import Playground
from tests.running import running_playground


@pytest.fixture
async def playground_url(tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty playground."""
    async with running_playground(tmp_path / "playground") as url:
        yield url


@pytest.fixture
async def playground(playground_url: str) -> AsyncIterator[Playground]:
    """People and bots in that playground."""
    async with Playground(playground_url) as client:
        yield client
