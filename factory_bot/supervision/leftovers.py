"""Processes of an earlier life of the factory: recorded when they start, found again by the next factory.

A process is known by pid, start time and boot: a stranger that was given the same number is left alone.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
from collections.abc import Iterable
from pathlib import Path

from factory_bot.model.agents import AgentId
from factory_bot.processes import kernel
from factory_bot.processes.pinned import Pinned

log = logging.getLogger(__name__)

BY_ITSELF = 5.0  # seconds a left-over process gets: it has seen that its factory is gone
ASKED = 3.0  # seconds after SIGTERM


class Leftovers:
    """The notes about running processes, one small file each."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._boot = kernel.boot_id()

    def note(self, agent_id: AgentId, pid: int) -> None:
        """Remember the running process of a bot."""
        staged = self._folder / f".{agent_id}"
        staged.write_text(json.dumps({"pid": pid, "started": kernel.started_at(pid), "boot": self._boot}))
        staged.replace(self._folder / f"{agent_id}.json")

    def strike(self, agent_id: AgentId) -> None:
        """Its process has ended."""
        (self._folder / f"{agent_id}.json").unlink(missing_ok=True)

    async def end_all(self) -> None:
        """Return when no process of an earlier life is left; strangers are not touched."""
        left = {path: pinned for path in self._folder.glob("*.json") if (pinned := self._pinned(path)) is not None}
        await asyncio.gather(*(_end(pinned) for pinned in left.values()))
        for path in self._folder.glob("*.json"):
            path.unlink()
        if left:
            log.warning("%d bots of an earlier run had to end before this one could start them", len(left))

    def _pinned(self, path: Path) -> Pinned | None:
        try:
            noted = json.loads(path.read_text())
            pid, started, boot = int(noted["pid"]), noted["started"], noted["boot"]
            if boot != self._boot or started is None:
                return None
            pinned = Pinned.open(pid)
        except (ValueError, KeyError, TypeError, OSError):
            return None
        if kernel.started_at(pid) == started:  # asked after it was pinned: the answer is about the pinned one
            return pinned
        pinned.close()
        return None


async def _end(process: Pinned) -> None:
    try:
        for patience, number in ((BY_ITSELF, None), (ASKED, signal.SIGTERM), (ASKED, signal.SIGKILL)):
            if number is not None:
                process.signal(number)
            try:
                async with asyncio.timeout(patience):
                    await process.ended()
                return
            except TimeoutError:
                continue
    finally:
        kill_all(kernel.belonging_to(sessions={process.pid}))
        process.close()


def kill_all(pids: Iterable[int]) -> None:
    """SIGKILL for each of them."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
