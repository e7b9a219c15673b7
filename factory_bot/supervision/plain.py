"""The launcher that starts `python bot.py`: slower and larger than a fork, for where forking is not wanted."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from factory_bot.errors import ChildError
from factory_bot.processes.pinned import Pinned
from factory_bot.processes.spawn import clean_environment
from factory_bot.supervision.confinement import BOOT_FD, Namespaces
from factory_bot.supervision.launcher import Launch, Spawned

_CONFINED = (sys.executable, "-P", "-m", "factory_bot.supervision.confined")


class PlainLauncher:
    """Starts each bot as an interpreter of its own, confined as far as the kernel allows."""

    def __init__(self, library: Path, sight: Sequence[str], namespaces: Namespaces) -> None:
        self._library = library  # a folder in which only bot_runtime is found
        self._sight = sight  # what exists for its bots
        self._namespaces = namespaces

    @property
    def namespaces(self) -> Namespaces:
        """Which of them it puts its bots into."""
        return self._namespaces

    async def spawn(self, launch: Launch) -> Spawned:
        """Start one.  Raises `ChildError`."""
        try:
            process = self._start(launch)
        except OSError as exc:
            raise ChildError(f"{launch.agent_id}: its process could not be started: {exc.strerror}") from exc
        pinned = Pinned.open(process.pid)

        async def status() -> int | None:
            await pinned.ended()
            return process.wait()  # it has ended: this does not wait

        return Spawned(process=pinned, status=status)

    def _start(self, launch: Launch) -> subprocess.Popen[bytes]:
        told = json.dumps(
            {
                "confinement": launch.confinement.to_json(),
                "library": str(self._library),
                "sight": self._sight if self._namespaces.files else None,
            }
        )
        return subprocess.Popen(  # noqa: S603 – our own program, no shell
            [*_CONFINED, str(launch.boot), str(launch.http), told],
            pass_fds=(launch.boot, launch.http),
            stdin=subprocess.DEVNULL,
            stdout=launch.output,
            stderr=launch.output,
            cwd=launch.project,
            env=clean_environment(MANCER_BOOT_FD=str(BOOT_FD), TMPDIR=str(launch.project / "data")),
            start_new_session=True,
        )


@asynccontextmanager
async def starting_plainly(runtime: Path, sight: Sequence[str]) -> AsyncIterator[PlainLauncher]:
    """A launcher of plain processes, for which nothing but `sight` exists; `runtime` is the folder of bot_runtime."""
    with tempfile.TemporaryDirectory(prefix="mm-lib-") as folder:
        seen = [*sight, folder]
        yield PlainLauncher(_library(Path(folder), runtime), seen, await _namespaces(seen))


async def _namespaces(sight: Sequence[str]) -> Namespaces:
    """What a process that confines itself can enter, told by one that does nothing else."""
    process = await asyncio.create_subprocess_exec(
        *(*_CONFINED, json.dumps(sight)), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=clean_environment()
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        raise ChildError("a process that confines itself cannot be started")
    return Namespaces(**json.loads(said))


def _library(folder: Path, runtime: Path) -> Path:
    folder.chmod(0o711)
    (folder / "bot_runtime").symlink_to(runtime)
    return folder
