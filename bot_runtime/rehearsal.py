"""A whole life of a bot, played before there is one: a conversation, its Mini App, an end in good order.

It is the real `live`, with a few lines in Telegram's place behind one Unix socket and a visitor behind another.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import io
import json
import logging
import os
import time
from collections import deque
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any
from urllib.parse import urlencode

from bot_runtime.boot import BOOT_FD, read_boot
from bot_runtime.child import live
from bot_runtime.dna import dump, load
from bot_runtime.logs import log_to

SECRET = b"rehearsal"
LIMIT = 60.0  # seconds for what takes less than one
SILENCE, QUIET = 0.2, 0.003  # seconds an answer is waited for at most, and those after the first
PERSON = {"id": 1, "is_bot": False, "first_name": "Ann", "last_name": "Bee", "username": "ann", "language_code": "en"}
CHAT = {"id": 1, "type": "private", "first_name": "Ann"}
FORM = {
    "kind": "form",
    "title": "Form",
    "fields": [
        {"id": "name", "label": "Name"},
        {"id": "number", "label": "Number", "kind": "number"},
        {"id": "size", "label": "Size", "kind": "choice", "options": ["S", "M"], "required": False},
    ],
}
POLL = {"kind": "poll", "question": "Which?", "options": ["This", "That"], "closes_at": "2100-01-01T00:00:00Z"}
PRESS = 0  # the first button of what was last answered; any other number: that one
SAID: tuple[str | int, ...] = (
    *("/start", "/help", "/poll", PRESS, PRESS, "/form", "Ann", "three", "3", PRESS, PRESS, "/mine", PRESS),
    *("/privacy", "words for nobody", "/form", "/cancel", "/app", "/start", "/forget", PRESS),
)
VISITED = ("/health", "/app", "/app/", "/api/features/form", "/api/features/poll")


async def rehearse(folder: Path) -> None:
    """Play it in that empty folder; nothing is left running.  Raises TimeoutError where it does not come to its end."""
    logger = logging.getLogger()
    handlers = list(logger.handlers)
    with ExitStack() as stack:
        stack.callback(logger.handlers.__setitem__, slice(None), handlers)
        log_to(io.StringIO())
        told, telling = os.pipe()
        supervisor = stack.enter_context(os.fdopen(telling, "wb", buffering=0))
        stack.callback(os.close, told)
        listener = stack.enter_context(socket(AF_UNIX))
        listener.bind(str(folder / "http.sock"))
        listener.listen()
        supervisor.write(_boot_fact(folder, os.dup(listener.fileno())))
        telegram = Telegram()
        async with asyncio.timeout(LIMIT), await asyncio.start_unix_server(telegram.serve, folder / "egress.sock"):
            dna = load(dump(load(json.dumps({"name": "Warm", "purpose": "Warming", "features": [FORM, POLL]}))))
            bot = asyncio.create_task(live(folder, read_boot({BOOT_FD: str(told)}), dna))
            await asyncio.wait({bot, asyncio.create_task(telegram.done.wait())}, return_when=asyncio.FIRST_COMPLETED)
            if not bot.done():
                await _visit(folder / "http.sock")
            supervisor.close()  # to the bot its supervisor is gone: it ends in good order
            await bot
            await telegram.close()


def _boot_fact(folder: Path, http_fd: int) -> bytes:
    facts = {
        "agent_id": "warm",
        "bot_id": 2,
        "username": "warm_bot",
        "owner_id": 9,
        "init_data_secret": SECRET.hex(),
        "egress_socket": str(folder / "egress.sock"),
        "http_fd": http_fd,
        "app_url": "https://warm.example.org/app/",
    }
    return json.dumps(facts).encode() + b"\n"


class Telegram:
    """Has one person say what is in `SAID`, each thing when the one before was answered."""

    def __init__(self) -> None:
        self.done = asyncio.Event()
        self._answered = asyncio.Event()
        self._answered.set()
        self._keyboard: list[str] = []
        self._said = deque(enumerate(SAID, 1))
        self._end = asyncio.Event()
        self._connections: set[asyncio.Task[Any] | None] = set()

    async def close(self) -> None:
        """Return when the bot's connections are closed on this side too.  Raises what went wrong here."""
        self._end.set()
        await asyncio.gather(*(one for one in self._connections if one is not None))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection of the bot."""
        self._connections.add(asyncio.current_task())
        with suppress(asyncio.IncompleteReadError, ConnectionError):  # when the bot is done with this connection
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
                length = int(head.partition("content-length:")[2].split("\r\n", 1)[0])
                result = await self._answer(head.split(" ", 2)[1], json.loads(await reader.readexactly(length)))
                body = json.dumps({"ok": True, "result": result}).encode()
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
                await writer.drain()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def _answer(self, path: str, params: dict[str, Any]) -> Any:
        if path.endswith("/getupdates"):
            return await self._updates() if params["timeout"] else []
        if not path.endswith("/answercallbackquery"):  # what was pressed is answered by more than that
            self._answered.set()
        if "text" not in params:
            return True
        rows = (params.get("reply_markup") or {}).get("inline_keyboard", [])
        self._keyboard = [button["callback_data"] for row in rows for button in row if "callback_data" in button]
        return {"message_id": 100, "date": 1_700_000_000, "chat": CHAT, "text": params["text"]}

    async def _updates(self) -> list[dict[str, Any]]:
        with suppress(TimeoutError):
            async with asyncio.timeout(SILENCE):
                await self._answered.wait()
                await asyncio.sleep(QUIET)
        if not self._said:
            self.done.set()
            await self._end.wait()
            return []
        self._answered.clear()
        number, said = self._said.popleft()
        return [{"update_id": number, **self._update(number, said)}]

    def _update(self, number: int, said: str | int) -> dict[str, Any]:
        message: dict[str, Any] = {"message_id": number, "date": 1_700_000_000, "chat": CHAT, "from": PERSON}
        if isinstance(said, int):
            data = self._keyboard[said] if said < len(self._keyboard) else "-:help"
            pressed = {**message, "message_id": 100, "text": "x"}
            return {
                "callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "message": pressed, "data": data}
            }
        if said.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(said)}]
        return {"message": {**message, "text": said}}


async def _visit(door: Path) -> None:
    """Open the Mini App: its page, signing in, each feature's view."""
    reader, writer = await asyncio.open_unix_connection(door)
    answer = await _ask(reader, writer, "POST", "/api/session", f"tma {_init_data()}")
    token = json.loads(answer)["token"]
    for path in VISITED:
        await _ask(reader, writer, "GET", path, f"bearer {token}")
    writer.close()
    await writer.wait_closed()


async def _ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, method: str, path: str, authorization: str
) -> bytes:
    lines: Sequence[str] = (
        f"{method} {path} HTTP/1.1",
        "Host: warm",
        "Accept-Encoding: gzip",
        "Content-Length: 0",
        f"Authorization: {authorization}",
    )
    writer.write("\r\n".join([*lines, "", ""]).encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
    return await reader.readexactly(int(head.partition("content-length:")[2].split("\r\n", 1)[0] or 0))


def _init_data() -> str:
    fields = {"auth_date": str(int(time.time())), "user": json.dumps(PERSON)}
    check = "\n".join(f"{key}={fields[key]}" for key in sorted(fields))
    return urlencode({**fields, "hash": hmac.new(SECRET, check.encode(), hashlib.sha256).hexdigest()})
