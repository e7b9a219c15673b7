"""One APScheduler that looks at our table: what is due runs, once, however long the factory was away.

The table is the truth and is read at every look, so a changed hour, a restart, a clock that jumps and a missed run are
all the same case.  APScheduler brings the firing: on time, never the same job twice at once, missed looks made one.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from factory_bot.clock import Clock
from factory_bot.model.schedules import Every, Kind, Schedule
from factory_bot.storage.schedules import ScheduleStore

log = logging.getLogger(__name__)

LOOK_EVERY = 15  # seconds between two looks at the table
ROUND_EVERY = 30  # seconds between two health rounds
SWEEP_EVERY = 600  # seconds
LAST_LOOK = 2.0  # seconds that a look under way gets at the end

Duty = Callable[[Schedule], Awaitable[None]]
"""Does what is due.  One that writes calls `ScheduleStore.done` in its own transaction, so that it counts once."""


@asynccontextmanager
async def scheduling(
    store: ScheduleStore, clock: Clock, *, duties: Mapping[Kind, Duty], round_: Callable[[], Awaitable[None]]
) -> AsyncIterator[None]:
    """Look at the table and go on health rounds for as long as the block lasts."""
    table = _Table(store, clock, duties)
    await table.keep_house()
    scheduler = AsyncIOScheduler(timezone="UTC")
    once_at_a_time = {"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
    scheduler.add_job(table.look, "interval", seconds=LOOK_EVERY, next_run_time=datetime.now(UTC), **once_at_a_time)
    scheduler.add_job(_guarded(round_), "interval", seconds=ROUND_EVERY, **once_at_a_time)
    scheduler.start()
    try:
        yield
    finally:
        scheduler.remove_all_jobs()
        await table.at_rest()
        scheduler.shutdown(wait=False)  # cancels what is still under way: it stays due


class _Table:
    """The table of schedules and who does what stands in it."""

    def __init__(self, store: ScheduleStore, clock: Clock, duties: Mapping[Kind, Duty]) -> None:
        self._store = store
        self._clock = clock
        self._duties = duties
        self._looking = asyncio.Lock()

    async def at_rest(self) -> None:
        """Wait for the look under way, but not for long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_LOOK), self._looking:
                pass

    async def keep_house(self) -> None:
        """Make the sweep's row at the first start."""
        if await self._store.get(Kind.SWEEP) is None:
            await self._store.put(
                Schedule(name=Kind.SWEEP, kind=Kind.SWEEP, rule=Every(seconds=SWEEP_EVERY), due_at=self._clock.now())
            )

    async def look(self) -> None:
        """Run everything due, one after the other."""
        async with self._looking:
            try:
                due = await self._store.due(self._clock.now())
            except Exception:
                log.exception("the table of schedules could not be read")
                return
            for schedule in due:
                await self._run(schedule)

    async def _run(self, schedule: Schedule) -> None:
        try:
            await self._duties[schedule.kind](schedule)
            await self._store.done(schedule, self._clock.now())
        except Exception:
            # Still due, so the next look tries again.
            log.exception("%s, due since %s, failed", schedule.name, schedule.due_at)


def _guarded(deed: Callable[[], Awaitable[None]]) -> Callable[[], Awaitable[None]]:
    async def health_round() -> None:
        try:
            await deed()
        except Exception:
            log.exception("the health round failed")

    return health_round
