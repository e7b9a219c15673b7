"""Processes of an earlier life of the factory: recorded when they start, found again by the next factory.

A process is known by pid, start time and boot: a stranger that was given the same number is left alone.  What it has
started, in whatever session, is known by its user or alias, as far as no other factory of the machine has that now.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import os
import signal
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any

from factory_bot.model.agents import AgentId
from factory_bot.processes import kernel
from factory_bot.processes.pinned import Pinned

log = logging.getLogger(__name__)

BY_ITSELF = 5.0  # seconds a left-over process gets: it has seen that its factory is gone
ASKED = 3.0  # seconds after SIGTERM
AGAIN_AFTER = 0.02  # seconds; a killed process needs a moment to be gone
ROUNDS = 50


class Leftovers:
    """The notes about running processes, one small file each."""

    def __init__(self, folder: Path, claim: Callable[[int], bool]) -> None:
        self._folder = folder
        self._claim = claim  # whether that user or alias is ours
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._boot = kernel.boot_id()

    def note(self, agent_id: AgentId, pid: int, known_by: int | None) -> None:
        """Remember the running process of a bot, and the user or alias that it has for itself."""
        staged = self._folder / f".{agent_id}"
        noted = {"pid": pid, "started": kernel.started_at(pid), "boot": self._boot, "known_by": known_by}
        staged.write_text(json.dumps(noted))
        staged.replace(self._folder / f"{agent_id}.json")

    def strike(self, agent_id: AgentId) -> None:
        """Its process has ended."""
        (self._folder / f"{agent_id}.json").unlink(missing_ok=True)

    async def end_all(self) -> None:
        """Return when no process of an earlier life is left; strangers are not touched."""
        notes = [noted for path in self._folder.glob("*.json") if (noted := self._noted(path)) is not None]
        left = [pinned for noted in notes if (pinned := _pinned(noted)) is not None]
        await asyncio.gather(*(_end(pinned) for pinned in left))
        numbers = {noted["known_by"] for noted in notes if noted.get("known_by") is not None}
        await end_at_once(sessions=(), numbers={number for number in numbers if self._claim(number)})
        for path in self._folder.glob("*.json"):
            path.unlink()
        if left:
            log.warning("%d bots of an earlier run had to end before this one could start them", len(left))

    def _noted(self, path: Path) -> dict[str, Any] | None:
        """A note that is whole, and of this boot."""
        try:
            noted = json.loads(path.read_text())
        except (ValueError, OSError):
            return None
        return noted if isinstance(noted, dict) and noted.get("boot") == self._boot else None


def _pinned(noted: dict[str, Any]) -> Pinned | None:
    try:
        pinned = Pinned.open(int(noted["pid"]))
    except (ValueError, KeyError, TypeError, OSError):
        return None
    started = noted.get("started")
    # Asked after it was pinned: the answer is about the pinned one.
    if started is not None and kernel.started_at(pinned.pid) == started:
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


async def end_at_once(*, sessions: Collection[int], numbers: Collection[int], zombies: bool = False) -> None:
    """Return when no process is left in those sessions, and none of those users or aliases; nobody is asked first."""
    if not sessions and not numbers:
        return
    for _ in range(ROUNDS):
        left = kernel.belonging_to(sessions, numbers, aliases=numbers, zombies=zombies)
        if not left:
            return
        kill_all(left)
        await asyncio.sleep(AGAIN_AFTER)
    log.error("%d processes could not be ended", len(left))


def kill_all(pids: Iterable[int]) -> None:
    """SIGKILL for each of them."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
