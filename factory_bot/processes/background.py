"""Work beside a block, for as long as the block lasts."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any


@asynccontextmanager
async def background(work: Coroutine[Any, Any, None], name: str) -> AsyncIterator[asyncio.Task[None]]:
    """Run `work` until the block is left; if it fails before that, the block is cancelled and the failure raised."""
    owner = asyncio.current_task()
    assert owner is not None
    cancelled_owner = False

    def look(task: asyncio.Task[None]) -> None:
        nonlocal cancelled_owner
        if not task.cancelled() and task.exception() is not None and not leaving:
            cancelled_owner = owner.cancel()

    leaving = False
    task = asyncio.create_task(work, name=name)
    task.add_done_callback(look)
    try:
        yield task
    except asyncio.CancelledError:
        if not cancelled_owner or owner.uncancel() > 0:
            raise  # somebody else wants this block to end
    finally:
        leaving = True
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait({task})
    if task.done() and not task.cancelled() and (failure := task.exception()) is not None:
        raise failure
