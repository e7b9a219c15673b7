"""A bot's Mini App over real HTTP, and a page that frames it as Telegram's web client does.

The form and the poll behind it are as small as they can be: they keep the wire shapes of the real ones in memory, so
that the shell is tested alone.  The stories through a real child are in tests/acceptance.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import socket
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import uvicorn
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

import bot_runtime
from bot_runtime.catalogue import Catalogue
from bot_runtime.dna import AgentDNA, FormFeature, FormField, PollFeature
from bot_runtime.miniapp.app import MiniApp, Refusal, refused
from bot_runtime.miniapp.assets import shell
from bot_runtime.miniapp.initdata import derived_secret
from bot_runtime.miniapp.sessions import Sessions

TOKEN = "110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
CATALOGUE = Catalogue(Path(bot_runtime.__file__).parent / "texts")

LIGHT = {
    "bg_color": "#ffffff", "text_color": "#000000", "hint_color": "#707579", "link_color": "#00488f",
    "button_color": "#3390ec", "button_text_color": "#ffffff", "secondary_bg_color": "#f4f4f5",
    "header_bg_color": "#ffffff", "accent_text_color": "#3390ec", "section_bg_color": "#ffffff",
    "section_header_text_color": "#707579", "subtitle_text_color": "#707579", "destructive_text_color": "#df3f40",
}  # fmt: skip
DARK = {
    "bg_color": "#212121", "text_color": "#ffffff", "hint_color": "#aaaaaa", "link_color": "#8774e1",
    "button_color": "#8774e1", "button_text_color": "#ffffff", "secondary_bg_color": "#0f0f0f",
    "header_bg_color": "#212121", "accent_text_color": "#8774e1", "section_bg_color": "#212121",
    "section_header_text_color": "#aaaaaa", "subtitle_text_color": "#aaaaaa", "destructive_text_color": "#e53935",
}  # fmt: skip

FORM = FormFeature(
    title="Order a pizza",
    intro="Tell us what you would like, and we call you when it is ready.",
    thanks="Your pizza goes into the oven.",
    fields=(
        FormField(id="name", label="Your name"),
        FormField(id="phone", label="Phone", kind="phone"),
        FormField(id="email", label="E-mail", kind="email", required=False),
        FormField(id="size", label="Size", kind="choice", options=("Small", "Medium", "Large")),
        FormField(
            id="extras", label="Extras", kind="choices", options=("Olives", "Basil", "Anchovies"), required=False
        ),
        FormField(id="pieces", label="How many", kind="number", minimum=1, maximum=20),
        FormField(id="day", label="For which day", kind="date"),
        FormField(id="stars", label="How do you like us", kind="rating", required=False),
        FormField(id="picture", label="A photo of your table", kind="photo", required=False),
    ),
)
POLL = PollFeature(
    question="Which pizza should be the pizza of the week?", options=("Margherita", "Diavola", "Marinara")
)

FAR_AWAY = "/some/prefix/bella-napoli"
HOST_PAGE = Path(__file__).with_name("host.html").read_text(encoding="utf-8")


def init_data(user_id: int = 7, *, token: str = TOKEN, at: float | None = None, **more: str) -> str:
    """Launch data signed for the bot of `token`."""
    user = {"id": user_id, "first_name": f"Person {user_id}", "language_code": "en"}
    fields = {"user": json.dumps(user), "auth_date": str(int(time.time() if at is None else at)), **more}
    check = "\n".join(f"{key}={value}" for key, value in sorted(fields.items()))
    return urlencode(fields | {"hash": hmac.new(derived_secret(token), check.encode(), hashlib.sha256).hexdigest()})


def fragment(data: str, theme: dict[str, str] = LIGHT, version: str = "9.6", platform: str = "web") -> str:
    """The launch parameters as Telegram's clients put them behind the address."""
    return (
        f"#tgWebAppData={quote(data, safe='')}&tgWebAppVersion={version}&tgWebAppPlatform={platform}"
        f"&tgWebAppThemeParams={quote(json.dumps(theme), safe='')}"
    )


