"""A factory that is killed leaves nothing running, and the next one doubles nothing."""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from factory_bot.model.agents import AgentId, RunState
from factory_bot.processes import kernel
from factory_bot.processes.pinned import Pinned
from factory_bot.supervision.leftovers import Leftovers
from tests.integration.supervised import town
from tests.small_api import SmallApi, small_api

FACTORY = ("-m", "tests.integration.bots.factory_process")


@pytest.fixture
async def api() -> AsyncIterator[SmallApi]:
    async with small_api() as api:
        yield api


async def _killed_factory(folder: Path, api: SmallApi, launcher: str) -> dict[str, Any]:
    command = [sys.executable, *FACTORY, str(folder), api.url, launcher]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as factory:  # noqa: ASYNC220
        assert factory.stdout is not None
        try:
            async with asyncio.timeout(30):
                while not (line := await asyncio.to_thread(factory.stdout.readline)).startswith(b"{"):
                    assert line, "the factory ended"
        finally:
            factory.kill()
    running: dict[str, Any] = json.loads(line)
    assert running["states"] == ["running", "running"]
    return running


@pytest.mark.parametrize("launcher", ["fork", "process"])
async def test_nothing_outlives_a_killed_factory_and_nothing_is_doubled_by_the_next(
    api: SmallApi, tmp_path: Path, launcher: str
) -> None:
    echo, _ = api.bot(4711), api.bot(4712)
    running = await _killed_factory(tmp_path, api, launcher)
    number = json.loads((tmp_path / "data" / "children" / "stubborn.json").read_text())["known_by"]
    family = kernel.belonging_to(users={number}, aliases={number})
    assert len(family) == 2, "one of them in a session of its own"
    left = _still_there([*running["bots"], *family])
    # The next factory comes at once: it has to wait for the old processes, and to end the one that does not go.
    async with town(tmp_path, api.url, launcher=launcher) as here:
        assert not any(process.alive for process in left)
        for name in ("echo", "stubborn"):
            await here.reaches(AgentId(name), RunState.RUNNING)
        await echo.says("hello")
        await echo.wait_for(lambda one: one.sent)
        await echo.says("more")
        await echo.wait_for(lambda one: len(one.sent) == 2)
        assert [message["text"] for message in echo.sent] == ["you said hello", "you said more"]
    for process in left:
        process.close()


async def test_a_killed_factory_is_followed_within_five_seconds(api: SmallApi, tmp_path: Path) -> None:
    api.bot(4711), api.bot(4712)
    running = await _killed_factory(tmp_path, api, "fork")
    left = _still_there(running["bots"] + running["others"])
    async with asyncio.timeout(5):
        await asyncio.gather(*(process.ended() for process in left))
    for process in left:
        process.close()
    assert kernel.belonging_to(sessions=running["bots"]) == []
    assert not await asyncio.to_thread(Path(running["run"]).exists)


def _still_there(pids: list[int]) -> list[Pinned]:
    left = []
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            left.append(Pinned.open(pid))
    return left


async def test_a_stranger_with_a_recorded_number_is_left_alone(tmp_path: Path) -> None:
    stranger = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        noted = Leftovers(tmp_path, claim=bool)
        noted.note(AgentId("echo"), stranger.pid, None)
        path = tmp_path / "echo.json"
        path.write_text(json.dumps(json.loads(path.read_text()) | {"started": "1"}))
        await Leftovers(tmp_path, claim=bool).end_all()
        assert stranger.returncode is None
        assert kernel.started_at(stranger.pid) is not None
        assert not path.exists()
    finally:
        stranger.kill()
        await stranger.wait()
