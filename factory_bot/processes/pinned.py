"""A process that cannot be mistaken for another: its pid together with a descriptor the kernel keeps on it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import select
import signal


class Pinned:
    """One process; the pid alone could be given to a stranger once it has ended, the descriptor never is."""

    def __init__(self, pid: int, descriptor: int) -> None:
        self.pid = pid
        self.descriptor = descriptor
        self._poll = select.poll()
        self._poll.register(descriptor, select.POLLIN)

    @classmethod
    def open(cls, pid: int) -> Pinned:
        """Pin a running process.  Raises ProcessLookupError if there is none."""
        return cls(pid, os.pidfd_open(pid))

    @property
    def alive(self) -> bool:
        """Whether it has not ended."""
        return self.descriptor >= 0 and not self._poll.poll(0)

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal; nothing happens if it has ended."""
        if self.descriptor >= 0:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.descriptor, number)

    async def ended(self) -> None:
        """Return when it has ended, whoever its parent is."""
        loop = asyncio.get_running_loop()
        copy = os.dup(self.descriptor)  # several may wait: a loop takes one reader for a descriptor
        over = asyncio.Event()
        loop.add_reader(copy, over.set)
        try:
            await over.wait()
        finally:
            loop.remove_reader(copy)
            os.close(copy)

    def close(self) -> None:
        """Let go of it."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
            self.descriptor = -1
