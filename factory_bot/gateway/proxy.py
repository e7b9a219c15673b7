"""A request to a bot's Mini App, streamed to its process and back."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

import httpx
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from factory_bot.gateway.addresses import Place
from factory_bot.gateway.pages import Pages

LARGEST_BODY = 12_000_000  # bytes; a photo of a form field is the largest thing a Mini App sends

# RFC 9110 §7.6.1: these speak of one connection only and are not passed on.
_HOP_BY_HOP = frozenset(
    {"connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "te", "trailer", "transfer-encoding",
     "upgrade", "proxy-connection"}
)  # fmt: skip
_NOT_ASKED = _HOP_BY_HOP | {"host", "expect", "cookie", "forwarded", "x-forwarded-for", "x-real-ip"}
_NOT_ANSWERED = _HOP_BY_HOP | {"server", "date", "set-cookie"}


class BodyTooLargeError(Exception):
    """More was sent than a Mini App may send."""


class Proxy:
    """Hands requests on to children on loopback."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages
        self._client = httpx.AsyncClient(
            timeout=httpx.Timeout(30.0, connect=2.0),
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=50, keepalive_expiry=10),
            follow_redirects=False,
            trust_env=False,
        )
        # The library's own headers would be passed on as the asker's, and one of them asks for compression.
        self._client.headers = httpx.Headers({"accept-encoding": "identity"})

    async def aclose(self) -> None:
        """Close the connections to the children."""
        await self._client.aclose()

    async def hand_on(self, request: Request, place: Place, port: int) -> Response:
        """The child's own answer, or a friendly one where it gave none."""
        as_json = place.path.startswith("/api")
        declared = request.headers.get("content-length", "0")
        if not declared.isascii() or not declared.isdigit() or int(declared) > LARGEST_BODY:
            return self._too_large()
        has_body = declared != "0" or "transfer-encoding" in request.headers
        path = _raw_path(request, place)
        if path is None:
            return self._pages.unknown(as_json=as_json)
        query = f"?{request.url.query}" if request.url.query else ""
        asked = self._client.build_request(
            request.method,
            f"http://127.0.0.1:{port}{path}{query}",
            headers=[*_kept(request.headers.items(), _NOT_ASKED), ("host", f"{place.agent_id}.localhost")],
            content=_bounded(request.stream()) if has_body else None,
        )
        try:
            answer = await self._client.send(asked, stream=True)
        except BodyTooLargeError:
            return self._too_large()
        except httpx.ConnectError:
            return self._pages.down(as_json=as_json)
        except httpx.TimeoutException:
            return self._pages.refused(504, "gateway.no_answer")
        except httpx.TransportError:
            return self._pages.down(as_json=as_json)
        response = StreamingResponse(_passed_on(answer), answer.status_code)
        response.raw_headers = [
            (name, value) for name, value in answer.headers.raw if name.decode().lower() not in _NOT_ANSWERED
        ]
        return response

    def _too_large(self) -> Response:
        return self._pages.refused(413, "gateway.too_large", megabytes=LARGEST_BODY // 1_000_000)


def _raw_path(request: Request, place: Place) -> str | None:
    """The path inside the bot as it was sent (percent-encoded); None if what stands before it was spelled otherwise."""
    raw: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    sent = raw.decode("ascii", "replace")
    return sent.removeprefix(place.base) if sent.startswith(f"{place.base}/") else None


def _kept(headers: Iterable[tuple[str, str]], dropped: frozenset[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in headers if name.lower() not in dropped]


async def _bounded(chunks: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    total = 0
    async for chunk in chunks:
        total += len(chunk)
        if total > LARGEST_BODY:
            raise BodyTooLargeError
        yield chunk


async def _passed_on(answer: httpx.Response) -> AsyncIterator[bytes]:
    try:
        async for chunk in answer.aiter_raw():
            yield chunk
    finally:
        await answer.aclose()
