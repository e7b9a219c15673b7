"""A model provider on this machine that speaks the formats of OpenAI and Anthropic, well or badly."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route


class Manner(StrEnum):
    """How the provider behaves."""

    GOOD = "good"
    FAILS = "answers 500"
    LIMITS = "answers 429"
    REFUSES_THE_KEY = "answers 401"
    HANGS = "never answers"
    GARBAGE = "answers no JSON"
    NONSENSE = "calls a tool that does not exist"
    WRONG_FIELDS = "answers other fields than asked"
    REFUSES = "refuses in words"
    HANGS_UP = "closes the connection"


@dataclass
class Provider:
    """The provider as a test sees it: its address, how it behaves, what it was asked."""

    address: str
    manner: Manner = Manner.GOOD
    answer: dict[str, Any] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


class _Quiet(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    """A running provider on a port of its own."""
    provider = Provider(address="")
    closing = asyncio.Event()

    async def openai(request: Request) -> Response:
        body = await _taken(provider, request, request.headers.get("authorization", ""))
        bad = await _misbehaviour(provider, closing)
        if bad is not None:
            return bad
        message: dict[str, Any] = {"role": "assistant", "content": None}
        if provider.manner is Manner.REFUSES:
            message |= {"content": "I can't help with that.", "refusal": "I can't help with that."}
        else:
            name, arguments = _call(provider, body["tools"][0]["function"]["name"])
            call = {"id": "call_1", "type": "function", "function": {"name": name, "arguments": json.dumps(arguments)}}
            message["tool_calls"] = [call]
        return JSONResponse(
            {
                "id": "chatcmpl-1",
                "object": "chat.completion",
                "created": 1,
                "model": body["model"],
                "choices": [
                    {
                        "index": 0,
                        "message": message,
                        "finish_reason": "tool_calls" if "tool_calls" in message else "stop",
                    }
                ],
                "usage": {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2},
            }
        )

    async def anthropic(request: Request) -> Response:
        body = await _taken(
            provider, request, request.headers.get("x-api-key", request.headers.get("authorization", ""))
        )
        bad = await _misbehaviour(provider, closing)
        if bad is not None:
            return bad
        if provider.manner is Manner.REFUSES:
            content: dict[str, Any] = {"type": "text", "text": "I can't help with that."}
        else:
            name, arguments = _call(provider, body["tools"][0]["name"])
            content = {"type": "tool_use", "id": "toolu_1", "name": name, "input": arguments}
        return JSONResponse(
            {
                "id": "msg_1",
                "type": "message",
                "role": "assistant",
                "model": body["model"],
                "content": [content],
                "stop_reason": "tool_use" if content["type"] == "tool_use" else "end_turn",
                "stop_sequence": None,
                "usage": {"input_tokens": 1, "output_tokens": 1},
            }
        )

    app = Starlette(
        routes=[
            Route("/v1/chat/completions", openai, methods=["POST"]),
            Route("/v1/messages", anthropic, methods=["POST"]),
        ]
    )
    server = _Quiet(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    serving = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(10):
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        provider.address = f"http://127.0.0.1:{port}"
        yield provider
    finally:
        closing.set()
        server.should_exit = server.force_exit = True
        await serving


def _reason(message: dict[str, Any]) -> str:
    return "tool_calls" if "tool_calls" in message else "stop"


async def _taken(provider: Provider, request: Request, key: str) -> dict[str, Any]:
    body: dict[str, Any] = await request.json()
    provider.asked.append(body)
    provider.keys.append(key)
    return body


async def _misbehaviour(provider: Provider, closing: asyncio.Event) -> Response | None:
    manner = provider.manner
    errors = {Manner.FAILS: 500, Manner.LIMITS: 429, Manner.REFUSES_THE_KEY: 401}
    if manner in errors:
        return JSONResponse({"error": {"message": "no, key sk-secret", "type": "error"}}, status_code=errors[manner])
    if manner is Manner.HANGS:
        await closing.wait()
        return PlainTextResponse("")
    if manner is Manner.HANGS_UP:
        raise ConnectionResetError
    if manner is Manner.GARBAGE:
        return PlainTextResponse("<html>{not json", media_type="application/json")
    return None


def _call(provider: Provider, tool: str) -> tuple[str, dict[str, Any]]:
    if provider.manner is Manner.NONSENSE:
        return "launch_rocket", {"to": "the moon"}
    if provider.manner is Manner.WRONG_FIELDS:
        return tool, {"name": ["not", "a", "name"], "dance": True}
    return tool, provider.answer
