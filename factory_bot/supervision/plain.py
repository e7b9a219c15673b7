"""The launcher that starts `python bot.py`: slower and larger than a fork, for where forking is not wanted."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from factory_bot.errors import ChildError
from factory_bot.processes import kernel
from factory_bot.processes.pinned import Pinned
from factory_bot.processes.spawn import clean_environment
from factory_bot.supervision.launcher import BOOT_FD, Launch, Spawned


class PlainLauncher:
    """Starts each bot as an interpreter of its own, confined as far as the kernel allows."""

    def __init__(self, library: Path) -> None:
        self._library = library  # a folder in which only bot_runtime is found

    @property
    def network(self) -> bool:
        """Whether it takes the network away from its bots."""
        return kernel.may_leave_network()

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
        told = json.dumps({"confinement": launch.confinement.to_json(), "library": str(self._library)})
        return subprocess.Popen(  # noqa: S603 – our own program, no shell
            [
                *(sys.executable, "-P", "-m", "factory_bot.supervision.confined"),
                *(str(launch.boot), str(launch.http), told),
            ],
            pass_fds=(launch.boot, launch.http),
            stdin=subprocess.DEVNULL,
            stdout=launch.output,
            stderr=launch.output,
            cwd=launch.project,
            env=clean_environment(MANCER_BOOT_FD=str(BOOT_FD), TMPDIR=str(launch.project / "data")),
            start_new_session=True,
        )


@asynccontextmanager
async def starting_plainly(runtime: Path) -> AsyncIterator[PlainLauncher]:
    """A launcher of plain processes; `runtime` is the folder of bot_runtime."""
    with tempfile.TemporaryDirectory(prefix="mm-lib-") as folder:
        yield PlainLauncher(_library(Path(folder), runtime))


def _library(folder: Path, runtime: Path) -> Path:
    folder.chmod(0o711)
    (folder / "bot_runtime").symlink_to(runtime)
    return folder
