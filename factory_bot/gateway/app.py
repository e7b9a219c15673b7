"""The gateway's routes: who is asked for, whether they may be asked, and who answers."""

from __future__ import annotations

import ipaddress
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot_runtime.catalogue import Catalogue
from factory_bot.gateway.addresses import HEALTH, AddressForm, is_passed
from factory_bot.gateway.limits import RateLimit
from factory_bot.gateway.pages import Pages
from factory_bot.gateway.proxy import Proxy
from factory_bot.model.agents import AgentId

Known = Callable[[AgentId], Awaitable[bool]]  # is there (or was there not long ago) such a bot?
PortOf = Callable[[AgentId], int | None]  # where its process listens, None while it is down
Vitals = Callable[[], Awaitable[dict[str, object]]]  # what /healthz says

METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def gateway_app(
    *, form: AddressForm, known: Known, port_of: PortOf, vitals: Vitals, catalogue: Catalogue, limit: RateLimit
) -> Starlette:
    """The gateway as an ASGI application."""
    pages = Pages(catalogue)
    proxy = Proxy(pages)

    async def answer(request: Request) -> Response:
        if not limit.allows(client_address(request)):
            refusal = pages.refused(429, "gateway.too_fast")
            refusal.headers["retry-after"] = "1"
            return refusal
        path = request.url.path
        place = form.place(request.headers.get("host", ""), path)
        if place is None:
            return JSONResponse(await vitals()) if path == HEALTH else pages.unknown(as_json=False)
        if place.path in {"/", "/app"}:
            return RedirectResponse(f"{path.removesuffix('/').removesuffix('/app')}/app/", 307)
        as_json = place.path.startswith("/api")
        if not is_passed(place.path) or not await known(place.agent_id):
            return pages.unknown(as_json=as_json)
        port = port_of(place.agent_id)
        if port is None:
            return pages.down(as_json=as_json)
        return await proxy.hand_on(request, place, port)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await proxy.aclose()

    return Starlette(routes=[Route("/{path:path}", answer, methods=METHODS)], lifespan=lifespan)


def client_address(request: Request) -> str:
    """Who asks: the peer, or what a reverse proxy on this machine says of it in its last X-Forwarded-For entry."""
    peer = request.client.host if request.client else ""
    forwarded = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    try:
        if forwarded and ipaddress.ip_address(peer).is_loopback:
            return str(ipaddress.ip_address(forwarded))
    except ValueError:
        return peer
    return peer
