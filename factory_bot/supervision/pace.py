"""How fast bots may meet a Telegram server for the first time.

Telegram takes about twenty bots a minute that are new to one address and refuses the rest for a while.
"""

from __future__ import annotations

import asyncio
from collections import deque

FIRST_CONTACTS = 20
SPAN = 60.0  # seconds
AT_ONCE = 8  # starts under way at the same time: more only slow each other down


class Pace:
    """Lets starts through, first contacts no faster than the limit where there is one."""

    def __init__(self, *, limited: bool, contacts: int = FIRST_CONTACTS, span: float = SPAN) -> None:
        self._limited = limited
        self._contacts = contacts
        self._span = span
        self._met: set[str] = set()
        self._recent: deque[float] = deque()
        self._queue = asyncio.Lock()
        self.starting = asyncio.Semaphore(AT_ONCE)

    async def turn(self, agent_id: str) -> None:
        """Return when that bot may start."""
        if not self._limited or agent_id in self._met:
            return
        async with self._queue:
            loop = asyncio.get_running_loop()
            while len(self._recent) >= self._contacts:
                wait = self._recent[0] + self._span - loop.time()
                if wait > 0:
                    await asyncio.sleep(wait)
                self._recent.popleft()
            self._recent.append(loop.time())
            self._met.add(agent_id)
