"""One request of a bot, passed on to Telegram with the real token in it, and the answer passed back."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote

import aiohttp
from aiohttp import web
from yarl import URL

from factory_bot.egress.methods import allowed
from factory_bot.egress.notices import NoticeKind

log = logging.getLogger(__name__)

PLACEHOLDER = "egress"  # where a child has the secret half of its token
WHOLE = 1 << 20  # bytes; a body up to this size is passed on in one piece, a larger one as it comes

_METHOD = re.compile(r"/bot(?P<bot>\d{1,20}):(?P<secret>\w+)/(?P<method>[A-Za-z]{1,64})")
_FILE = re.compile(r"/file/bot(?P<bot>\d{1,20}):(?P<secret>\w+)/(?P<path>[\w.~!$&'()*+,;=:@%/-]{1,1000})", re.ASCII)
_NO_UPDATES = len('{"ok":true,"result":[]}')

_REQUEST_HEADERS = ("Content-Type", "Accept", "Accept-Encoding")
_ANSWER_HEADERS = ("Content-Type", "Content-Encoding", "Retry-After", "Last-Modified", "ETag")

Tell = Callable[[NoticeKind], None]


@dataclass(frozen=True, kw_only=True)
class Errand:
    """What a request asks for, after it was found to be permitted."""

    path: str  # on the Bot API server, with the real token
    method: str | None = None  # None: a file is downloaded


class Refusal(Exception):
    """The request is not passed on; the message is one sentence for its sender."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence

    def response(self) -> web.Response:
        """In the Bot API's form of an error."""
        return refused(self.code, self.sentence)


def refused(code: int, sentence: str) -> web.Response:
    """An error as Telegram writes one."""
    return web.json_response({"ok": False, "error_code": code, "description": sentence}, status=code)


def errand_of(path: str, bot_id: int, token: str) -> Errand:
    """What a child's request asks for.  Raises `Refusal` where that is not a child's to ask.  Pure."""
    if match := _METHOD.fullmatch(path):
        _own(match, bot_id)
        method = match["method"]
        if not allowed(method):
            raise Refusal(403, f"Forbidden: a made bot may not call {method}")
        return Errand(path=f"/bot{token}/{method}", method=method.lower())
    if match := _FILE.fullmatch(path):
        _own(match, bot_id)
        if any(_leads_elsewhere(unquote(part)) for part in match["path"].split("/")):
            raise Refusal(403, "Forbidden: that is not the path of a file")
        return Errand(path=f"/file/bot{token}/{match['path']}")
    raise Refusal(404, "Not Found")


def _own(match: re.Match[str], bot_id: int) -> None:
    if int(match["bot"]) != bot_id or match["secret"] != PLACEHOLDER:
        raise Refusal(403, "Forbidden: this way out belongs to another bot")


def _leads_elsewhere(part: str) -> bool:
    return part in {"", ".", ".."} or any(character in part for character in "/\\\0%?#")


class Forwarder:
    """Passes requests on to one Bot API server over one set of connections."""

    def __init__(self, api_url: str, session: aiohttp.ClientSession) -> None:
        self._api_url = api_url
        self._session = session

    async def forward(self, request: web.BaseRequest, errand: Errand, tell: Tell) -> web.StreamResponse:
        """Pass the request on and the answer back; says what it meant for the bot's polling."""
        polls = errand.method == "getupdates"
        if polls:
            tell(NoticeKind.POLL_BEGAN)
        try:
            async with self._ask(request, errand) as answer:
                _tell_meaning(answer.status, answer.content_length, tell, polls=polls)
                return await _passed_back(request, answer)
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            tell(NoticeKind.UNREACHABLE)
            log.info("Telegram could not be reached: %s", type(exc).__name__)
            return refused(502, "Bad Gateway: Telegram could not be reached")

    def _ask(
        self, request: web.BaseRequest, errand: Errand
    ) -> aiohttp.client._RequestContextManager:  # what session.request returns; it has no public name
        headers = {name: request.headers[name] for name in _REQUEST_HEADERS if name in request.headers}
        headers.setdefault("Accept-Encoding", "identity")
        query = request.rel_url.raw_query_string
        body: aiohttp.StreamReader | None = None
        if request.body_exists:
            body = request.content
            if request.content_length is not None:
                headers["Content-Length"] = str(request.content_length)
        url = URL(self._api_url + errand.path + (f"?{query}" if query else ""), encoded=True)
        return self._session.request(request.method, url, headers=headers, data=body, allow_redirects=False)


def _tell_meaning(status: int, length: int | None, tell: Tell, *, polls: bool) -> None:
    if status == 401 or (status == 404 and polls):
        tell(NoticeKind.UNAUTHORIZED)
    elif status == 409 and polls:
        tell(NoticeKind.CONFLICT)
    elif status >= 500:
        tell(NoticeKind.UNREACHABLE)
    elif polls:
        nothing = status != 200 or (length is not None and length <= _NO_UPDATES)
        tell(NoticeKind.POLL_ENDED if nothing else NoticeKind.UPDATES)


async def _passed_back(request: web.BaseRequest, answer: aiohttp.ClientResponse) -> web.StreamResponse:
    headers = {name: answer.headers[name] for name in _ANSWER_HEADERS if name in answer.headers}
    if answer.content_length is not None and answer.content_length <= WHOLE:
        return web.Response(status=answer.status, headers=headers, body=await answer.read())
    response = web.StreamResponse(status=answer.status, headers=headers)
    if answer.content_length is not None:
        response.content_length = answer.content_length
    await response.prepare(request)
    try:
        async for chunk in answer.content.iter_chunked(1 << 16):
            await response.write(chunk)
    except (aiohttp.ClientError, TimeoutError) as exc:
        # The answer has begun: all that is left is to break it off, so that it is not taken for whole.
        if request.transport is not None:
            request.transport.abort()
        raise asyncio.CancelledError from exc
    await response.write_eof()
    return response
