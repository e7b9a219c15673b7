"""The HTTP face: `/bot<token>/<method>` and `/file/bot<token>/<path>`, answered as Telegram's server does."""

from __future__ import annotations

import asyncio
import json
import logging
import re
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from playground.botapi.call import Said
from playground.botapi.performing import method_named, perform
from playground.botapi.request import LARGEST_BODY, read
from playground.faults import Fault
from playground.wire import WireFault
from playground.world.records import Account
from playground.world.refusals import Refusal, too_many
from playground.world.world import World

log = logging.getLogger(__name__)

CALL_PATH = re.compile(r"/bot(?P<token>[^/]*)/(?:test/)?(?P<method>[^/]+)/?")
FILE_PATH = re.compile(r"/file/bot(?P<token>[^/]*)/(?:test/)?(?P<path>.+)")
TOKEN = re.compile(r"[1-9][0-9]{0,15}:[A-Za-z0-9_-]{10,64}")
SILENCE = 60.0  # seconds a call that is never answered stays open
BAD_GATEWAY = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx/1.18.0</center>\r\n</body>\r\n</html>\r\n"
)


class BotApi:
    """The ASGI application that bots talk to."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, _measured(receive))
        try:
            response = await self._answer(request)
        except _NoAnswer as exc:
            await _hang_up(send, exc.after)
            return
        self._world.commit()
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        try:
            if match := FILE_PATH.fullmatch(request.url.path):
                return self._file(self._bot(match["token"]), match["path"])
            match = CALL_PATH.fullmatch(request.url.path)
            if match is None or request.method not in ("GET", "POST"):
                raise Refusal("Not Found", 404)
            return await self._call(request, match["token"], match["method"])
        except Refusal as exc:
            return failed(exc.code, exc.description, exc.parameters)
        except WireFault as exc:
            return failed(exc.code, exc.description)
        except _NoAnswer:
            raise
        except Exception:
            log.exception("a call failed inside the playground")
            return failed(500, "Internal Server Error: the playground has a bug here; its log has the details")

    def _bot(self, token: str) -> Account:
        if not TOKEN.fullmatch(token):
            raise Refusal("Not Found", 404)
        bot = self._world.tokens.get(token)
        if bot is None:
            raise Refusal("Unauthorized", 401)
        return bot

    async def _call(self, request: Request, token: str, name: str) -> Response:
        bot = self._bot(token)
        method = method_named(name)
        if bot.logged_out_until > self._world.clock.now() and method != "logOut":
            raise Refusal("Logged out", 400, as_is=True)
        fault = self._world.faults.of_call(bot.id, method)
        if fault is not None and fault.kind != "timeout":
            return _trouble(fault)
        raw, uploads = await read(request)
        result = await perform(self._world, bot, method, raw, uploads)
        if fault is not None:
            self._world.commit()
            raise _NoAnswer(SILENCE)
        return succeeded(result)

    def _file(self, bot: Account, path: str) -> Response:
        record = self._world.files.at(path)
        if record is None:
            raise Refusal("Not Found: file not found", 404)
        target = self._world.files.path(record.id)
        return FileResponse(target, media_type="application/octet-stream", filename=record.name)


def _measured(receive: Receive) -> Receive:
    """The body as it comes, until it is too long."""
    length = 0

    async def measured() -> Message:
        nonlocal length
        message = await receive()
        length += len(message.get("body", b""))
        if length > LARGEST_BODY:
            raise Refusal("Request Entity Too Large", 413)
        return message

    return measured


class _NoAnswer(Exception):
    """The connection is to end without an answer."""

    def __init__(self, after: float) -> None:
        self.after = after


def _trouble(fault: Fault) -> Response:
    match fault.kind:
        case "429":
            raise too_many(fault.retry_after)
        case "500":
            raise Refusal("Internal Server Error: restart", 500)
        case "502":
            return HTMLResponse(BAD_GATEWAY, 502)
        case _:
            raise _NoAnswer(0)


async def _hang_up(send: Send, after: float) -> None:
    """Break the connection; uvicorn's cycle object, which owns `send`, holds it."""
    await asyncio.sleep(after)
    cycle: Any = getattr(send, "__self__", None)
    if cycle is not None:
        cycle.transport.abort()
        while not cycle.disconnected:  # noqa: ASYNC110 - the loop tells it in its next round
            await asyncio.sleep(0)


def succeeded(result: Any) -> Response:
    """The answer of a call that was carried out."""
    body: dict[str, Any] = {"ok": True, "result": result}
    if isinstance(result, Said):
        body = {"ok": True, "result": result.result, "description": result.description}
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "replace"), media_type="application/json")


def failed(code: int, description: str, parameters: dict[str, Any] | None = None) -> Response:
    """The answer of a call that was refused."""
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    retry_after = (parameters or {}).get("retry_after")
    return JSONResponse(body, code, headers={"Retry-After": str(retry_after)} if retry_after else None)
