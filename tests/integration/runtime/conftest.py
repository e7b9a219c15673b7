"""One playground for all stories of made bots in this folder; every test makes its own bots and people."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from playground.people import Playground
from tests.running import running_playground


@pytest.fixture(scope="session")
async def playground_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    async with running_playground(tmp_path_factory.mktemp("playground")) as url:
        yield url


@pytest.fixture(scope="session")
async def playground(playground_url: str) -> AsyncIterator[Playground]:
    async with Playground(playground_url) as client:
        yield client


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path / "bot"
