"""Work in order per key, keys side by side."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Lanes(Generic[T]):
    """Hands each item to `work`, in order within its key; a key costs a task only while it has something to do.

    An error that escapes `work` ends the group of tasks: it is a fault of the program, not of one item.
    """

    def __init__(self, group: asyncio.TaskGroup, work: Callable[[T], Awaitable[None]], *, name: str) -> None:
        self._group = group
        self._work = work
        self._name = name
        self._waiting: dict[str, deque[T]] = {}
        self._left = 0
        self._changed = asyncio.Event()

    @property
    def left(self) -> int:
        """How many items are waiting or in work."""
        return self._left

    def put(self, key: str, item: T) -> None:
        """Queue an item behind those of its key."""
        self._left += 1
        lane = self._waiting.get(key)
        if lane is not None:
            lane.append(item)
            return
        self._waiting[key] = deque([item])
        self._group.create_task(self._run(key), name=f"{self._name} {key}")

    async def below(self, limit: int) -> None:
        """Wait until fewer than `limit` items are left."""
        while self._left >= limit:
            self._changed.clear()
            await self._changed.wait()

    async def _run(self, key: str) -> None:
        lane = self._waiting[key]
        while lane:
            try:
                await self._work(lane.popleft())
            finally:
                self._left -= 1
                self._changed.set()
        del self._waiting[key]