@dataclass
class World:
    """One bot: what it answers, what it was sent, and the faults it is told to have."""

    dna: AgentDNA
    address: str = ""  # of the page that frames the app; `app` is the app's own
    app: str = ""
    submissions: list[dict[str, Any]] = field(default_factory=list)
    photos: dict[str, bytes] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)
    votes: dict[int, list[int]] = field(default_factory=dict)
    closed: bool = False
    faults: dict[str, str] = field(default_factory=dict)  # field id → sentence, said to the next submission
    status: int = 200  # anything else is answered instead
    paths: list[str] = field(default_factory=list)
    theme: dict[str, str] = field(default_factory=lambda: dict(LIGHT))
    sessions: Sessions = field(default_factory=Sessions)

    def forget(self) -> None:
        """Be as new, for the next test."""
        for kept in (self.submissions, self.photos, self.keys, self.votes, self.faults, self.paths):
            kept.clear()
        self.closed, self.status, self.theme = False, 200, dict(LIGHT)

    def end_sessions(self) -> None:
        """What a restart of the bot does to everybody who has the app open."""
        for user_id in range(100):
            self.sessions.end(user_id)

    def state(self, feature: FormFeature | PollFeature, visitor_id: int) -> dict[str, Any]:
        """What the feature shows to this visitor."""
        if isinstance(feature, FormFeature):
            shown = feature.model_dump(mode="json", include={"kind", "id", "title", "intro", "thanks", "fields"})
            return shown | {"submissions": list(reversed(self.submissions))}
        counts = [sum(index in vote for vote in self.votes.values()) for index in range(len(feature.options))]
        return {
            "kind": "poll", "id": feature.id, "question": feature.question, "options": list(feature.options),
            "multiple": feature.multiple, "closed": self.closed, "closes_at": None, "counts": counts,
            "voters": len(self.votes), "mine": self.votes.get(visitor_id, []),
            "share_url": "https://t.me/pizza_bot?start=poll",
        }  # fmt: skip

    @property
    def version(self) -> str:
        """The folder of the shell's files."""
        return shell().version

    def open_at(self, user_id: int = 7, **launch: Any) -> str:
        """The address of the framing page for this person."""
        return f"{self.address}/host?user={user_id}&" + urlencode(launch)

    def routes(self) -> list[Route]:
        """The bot's own routes and the framing page."""
        mini_app = MiniApp(
            dna=self.dna,
            username="pizza_bot",
            owner_id=1,
            secret=derived_secret(TOKEN),
            catalogue=CATALOGUE,
            sessions=self.sessions,
        )
        features = {feature.id: feature for feature in self.dna.features}

        async def show(request: Request) -> Response:
            visitor = mini_app.require(request)
            if self.status != 200:
                return JSONResponse({"error": "The oven is on fire."}, status_code=self.status)
            return JSONResponse(self.state(features[request.path_params["id"]], visitor.id))

        async def submit(request: Request) -> Response:
            mini_app.require(request)
            async with request.form() as form:
                answers = json.loads(str(form["answers"]))
                self.keys.append(str(form["key"]))
                for name, value in form.items():
                    if isinstance(value, UploadFile):
                        self.photos[name] = await value.read()
                        answers[name] = "photo"
            if self.faults:
                faults, self.faults = self.faults, {}
                return JSONResponse({"error": "Please look again.", "fields": faults}, status_code=422)
            labels = {one.id: one.label for one in FORM.fields}
            submission = {
                "id": len(self.submissions) + 1,
                "at": "2026-11-21T12:00:00+00:00",
                "answers": [{"id": key, "label": labels[key], "text": str(value)} for key, value in answers.items()],
            }
            self.submissions.append(submission)
            return JSONResponse({"submission": submission, "thanks": FORM.thanks}, status_code=201)

        async def withdraw(request: Request) -> Response:
            mini_app.require(request)
            self.submissions = [one for one in self.submissions if one["id"] != request.path_params["number"]]
            return JSONResponse({"submissions": self.submissions})

        async def vote(request: Request) -> Response:
            visitor = mini_app.require(request)
            poll = features[request.path_params["id"]]
            if self.closed:
                state = self.state(poll, visitor.id)
                return JSONResponse({"error": "This poll is closed.", "state": state}, status_code=409)
            if request.method == "PUT":
                self.votes[visitor.id] = (await request.json())["options"]
            else:
                self.votes.pop(visitor.id, None)
            return JSONResponse(self.state(poll, visitor.id))

        async def host(request: Request) -> Response:
            query = dict(request.query_params)
            data = init_data(int(query.pop("user")))
            address = f"{self.app}{query.pop('path', '/app/')}{fragment(data, self.theme, **query)}"
            return HTMLResponse(HOST_PAGE.replace("THEME", json.dumps(self.theme)).replace("ADDRESS", address))

        async def blank(request: Request) -> Response:
            script = '<script src="https://telegram.org/js/telegram-web-app.js?62"></script>'
            head = script if request.path_params["name"] == "official" else ""
            return HTMLResponse(f'<!doctype html><html><head>{head}</head><body><main id="app"></main></body></html>')

        routes = [
            *mini_app.routes(),
            Route("/blank/{name}", blank),
            Route("/api/features/{id}", show),
            Route("/api/features/{id}/submissions", submit, methods=["POST"]),
            Route("/api/features/{id}/submissions/{number:int}", withdraw, methods=["DELETE"]),
            Route("/api/features/{id}/vote", vote, methods=["PUT", "DELETE"]),
            Route("/host", host),
        ]
        return [route for route in routes if isinstance(route, Route)]


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Any:
        yield


@contextlib.asynccontextmanager
async def serving(*features: FormFeature | PollFeature) -> AsyncIterator[World]:
    """A bot with these features on a free port."""
    dna = AgentDNA(name="Bella Napoli", purpose="Pizza from a wood oven since 1987.", features=features)
    world = World(dna=dna)
    app = Starlette(routes=world.routes(), exception_handlers={Refusal: refused})

    async def counted(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            world.paths.append(scope["path"])
            if scope["path"].startswith(FAR_AWAY):  # as a gateway does it for the path form of a public address
                scope = scope | {"path": scope["path"].removeprefix(FAR_AWAY)}
        await app(scope, receive, send)

    listener = socket.create_server(("127.0.0.1", 0))
    port = listener.getsockname()[1]
    world.address, world.app = f"http://127.0.0.1:{port}", f"http://bella-napoli.localhost:{port}"
    server = _Server(uvicorn.Config(counted, log_level="warning", lifespan="off"))
    task = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        yield world
    finally:
        server.should_exit = True
        server.force_exit = True
        await task
