"""Serving the playground on a socket that listens already."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import uvicorn

from playground.app import application, settle_in
from playground.world.world import World

GRACE = 1  # seconds that calls under way get when it stops


class _Server(uvicorn.Server):
    """Signals belong to whoever started it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


async def serve(
    listener: socket.socket, data: Path, stop: asyncio.Event, *, http_apps: bool, say: Callable[[str], None]
) -> None:
    """Serve until `stop` is set; says one line when it is ready."""
    world = World(data, http_apps=http_apps)
    try:
        settle_in(world)
        async with running(world, listener) as url:
            say(f"playground ready on {url}")
            await stop.wait()
    finally:
        world.close()


@contextlib.asynccontextmanager
async def running(world: World, listener: socket.socket) -> AsyncIterator[str]:
    """The playground answering on this socket; gives its address."""
    config = uvicorn.Config(
        application(world),
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_keep_alive=75,
        timeout_graceful_shutdown=GRACE,
        ws="none",
    )
    # Sockets made with protocol 0 escape asyncio's own TCP_NODELAY, and each answer would wait 40 ms for an ACK.
    listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    server = _Server(config)
    task = asyncio.create_task(server.serve([listener]), name="playground")
    webhooks = asyncio.create_task(_deliver_webhooks(world), name="webhooks")
    try:
        while not server.started and not task.done():  # noqa: ASYNC110 - uvicorn has no event for it
            await asyncio.sleep(0.002)
        host, port = listener.getsockname()[:2]
        yield f"http://{f'[{host}]' if ':' in host else host}:{port}"
    finally:
        server.should_exit = True
        world.end_waits()
        webhooks.cancel()
        await asyncio.gather(webhooks, return_exceptions=True)
        await task


async def _deliver_webhooks(world: World) -> None:
    """Wait for the first webhook before importing the client that delivers: most playgrounds never have one."""
    while not any(account.webhook for account in world.accounts.values()):
        await world.news("webhooks", None)
    from playground.webhooks import deliver_webhooks

    await deliver_webhooks(world)
