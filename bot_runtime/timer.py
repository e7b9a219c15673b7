"""One timer over the table of due things: each is handed to whoever knows its kind, once, also after a restart."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress

from bot_runtime.work import House

log = logging.getLogger(__name__)

LONGEST_SLEEP = 3600.0  # seconds; the machine's clock may have been set meanwhile
AFTER_A_FAILURE = 30.0

Deed = Callable[[str], Awaitable[None]]
"""Does what is due under a key; it removes or moves the row in its own transaction, else it is asked again."""

ANY = ""  # as a key: whatever the key is


class Timer:
    """Sleeps until the next thing is due."""

    def __init__(
        self, house: House, deeds: Mapping[tuple[str, str], Deed], *, after_a_failure: float = AFTER_A_FAILURE
    ) -> None:
        self._house = house
        self._deeds = deeds
        self._after_a_failure = after_a_failure  # seconds
        self._changed = asyncio.Event()

    def wake(self) -> None:
        """The table changed."""
        self._changed.set()

    async def run(self) -> None:
        """Do what falls due, until cancelled."""
        while True:
            self._changed.clear()
            row = await self._house.store.one("SELECT kind, key, at FROM due ORDER BY at LIMIT 1")
            delay = LONGEST_SLEEP if row is None else min(row["at"] - self._house.now(), LONGEST_SLEEP)
            if row is None or delay > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(delay):
                        await self._changed.wait()
                continue
            await self._do(row["kind"], row["key"])

    async def _do(self, kind: str, key: str) -> None:
        deed = self._deeds.get((kind, key)) or self._deeds.get((kind, ANY))
        try:
            if deed is None:  # of a feature the bot no longer has
                await self._drop(kind, key)
                return
            await deed(key)
        except Exception:
            log.exception("%s %s was due and failed; tried again later", kind, key)
            async with self._house.work() as work:
                await work.plan(kind, key, work.now + self._after_a_failure)

    async def _drop(self, kind: str, key: str) -> None:
        async with self._house.work() as work:
            await work.unplan(kind, key)
