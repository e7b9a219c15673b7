"""A small Bot API server inside a test: tokens, long polls, sent messages; what each request carried is kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@dataclass
class Account:
    """One bot's side of the server."""

    token: str
    updates: list[dict[str, Any]] = field(default_factory=list)
    given: int = 0
    sent: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)
    poll: asyncio.Task[Any] | None = None
    revoked: bool = False
    fails_with: int | None = None  # every call is answered with this status

    async def wait_for(self, happened: Any, limit: float = 10.0) -> None:
        """Return when `happened(self)` is true."""
        async with asyncio.timeout(limit), self.news:
            await self.news.wait_for(lambda: happened(self))

    async def says(self, text: str, chat_id: int = 1) -> None:
        """A person writes to the bot."""
        person = {"id": chat_id, "is_bot": False, "first_name": "Alice"}
        message = {
            "message_id": self.given + 1,
            "date": 1_700_000_000,
            "chat": {"id": chat_id, "type": "private", "first_name": "Alice"},
            "from": person,
            "text": text,
        }
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
        await self.gives({"message": message})

    async def gives(self, content: dict[str, Any]) -> None:
        """The bot gets an update."""
        async with self.news:
            self.given += 1
            self.updates.append({"update_id": 999 + self.given, **content})
            self.news.notify_all()


class SmallApi:
    """The server."""

    def __init__(self) -> None:
        self.bots: dict[int, Account] = {}
        self.url = ""
        self.polls: dict[int, int] = defaultdict(int)

    def bot(self, bot_id: int, secret: str = "AAsecret_secret_secret_secret_secret") -> Account:
        """A bot with that token."""
        self.bots[bot_id] = Account(token=f"{bot_id}:{secret}")
        return self.bots[bot_id]

    async def answer(self, request: web.Request) -> web.StreamResponse:
        token, method = request.match_info["token"], request.match_info["method"].lower()
        account = self.bots.get(int(token.partition(":")[0] or 0))
        if account is None or account.token != token or account.revoked:
            return _error(401, "Unauthorized")
        async with account.news:
            account.calls.append(method)
            account.news.notify_all()
        if account.fails_with is not None:
            return _error(account.fails_with, "Internal Server Error: restart")
        params = await _params(request)
        if method == "getupdates":
            return await self._updates(account, params)
        if method == "getme":
            me = {"id": int(token.partition(":")[0]), "is_bot": True, "first_name": "Bot", "username": "some_bot"}
            return _result(me)
        if method.startswith("send"):
            async with account.news:
                account.sent.append(params)
                account.news.notify_all()
            chat = {"id": int(params.get("chat_id", 1)), "type": "private", "first_name": "Alice"}
            return _result({"message_id": 5000 + len(account.sent), "date": 1_700_000_000, "chat": chat})
        return _result(True)

    async def _updates(self, account: Account, params: dict[str, Any]) -> web.Response:
        if account.poll is not None and not account.poll.done():
            account.poll.cancel("other")
        account.poll = asyncio.current_task()
        offset, timeout = int(params.get("offset", 0)), float(params.get("timeout", 0))

        def waiting() -> list[dict[str, Any]]:
            return [update for update in account.updates if update["update_id"] >= offset]

        try:
            async with asyncio.timeout(timeout), account.news:
                await account.news.wait_for(lambda: waiting() or account.revoked)
        except TimeoutError:
            return _result([])
        except asyncio.CancelledError as exc:
            if exc.args == ("other",):
                return _error(409, CONFLICT)
            raise
        return _error(401, "Unauthorized") if account.revoked else _result(waiting())

    async def file(self, request: web.Request) -> web.StreamResponse:
        return web.Response(body=b"x" * 3_000_000, content_type="application/octet-stream")


async def _params(request: web.Request) -> dict[str, Any]:
    if request.content_type == "application/json":
        return dict(await request.json())
    posted = await request.post()
    fields = {
        name: (value.filename, value.file.read()) if isinstance(value, web.FileField) else value
        for name, value in posted.items()
    }
    return {**request.query, **fields}


def _result(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(code: int, description: str) -> web.Response:
    return web.json_response({"ok": False, "error_code": code, "description": description}, status=code)


@asynccontextmanager
async def small_api() -> AsyncIterator[SmallApi]:
    """The server, on a free port of loopback."""
    api = SmallApi()
    app = web.Application(client_max_size=64 << 20)
    app.router.add_route("*", "/bot{token}/{method}", api.answer)
    app.router.add_get("/file/bot{token}/{path:.*}", api.file)
    runner = web.AppRunner(app, handler_cancellation=True, access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        port = site._server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        api.url = f"http://127.0.0.1:{port}"
        yield api
    finally:
        for account in api.bots.values():
            if account.poll is not None:
                account.poll.cancel()
        await runner.cleanup()
