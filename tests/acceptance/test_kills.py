"""The short run of `python -m tests.kills`; the whole one and its result stand in docs/performance.md."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.acceptance.deeds import makes
from tests.factory import live_factory
from tests.kills import GIVEN_UP, WORDS, run_kills, state_of


@pytest.mark.timeout(600)
async def test_twenty_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    ledger, faults = await run_kills(tmp_path, count=20, seed=20261121)
    assert faults == []
    assert ledger.kills.total() == 20
    assert {"factory", "egress", "child"} <= set(ledger.kills)
    assert ledger.acknowledged == ledger.begun
    assert ledger.interviews
    assert ledger.votes


@pytest.mark.timeout(200)
async def test_the_owner_hears_of_a_bot_given_up_in_the_moment_the_factory_was_killed(tmp_path: Path) -> None:
    async with live_factory(tmp_path) as factory:
        await factory.you.starts(factory.bot)
        bot = await makes(factory.you, factory, WORDS)
        killed: set[int] = set()
        async with asyncio.timeout(90):
            while state_of(factory) != "failed":
                for process in factory.children():
                    if process.pid not in killed:
                        killed.add(process.pid)
                        process.kill()
                await asyncio.sleep(0.002)
        await factory.kill()
        assert len(killed) == 5
        await factory.start()
        told = await factory.you.hears(factory.bot, GIVEN_UP, timeout=20)
        await factory.you.starts(bot)
        await factory.you.presses(factory.bot, "Start", message_id=told.id)
        await factory.you.hears(bot, "Kill Test", timeout=20)
