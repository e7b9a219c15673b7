"""The whole product as a test sees it: `run_bot.py` as a real process, on free ports, in a folder of its own."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from playground.people import Person, Playground
from tests.running import running_playground

ROOT = Path(__file__).parents[1]
READY = "the factory is ready"
PATIENCE = 40.0  # seconds until the factory must be ready, on a busy machine


def free_port() -> int:
    """A port nobody listens on at the moment, outside the children's range."""
    while True:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
        if not 8000 <= port <= 9999:
            return port


class RunningFactory:
    """A factory in its playground; it can be killed and started again on the same folder."""

    bot = "@mini_mancer_bot"

    def __init__(self, folder: Path, *, world: str | None = None, **settings: str) -> None:
        self.folder = folder
        self.port, self.gateway_port = free_port(), free_port()
        self.playground = Playground(world or f"http://127.0.0.1:{self.port}")
        self.you: Person
        self.lines: list[str] = []
        self._settings = settings
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self._line = asyncio.Event()

    @property
    def process(self) -> asyncio.subprocess.Process:
        assert self._process is not None
        return self._process

    async def start(self) -> None:
        """Start it and wait until it serves people."""
        self._ready.clear()
        environment = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(ROOT / "run_bot.py"), "--no-browser",
            cwd=self.folder, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, start_new_session=True,
            env=environment | {
                "MANCER_PLAYGROUND_PORT": str(self.port), "MANCER_GATEWAY_PORT": str(self.gateway_port),
                "PYTHONUNBUFFERED": "1", **self._settings,
            },
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read(self._process))
        waiting = asyncio.create_task(self._ready.wait())
        ended = asyncio.create_task(self._process.wait())
        try:
            await asyncio.wait({waiting, ended}, timeout=PATIENCE, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (waiting, ended):
                task.cancel()
        if not self._ready.is_set():
            raise AssertionError("the factory did not get ready:\n" + "".join(self.lines[-40:]))
        self.you = await self.playground.me()

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.lines.append(line.decode(errors="replace"))
            self._line.set()
            if READY in self.lines[-1]:
                self._ready.set()

    async def prints(self, text: str, *, limit: float = 10.0) -> None:
        """Wait until its output holds the text."""
        async with asyncio.timeout(limit):
            while not any(text in line for line in self.lines):
                self._line.clear()
                await self._line.wait()

    async def stop(self, how: signal.Signals = signal.SIGINT, *, limit: float = 5.0) -> int:
        """End it as Ctrl-C does; its exit code.  Fails the test if that takes longer than `limit` seconds."""
        self.process.send_signal(how)
        try:
            async with asyncio.timeout(limit):
                code = await self.process.wait()
        except TimeoutError:
            raise AssertionError(f"still running {limit} s after {how.name}:\n" + "".join(self.lines[-40:])) from None
        if self._reader is not None:
            await self._reader
        return code

    async def kill(self) -> None:
        """`kill -9` the factory's own process and nothing else; wait until what it leaves behind has ended."""
        family = self.family()
        self.process.kill()
        await self.process.wait()
        _, left = await asyncio.to_thread(psutil.wait_procs, family, timeout=12)
        assert not left, f"these outlived a killed factory: {left}"

    def family(self) -> list[psutil.Process]:
        """Every process the factory started, directly or not."""
        found: list[psutil.Process] = psutil.Process(self.process.pid).children(recursive=True)
        return found

    def children(self) -> list[psutil.Process]:
        """The processes of made bots, as the factory's own table names them, as far as they live."""
        with contextlib.closing(sqlite3.connect(self.folder / "data" / "factory.db")) as database:
            rows = database.execute("SELECT pid FROM agents WHERE pid IS NOT NULL").fetchall()
        found = []
        for (pid,) in rows:
            with contextlib.suppress(psutil.NoSuchProcess):
                process = psutil.Process(pid)
                if process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    async def end(self) -> None:
        """Leave nothing behind, whatever the test did."""
        if self._process is not None and self._process.returncode is None:
            family = self.family()
            with contextlib.suppress(AssertionError):
                await self.stop(limit=10)
            for process in family:
                with contextlib.suppress(psutil.Error):
                    process.kill()
            if self._process.returncode is None:
                self._process.kill()
                await self._process.wait()
        if self._reader is not None:
            self._reader.cancel()
        await self.playground.close()


@asynccontextmanager
async def live_factory(
    folder: Path, *, access: str = "everyone", claimed: bool = True
) -> AsyncIterator[RunningFactory]:
    """A factory with a token, as on Telegram; the playground is Telegram and outlives it."""
    async with running_playground(folder / "telegram") as world, Playground(world) as telegram:
        owner = await telegram.me()
        account = await telegram.bot(owner, "Mini-Mancer", "mini_mancer_bot", can_manage_bots=True)
        settings = {
            "MANCER_TELEGRAM_TOKEN": account.token,
            "MANCER_TELEGRAM_API_URL": world,
            "MANCER_PUBLIC_URL": "https://bots.example.com",
            "MANCER_WEBAPP_PUBLIC_KEY": (await telegram.state())["webapp_public_key"],
            "MANCER_ACCESS": access,
        } | ({"MANCER_OPERATORS": str(owner.id)} if claimed else {})
        factory = RunningFactory(folder, world=world, **settings)
        try:
            await factory.start()
            yield factory
        finally:
            await factory.end()


@asynccontextmanager
async def running_factory(folder: Path, **settings: Any) -> AsyncIterator[RunningFactory]:
    """A factory that is ready, in `folder`; the settings are `MANCER_*` variables."""
    factory = RunningFactory(folder, **settings)
    try:
        await factory.start()
        yield factory
    finally:
        await factory.end()
