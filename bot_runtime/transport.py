"""HTTP for python-telegram-bot in a hundred lines: a Unix socket or TCP, keep-alive, a few connections.

It stands in for httpx, which costs every child 3 MB and each call most of a millisecond.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import h11
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot_runtime.polling import NextDoor, NotSent

CONNECT_SECONDS = 5.0
READ_SECONDS = 20.0
UPLOAD_SECONDS = 60.0
CHUNK = 65_536


@dataclass
class _Line:
    """One open connection."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    protocol: h11.Connection

    @property
    def usable(self) -> bool:
        return self.protocol.our_state is h11.IDLE and not self.reader.at_eof() and not self.writer.is_closing()

    async def write(self, *events: h11.Event) -> None:
        self.writer.writelines([data for event in events if (data := self.protocol.send(event))])
        await self.writer.drain()

    async def read(self) -> tuple[int, bytes]:
        status, body = 0, bytearray()
        while True:
            event = self.protocol.next_event()
            if event is h11.NEED_DATA:
                self.protocol.receive_data(await self.reader.read(CHUNK))
            elif isinstance(event, h11.Response):
                status = event.status_code
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                return status, bytes(body)
            elif isinstance(event, h11.ConnectionClosed):
                raise h11.RemoteProtocolError("the connection was closed before the answer")


class SlimRequest(BaseRequest):
    """Requests over a few kept connections; `socket_path` names a Unix socket, without it the URL says where to."""

    __slots__ = ("_idle", "_slots", "_socket_path")

    def __init__(self, *, socket_path: str | None = None, connections: int = 4) -> None:
        self._socket_path = socket_path
        self._slots = asyncio.Semaphore(connections)
        self._idle: list[_Line] = []

    @property
    def read_timeout(self) -> float:
        """Seconds a whole answer may take where a call does not say."""
        return READ_SECONDS

    async def initialize(self) -> None:
        """Nothing is opened before it is needed."""

    async def shutdown(self) -> None:
        """Close every connection that waits for work."""
        while self._idle:
            line = self._idle.pop()
            line.writer.close()
            with suppress(OSError):
                await line.writer.wait_closed()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer.  `NotSent` where nothing left this machine, else NetworkError, TimedOut."""
        headers, body = _encoded(request_data)
        limit = read_timeout if isinstance(read_timeout, int | float) else None
        if limit is None:
            limit = UPLOAD_SECONDS if request_data is not None and request_data.contains_files else READ_SECONDS
        where = urlsplit(url)
        target = f"{where.path}?{where.query}" if where.query else where.path
        head = h11.Request(method=method, target=target, headers=[("Host", where.netloc), *headers])
        events = (head, h11.Data(data=body), h11.EndOfMessage()) if body else (head, h11.EndOfMessage())
        async with self._slots, self._line(where.scheme, where.hostname or "", where.port) as line:
            try:
                async with asyncio.timeout(limit):
                    await line.write(*events)
                    return await line.read()
            except TimeoutError as exc:
                raise TimedOut(f"no answer within {limit:.0f} s") from exc
            except (OSError, h11.ProtocolError) as exc:
                raise NetworkError(f"{type(exc).__name__}: {exc}") from exc

    @asynccontextmanager
    async def _line(self, scheme: str, host: str, port: int | None) -> AsyncIterator[_Line]:
        line = self._kept() or await self._connect(scheme, host, port)
        try:
            yield line
            line.protocol.start_next_cycle()
            self._idle.append(line)
        except BaseException as exc:  # whatever cut the exchange off, its answer must not meet the next request
            line.writer.close()
            if not isinstance(exc, h11.LocalProtocolError):  # that one only says "Connection: close"
                raise

    def _kept(self) -> _Line | None:
        while self._idle:
            line = self._idle.pop()
            if line.usable:
                return line
            line.writer.close()
        return None

    async def _connect(self, scheme: str, host: str, port: int | None) -> _Line:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                if self._socket_path is not None:
                    reader, writer = await asyncio.open_unix_connection(self._socket_path)
                elif scheme == "https":
                    reader, writer = await asyncio.open_connection(host, port or 443, ssl=_tls())
                else:
                    reader, writer = await asyncio.open_connection(host, port or 80)
        except (OSError, TimeoutError) as exc:
            kind = NextDoor if self._socket_path is not None else NotSent
            raise kind(f"no connection to Telegram: {type(exc).__name__}: {exc}") from exc
        return _Line(reader, writer, h11.Connection(h11.CLIENT))


@cache
def _tls() -> ssl.SSLContext:
    return ssl.create_default_context()


def _encoded(data: RequestData | None) -> tuple[list[tuple[str, str]], bytes]:
    if data is None:
        return [], b""
    if not data.contains_files:
        body = json.dumps(data.parameters).encode()
        return [("Content-Type", "application/json"), ("Content-Length", str(len(body)))], body
    boundary = secrets.token_hex(16)
    parts: list[bytes] = []
    for name, text in data.json_parameters.items():
        parts.append(_part(boundary, f'name="{name}"', None, text.encode()))
    for name, (filename, content, mime) in data.multipart_data.items():
        raw = content if isinstance(content, bytes) else content.read()
        parts.append(_part(boundary, f'name="{name}"; filename="{_quoted(filename)}"', mime, raw))
    body = b"".join([*parts, f"--{boundary}--\r\n".encode()])
    return [
        ("Content-Type", f"multipart/form-data; boundary={boundary}"),
        ("Content-Length", str(len(body))),
    ], body


def _part(boundary: str, disposition: str, mime: str | None, content: bytes) -> bytes:
    kind = f"Content-Type: {mime}\r\n" if mime else ""
    head = f"--{boundary}\r\nContent-Disposition: form-data; {disposition}\r\n{kind}\r\n"
    return head.encode() + content + b"\r\n"


def _quoted(filename: str) -> str:
    return filename.replace("\\", "_").replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
