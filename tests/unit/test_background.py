"""Work beside a block: it ends with the block, and its failure ends the block."""

from __future__ import annotations

import asyncio

import pytest

from factory_bot.processes.background import background


async def test_work_ends_with_its_block() -> None:
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    async with background(work(), "work") as task:
        await asyncio.sleep(0)
    assert ended.is_set()
    assert task.cancelled()


async def test_a_failure_ends_the_block_and_is_raised_as_it_is() -> None:
    async def work() -> None:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        async with background(work(), "work"):
            await asyncio.Event().wait()
    await asyncio.sleep(0)  # nothing of the cancellation is left
    assert asyncio.current_task().cancelling() == 0  # type: ignore[union-attr]


async def test_the_blocks_own_failure_comes_first() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    with pytest.raises(KeyError):
        async with background(work(), "work"):
            raise KeyError("own")


async def test_a_cancellation_from_outside_stays_one() -> None:
    async def work() -> None:
        await asyncio.Event().wait()

    async def block() -> None:
        async with background(work(), "work"):
            await asyncio.Event().wait()

    task = asyncio.create_task(block())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
