"""Delivering updates to webhooks: one POST per update, in order per chat, again and again until it is taken."""

from __future__ import annotations

import asyncio
import json
import logging
import random
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import aiohttp
from yarl import URL

from playground.botapi.performing import method_named, perform
from playground.trust import fault_words, trust
from playground.wire import WireFault
from playground.world.records import Account, Waiting
from playground.world.refusals import Refusal
from playground.world.world import World

log = logging.getLogger(__name__)

ANSWER = 60.0  # seconds a webhook has to answer
FIRST_DELAY, LONGEST_DELAY = 1.0, (60.0, 120.0)
LONGEST_RETRY_AFTER = 3600.0
GONE_FOR = 23 * 3600.0  # seconds of HTTP 410 after which a webhook is removed
NOT_IN_REPLIES = ("setWebhook", "deleteWebhook", "close", "logOut")


@dataclass
class Lane:
    """Updates that go out one after another: those of one chat."""

    failures: int = 0
    not_before: float = 0.0  # on the loop's clock


@dataclass
class Deliverer:
    """The deliveries of one bot."""

    world: World
    bot: Account
    http: aiohttp.ClientSession
    lanes: dict[str, Lane] = field(default_factory=dict)
    under_way: dict[str, asyncio.Task[None]] = field(default_factory=dict)
    gone_since: float | None = None
    news: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Deliver until cancelled."""
        line = self.world.queues.of(self.bot.id)
        line.listener = self.news.set
        try:
            while True:
                self.news.clear()
                self._start_what_is_due()
                self.world.commit()
                await self._pause()
        finally:
            line.listener = None
            for task in self.under_way.values():
                task.cancel()

    def _start_what_is_due(self) -> None:
        now = asyncio.get_running_loop().time()
        for update in self._heads():
            if len(self.under_way) >= self.bot.webhook.get("max_connections", 1):
                return
            lane = self.lanes.setdefault(update.lane, Lane())
            if lane.not_before <= now:
                self.under_way[update.lane] = asyncio.create_task(self._deliver(update, lane))

    def _heads(self) -> Iterator[Waiting]:
        seen = set(self.under_way)
        for update in self.world.queues.pending(self.bot.id):
            if update.lane not in seen:
                seen.add(update.lane)
                yield update

    async def _pause(self) -> None:
        """Until there is news or a lane may try again."""
        now = asyncio.get_running_loop().time()
        later = [lane.not_before - now for lane in self.lanes.values() if lane.not_before > now]
        try:
            async with asyncio.timeout(min(later) if later else None):
                await self.news.wait()
        except TimeoutError:
            pass

    async def _deliver(self, update: Waiting, lane: Lane) -> None:
        try:
            retry_after = await self._post(update)
            if retry_after is None:
                self.lanes.pop(update.lane, None)
                self.world.queues.done(update)
            else:
                lane.failures += 1
                delay = min(FIRST_DELAY * 2 ** (lane.failures - 1), random.uniform(*LONGEST_DELAY))  # noqa: S311
                lane.not_before = asyncio.get_running_loop().time() + max(delay, retry_after)
            self.world.commit()
        finally:
            self.under_way.pop(update.lane, None)
            self.news.set()

    async def _post(self, update: Waiting) -> float | None:
        """None when the update was taken, else the seconds the webhook asked us to wait."""
        body = json.dumps(update.shown(), ensure_ascii=False).encode()
        try:
            async with self.http.post(data=body, allow_redirects=False, **self._address()) as answer:
                content = await answer.content.read(1 << 20)
                if 200 <= answer.status < 300:
                    self.gone_since = None
                    await self._do_as_told(content)
                    return None
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
                self._note_gone(answer.status)
                return retry_after(answer.headers.get("Retry-After", ""))
        except (aiohttp.ClientError, TimeoutError, OSError) as exc:
            self._failed(fault_words(exc))
            return 0.0

    def _address(self) -> dict[str, Any]:
        """Where to and how: with an `ip_address`, that one is connected, and still speaks for the name in the URL."""
        webhook = self.bot.webhook
        url, headers = URL(webhook["url"]), {"Content-Type": "application/json"}
        if webhook.get("secret_token"):
            headers["X-Telegram-Bot-Api-Secret-Token"] = webhook["secret_token"]
        where: dict[str, Any] = {"url": url, "headers": headers}
        if url.scheme == "https":
            where["ssl"] = self._trust
        if webhook.get("ip_address"):
            headers["Host"] = url.authority
            where.update(url=url.with_host(webhook["ip_address"]), server_hostname=url.host)
        return where

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        return trust(self.bot.webhook.get("certificate", ""))

    def _failed(self, sentence: str) -> None:
        self.bot.webhook.update(last_error_date=self.world.clock.date(), last_error_message=sentence)
        self.world.changed(self.bot)

    def _note_gone(self, status: int) -> None:
        """A webhook that says 410 for 23 hours is removed."""
        now = self.world.clock.now()
        if status != 410:
            self.gone_since = None
        elif self.gone_since is None:
            self.gone_since = now
        elif now - self.gone_since >= GONE_FOR:
            self.bot.webhook = {}
            self.world.changed(self.bot)
            self.world.wake("webhooks")

    async def _do_as_told(self, content: bytes) -> None:
        """Carry out the method in the answer, whose result nobody gets."""
        try:
            told: Any = json.loads(content) if content.strip() else None
        except ValueError:
            return
        if not isinstance(told, dict) or not isinstance(told.get("method"), str):
            return
        try:
            method = method_named(told.pop("method"))
            if method.startswith("get") or method in NOT_IN_REPLIES:
                return
            await perform(self.world, self.bot, method, told)
        except (Refusal, WireFault) as exc:
            log.info("a method in a webhook's reply was refused: %s", exc.description)


def retry_after(text: str) -> float:
    """The seconds of a Retry-After header, within Telegram's limit."""
    return min(float(text), LONGEST_RETRY_AFTER) if text.isdigit() else 0.0


async def deliver_webhooks(world: World) -> None:
    """Keep one deliverer per bot that has a webhook, until cancelled."""
    running: dict[int, tuple[object, asyncio.Task[None]]] = {}  # the webhook as it was set, and who delivers to it
    timeout = aiohttp.ClientTimeout(total=ANSWER)
    async with aiohttp.ClientSession(timeout=timeout, connector=aiohttp.TCPConnector(limit=0)) as http:
        try:
            while True:
                wanted = {bot.id: bot for bot in world.accounts.values() if bot.webhook.get("url")}
                for bot_id, (webhook, task) in list(running.items()):
                    if bot_id not in wanted or wanted[bot_id].webhook is not webhook:
                        task.cancel()
                        await asyncio.gather(task, return_exceptions=True)
                        del running[bot_id]
                for bot_id in set(wanted) - set(running):
                    deliverer = Deliverer(world, wanted[bot_id], http)
                    task = asyncio.create_task(deliverer.run(), name=f"webhook of {bot_id}")
                    running[bot_id] = (wanted[bot_id].webhook, task)
                await world.news("webhooks", None)
        finally:
            for _, task in running.values():
                task.cancel()
            await asyncio.gather(*(task for _, task in running.values()), return_exceptions=True)
