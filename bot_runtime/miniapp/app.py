"""The Mini App of one bot over HTTP: its page, its files, and who is asking.

mini_app = MiniApp(dna=dna, username="pizza_bot", owner_id=1, secret=secret, catalogue=catalogue)
routes = [*mini_app.routes(), Route("/api/…", endpoint)]       # the features' own routes call mini_app.require(request)
Starlette(routes=routes, exception_handlers={Refusal: refused})
"""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from bot_runtime.catalogue import Catalogue
from bot_runtime.dna import Access, AgentDNA, FormFeature, PollFeature
from bot_runtime.miniapp.assets import Asset, Shell, asset, shell
from bot_runtime.miniapp.initdata import Fault, InitDataError, Launch, verify
from bot_runtime.miniapp.sessions import IDLE, Sessions, Visitor

# Telegram Web shows the page in a frame: no frame-ancestors, no X-Frame-Options.
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
REVALIDATE = "no-cache"
FOR_EVER = "public, max-age=31536000, immutable"
SENTENCES = {Fault.STALE: "app.login_stale", Fault.FUTURE: "app.login_future"}


class Refusal(HTTPException):
    """A call that is refused, with the sentence for the person."""


async def refused(request: Request, exc: Exception) -> Response:
    """The refusal as JSON: `{"error": "one clear sentence"}`."""
    assert isinstance(exc, HTTPException)
    return JSONResponse({"error": exc.detail}, status_code=exc.status_code, headers=HEADERS)


