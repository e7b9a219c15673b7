"""Webhooks: updates are posted in order with the secret, again until taken, and the answer may be a call."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused


class Hook:
    """A bot's server: what was posted to it, and what it answers next."""

    def __init__(self) -> None:
        self.posts: asyncio.Queue[tuple[dict[str, Any], str | None]] = asyncio.Queue()
        self.answers: list[web.Response] = []
        self.url = ""

    async def answer(self, request: web.Request) -> web.Response:
        secret = request.headers.get("X-Telegram-Bot-Api-Secret-Token")
        self.posts.put_nowait((await request.json(), secret))
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> tuple[dict[str, Any], str | None]:
        async with asyncio.timeout(10):
            return await self.posts.get()


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook = Hook()
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    hook.url = f"http://127.0.0.1:{port}/hook"
    yield hook
    await runner.cleanup()


async def test_updates_are_posted_with_the_secret(bot: CallingBot, alice: Person, hook: Hook) -> None:
    await alice.starts("@echo_bot")
    answer = await bot.http.post(
        f"{bot.url}/bot{bot.token}/setWebhook", json={"url": hook.url, "secret_token": "s3cret_-"}
    )
    assert answer.json() == {"ok": True, "result": True, "description": "Webhook was set"}
    update, secret = await hook.next()
    assert (update["message"]["text"], secret) == ("/start", "s3cret_-")
    await alice.says("@echo_bot", "two")
    assert (await hook.next())[0]["message"]["text"] == "two"
    info = await bot.getWebhookInfo()
    assert (info["url"], info["max_connections"]) == (hook.url, 40)


async def test_what_is_not_taken_comes_again_in_order(bot: CallingBot, alice: Person, hook: Hook) -> None:
    hook.answers = [web.Response(status=500)]
    await bot.setWebhook(url=hook.url)
    await alice.says("@echo_bot", "one")
    await alice.says("@echo_bot", "two")
    posted = [(await hook.next())[0]["message"]["text"] for _ in range(3)]
    assert posted == ["one", "one", "two"]
    info = await bot.getWebhookInfo()
    assert info["last_error_message"] == "Wrong response from the webhook: 500 Internal Server Error"


async def test_a_method_in_the_answer_is_carried_out(bot: CallingBot, alice: Person, hook: Hook) -> None:
    body = json.dumps({"method": "sendMessage", "chat_id": alice.id, "text": "From the reply"})
    hook.answers = [web.Response(text=body, content_type="application/json")]
    await bot.setWebhook(url=hook.url)
    await alice.starts("@echo_bot")
    assert str(await alice.hears("@echo_bot", "From the reply"))


@pytest.mark.parametrize(
    ("values", "description"),
    [
        ({"url": "http://a.example/"}, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"),
        ({"url": "https://a.example/", "secret_token": "ä"}, "Bad Request: secret token contains unallowed characters"),
        ({"url": "https://a.example/", "secret_token": "x" * 257}, "Bad Request: secret token is too long"),
    ],
)
async def test_webhooks_that_are_refused(bot: CallingBot, values: dict[str, Any], description: str) -> None:
    with pytest.raises(Refused) as refused:
        await bot.setWebhook(**values)
    assert refused.value.description == description


async def test_setting_one_again_at_once_is_too_fast(bot: CallingBot, playground: Playground, hook: Hook) -> None:
    await bot.setWebhook(url=hook.url)
    with pytest.raises(Refused, match=r"^Too Many Requests: retry after 1$"):
        await bot.setWebhook(url=hook.url)
    await playground.advance(1)
    address = f"{bot.url}/bot{bot.token}"
    again = await bot.http.post(f"{address}/setWebhook", json={"url": hook.url})
    assert again.json()["description"] == "Webhook is already set"
    gone = [(await bot.http.post(f"{address}/deleteWebhook")).json()["description"] for _ in range(2)]
    assert gone == ["Webhook was deleted", "Webhook is already deleted"]


async def test_a_webhook_that_is_gone_for_a_day_is_removed(
    bot: CallingBot, alice: Person, playground: Playground, hook: Hook
) -> None:
    hook.answers = [web.Response(status=410), web.Response(status=410)]
    await bot.setWebhook(url=hook.url)
    await alice.starts("@echo_bot")
    await hook.next()
    await playground.advance(23.5 * 3600)
    await hook.next()
    async with asyncio.timeout(5):
        while (await bot.getWebhookInfo())["url"]:
            pass
    assert [update["message"]["text"] for update in await bot.call("getUpdates")] == ["/start"]
