"""The one interface behind which processes of made bots are started."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from factory_bot.model.agents import AgentId
from factory_bot.processes.pinned import Pinned
from factory_bot.supervision.confinement import Confinement, Namespaces


@dataclass(frozen=True, kw_only=True)
class Launch:
    """What a launcher needs to start one bot; the descriptors stay the caller's to close."""

    agent_id: AgentId
    project: Path
    confinement: Confinement
    boot: int  # the reading end of its boot pipe
    output: int  # the writing end of its log pipe
    http: int  # its listening socket


@dataclass(frozen=True, kw_only=True)
class Spawned:
    """A started process.  It waits on its boot pipe until it is told who it is."""

    process: Pinned
    status: Callable[[], Awaitable[int | None]]  # its exit status once it has ended; None where nobody knows


class Launcher(Protocol):
    """Starts processes of made bots."""

    async def spawn(self, launch: Launch) -> Spawned:
        """Start one.  Raises `ChildError`."""
        ...

    @property
    def namespaces(self) -> Namespaces:
        """Which of them it puts its bots into."""
        ...


def wait_status(status: int) -> int:
    """A wait status as an exit code, negative for a signal."""
    return os.waitstatus_to_exitcode(status)
