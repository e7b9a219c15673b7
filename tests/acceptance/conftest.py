"""One factory for the stories that leave it as they found it; those that kill it start their own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.factory import RunningFactory, running_factory


@pytest.fixture(scope="module")
async def factory(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningFactory]:
    async with running_factory(tmp_path_factory.mktemp("factory"), MANCER_ACCESS="everyone") as running:
        yield running
