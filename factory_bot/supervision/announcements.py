"""What the supervisor tells the rest of the factory about a bot, once each."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum

from factory_bot.model.agents import AgentId
from factory_bot.processes.background import background
from factory_bot.supervision.health import Reason

log = logging.getLogger(__name__)

TOLD_WITHIN = 1.0  # seconds; what is not taken by then when the factory ends stays untold


class AnnouncementKind(StrEnum):
    """What happened."""

    GAVE_UP = "gave_up"  # it died too often and is not started again
    UNAUTHORIZED = "unauthorized"  # Telegram refuses its token
    SICK = "sick"  # it runs, but something is wrong
    RECOVERED = "recovered"  # that is over
    POISONED = "poisoned"  # it set a message aside that it could not handle


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One such event."""

    agent_id: AgentId
    kind: AnnouncementKind
    reason: Reason | None = None
    lines: tuple[str, ...] = ()  # the last of its log, redacted


Announce = Callable[[Announcement], Awaitable[None]]


class Announcer:
    """Tells in order, and beside the keepers: whoever listens may start and stop bots, and may fail."""

    def __init__(self, listener: Announce) -> None:
        self._listener = listener
        self._waiting: asyncio.Queue[Announcement] = asyncio.Queue()

    def tell(self, announcement: Announcement) -> None:
        """Announce it soon."""
        self._waiting.put_nowait(announcement)

    async def run(self) -> None:
        """Tell what there is to tell; never returns."""
        while True:
            announcement = await self._waiting.get()
            try:
                await self._listener(announcement)
            except Exception:
                log.exception("an announcement about %s was not taken", announcement.agent_id)
            finally:
                self._waiting.task_done()

    async def told(self) -> None:
        """Return when everything is told, or after a moment."""
        with suppress(TimeoutError):
            async with asyncio.timeout(TOLD_WITHIN):
                await self._waiting.join()


@asynccontextmanager
async def announcing(listener: Announce) -> AsyncIterator[Announcer]:
    """An announcer; leaving the block lets it finish."""
    announcer = Announcer(listener)
    async with background(announcer.run(), "announcements"):
        yield announcer
        await announcer.told()
