"""Keeps other websites out: only this machine, and only pages the playground itself served, may act in it."""

from __future__ import annotations

import ipaddress

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

OWN_SITES = ("same-origin", "none")  # what a browser says of a request the playground's own page or a person made


class Guard:
    """Refuses requests addressed to another host name (DNS rebinding) or sent by another site's page."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sentence = refusal(Headers(scope=scope), scope["path"]) if scope["type"] == "http" else None
        if sentence is None:
            await self.app(scope, receive, send)
        else:
            await JSONResponse({"error": sentence}, status_code=403)(scope, receive, send)


def refusal(headers: Headers, path: str) -> str | None:
    """Why this request is refused, or None."""
    host = headers.get("host", "")
    if not is_loopback(host):
        return f"The playground answers only under this machine's own name, not as {host!r}."
    origin = headers.get("origin")
    if origin is not None and origin != f"http://{host}":
        return f"The playground does not take requests from pages of {origin!r}."
    visit = path == "/" and headers.get("sec-fetch-mode", "navigate") == "navigate"  # a link on another page is fine
    if not visit and headers.get("sec-fetch-site", "none") not in OWN_SITES:
        return "The playground does not take requests from pages of other sites."
    return None


def is_loopback(host: str) -> bool:
    """True for a `Host` header that can only mean this machine."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() and not host.endswith("]") else host
    name = name.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
