"""The launcher that asks the fork server; it keeps one running and replaces it when it dies."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from factory_bot.errors import ChildError
from factory_bot.processes.background import background
from factory_bot.processes.channel import Channel, ChannelClosedError, Message, channel_pair
from factory_bot.processes.pinned import Pinned
from factory_bot.processes.spawn import clean_environment, end
from factory_bot.supervision.confinement import Namespaces
from factory_bot.supervision.launcher import Launch, Spawned, wait_status

log = logging.getLogger(__name__)

SPAWN_WITHIN = 20.0  # seconds, the start of a new fork server included
STILLBORN = 5  # fork servers in a row that end before they are ready: then something is broken
YOUNG = 2.0  # seconds; whoever dies younger is not followed at once
SLOWEST = 5.0  # seconds before the next one
REPORTED_WITHIN = 2.0  # seconds from the end of a child to its exit status


class ForkLauncher:
    """Starts bots by forking.  Its children outlive a fork server that dies: their ends are seen by descriptor."""

    def __init__(self, sight: Sequence[str], *, merge: bool = False) -> None:
        self._sight = sight  # what exists for its bots
        self._merge = merge  # equal memory of theirs
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._ready = asyncio.Event()
        self._namespaces = Namespaces(network=False, files=False, users=False)
        self._statuses: dict[int, asyncio.Future[int | None]] = {}

    @property
    def pid(self) -> int:
        """Of the fork server at present."""
        assert self._process is not None
        return self._process.pid

    @property
    def namespaces(self) -> Namespaces:
        """Which of them it puts its bots into."""
        return self._namespaces

    async def ready(self) -> None:
        """Return when it can fork."""
        await self._ready.wait()

    async def spawn(self, launch: Launch) -> Spawned:
        """Fork a bot.  Raises `ChildError`."""
        message: Message = {"do": "fork", "confinement": launch.confinement.to_json()}
        try:
            async with asyncio.timeout(SPAWN_WITHIN):
                await self._ready.wait()
                assert self._channel is not None
                # A fork server that dies here leaves a child without a word on its boot pipe: it sees the end of that
                # pipe when the caller closes it, and ends.
                answer, descriptors = await self._channel.ask(message, [launch.boot, launch.output, launch.http])
        except (TimeoutError, ChannelClosedError) as exc:
            raise ChildError(f"{launch.agent_id}: the fork server did not answer") from exc
        process = Pinned(answer["pid"], descriptors[0])
        number = answer["answers"]
        ended = self._statuses.setdefault(number, asyncio.get_running_loop().create_future())

        async def status() -> int | None:
            await process.ended()
            try:
                return await asyncio.wait_for(asyncio.shield(ended), REPORTED_WITHIN)
            except TimeoutError:
                return None
            finally:
                self._statuses.pop(number, None)

        return Spawned(process=process, status=status)

    async def keep(self) -> None:
        """Keep one fork server running; never returns."""
        stillborn = young = 0
        while True:
            began = asyncio.get_running_loop().time()
            over = asyncio.Event()
            self._start(over)
            try:
                await over.wait()
                stillborn = 0 if self._ready.is_set() else stillborn + 1
            finally:
                await self._end()
            if stillborn == STILLBORN:
                raise ChildError("the fork server ends before it is ready")
            log.warning("the fork server ended; its bots go on, and a new one starts")
            young = young + 1 if asyncio.get_running_loop().time() - began < YOUNG else 0
            if young > 1:
                await asyncio.sleep(min(0.1 * 2.0**young, SLOWEST))

    def _start(self, over: asyncio.Event) -> None:
        ours, theirs = channel_pair()
        command = [
            *(sys.executable, "-P", "-m", "factory_bot.supervision.forkserver"),
            *("--control", str(theirs.fileno()), "--sight", json.dumps(self._sight)),
            *(("--merge",) if self._merge else ()),
        ]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 – our own program, no shell
                command,
                pass_fds=(theirs.fileno(),),
                stdin=subprocess.DEVNULL,
                env=clean_environment(),
                start_new_session=True,
            )
        self._channel = Channel(ours, on_message=self._take, on_end=over.set)

    async def _end(self) -> None:
        self._ready.clear()
        for ended in self._statuses.values():
            if not ended.done():
                ended.set_result(None)
        self._statuses.clear()  # a new fork server counts anew
        if self._channel is not None:
            self._channel.close()  # for the fork server this is the factory's end
        if self._process is not None:
            await end(self._process, signal.SIGCONT, grace=5.0)

    def _take(self, message: Message, descriptors: list[int]) -> None:
        for descriptor in descriptors:
            os.close(descriptor)
        if message.get("ready"):
            self._namespaces = Namespaces(**message["namespaces"])
            self._ready.set()
        elif "ended" in message:
            ended = self._statuses.setdefault(message["ended"], asyncio.get_running_loop().create_future())
            if not ended.done():
                ended.set_result(wait_status(message["status"]))


@asynccontextmanager
async def forking(sight: Sequence[str], *, merge: bool = False) -> AsyncIterator[ForkLauncher]:
    """A launcher with a warm fork server behind it; nothing but `sight` exists for its bots.

    With `merge` Linux keeps equal memory of theirs once, where it can and is told to look for it.
    """
    launcher = ForkLauncher(sight, merge=merge)
    async with background(launcher.keep(), "fork server"):
        await launcher.ready()
        yield launcher
