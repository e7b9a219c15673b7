"""The egress process: holds the tokens and the connections to Telegram, and does what the factory tells it.

Two ways lead in from the factory.  A channel (an inherited socket pair) admits bots, binds processes, and carries
notices up; its end is the factory's end, and then this process ends too.  A Unix socket, open to the factory's process
alone, takes Bot API calls on a bot's behalf.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import hashlib
import hmac
import logging
import os
import re
import socket
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from datetime import datetime
from pathlib import Path

import aiohttp
from aiohttp import web
from cryptography.fernet import Fernet, InvalidToken

from factory_bot.egress.forward import Errand, Forwarder, Refusal
from factory_bot.egress.lanes import END_WITHIN, Lanes, asking_process, http_server
from factory_bot.egress.notices import NoticeKind
from factory_bot.processes.channel import Channel, Message
from factory_bot.processes.pinned import Pinned

log = logging.getLogger(__name__)

FACTORY_SOCKET = "factory.sock"
SEALED_HEADER = "X-Sealed-Token"

_CALL = re.compile(r"/(agents/(?P<agent>[a-z0-9-]{1,40})|try)/(?P<method>[A-Za-z]{1,64})")
_TOKEN = re.compile(r"\d{1,20}:[\w-]{1,80}", re.ASCII)
_BACKLOG = 1000  # notices that may wait for a factory that does not read


def init_data_secret(token: str) -> bytes:
    """What verifies the bot's initData and calls nothing (telegram.org: Validating data received via the Mini App)."""
    return hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest()


async def serve(control: socket.socket, key: bytes, api_url: str, run_dir: Path) -> None:
    """Run until the factory is gone."""
    over = asyncio.Event()
    async with AsyncExitStack() as stack:
        # The long polls alone are one connection per bot: the library's usual 100 would starve the rest.
        session = await stack.enter_async_context(
            aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=10, sock_read=70),
                cookie_jar=aiohttp.DummyCookieJar(),
                skip_auto_headers=("User-Agent", "Content-Type"),
                auto_decompress=False,
            )
        )
        office = _Office(Fernet(key), Forwarder(api_url, session), run_dir, control, over.set)
        stack.push_async_callback(office.close)
        await office.open()
        await over.wait()


class _Office:
    """Does what the factory asks."""

    def __init__(
        self, fernet: Fernet, forwarder: Forwarder, run_dir: Path, control: socket.socket, on_end: Callable[[], None]
    ) -> None:
        self._fernet = fernet
        self._forwarder = forwarder
        self._lanes = Lanes(run_dir, forwarder, self._notify)
        self._path = run_dir / FACTORY_SOCKET
        self._factory = os.getppid()
        self._deeds: dict[str, Callable[[Message, list[int]], Awaitable[Message]]] = {
            "admit": self._admit,
            "bind": self._bind,
            "dismiss": self._dismiss,
        }
        self._tasks: set[asyncio.Task[None]] = set()
        self._http = http_server(self._call)
        self._server: asyncio.AbstractServer | None = None
        self._turn = asyncio.Lock()
        self._channel = Channel(control, on_message=self._take, on_end=on_end)

    async def open(self) -> None:
        """Open the factory's socket and say so."""
        self._path.unlink(missing_ok=True)
        self._server = await asyncio.get_running_loop().create_unix_server(self._http, str(self._path), backlog=64)
        self._path.chmod(0o600)
        self._channel.send({"ready": True})

    async def close(self) -> None:
        """Close everything."""
        self._channel.close()
        await self._lanes.close()
        if self._server is not None:
            self._server.close()
        await self._http.shutdown(timeout=END_WITHIN)
        self._path.unlink(missing_ok=True)
        if os.getppid() != self._factory:  # it was killed: nobody else clears its folder away
            with contextlib.suppress(OSError):
                self._path.parent.rmdir()

    def _take(self, message: Message, descriptors: list[int]) -> None:
        task = asyncio.get_running_loop().create_task(self._answer(message, descriptors))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _answer(self, message: Message, descriptors: list[int]) -> None:
        async with self._turn:  # tasks start in the order the messages came, and the lock is fair
            try:
                answer = await self._deeds[message["do"]](message, descriptors)
            except (InvalidToken, ValueError):
                answer = {"error": "the token cannot be unsealed"}
            except (KeyError, OSError) as exc:
                answer = {"error": f"{message['do']}: {type(exc).__name__}"}
        self._tell({**answer, "answers": message["id"]})

    async def _admit(self, message: Message, _: list[int]) -> Message:
        token = self._unsealed(message["sealed"])
        lane = await self._lanes.admit(message["agent"], token)
        return {"bot_id": lane.bot_id, "secret": init_data_secret(token).hex()}

    async def _bind(self, message: Message, descriptors: list[int]) -> Message:
        process = Pinned(message["pid"], descriptors[0])
        try:
            self._lanes.bind(message["agent"], process, message["uid"])
        except (KeyError, OSError):
            process.close()
            raise
        return {}

    async def _dismiss(self, message: Message, _: list[int]) -> Message:
        await self._lanes.dismiss(message["agent"])
        return {}

    async def _call(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            if asking_process(request) != self._factory:
                raise Refusal(403, "Forbidden: only the factory may ask here")
            match = _CALL.fullmatch(request.path)
            if match is None:
                raise Refusal(404, "Not Found")
            token = self._token_for(match["agent"], request)
        except Refusal as refusal:
            return refusal.response()
        errand = Errand(path=f"/bot{token}/{match['method']}", method=match["method"].lower())
        return await self._forwarder.forward(request, errand, lambda kind: None)

    def _token_for(self, agent: str | None, request: web.BaseRequest) -> str:
        try:
            if agent is not None:
                return self._lanes[agent].token
            return self._unsealed(request.headers[SEALED_HEADER])
        except KeyError:
            raise Refusal(404, "Not Found: no such bot was admitted") from None
        except (InvalidToken, ValueError):
            raise Refusal(400, "Bad Request: the token cannot be unsealed") from None

    def _unsealed(self, sealed: str) -> str:
        token = self._fernet.decrypt(base64.urlsafe_b64decode(sealed)).decode()
        if not _TOKEN.fullmatch(token):
            raise ValueError("no token")  # never the value itself
        return token

    def _notify(self, agent_id: str, kind: NoticeKind, at: datetime) -> None:
        self._tell({"notice": kind, "agent": agent_id, "at": at.isoformat()})

    def _tell(self, message: Message) -> None:
        if self._channel.is_open and self._channel.backlog < _BACKLOG:
            self._channel.send(message)
