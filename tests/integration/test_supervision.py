"""Processes of bots: started, watched, started again, ended."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from factory_bot.model.agents import RunState
from tests.integration.supervised import town
from tests.small_api import SmallApi, small_api


@pytest.fixture
async def api() -> AsyncIterator[SmallApi]:
    async with small_api() as api:
        yield api


@pytest.mark.parametrize("launcher", ["fork", "process"])
async def test_a_bot_runs_answers_and_stops(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url, launcher=launcher) as here:
        agent = await here.add("echo", account.token)
        assert await here.supervisor.start(agent) is RunState.RUNNING
        await account.says("hello")
        await account.wait_for(lambda a: any(message["text"] == "you said hello" for message in a.sent))
        assert (await here.supervisor.health(agent)) is not None
        assert await here.supervisor.stop(agent) is RunState.STOPPED
        assert here.supervisor.pid(agent) is None
