"""Ending what an ended bot has left behind: processes of its session, and of its own user or alias.

Finding them means reading all of /proc, so bots that end at the same time share one reading.
"""

from __future__ import annotations

import asyncio
import logging

from factory_bot.processes import kernel
from factory_bot.supervision.confinement import Confinement
from factory_bot.supervision.leftovers import kill_all

log = logging.getLogger(__name__)

AGAIN_AFTER = 0.02  # seconds; a killed process needs a moment to be gone
ROUNDS = 50


class Sweeper:
    """Sweeps up after ended processes."""

    def __init__(self) -> None:
        self._sessions: set[int] = set()
        self._users: set[int] = set()
        self._aliases: set[int] = set()
        self._sweeping: asyncio.Task[None] | None = None

    async def sweep(self, session: int, confinement: Confinement) -> None:
        """Return when nothing is left of that session, and of all that was confined like that."""
        self._sessions.add(session)
        if confinement.uid is not None:
            self._users.add(confinement.uid)
        if confinement.alias is not None:
            self._aliases.add(confinement.alias)
        if self._sweeping is None:
            self._sweeping = asyncio.create_task(self._sweep(), name="sweep")
        await asyncio.shield(self._sweeping)

    async def _sweep(self) -> None:
        self._sweeping = None  # whoever comes from here on needs another one
        sessions, self._sessions = self._sessions, set()
        users, self._users = self._users, set()
        aliases, self._aliases = self._aliases, set()
        for _ in range(ROUNDS):
            # A zombie still counts against the processes its user may have: the next start must not find any.
            left = kernel.belonging_to(sessions, users, aliases=aliases, zombies=True)
            if not left:
                return
            kill_all(left)
            await asyncio.sleep(AGAIN_AFTER)
        log.error("%d processes could not be ended", len(left))
