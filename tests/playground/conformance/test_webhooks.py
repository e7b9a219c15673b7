"""Webhooks: setting, delivering, answering in the answer, coming again (telegram.md 4.3)."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused
from tests.running import running_playground

Answer = Callable[[dict[str, Any]], tuple[int, bytes]]


@dataclass
class Hook:
    """A tiny HTTP server that keeps what it was sent."""

    url: str = ""
    answer: Answer = lambda update: (200, b"")
    requests: asyncio.Queue[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=asyncio.Queue)

    async def next(self) -> tuple[dict[str, str], dict[str, Any]]:
        async with asyncio.timeout(10):
            return await self.requests.get()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode()
                lines = head.split("\r\n")
                headers = {
                    name.lower(): value for name, _, value in (line.partition(": ") for line in lines[1:] if line)
                }
                body = json.loads(await reader.readexactly(int(headers["content-length"])))
                status, content = self.answer(body)
                kind = "Content-Type: application/json\r\n" if content else ""
                writer.write(f"HTTP/1.1 {status} X\r\n{kind}Content-Length: {len(content)}\r\n\r\n".encode() + content)
                await writer.drain()
                await self.requests.put((headers, body))
        writer.close()


@pytest.fixture(scope="module")
async def playground_url(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """A playground that delivers to plain HTTP on this machine."""
    async with running_playground(tmp_path_factory.mktemp("world")) as url:
        yield url


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    server = await asyncio.start_server(hook.serve, "127.0.0.1", 0)
    hook.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook"
    yield hook
    server.close()


async def test_updates_are_delivered_with_the_secret(bot: CallingBot, alice: Person, hook: Hook) -> None:
    answer = await bot.http.post(
        f"{bot.url}/bot{bot.token}/setWebhook", json={"url": hook.url, "secret_token": "s-3_cret"}
    )
    assert answer.json() == {"ok": True, "result": True, "description": "Webhook was set"}
    await alice.says(bot.id, "one")
    headers, update = await hook.next()
    assert headers["x-telegram-bot-api-secret-token"] == "s-3_cret"
    assert headers["content-type"] == "application/json"
    assert update["message"]["text"] == "one"
    info = await bot.getWebhookInfo()
    assert (info["url"], info["pending_update_count"], info["has_custom_certificate"]) == (hook.url, 0, False)


async def test_a_delivery_may_be_answered_with_a_call(bot: CallingBot, alice: Person, hook: Hook) -> None:
    def reply(update: dict[str, Any]) -> tuple[int, bytes]:
        chat = update["message"]["chat"]["id"]
        return 200, json.dumps({"method": "sendMessage", "chat_id": chat, "text": "by answer"}).encode()

    hook.answer = reply
    await bot.setWebhook(url=hook.url)
    await alice.says(bot.id, "one")
    assert await alice.hears(bot.id, "by answer")


async def test_what_was_not_taken_comes_again(bot: CallingBot, alice: Person, hook: Hook) -> None:
    refusals = [500]
    hook.answer = lambda _: (refusals.pop() if refusals else 200, b"")
    await bot.setWebhook(url=hook.url)
    await alice.says(bot.id, "one")
    first, again = await hook.next(), await hook.next()
    assert first[1] == again[1]
    info = await bot.getWebhookInfo()
    assert "500" in info["last_error_message"]


async def test_wanted_kinds_are_remembered_and_pending_updates_dropped(
    bot: CallingBot, alice: Person, hook: Hook
) -> None:
    hook.answer = lambda _: (500, b"")
    await bot.setWebhook(url=hook.url, allowed_updates=["message"], max_connections=7)
    await alice.says(bot.id, "one")
    await hook.next()
    info = await bot.getWebhookInfo()
    assert (info["pending_update_count"], info["allowed_updates"], info["max_connections"]) == (1, ["message"], 7)
    assert await bot.deleteWebhook(drop_pending_updates=True) is True
    assert (await bot.getWebhookInfo())["pending_update_count"] == 0
    assert await bot.getUpdates(offset=0) == []


async def test_setting_again_says_so(bot: CallingBot, hook: Hook) -> None:
    async def described(method: str, **values: Any) -> str:
        answer = await bot.http.post(f"{bot.url}/bot{bot.token}/{method}", json=values)
        return str(answer.json()["description"])

    assert await described("deleteWebhook") == "Webhook is already deleted"
    assert await described("setWebhook", url=hook.url) == "Webhook was set"
    assert await described("setWebhook", url=hook.url) in {"Webhook is already set", "Too Many Requests: retry after 1"}
    assert await described("deleteWebhook") == "Webhook was deleted"


@pytest.mark.parametrize(
    ("secret", "says"),
    [("x" * 257, "secret token is too long"), ("a b", "secret token contains unallowed characters")],
)
async def test_secrets_have_rules(bot: CallingBot, hook: Hook, secret: str, says: str) -> None:
    with pytest.raises(Refused) as caught:
        await bot.setWebhook(url=hook.url, secret_token=secret)
    assert caught.value.description == f"Bad Request: {says}"


async def test_updates_of_a_chat_come_one_after_the_other(
    bot: CallingBot, alice: Person, hook: Hook, playground: Playground
) -> None:
    await bot.setWebhook(url=hook.url)
    for number in range(5):
        await alice.says(bot.id, str(number))
    assert [(await hook.next())[1]["message"]["text"] for _ in range(5)] == ["0", "1", "2", "3", "4"]
