"""The factory's side of the egress: starts the process, starts it again if it dies, and tells it everything anew."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import aiohttp

from factory_bot.egress.notices import Notice, NoticeKind
from factory_bot.egress.server import FACTORY_SOCKET, SEALED_HEADER
from factory_bot.errors import MancerError, TelegramError
from factory_bot.model.agents import AgentId
from factory_bot.processes.background import background
from factory_bot.processes.channel import Channel, ChannelClosedError, Message, channel_pair
from factory_bot.processes.pinned import Pinned
from factory_bot.processes.spawn import clean_environment, end
from factory_bot.settings import Settings

log = logging.getLogger(__name__)

READY_WITHIN = 20.0  # seconds
CALL_WITHIN = 30.0  # seconds
STILLBORN = 5  # in a row that end before they are ready: that is a broken egress, not an unlucky one
YOUNG = 2.0  # seconds; whoever dies younger is followed more and more slowly …
SLOWEST = 5.0  # … by at most that many seconds


class EgressError(MancerError):
    """The egress process refused or cannot be kept running."""


class Upload(Protocol):
    """A file that goes with a call."""

    @property
    def field(self) -> str: ...
    @property
    def filename(self) -> str: ...
    @property
    def content(self) -> bytes: ...


@dataclass(frozen=True, kw_only=True)
class Identity:
    """What may be known of a bot's token."""

    bot_id: int
    init_data_secret: bytes  # verifies initData, calls nothing


@dataclass
class _Admitted:
    """What a new egress process must be told of a bot."""

    sealed: bytes
    identity: Identity
    process: Pinned | None = None
    uid: int | None = None


