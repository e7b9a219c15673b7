"""The gateway over real HTTP, before a small real server in the place of a bot."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

import factory_bot
from bot_runtime.catalogue import Catalogue
from factory_bot.errors import SettingsError
from factory_bot.gateway import RateLimit, address_form, bind, gateway_app, serving
from factory_bot.gateway.addresses import is_passed
from factory_bot.gateway.proxy import LARGEST_BODY

CATALOGUE = Catalogue(Path(factory_bot.__file__).parent / "texts")


async def echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse(
        {"path": request.scope["raw_path"].decode(), "query": request.url.query, "size": len(body),
         "headers": dict(request.headers)},
        headers={"x-own": "yes", "set-cookie": "a=b"},
    )  # fmt: skip


def dripping(release: asyncio.Event) -> Route:
    async def drip(_: Request) -> Response:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"first"
            await release.wait()
            yield b"second"

        return StreamingResponse(chunks())

    return Route("/api/drip", drip)


def free_listener() -> socket.socket:
    return bind("127.0.0.1", 0)


class Town:
    """One running bot, one stopped bot, and a gateway before them."""

    def __init__(self) -> None:
        self.release = asyncio.Event()
        self.limit = RateLimit()


@pytest.fixture
def town() -> Town:
    return Town()


@pytest.fixture
async def client(town: Town, request: pytest.FixtureRequest) -> AsyncIterator[httpx.AsyncClient]:
    public_url: str | None = getattr(request, "param", None)
    bot, front = free_listener(), free_listener()
    ports = dict.fromkeys(("pizzeria", "appointments", "api-2"), bot.getsockname()[1])

    async def known(agent_id: str) -> bool:
        return agent_id in {"pizzeria", "asleep", "appointments", "api-2"}

    async def vitals() -> dict[str, object]:
        return {"ok": True}

    app = gateway_app(
        form=address_form(public_url), known=known, port_of=ports.get, vitals=vitals, catalogue=CATALOGUE,
        limit=town.limit,
    )  # fmt: skip
    child = Starlette(routes=[dripping(town.release), Route("/{path:path}", echo, methods=["GET", "POST"])])
    address = f"http://127.0.0.1:{front.getsockname()[1]}"
    async with serving(child, bot), serving(app, front), httpx.AsyncClient(base_url=address) as http:
        yield http


HOST = {"host": "pizzeria.localhost:8080"}


async def test_a_request_reaches_the_bot_that_its_host_names(client: httpx.AsyncClient) -> None:
    answer = await client.post(
        "/api/form/a%20b%2Fc?x=1&y=%26", headers=HOST | {"authorization": "tma x"}, content=b"12345"
    )
    assert answer.status_code == 200
    assert answer.headers["x-own"] == "yes"
    assert "set-cookie" not in answer.headers
    told = answer.json()
    assert (told["path"], told["query"], told["size"]) == ("/api/form/a%20b%2Fc", "x=1&y=%26", 5)
    assert told["headers"]["authorization"] == "tma x"
    assert told["headers"]["host"] == "pizzeria.localhost"
    assert told["headers"]["content-length"] == "5"
    assert "transfer-encoding" not in told["headers"]


@pytest.mark.parametrize("client", ["https://example.com/mini"], indirect=True)
async def test_the_path_form_reaches_the_bot_too(client: httpx.AsyncClient) -> None:
    assert (await client.get("/mini/pizzeria/app/x.js")).json()["path"] == "/app/x.js"
    assert (await client.get("/mini/nobody/app/")).status_code == 404
    assert (await client.get("/pizzeria/app/")).status_code == 404
    moved = await client.get("/mini/pizzeria")
    assert (moved.status_code, moved.headers["location"]) == (307, "/mini/pizzeria/app/")


@pytest.mark.parametrize(
    "path", ["/health", "/counters", "/app/../health", "/x", "/app/%2e%2e/health", "//health", "/apphealth"]
)
async def test_only_the_app_and_its_api_are_handed_on(client: httpx.AsyncClient, path: str) -> None:
    port = client.base_url.port
    assert port is not None
    reader, writer = await asyncio.open_connection("127.0.0.1", port)  # httpx would tidy the path up
    writer.write(f"GET {path} HTTP/1.1\r\nhost: pizzeria.localhost\r\nconnection: close\r\n\r\n".encode())
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))


async def test_an_unknown_bot_and_one_that_is_down_get_a_friendly_page(client: httpx.AsyncClient) -> None:
    unknown = await client.get("/app/", headers={"host": "nobody.localhost"})
    assert (unknown.status_code, "No such bot" in unknown.text) == (404, True)
    down = await client.get("/app/", headers={"host": "asleep.localhost"})
    assert (down.status_code, "short break" in down.text, down.headers["retry-after"]) == (503, True, "10")
    assert (
        (await client.get("/api/x", headers={"host": "asleep.localhost"})).json()["error"].startswith("This bot is not")
    )
    assert (await client.get("/healthz")).json() == {"ok": True}


async def test_what_is_too_large_is_refused_declared_or_not(client: httpx.AsyncClient) -> None:
    declared = await client.post("/api/x", headers=HOST, content=b"x" * (LARGEST_BODY + 1))

    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(LARGEST_BODY // 1_000_000 + 1):
            yield b"x" * 1_000_000

    streamed = await client.post("/api/x", headers=HOST, content=chunks())
    for answer in (declared, streamed):
        assert (answer.status_code, answer.json()["error"]) == (
            413,
            "That is too large: at most 12 MB can be sent at once.",
        )


async def test_an_answer_is_streamed_while_it_is_made(client: httpx.AsyncClient, town: Town) -> None:
    async with client.stream("GET", "/api/drip", headers=HOST) as answer:
        chunks = answer.aiter_raw()
        assert await anext(chunks) == b"first"
        town.release.set()
        assert await anext(chunks) == b"second"


async def test_one_address_that_asks_too_fast_is_slowed_and_others_are_not(
    client: httpx.AsyncClient, town: Town
) -> None:
    town.limit.burst, town.limit.now = 3, lambda: 0.0
    seen = [(await client.get("/healthz", headers={"x-forwarded-for": "1.2.3.4"})).status_code for _ in range(5)]
    assert seen == [200, 200, 200, 429, 429]
    assert (await client.get("/healthz", headers={"x-forwarded-for": "1.2.3.5"})).status_code == 200


def test_a_taken_port_is_one_clear_sentence() -> None:
    with free_listener() as taken, pytest.raises(SettingsError, match="MANCER_GATEWAY_PORT"):
        bind("127.0.0.1", taken.getsockname()[1])


@pytest.mark.parametrize(
    ("public_url", "host", "path", "expected"),
    [
        (None, "a.localhost:8080", "/app/", ("a", "/app/")),
        (None, "A.LOCALHOST", "/api/x", ("a", "/api/x")),
        (None, "localhost", "/app/", None),
        (None, "a.b.localhost", "/app/", None),
        (None, "a.localhost.evil.com", "/app/", None),
        ("https://{bot}.bots.example.com", "a-1.bots.example.com", "/app/", ("a-1", "/app/")),
        ("https://{bot}.bots.example.com", "bots.example.com", "/app/", None),
        ("https://example.com/{bot}", "anything", "/a/app/", ("a", "/app/")),
        ("https://example.com", "anything", "/a/api/x", ("a", "/api/x")),
        ("https://example.com", "anything", "/../app/", None),
        ("https://example.com", "anything", "/healthz", None),
    ],
)
def test_addresses(public_url: str | None, host: str, path: str, expected: tuple[str, str] | None) -> None:
    place = address_form(public_url).place(host, path)
    assert (place and (place.agent_id, place.path)) == expected


def test_paths_that_climb_are_not_passed() -> None:
    assert is_passed("/app/")
    assert not is_passed("/app/%2E%2e/health")
