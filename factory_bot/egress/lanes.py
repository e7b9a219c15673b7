"""The Unix sockets of the bots: one each, and only the process it was made for may use it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import struct
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from factory_bot.egress.forward import Forwarder, Refusal, errand_of
from factory_bot.egress.notices import NoticeKind
from factory_bot.processes.pinned import Pinned

KEEP_ALIVE = 3600.0  # seconds; a connection closed under a child's request would leave that request in doubt
BOUND_WITHIN = 5.0  # seconds; a new egress opens a socket a moment before it is told whose it is
END_WITHIN = 0.2  # seconds for requests under way when a socket is closed; zero would mean for ever

_CREDENTIALS = struct.Struct("3i")  # pid, uid, gid
_QUIET = {NoticeKind.POLL_BEGAN, NoticeKind.POLL_ENDED, NoticeKind.UPDATES}
_QUIET_FOR = 1.0  # seconds between two notices of one of these kinds


@dataclass
class Lane:
    """One bot's way out."""

    agent_id: str
    path: Path
    token: str = field(repr=False)
    process: Pinned | None = None  # the only one that may use it
    server: asyncio.AbstractServer | None = None
    http: web.Server | None = None
    told: dict[NoticeKind, float] = field(default_factory=dict)
    bound: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def bot_id(self) -> int:
        """Telegram's id of the bot: the open half of its token."""
        return int(self.token.partition(":")[0])

    def admits(self, pid: int) -> bool:
        """Whether the process with that pid is the one bound here, and no later one under the same number."""
        return self.process is not None and self.process.pid == pid and self.process.alive

    def bind(self, process: Pinned | None) -> None:
        """From now on only that process."""
        if self.process is not None:
            self.process.close()
        self.process = process
        if process is not None:
            self.bound.set()
        else:  # closing: a "no" would be final to the process that still empties its outbox
            self.bound.clear()
        self.told.clear()  # what this process does is news


async def known(lane: Lane) -> None:
    """Return once a process is bound there.  Until then the truth is "later", which is tried again, and not "no"."""
    try:
        async with asyncio.timeout(BOUND_WITHIN):
            await lane.bound.wait()
    except TimeoutError:
        raise Refusal(503, "Service Unavailable: this way out belongs to nobody yet") from None


def asking_process(request: web.BaseRequest) -> int:
    """The pid of the process that connected, as the kernel knows it; 0 if it is gone."""
    transport = request.transport
    sock: socket.socket | None = transport.get_extra_info("socket") if transport is not None else None
    if sock is None:
        return 0
    pid: int = _CREDENTIALS.unpack(sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size))[0]
    return pid


def http_server(handle: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]) -> web.Server:
    """An HTTP server whose requests end with the asker, and which ends at once."""
    return web.Server(
        handle, handler_cancellation=True, keepalive_timeout=KEEP_ALIVE, lingering_time=0, access_log=None
    )


class Lanes:
    """All of them, by agent."""

    def __init__(
        self, run_dir: Path, forwarder: Forwarder, notify: Callable[[str, NoticeKind, datetime], None]
    ) -> None:
        self._run_dir = run_dir
        self._forwarder = forwarder
        self._notify = notify
        self._lanes: dict[str, Lane] = {}

    def __getitem__(self, agent_id: str) -> Lane:
        return self._lanes[agent_id]

    async def admit(self, agent_id: str, token: str) -> Lane:
        """Open the socket of a bot; if it is open, only its token is put in place."""
        lane = self._lanes.get(agent_id)
        if lane is not None:
            lane.token = token
            return lane
        lane = Lane(agent_id=agent_id, path=self._run_dir / f"{agent_id}.sock", token=token)
        await self._open(lane)
        self._lanes[agent_id] = lane
        return lane

    def bind(self, agent_id: str, process: Pinned, uid: int | None) -> None:
        """Only that process may use the bot's socket; the file becomes its user's, where it has one of its own."""
        lane = self._lanes[agent_id]
        if uid is not None:
            os.chown(lane.path, uid, uid)
        lane.bind(process)

    async def dismiss(self, agent_id: str) -> None:
        """Close the bot's socket and forget its token."""
        lane = self._lanes.pop(agent_id, None)
        if lane is not None:
            await self._close(lane)

    async def close(self) -> None:
        """Close them all."""
        await asyncio.gather(*(self.dismiss(agent_id) for agent_id in list(self._lanes)))

    async def _open(self, lane: Lane) -> None:
        async def handle(request: web.BaseRequest) -> web.StreamResponse:
            return await self._serve(lane, request)

        lane.http = http_server(handle)
        lane.path.unlink(missing_ok=True)  # of an egress that was killed
        lane.server = await asyncio.get_running_loop().create_unix_server(lane.http, str(lane.path), backlog=32)
        lane.path.chmod(0o600)

    async def _close(self, lane: Lane) -> None:
        lane.bind(None)
        if lane.server is not None:
            lane.server.close()
        if lane.http is not None:
            await lane.http.shutdown(timeout=END_WITHIN)
        with contextlib.suppress(FileNotFoundError):
            lane.path.unlink()

    async def _serve(self, lane: Lane, request: web.BaseRequest) -> web.StreamResponse:
        def tell(kind: NoticeKind) -> None:
            self._tell(lane, kind)

        try:
            await known(lane)
            if not lane.admits(asking_process(request)):
                raise Refusal(403, "Forbidden: this way out belongs to another process")
            errand = errand_of(request.raw_path.partition("?")[0], lane.bot_id, lane.token)
        except Refusal as refusal:
            return refusal.response()
        return await self._forwarder.forward(request, errand, tell)

    def _tell(self, lane: Lane, kind: NoticeKind) -> None:
        now = asyncio.get_running_loop().time()
        if kind in _QUIET and now - lane.told.get(kind, -_QUIET_FOR) < _QUIET_FOR:
            return
        lane.told[kind] = now
        self._notify(lane.agent_id, kind, datetime.now(UTC))