class Egress:
    """The bots' only way to Telegram.  Use `open_egress`."""

    def __init__(self, settings: Settings, vault_key: bytes, run_dir: Path) -> None:
        self._settings = settings
        self._key = vault_key
        self.run_dir = run_dir  # of the sockets
        self._listeners: list[Callable[[Notice], None]] = []
        self._admitted: dict[AgentId, _Admitted] = {}
        self._ready = asyncio.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: Channel | None = None
        self._session = aiohttp.ClientSession(
            connector=aiohttp.UnixConnector(str(run_dir / FACTORY_SOCKET), limit=0),
            timeout=aiohttp.ClientTimeout(total=CALL_WITHIN),
        )

    @property
    def pid(self) -> int:
        """Of the process at present."""
        if self._process is None:
            raise EgressError
        return self._process.pid

    def listen(self, listener: Callable[[Notice], None]) -> None:
        """Call `listener` for every notice from now on."""
        self._listeners.append(listener)

    def socket_path(self, agent_id: AgentId) -> Path:
        """Where that bot's process finds its way out."""
        return self.run_dir / f"{agent_id}.sock"

    async def admit(self, agent_id: AgentId, sealed_token: bytes) -> Identity:
        """Open the bot's socket, with that token behind it; again, with another token, exchanges it."""
        known = self._admitted.get(agent_id)
        if known is not None and known.sealed == sealed_token:
            return known.identity  # every egress process is told of it before anything else
        answer = await self._ask(_admission(agent_id, sealed_token))
        identity = Identity(bot_id=answer["bot_id"], init_data_secret=bytes.fromhex(answer["secret"]))
        if known is None:
            self._admitted[agent_id] = _Admitted(sealed_token, identity)
        else:
            known.sealed, known.identity = sealed_token, identity
        return identity

    async def bind(self, agent_id: AgentId, pid: int, *, process: Pinned | None = None, uid: int | None = None) -> None:
        """Let only that process use the bot's socket (it belongs to `uid` then, where bots have users of their own)."""
        known = self._admitted[agent_id]
        pinned = Pinned(pid, os.dup(process.descriptor)) if process is not None else Pinned.open(pid)
        if known.process is not None:
            known.process.close()
        known.process, known.uid = pinned, uid
        await self._ask(_binding(agent_id, known), [pinned.descriptor])

    async def dismiss(self, agent_id: AgentId) -> None:
        """Close the bot's socket and let the egress forget its token."""
        known = self._admitted.pop(agent_id, None)
        if known is not None:
            if known.process is not None:
                known.process.close()
            await self._ask({"do": "dismiss", "agent": agent_id})

    async def call(
        self, agent_id: AgentId, method: str, params: Mapping[str, Any], attachments: Sequence[Upload] = ()
    ) -> Any:
        """Call the Bot API as that bot.  Raises `TelegramError`."""
        return await self._call(f"/agents/{agent_id}/{method}", params, attachments, {})

    async def try_token(self, sealed_token: bytes, method: str, params: Mapping[str, Any]) -> Any:
        """Call the Bot API with a token that is nobody's yet.  Raises `TelegramError`."""
        return await self._call(f"/try/{method}", params, (), {SEALED_HEADER: _text(sealed_token)})

    async def keep(self) -> None:
        """Start the process, and start it again whenever it ends; never returns."""
        stillborn = young = 0
        while True:
            began = asyncio.get_running_loop().time()
            over = self._start()
            try:
                born = await self._tell_everything(over)
                if born:
                    await over.wait()
            finally:
                self._ready.clear()
                await self._end()
            stillborn = 0 if born else stillborn + 1
            if stillborn == STILLBORN:
                raise EgressError("the egress process ends before it is ready")
            young = young + 1 if asyncio.get_running_loop().time() - began < YOUNG else 0
            log.warning("the egress process ended; starting it again")
            if young > 1:
                await asyncio.sleep(min(0.1 * 2.0**young, SLOWEST))

    async def ready(self) -> None:
        """Return when it runs and knows everything."""
        await self._ready.wait()

    async def close(self) -> None:
        """Let go of what is held here (the process ends with `keep`)."""
        await self._session.close()
        for known in self._admitted.values():
            if known.process is not None:
                known.process.close()

    def _start(self) -> asyncio.Event:
        over = asyncio.Event()
        started = self._started = asyncio.Event()

        def ended() -> None:
            over.set()
            started.set()  # nobody need wait for that any more

        ours, theirs = channel_pair()
        key_out, key_in = os.pipe()
        with theirs, os.fdopen(key_out, "rb") as reading, os.fdopen(key_in, "wb") as writing:
            writing.write(self._key)
            self._process = self._spawn(theirs, reading.fileno())
        self._channel = Channel(ours, on_message=self._take, on_end=ended)
        return over

    def _spawn(self, control: socket.socket, key: int) -> subprocess.Popen[bytes]:
        command = [
            *(sys.executable, "-P", "-m", "factory_bot.egress"),
            *("--control", str(control.fileno()), "--key", str(key)),
            *("--api-url", self._settings.api_url, "--run-dir", str(self.run_dir)),
            *("--log-level", self._settings.log_level),
        ]
        return subprocess.Popen(  # noqa: S603 – our own program, no shell
            command,
            pass_fds=(control.fileno(), key),
            stdin=subprocess.DEVNULL,
            env=clean_environment(),
            start_new_session=True,
        )

    async def _tell_everything(self, over: asyncio.Event) -> bool:
        """Everything a new process must know, before anybody else's question reaches it; False if it ended or hangs."""
        assert self._channel is not None
        try:
            async with asyncio.timeout(READY_WITHIN):
                await self._started.wait()
                for agent_id, known in list(self._admitted.items()):
                    await self._channel.ask(_admission(agent_id, known.sealed))
                    if known.process is not None and known.process.alive:
                        await self._channel.ask(_binding(agent_id, known), [known.process.descriptor])
        except (ChannelClosedError, TimeoutError):
            return False
        if over.is_set():
            return False
        self._ready.set()
        return True

    async def _end(self) -> None:
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            await end(self._process, signal.SIGTERM, grace=2.0)

    async def _ask(self, message: Message, descriptors: Sequence[int] = ()) -> Message:
        while True:
            await self._ready.wait()
            channel = self._channel
            assert channel is not None
            try:
                answer, _ = await channel.ask(message, descriptors)
            except ChannelClosedError:
                if channel is self._channel:
                    self._ready.clear()
                continue  # the process died: the next one is asked
            if "error" in answer:
                raise EgressError(f"the egress refused: {answer['error']}")
            return answer

    def _take(self, message: Message, descriptors: list[int]) -> None:
        if message.get("ready"):
            self._started.set()
            return
        notice = Notice(
            agent_id=AgentId(message["agent"]),
            kind=NoticeKind(message["notice"]),
            at=datetime.fromisoformat(message["at"]),
        )
        for listener in self._listeners:
            listener(notice)

    async def _call(
        self, path: str, params: Mapping[str, Any], attachments: Sequence[Upload], headers: Mapping[str, str]
    ) -> Any:
        await self._ready.wait()
        body: dict[str, Any] = {"data": _form(params, attachments)} if attachments else {"json": dict(params)}
        try:
            async with self._session.post(f"http://egress{path}", headers=dict(headers), **body) as response:
                answer = await response.json(content_type=None)
        except (aiohttp.ClientError, TimeoutError, ValueError) as exc:
            raise TelegramError(0, "Telegram could not be reached") from exc
        if not isinstance(answer, dict) or not answer.get("ok"):
            raise _telegram_error(answer, response.status)
        return answer.get("result")


@asynccontextmanager
async def open_egress(
    settings: Settings, vault_key: bytes, run_dir: Path, on_notice: Callable[[Notice], None] | None = None
) -> AsyncIterator[Egress]:
    """The egress, running; it is kept running until the block is left."""
    egress = Egress(settings, vault_key, run_dir)
    if on_notice is not None:
        egress.listen(on_notice)
    try:
        async with background(egress.keep(), "egress"):
            await egress.ready()
            yield egress
    finally:
        await egress.close()


def _admission(agent_id: AgentId, sealed: bytes) -> Message:
    return {"do": "admit", "agent": agent_id, "sealed": _text(sealed)}


def _binding(agent_id: AgentId, known: _Admitted) -> Message:
    assert known.process is not None
    return {"do": "bind", "agent": agent_id, "pid": known.process.pid, "uid": known.uid}


def _text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).decode()


def _form(params: Mapping[str, Any], attachments: Sequence[Upload]) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in params.items():
        form.add_field(name, value if isinstance(value, str) else json.dumps(value))
    for upload in attachments:
        form.add_field(upload.field, upload.content, filename=upload.filename)
    return form


def _telegram_error(answer: Any, status: int) -> TelegramError:
    if not isinstance(answer, dict):
        return TelegramError(status, "the answer is no Bot API answer")
    after = (answer.get("parameters") or {}).get("retry_after")
    return TelegramError(answer.get("error_code", status), str(answer.get("description", "")), after)
