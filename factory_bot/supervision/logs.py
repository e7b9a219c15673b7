"""The output of the bots, one rotating file each, with tokens hidden before anything is written."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from factory_bot.log import redacted

LARGEST = 1024 * 1024  # bytes of one file
OLD_FILES = 3
LONGEST_LINE = 8192  # bytes
FLOOD = 256 * 1024  # bytes a second; whoever writes faster has to wait
_TIMED = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d")
TAIL = 64 * 1024  # bytes looked at for the last lines


class AgentLog:
    """The log file of one bot."""

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)

    def write(self, lines: list[str]) -> None:
        """Append, with the time before each line that has none of its own."""
        if not lines:
            return
        self._rotate()
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")
        with open(self._path, "a", encoding="utf-8", opener=_private) as file:
            for line in lines:
                file.write(f"{redacted(line)}\n" if _TIMED.match(line) else f"{now} {redacted(line)}\n")

    def last(self, count: int) -> list[str]:
        """The last lines, oldest first."""
        try:
            with self._path.open("rb") as file:
                size = file.seek(0, os.SEEK_END)
                file.seek(max(0, size - TAIL))
                lines = file.read().decode(errors="replace").splitlines()
        except FileNotFoundError:
            return []
        return (lines[1:] if size > TAIL else lines)[-count:]

    def remove(self) -> None:
        """Delete it, old files included."""
        for path in (self._path, *(self._old(number) for number in range(1, OLD_FILES + 1))):
            path.unlink(missing_ok=True)

    def _rotate(self) -> None:
        if not self._path.exists() or self._path.stat().st_size < LARGEST:
            return
        for number in range(OLD_FILES, 1, -1):
            if self._old(number - 1).exists():
                self._old(number - 1).replace(self._old(number))
        self._path.replace(self._old(1))

    def _old(self, number: int) -> Path:
        return self._path.with_name(f"{self._path.name}.{number}")


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


class Drain:
    """Empties the output pipe of one process into its log until the process has closed it."""

    def __init__(self, descriptor: int, write: Callable[[list[str]], None]) -> None:
        self._descriptor = descriptor
        self._write = write
        self._rest = b""
        self._second = 0
        self._taken = 0
        self._loop = asyncio.get_running_loop()
        self._pause: asyncio.TimerHandle | None = None
        os.set_blocking(descriptor, False)
        self._loop.add_reader(descriptor, self._readable)

    def close(self) -> None:
        """Take what is there, and stop."""
        if self._descriptor < 0:
            return
        try:
            self._take(os.read(self._descriptor, FLOOD))
        except OSError:
            pass
        finally:
            self._stop()

    def _readable(self) -> None:
        try:
            chunk = os.read(self._descriptor, 65536)
        except BlockingIOError:
            return
        if not chunk:
            self._stop()
            return
        self._take(chunk)
        second = int(self._loop.time())
        self._taken = len(chunk) + (self._taken if second == self._second else 0)
        self._second = second
        if self._taken > FLOOD:
            self._loop.remove_reader(self._descriptor)
            self._pause = self._loop.call_later(1.0, self._resume)

    def _resume(self) -> None:
        self._pause = None
        self._loop.add_reader(self._descriptor, self._readable)

    def _take(self, chunk: bytes) -> None:
        *lines, self._rest = (self._rest + chunk).split(b"\n")
        while len(self._rest) > LONGEST_LINE:
            lines.append(self._rest[:LONGEST_LINE])
            self._rest = self._rest[LONGEST_LINE:]
        self._write([line[:LONGEST_LINE].decode(errors="replace") for line in lines if line.strip()])

    def _stop(self) -> None:
        self._loop.remove_reader(self._descriptor)
        if self._pause is not None:
            self._pause.cancel()
        os.close(self._descriptor)
        self._descriptor = -1
        if self._rest.strip():
            self._write([self._rest.decode(errors="replace")])
        self._rest = b""
