"""uvicorn inside a running loop, on a socket that was bound before anything else started."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import uvicorn
from starlette.types import ASGIApp

from factory_bot.errors import SettingsError


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.settled = asyncio.Event()  # it serves, or it gave up

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        try:
            await super().startup(sockets)
        finally:
            self.settled.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        # The factory's own loop handles signals; uvicorn would replace its handlers and re-raise at the end.
        yield


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.  Raises `SettingsError` with one sentence when the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Inherited by accepted connections; without it each answer on a kept connection waits 40 ms.
        bound.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        bound.bind((host, port))
        bound.listen(256)
    except OSError as exc:
        bound.close()
        raise SettingsError(
            f"the gateway cannot listen on {host}:{port} ({exc.strerror}): "
            "set MANCER_GATEWAY_HOST and MANCER_GATEWAY_PORT"
        ) from exc
    bound.setblocking(False)
    return bound


@asynccontextmanager
async def serving(app: ASGIApp, listener: socket.socket) -> AsyncIterator[None]:
    """Serve the application on the listener for as long as the block lasts."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, server_header=False, proxy_headers=False, timeout_graceful_shutdown=1
    )
    server = _Server(config)
    task = asyncio.create_task(server.serve(sockets=[listener]), name="gateway")
    try:
        await server.settled.wait()
        yield
    finally:
        server.should_exit = True
        await task
        listener.close()
