"""Warming the fork server: everything a child will import or build lazily happens once, before the fork.

A whole conversation is played in a throw-away folder, with nobody at the other end.  Afterwards there is no thread, no
loop, no socket and no secret: only modules, compiled patterns and validators, which all children then share.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import tempfile
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot_runtime.lean import be_lean, hush

MODULES = (
    "bot_runtime.child",
    "encodings.idna",  # looked up at the first connection …
    "concurrent.futures.thread",  # … and at the first thread
    "starlette.formparsers",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.h11_impl",
)
PERSON = {"id": 1, "is_bot": False, "first_name": "Ann", "last_name": "Bee", "username": "ann", "language_code": "en"}
CHAT = {"id": 1, "type": "private", "first_name": "Ann"}
WORDS = ("/start", "/help", "/privacy", "/form", "Ann", "3", "hello", "/poll", "/cancel", "/forget", "words for nobody")


def warm() -> None:
    """Import and exercise what a child needs.  Leaves one thread."""
    be_lean()
    hush()
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    with tempfile.TemporaryDirectory(prefix="mancer-warm-") as folder:
        asyncio.run(_rehearse(Path(folder)))
    until = time.monotonic() + 5.0
    while threading.active_count() > 1 and time.monotonic() < until:
        time.sleep(0.005)  # the database's thread is on its way out


async def _rehearse(folder: Path) -> None:
    from telegram import User

    from bot_runtime.bot import MadeBot
    from bot_runtime.caller import caller_through_egress
    from bot_runtime.dna import dump, load
    from bot_runtime.features import build_features
    from bot_runtime.journal import BotJournal
    from bot_runtime.miniapp.app import MiniApp
    from bot_runtime.polling import Incoming, PollerStatus
    from bot_runtime.speech import catalogue
    from bot_runtime.store import open_store
    from bot_runtime.web import Web
    from bot_runtime.work import House

    dna = load(_dna())
    load(dump(dna))
    caller = caller_through_egress(2, str(folder / "egress.sock"))
    caller.be(User(id=2, first_name="bot", is_bot=True, username="warm_bot"))
    async with open_store(folder / "bot.db") as store:
        house = House(
            dna=dna,
            bot_id=2,
            username="warm_bot",
            owner_id=1,
            app_url="https://warm.example.org/app/",
            store=store,
            journal=BotJournal(store),
            caller=caller,
        )
        features = build_features(house)
        bot = MadeBot(house, features)
        await bot.open()
        async with house.work() as work:
            for feature in features:
                await feature.begin(work)
        for number, raw in enumerate(_updates(), 1):
            incoming = Incoming(update_id=number, chat_key="c1", raw={"update_id": number, **raw})
            await house.journal.take_in([incoming], number + 1)
            await bot.handle(incoming)
        await _serve_and_call(folder, caller)
        mini_app = MiniApp(dna=dna, username="warm_bot", owner_id=1, secret=b"warm", catalogue=catalogue())
        web = Web(house, features, mini_app, PollerStatus(), "warm").application()
        for path in ("/health", "/app/", "/api/features/form"):
            await _visit(web, path)
        await bot.close()


def _dna() -> dict[str, Any]:
    form = {
        "kind": "form",
        "title": "Form",
        "fields": [
            {"id": "name", "label": "Name"},
            {"id": "number", "label": "Number", "kind": "number"},
            {"id": "day", "label": "Day", "kind": "date", "required": False},
        ],
    }
    poll = {"kind": "poll", "question": "Which?", "options": ["This", "That"], "closes_at": "2100-01-01T00:00:00Z"}
    return {"name": "Warm", "purpose": "Warming", "features": [form, poll]}


def _updates() -> list[Mapping[str, Any]]:
    updates: list[Mapping[str, Any]] = []
    for number, words in enumerate(WORDS):
        message: dict[str, Any] = {"message_id": number + 1, "date": 1_700_000_000, "chat": CHAT, "from": PERSON}
        message["text"] = words
        if words.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(words)}]
        updates.append({"message": message})
    for data in ("-:help", "form:open", "poll:w", "form:mine"):
        pressed = {"message_id": 5, "date": 1_700_000_000, "chat": CHAT, "text": "x"}
        updates.append(
            {"callback_query": {"id": "1", "from": PERSON, "chat_instance": "1", "message": pressed, "data": data}}
        )
    return updates


async def _serve_and_call(folder: Path, caller: Any) -> None:
    """One call over a Unix socket, so that the HTTP parser has been used."""
    answer = json.dumps({"ok": True, "result": []}).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n\r\n".encode()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"}")
        writer.write(head + answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_unix_server(serve, str(folder / "egress.sock"))
    async with server:
        await caller.call("getUpdates", {"timeout": 0}, timeout=5.0)


async def _visit(application: Any, path: str) -> None:
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"warm"), (b"accept-encoding", b"gzip")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 1),
    }

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Mapping[str, Any]) -> None:
        pass

    await application(scope, receive, send)
