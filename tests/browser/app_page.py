"""A Mini App that does what a test tells it, served on an origin of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse
from starlette.routing import Route

APP = """<!doctype html><html><head><meta charset="utf-8"><title>Tea shop</title><style>
body { font: 16px/1.5 sans-serif; margin: 0; padding: 20px; background: var(--bg, #fff); color: var(--ink, #000) }
</style></head><body><h1>Tea shop</h1><p id="state">waiting</p><script>
window.heard = [];
window.waiting = [];
window.tell = (eventType, eventData = "") => window.parent.postMessage(JSON.stringify({eventType, eventData}), "*");
addEventListener("message", (event) => {
  if (event.source !== window.parent) return;
  const message = JSON.parse(event.data);
  heard.push(message);
  if (message.eventType === "theme_changed") {
    document.body.style.setProperty("--bg", message.eventData.theme_params.bg_color);
    document.body.style.setProperty("--ink", message.eventData.theme_params.text_color);
  }
  window.waiting = waiting.filter((wait) => !wait(message));
});
/** Tells an event and resolves with the next event of the wanted kind. */
window.asked = (eventType, eventData, wanted) => new Promise((resolve) => {
  waiting.push((message) => message.eventType === wanted && (resolve(message.eventData), true));
  tell(eventType, eventData);
});
tell("iframe_ready", {reload_supported: true});
tell("web_app_request_theme");
tell("web_app_ready");
document.getElementById("state").textContent = "ready";
</script></body></html>"""


OFFICIAL = Path(__file__).parents[1] / "node/node_modules/@twa-dev/sdk/src/telegram-web-apps.js"
OFFICIAL_APP = """<!doctype html><html><head><meta charset="utf-8"><title>Official</title>
<script src="telegram-web-app.js"></script></head><body><p id="state">waiting</p><script>
const app = Telegram.WebApp;
app.ready();
/** The first argument a callback gets from a method that takes it last. */
window.result = (call) => new Promise((resolve) => call((...values) => resolve(values)));
window.event = (name) => new Promise((resolve) => app.onEvent(name, (value) => resolve(value ?? null)));
document.getElementById("state").textContent = "ready";
</script></body></html>"""


async def _official_app(request: Request) -> HTMLResponse:
    return HTMLResponse(OFFICIAL_APP)


async def _official_script(request: Request) -> FileResponse:
    return FileResponse(OFFICIAL, media_type="text/javascript")


async def _app(request: Request) -> HTMLResponse:
    return HTMLResponse(APP)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self):  # type: ignore[no-untyped-def]
        yield


@contextlib.asynccontextmanager
async def serving_app() -> AsyncIterator[str]:
    """The address of the app; its host is a name of its own, as a bot's app has one in the playground."""
    listener = socket.create_server(("127.0.0.1", 0))
    pages = {"/app/": _app, "/official/": _official_app, "/official/telegram-web-app.js": _official_script}
    application = Starlette(routes=[Route(path, page) for path, page in pages.items()])
    server = _Server(uvicorn.Config(application, log_level="warning", lifespan="off", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://tea-shop.localhost:{listener.getsockname()[1]}/app/"
    finally:
        server.should_exit = True
        await task
