"""Serves the chat page: one HTML file, its style sheets and its modules, and nothing from outside."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path

from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from playground.control.guard import Guard

FOLDER = Path(__file__).resolve().parent.parent / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "frame-src http: https:",  # Mini Apps live on origins of their own
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
    ]
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-cache",  # asked for again each time, answered 304 while unchanged
}


def page_routes() -> list[BaseRoute]:
    """`GET /` and everything the page loads."""
    guarded = [Middleware(Guard)]
    return [
        Route("/", page, methods=["GET"], middleware=guarded),
        Route("/page/{path:path}", asset, methods=["GET"], middleware=guarded),
    ]


async def page(request: Request) -> Response:
    """The page itself; who it is for (`?as=`) is the page's own business."""
    return answer(request, FOLDER / "index.html")


async def asset(request: Request) -> Response:
    """One file of the page; anything outside its folder does not exist."""
    path = (FOLDER / request.path_params["path"]).resolve()
    if not path.is_relative_to(FOLDER) or path.suffix not in KINDS or not path.is_file():
        return Response("Not Found", status_code=404, media_type="text/plain")
    return answer(request, path)


def answer(request: Request, path: Path) -> Response:
    """The file, or 304 when the browser has it already."""
    content, tag = read(path, path.stat().st_mtime_ns)
    headers = {**HEADERS, "ETag": tag}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(content, media_type=f"{KINDS[path.suffix]}; charset=utf-8", headers=headers)


@functools.lru_cache(maxsize=256)
def read(path: Path, changed_at: int) -> tuple[bytes, str]:
    """The content of a file and its tag; read again when the file was changed."""
    content = path.read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:24]}"'