class MiniApp:
    """The Mini App of the bot that `dna` describes."""

    def __init__(
        self,
        *,
        dna: AgentDNA,
        username: str,
        owner_id: int,
        secret: bytes,
        catalogue: Catalogue,
        sessions: Sessions | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._dna = dna
        self._username = username
        self._owner_id = owner_id
        self._secret = secret
        self._catalogue = catalogue
        self._now = now
        self._shell: Shell = shell()
        self._texts: dict[str, dict[str, str]] = {}
        self._pages: dict[str, Asset] = {}
        self.sessions = Sessions() if sessions is None else sessions

    def routes(self) -> list[BaseRoute]:
        """`/app/` with its files, and `POST /api/session`."""
        return [
            Route("/app", self._to_folder),
            Route("/app/", self._page),
            Route("/app/{version}/{name}", self._file),
            Route("/api/session", self._sign_in, methods=["POST"]),
        ]

    def require(self, request: Request) -> Visitor:
        """Who is asking.  Raises `Refusal` (401) unless the call carries a living session."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        visitor = self.sessions.visitor(token.strip()) if scheme.casefold() == "bearer" else None
        if visitor is None:
            raise Refusal(401, self._catalogue.plain("app.session_over", _spoken(request)))
        return visitor

    async def _to_folder(self, request: Request) -> Response:
        return Response(status_code=308, headers={**HEADERS, "Location": "app/"})  # relative: the app may lie anywhere

    async def _page(self, request: Request) -> Response:
        language = self._language(_spoken(request))
        if language not in self._pages:
            self._pages[language] = asset(self._render(language).encode(), ".html")
        return _send(request, self._pages[language], REVALIDATE, vary="Accept-Encoding, Accept-Language")

    async def _file(self, request: Request) -> Response:
        found = self._shell.assets.get(request.path_params["name"])
        if found is None:
            raise Refusal(404, self._catalogue.plain("app.no_such_page", _spoken(request)))
        is_current = request.path_params["version"] == self._shell.version
        return _send(request, found, FOR_EVER if is_current else REVALIDATE, vary="Accept-Encoding")

    async def _sign_in(self, request: Request) -> Response:
        scheme, _, init_data = request.headers.get("authorization", "").partition(" ")
        if scheme.casefold() != "tma" or not init_data:
            raise Refusal(401, self._catalogue.plain("app.login_missing", _spoken(request)))
        try:
            launch = verify(init_data.strip(), secret=self._secret, now=self._now())
        except InitDataError as exc:
            sentence = SENTENCES.get(exc.fault, "app.login_refused")
            raise Refusal(401, self._catalogue.plain(sentence, _spoken(request))) from exc
        visitor = self._visitor(launch)
        if self._dna.access is Access.OWNER and not visitor.is_owner:
            raise Refusal(403, self._catalogue.plain("app.owner_only", visitor.language))
        headers = {**HEADERS, "Cache-Control": "no-store"}
        return JSONResponse(self._welcome(visitor, launch), headers=headers)

    def _visitor(self, launch: Launch) -> Visitor:
        return Visitor(**asdict(launch.person), is_owner=launch.person.id == self._owner_id)

    def _welcome(self, visitor: Visitor, launch: Launch) -> dict[str, Any]:
        language = self._language(visitor.language)
        return {
            "token": self.sessions.open(visitor),
            "expires_in": int(IDLE),
            "visitor": {"id": visitor.id, "first_name": visitor.first_name, "is_owner": visitor.is_owner},
            "start": launch.start_param,
            "language": language,
            "texts": self._texts_in(language),
        }

    def _language(self, wanted: str) -> str:
        """The language spoken to somebody who wants `wanted`: theirs, else the bot's own, else English."""
        for tried in (wanted, wanted.partition("-")[0], *self._dna.languages, "en"):
            if tried in self._catalogue.languages:
                return tried
        return "en"

    def _texts_in(self, language: str) -> dict[str, str]:
        if language not in self._texts:
            self._texts[language] = {
                key.removeprefix("app."): self._catalogue.template(key, language)
                for key in sorted(self._catalogue.keys())
                if key.startswith("app.")
            }
        return self._texts[language]

    def _render(self, language: str) -> str:
        """The index page: fixed markup, with the bot's words only as escaped text and as JSON data."""
        kinds = sorted({feature.kind for feature in self._dna.features} & self._shell.views.keys())
        facts: dict[str, Any] = {
            "name": self._dna.name,
            "username": self._username,
            "features": [
                {"id": feature.id, "kind": feature.kind, "title": _title(feature)}
                for feature in self._dna.features
                if feature.kind in self._shell.views
            ],
            "language": language,
            "texts": self._texts_in(language),
        }
        titles = [feature["title"] for feature in facts["features"]]
        preloads = [*self._shell.scripts, *(name for kind in kinds for name in self._shell.views[kind])]
        places = {
            "LANGUAGE": html.escape(language),
            "NAME": html.escape(self._dna.name),
            "TITLE": html.escape(titles[0] if len(titles) == 1 else self._dna.name),
            "VERSION": self._shell.version,
            "NO_SCRIPT": html.escape(self._texts_in(language)["no_script"]),
            "OPENING": html.escape(self._texts_in(language)["opening"]),
            "PRELOADS": "\n".join(
                f'<link rel="modulepreload" href="{self._shell.version}/{name}">' for name in preloads
            ),
            # A script element ends at the first "</": JSON can spell that otherwise.
            "FACTS": json.dumps(facts, ensure_ascii=False).replace("<", "\\u003c"),
        }
        pieces = self._shell.page.split("%%")
        return "".join(places[piece] if index % 2 else piece for index, piece in enumerate(pieces))


def _title(feature: FormFeature | PollFeature) -> str:
    return feature.question if isinstance(feature, PollFeature) else feature.title


def _spoken(request: Request) -> str:
    """The first language the browser asks for."""
    return request.headers.get("accept-language", "").partition(",")[0].partition(";")[0].strip().lower()


def _send(request: Request, found: Asset, cache: str, *, vary: str) -> Response:
    headers = {**HEADERS, "ETag": found.etag, "Cache-Control": cache, "Vary": vary}
    known = {mark.strip().removeprefix("W/") for mark in request.headers.get("if-none-match", "").split(",")}
    if found.etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.packed, media_type=found.type, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.plain, media_type=found.type, headers=headers)
