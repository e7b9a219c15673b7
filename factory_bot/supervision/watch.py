"""Watching one running process: what happens to it comes in as events, and goes out as its standing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from factory_bot.egress.notices import Notice, NoticeKind
from factory_bot.model.agents import RunState
from factory_bot.supervision.health import (
    CONFLICT_LASTS,
    DEAF_AFTER,
    SILENT_LOOKS,
    UNREACHABLE_AFTER,
    Health,
    Signs,
    judge,
)
from factory_bot.supervision.standing import Standing

LOOKS_AFTER_UPDATES = (1.0, 4.0)  # seconds: by then it shows what an update has done to a bot


class Wish(StrEnum):
    """What a person or the supervisor wants of a bot."""

    STOP = "stop"
    RESTART = "restart"
    LOOK = "look"  # see how it is doing


@dataclass(frozen=True)
class Ended:
    """The process with that pid is gone."""

    pid: int


Event = Wish | Notice | Ended


class Outcome(StrEnum):
    """How the life of one process ends."""

    BY_ITSELF = "ended by itself"
    STOPPED = "was stopped"
    RESTART = "was asked to restart"
    USELESS = "did not work any more"  # only a new start helps
    UNAUTHORIZED = "has no valid token"


class Watch:
    """Attends to one process."""

    def __init__(
        self,
        pid: int,
        events: asyncio.Queue[Event],
        standing: Standing,
        ask_health: Callable[[], Awaitable[Health | None]],
        settled: asyncio.Event,
        *,
        look_again: float,
    ) -> None:
        self._pid = pid
        self._events = events
        self._standing = standing
        self._ask_health = ask_health
        self._settled = settled
        self._look_again = look_again  # seconds after a question that was not answered
        self._loop = asyncio.get_running_loop()
        self.signs = Signs(began=self._loop.time())
        self._looks: list[float] = []  # moments at which to look

    async def attend(self) -> Outcome:
        """Until the process has ended or must end."""
        while True:
            event = await self._next()
            outcome = await self._heed(event)
            if outcome is not None:
                return outcome

    async def _next(self) -> Event:
        """The next event; a look becomes one when it is due."""
        deaf = max(self.signs.polled or 0.0, self.signs.began) + DEAF_AFTER
        try:
            async with asyncio.timeout_at(min([deaf, *self._looks])):
                return await self._events.get()
        except TimeoutError:
            now = self._loop.time()
            self._looks = [moment for moment in self._looks if moment > now]
            return Wish.LOOK

    async def _heed(self, event: Event) -> Outcome | None:
        if isinstance(event, Ended):
            return Outcome.BY_ITSELF if event.pid == self._pid else None
        if event is Wish.STOP:
            return Outcome.STOPPED
        if event is Wish.RESTART:
            return Outcome.RESTART
        if isinstance(event, Notice):
            if event.kind is NoticeKind.UNAUTHORIZED:
                return Outcome.UNAUTHORIZED
            self._note(event.kind)
        else:
            await self._look()
        return await self._judge()

    def _note(self, kind: NoticeKind) -> None:
        now, signs = self._loop.time(), self.signs
        if kind is NoticeKind.CONFLICT:
            signs.conflict = now
        elif kind is NoticeKind.UNREACHABLE:
            if signs.unreachable is None:
                signs.unreachable = now
                self._looks.append(now + UNREACHABLE_AFTER)
        else:
            signs.polled = now
        if kind in {NoticeKind.POLL_ENDED, NoticeKind.UPDATES}:
            signs.unreachable = None
        if kind is NoticeKind.UPDATES and len(self._looks) < len(LOOKS_AFTER_UPDATES):
            self._looks.extend(now + delay for delay in LOOKS_AFTER_UPDATES)

    async def _look(self) -> None:
        health = await self._ask_health()
        if health is not None:
            self.signs.health, self.signs.unanswered = health, 0
            return
        self.signs.unanswered += 1
        if self.signs.unanswered < SILENT_LOOKS:
            self._looks.append(self._loop.time() + self._look_again)

    async def _judge(self) -> Outcome | None:
        now, health = self._loop.time(), self.signs.health
        judgement = judge(self.signs, now)
        lasting = now - self.signs.began >= CONFLICT_LASTS
        await self._standing.judged(judgement, health.aside if health is not None else None, lasting=lasting)
        if judgement.state is not RunState.STARTING:
            self._settled.set()
        return Outcome.USELESS if judgement.restart else None
