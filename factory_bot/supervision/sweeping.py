"""Ending what an ended bot has left behind: processes of its session, and of its own user or alias.

Finding them means reading all of /proc, so bots that end at the same time share one reading.
"""

from __future__ import annotations

import asyncio

from factory_bot.supervision.leftovers import end_at_once


class Sweeper:
    """Sweeps up after ended processes."""

    def __init__(self) -> None:
        self._sessions: set[int] = set()
        self._numbers: set[int] = set()  # users and aliases
        self._sweeping: asyncio.Task[None] | None = None

    async def sweep(self, session: int, known_by: int | None) -> None:
        """Return when nothing is left of that session, and of that user or alias."""
        self._sessions.add(session)
        if known_by is not None:
            self._numbers.add(known_by)
        if self._sweeping is None:
            self._sweeping = asyncio.create_task(self._sweep(), name="sweep")
        await asyncio.shield(self._sweeping)

    async def _sweep(self) -> None:
        self._sweeping = None  # whoever comes from here on needs another one
        sessions, self._sessions = self._sessions, set()
        numbers, self._numbers = self._numbers, set()
        # A zombie still counts against the processes its user may have: the next start must not find any.
        await end_at_once(sessions=sessions, numbers=numbers, zombies=True)
