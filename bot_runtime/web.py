"""The child's HTTP: health and counters for the factory, the Mini App and its calls for people."""

from __future__ import annotations

import asyncio
import logging
import resource
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import cache
from pathlib import Path
from socket import socket
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot_runtime.counting import counters
from bot_runtime.features import Endpoint, Feature, FeatureProblem
from bot_runtime.miniapp.app import MiniApp, Refusal, refused
from bot_runtime.polling import PollerStatus
from bot_runtime.work import House, Person

log = logging.getLogger(__name__)

GRACE = 1  # seconds for calls under way when the bot ends
NOT_STORED = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


class Web:
    """Builds the routes of one bot."""

    def __init__(
        self, house: House, features: Sequence[Feature], mini_app: MiniApp, status: PollerStatus, agent_id: str
    ) -> None:
        self._house = house
        self._features = features
        self._mini_app = mini_app
        self._status = status
        self._agent_id = agent_id

    def application(self) -> Starlette:
        """The ASGI application."""
        routes: list[BaseRoute] = [
            Route("/health", self._health),
            Route("/counters", self._counters),
            *self._mini_app.routes(),
        ]
        for feature in self._features:
            base = f"/api/features/{feature.id}"
            view = Endpoint(method="GET", path="", answer=feature.view)
            for endpoint in [view, *feature.endpoints()]:
                routes.append(Route(base + endpoint.path, self._asked(endpoint), methods=[endpoint.method]))
        handlers: dict[Any, Any] = {Refusal: refused, FeatureProblem: _problem, Exception: self._failure}
        return Starlette(routes=routes, exception_handlers=handlers)

    def _asked(self, endpoint: Endpoint) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            visitor = self._mini_app.require(request)
            person = Person(
                id=visitor.id,
                first_name=visitor.first_name,
                last_name=visitor.last_name or None,
                username=visitor.username or None,
                language=visitor.language or None,
            )
            given = await endpoint.answer(request, person)
            if isinstance(given, Response):
                return given
            status, body = given if isinstance(given, tuple) else (200, given)
            return JSONResponse(body, status, headers=NOT_STORED)

        return answer

    async def _health(self, request: Request) -> Response:
        inbox, outbox, aside = await self._house.journal.counts()
        status = self._status
        return JSONResponse(
            {
                "alive": True,
                "agent_id": self._agent_id,
                "dna_version": self._house.dna.version,
                "state": status.state.value,
                "last_poll_at": status.last_poll_at.isoformat() if status.last_poll_at else None,
                "updates": status.updates,
                "errors": status.errors,
                "poisoned": status.poisoned,
                "aside": aside,
                "inbox": inbox,
                "outbox": outbox,
                "in_doubt": status.in_doubt,
                "memory_bytes": memory_bytes(),
            }
        )

    async def _counters(self, request: Request) -> Response:
        try:
            since = datetime.fromisoformat(request.query_params["since"].replace(" ", "+")).timestamp()
            until = datetime.fromisoformat(request.query_params["until"].replace(" ", "+")).timestamp()
        except (KeyError, ValueError):
            return JSONResponse({"error": "since and until must be moments in ISO 8601"}, 400)
        return JSONResponse(await counters(self._house.store, since, until))

    async def _failure(self, request: Request, exc: Exception) -> Response:
        log.error("%s %s failed", request.method, request.url.path, exc_info=exc)
        async with self._house.work() as work:
            await work.count("errors")
            return JSONResponse({"error": work.plain("bot.failed")}, 500, headers=NOT_STORED)


async def _problem(request: Request, exc: FeatureProblem) -> Response:
    return JSONResponse(exc.answer, exc.status, headers=NOT_STORED)


def memory_bytes() -> int:
    """What this process costs: its proportional share of memory, or what else the kernel tells it."""
    try:
        for line in Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):  # a process that may not be looked into may not look either
        pass
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


class _Server(uvicorn.Server):
    """uvicorn inside a loop whose signals are not its own, and without a tick: an idle bot does not wake."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ending = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Any:
        """Leave the signals alone."""
        yield

    async def main_loop(self) -> None:
        """Serve until `ending` is set."""
        await self.ending.wait()


@cache
def _config() -> uvicorn.Config:
    """The one configuration of this process, made before the fork: its sixty attributes are the same for every bot."""
    config = uvicorn.Config(
        _nobody,
        interface="asgi3",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,  # it would need a tick every second
        ws="none",
        http="h11",
        timeout_graceful_shutdown=GRACE,
    )
    config.load()
    return config


async def _nobody(scope: Any, receive: Any, send: Any) -> None:
    raise RuntimeError("no application was given")


@asynccontextmanager
async def serving(application: Starlette, listener: socket) -> AsyncIterator[None]:
    """Serve on that socket while the block runs, once at a time; then let calls under way end."""
    config = _config()
    config.loaded_app = application
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="http")
    try:
        yield
    finally:
        server.should_exit = True
        server.ending.set()
        await task
        config.loaded_app = _nobody
