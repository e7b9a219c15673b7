"""A small Bot API server whose answers a test scripts, for faults that no real one shows on demand."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

import h11

Answer = tuple[int, dict[str, Any] | bytes]
LIMIT = 10.0  # seconds a test waits for anything


@dataclass
class Said:
    """One call the server got."""

    method: str
    params: dict[str, Any]
    files: dict[str, bytes] = field(default_factory=dict)


def error(code: int, description: str, **parameters: Any) -> Answer:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return code, body


@dataclass
class BotApi:
    """What was said to it, and what it will answer next."""

    url: str = ""
    calls: list[Said] = field(default_factory=list)
    updates: list[dict[str, Any]] = field(default_factory=list)
    scripted: dict[str, deque[Answer | Callable[[], Awaitable[Answer]]]] = field(
        default_factory=lambda: defaultdict(deque)
    )
    connections: int = 0
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    _message_id: int = 100

    def push(self, *updates: dict[str, Any]) -> None:
        self.updates.extend(updates)
        self.changed.set()

    def script(self, method: str, *answers: Answer | Callable[[], Awaitable[Answer]]) -> None:
        """The next calls of that method are answered so; afterwards it is friendly again."""
        self.scripted[method].extend(answers)

    def said(self, method: str) -> list[Said]:
        return [call for call in self.calls if call.method == method]

    def texts(self) -> list[str]:
        return [call.params.get("text", "") for call in self.said("sendMessage")]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something the server saw makes that true."""
        async with asyncio.timeout(LIMIT):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    async def answer(self, said: Said) -> Answer:
        self.calls.append(said)
        self.changed.set()
        if self.scripted[said.method]:
            scripted = self.scripted[said.method].popleft()
            return await scripted() if callable(scripted) else scripted
        if said.method == "getUpdates":
            return 200, {"ok": True, "result": await self._updates(said.params)}
        if said.method.startswith(("send", "edit")):
            self._message_id += 1
            message_id = said.params.get("message_id", self._message_id)
            return 200, {"ok": True, "result": {"message_id": message_id}}
        return 200, {"ok": True, "result": True}

    async def _updates(self, params: dict[str, Any]) -> list[dict[str, Any]]:
        offset = params.get("offset", 0)
        self.updates = [update for update in self.updates if update["update_id"] >= offset]
        try:
            async with asyncio.timeout(params.get("timeout", 0) or 0.001):
                while not self.updates:
                    self.changed.clear()
                    await self.changed.wait()
        except TimeoutError:
            pass
        return list(self.updates)


async def _serve(api: BotApi, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    api.connections += 1
    protocol = h11.Connection(h11.SERVER)
    try:
        while (request := await _read(protocol, reader)) is not None:
            status, body = await api.answer(_parsed(*request))
            raw = body if isinstance(body, bytes) else json.dumps(body).encode()
            headers = [("Content-Length", str(len(raw)))]
            for event in (h11.Response(status_code=status, headers=headers), h11.Data(data=raw), h11.EndOfMessage()):
                writer.write(protocol.send(event) or b"")
            await writer.drain()
            protocol.start_next_cycle()
    except (OSError, h11.ProtocolError, ConnectionAbortedError):
        pass
    finally:
        writer.close()


async def _read(protocol: h11.Connection, reader: asyncio.StreamReader) -> tuple[h11.Request, bytes] | None:
    head: h11.Request | None = None
    body = b""
    while True:
        event = protocol.next_event()
        if event is h11.NEED_DATA:
            protocol.receive_data(await reader.read(65_536))
        elif isinstance(event, h11.Request):
            head = event
        elif isinstance(event, h11.Data):
            body += event.data
        elif isinstance(event, h11.EndOfMessage):
            assert head is not None
            return head, body
        else:
            return None


def _parsed(head: h11.Request, body: bytes) -> Said:
    method = head.target.decode().rpartition("/")[2]
    kind = dict(head.headers).get(b"content-type", b"")
    if kind == b"application/json":
        return Said(method, json.loads(body))
    if kind.startswith(b"multipart/form-data"):
        said = Said(method, {})
        for part in message_from_bytes(b"Content-Type: " + kind + b"\r\n\r\n" + body).get_payload():
            assert not isinstance(part, str)
            name = str(part.get_param("name", header="content-disposition"))
            content = part.get_payload(decode=True)
            assert isinstance(content, bytes)
            if part.get_filename():
                said.files[name] = content
            else:
                said.params[name] = content.decode()
        return said
    return Said(method, {})


@asynccontextmanager
async def bot_api(socket_path: str | None = None) -> AsyncIterator[BotApi]:
    """The server, on a free port or on that Unix socket."""
    api = BotApi()
    open_ones: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones.add(task)
        try:
            await _serve(api, reader, writer)
        except asyncio.CancelledError:
            writer.close()
        finally:
            open_ones.discard(task)

    if socket_path is None:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        api.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    else:
        server = await asyncio.start_unix_server(serve, socket_path)
    try:
        yield api
    finally:
        server.close()
        for task in list(open_ones):
            task.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)
