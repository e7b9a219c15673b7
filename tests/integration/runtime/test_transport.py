"""The small HTTP client of a bot: kept connections, honest errors."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from telegram.error import BadRequest, NetworkError, TimedOut

from bot_runtime.caller import BotCaller, caller_through_egress, caller_with_token
from bot_runtime.polling import NotSent
from tests.integration.runtime.bot_api import BotApi, bot_api, error


async def hang_up(caller: BotCaller) -> None:
    for request in caller._request:
        await request.shutdown()


async def test_calls_share_kept_connections(tmp_path: Path) -> None:
    async with bot_api(str(tmp_path / "e.sock")) as api:
        caller = caller_through_egress(5, str(tmp_path / "e.sock"))
        for _ in range(20):
            await caller.call("sendMessage", {"chat_id": 1, "text": "x"})
        assert api.connections == 1
        await asyncio.gather(*(caller.call("sendMessage", {"chat_id": 1, "text": "x"}) for _ in range(40)))
        assert api.connections <= 5
        assert len(api.said("sendMessage")) == 60
        await hang_up(caller)


async def test_where_nobody_listens_nothing_was_sent(tmp_path: Path) -> None:
    caller = caller_through_egress(5, str(tmp_path / "nobody.sock"))
    with pytest.raises(NotSent):
        await caller.call("getMe", {})


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (error(400, "Bad Request: chat not found"), BadRequest),
        ((502, b"<html>"), NetworkError),
        ((200, b"no json"), Exception),
    ],
)
async def test_refusals_keep_the_connection_and_their_kind(answer: Any, kind: type[Exception]) -> None:
    async with bot_api() as api:
        caller = caller_with_token("5:AA", api.url)
        api.script("getMe", answer)
        with pytest.raises(kind):
            await caller.call("getMe", {})
        await caller.call("sendMessage", {"chat_id": 1, "text": "x"})
        assert api.connections == 1
        await hang_up(caller)


async def test_an_answer_that_does_not_come_is_a_time_out_and_never_meets_the_next_call() -> None:
    async with bot_api() as api:
        caller = caller_with_token("5:AA", api.url)

        async def late() -> Any:
            await asyncio.sleep(0.3)
            return 200, {"ok": True, "result": "late"}

        api.script("getMe", late)
        with pytest.raises(TimedOut):
            await caller.call("getMe", {}, timeout=0.05)
        assert await caller.call("close", {}) is True
        assert api.connections == 2
        await hang_up(caller)


async def test_a_connection_that_is_cut_is_an_error_of_the_network() -> None:
    async def cut() -> Any:
        raise ConnectionAbortedError

    async with bot_api() as api:
        caller = caller_with_token("5:AA", api.url)
        api.script("getMe", cut)
        with pytest.raises(NetworkError):
            await caller.call("getMe", {})
        assert await caller.call("close", {}) is True
        await hang_up(caller)


async def test_a_closed_connection_is_not_used_again(tmp_path: Path) -> None:
    path = str(tmp_path / "e.sock")
    caller = caller_through_egress(5, path)
    async with bot_api(path) as api:
        await caller.call("getMe", {})
        assert isinstance(api, BotApi)
    async with bot_api(path) as api:
        assert await caller.call("close", {}) is True
        await hang_up(caller)
