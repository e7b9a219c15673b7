"""One bot's life: started, watched, started again, stopped.  One task, the only mover of its state."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import signal
import socket
from collections import deque
from dataclasses import dataclass

from factory_bot.egress.client import Egress
from factory_bot.errors import ChildError, MancerError, StorageError
from factory_bot.log import about
from factory_bot.model.agents import ALIVE, AgentId, RunState
from factory_bot.storage.agents import AgentStore
from factory_bot.supervision.announcements import Announcer
from factory_bot.supervision.child import Child, Nursery
from factory_bot.supervision.health import Health, Reason, ask
from factory_bot.supervision.pace import Pace
from factory_bot.supervision.policy import Exit, RestartPolicy, after_exit
from factory_bot.supervision.ports import Ports
from factory_bot.supervision.standing import Standing
from factory_bot.supervision.watch import Ended, Event, Outcome, Watch, Wish

log = logging.getLogger(__name__)

STORE_AGAIN = 5.0  # seconds until a database that could not be used is tried again


@dataclass(frozen=True, kw_only=True)
class Shop:
    """What every keeper works with."""

    store: AgentStore
    egress: Egress
    nursery: Nursery
    ports: Ports
    pace: Pace
    policy: RestartPolicy
    announcer: Announcer
    grace: float  # seconds


class Keeper:
    """Keeps one bot running until it is stopped, given up or unauthorized."""

    def __init__(self, agent_id: AgentId, shop: Shop) -> None:
        self.agent_id = agent_id
        self.settled = asyncio.Event()  # it runs, or it is clear that it does not
        self.leaving = False  # it has run for the last time; whoever wants the bot needs another keeper, after this one
        self.hurried = False  # the factory ends: one move for the end of its process instead of two
        self.queueing = False  # it waits for its first start: its task may be cancelled
        self._shop = shop
        self._output = shop.nursery.log_of(agent_id)
        self._standing = Standing(agent_id, shop.store, shop.announcer, self._output)
        self._events: asyncio.Queue[Event] = asyncio.Queue()
        self._failures: deque[float] = deque(maxlen=shop.policy.max_failures)
        self._child: Child | None = None
        self._port: int | None = None

    @property
    def port(self) -> int | None:
        """Where its process listens; None while there is none."""
        return self._port if self._child is not None else None

    @property
    def pid(self) -> int | None:
        """Of its process; None while there is none."""
        return self._child.process.pid if self._child is not None else None

    def unheard(self) -> bool:
        """Whether it has left although a new start was wanted: that wish came a moment too late for it."""
        return Wish.RESTART in [self._events.get_nowait() for _ in range(self._events.qsize())]

    def put(self, event: Event) -> None:
        """Something happened, or somebody wants something."""
        self._events.put_nowait(event)

    async def health(self) -> Health | None:
        """What its process says of itself now."""
        within = self._shop.policy.answers_within
        answer = await ask(self.port, "/health", within=within) if self.port is not None else None
        if answer is not None:
            with contextlib.suppress(ValueError, KeyError, TypeError):
                return Health.from_json(answer)
        return None

    async def keep(self) -> None:
        """Start it, and start it again; returns when it shall not run any more."""
        with about(self.agent_id):
            try:
                self.queueing = True
                await self._shop.pace.turn(self.agent_id)
                self.queueing = False
                with self._shop.ports.bind() as http:
                    self._port = http.getsockname()[1]
                    while await self._interrupted(http):  # noqa: ASYNC110 – it does the work, it does not only ask
                        await asyncio.sleep(STORE_AGAIN)
            except Exception:  # one bot's trouble is not the others'
                log.exception("it cannot be kept running")
                self.leaving = True
                with contextlib.suppress(MancerError):
                    await self._standing.given_up(Reason.CANNOT_START)
            finally:
                self.settled.set()

    async def _interrupted(self, http: socket.socket) -> bool:
        """Keep it running; whether that has to begin anew since the database could not be used."""
        try:
            await self._lives(http)
        except StorageError as exc:
            log.warning("the database could not be used, so its process was ended: %s", exc)
            return not self.hurried
        return False

    async def _lives(self, http: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        while True:
            began = loop.time()
            reason: Reason | None = Reason.CRASHED
            try:
                outcome = await self._life(http)
            except StorageError:
                raise
            except MancerError as exc:
                log.warning("it could not be started: %s", exc)
                self._output.write([f"(could not be started: {exc})"])
                outcome, reason = Outcome.BY_ITSELF, Reason.CANNOT_START
            if outcome is Outcome.UNAUTHORIZED:
                return
            if outcome is Outcome.RESTART:
                self._failures.clear()
            elif await self._over(outcome, reason, loop.time() - began):
                return

    async def _over(self, outcome: Outcome, reason: Reason | None, uptime: float) -> bool:
        """Act on the end of a process; whether that was the last one."""
        now = asyncio.get_running_loop().time()
        end = Exit(
            asked=outcome is Outcome.STOPPED, uptime=uptime, failures=tuple(now - moment for moment in self._failures)
        )
        verdict = after_exit(end, self._shop.policy, random.random())  # noqa: S311 – jitter
        self.leaving = verdict.state is not RunState.BACKOFF
        if verdict.state is RunState.STOPPED:
            await self._standing.move(RunState.STOPPED)
            return True
        if verdict.state is RunState.FAILED:
            await self._standing.given_up(Reason.GAVE_UP)
            return True
        if verdict.failures == 1:
            self._failures.clear()
        self._failures.append(now)
        await self._standing.backed_off(reason)
        self.settled.set()
        return await self._stopped_within(verdict.delay)

    async def _stopped_within(self, delay: float) -> bool:
        """Wait for the next start; whether it was stopped instead."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(delay):
                while True:
                    event = await self._events.get()
                    if event is Wish.RESTART:
                        return False
                    if event is Wish.STOP:
                        self.leaving = True
                        await self._standing.move(RunState.STOPPED)
                        return True
        return False

    async def _life(self, http: socket.socket) -> Outcome:
        """Start a process and see it through to its end."""
        shop = self._shop
        found = await shop.store.with_token(self.agent_id)
        if found is None:
            raise ChildError(f"there is no agent {self.agent_id!r}")
        record, sealed_token = found
        self._standing.known(record)
        if record.state in ALIVE:  # of a life whose end could not be recorded
            await self._standing.move(RunState.STOPPED)
        self._forget_old_news()
        async with shop.pace.starting:
            identity = await shop.egress.admit(self.agent_id, sealed_token)
            child = self._child = await shop.nursery.start(record, identity, http)
        watch = Watch(
            child.process.pid,
            self._events,
            self._standing,
            self.health,
            self.settled,
            look_again=shop.policy.look_again,
        )
        ended = asyncio.create_task(child.ended(), name=f"end of {self.agent_id}")
        ended.add_done_callback(lambda _: self.put(Ended(child.process.pid)))
        outcome = Outcome.STOPPED
        try:
            await self._standing.move(RunState.STARTING, pid=child.process.pid, port=self._port)
            outcome = await watch.attend()
            await self._end(child, outcome)
        finally:
            child.process.signal(signal.SIGKILL)  # no-op once it has ended; needed if something failed above
            status = await asyncio.shield(ended)
            self._child = None
            await shop.nursery.put_away(child)
            self._output.write([f"(the process {outcome}; status {status})"])
        log.info("its process %s; status %s", outcome, status)
        return outcome

    async def _end(self, child: Child, outcome: Outcome) -> None:
        if outcome is Outcome.BY_ITSELF:
            return
        if outcome is Outcome.UNAUTHORIZED:
            self.leaving = True
            await self._standing.unauthorized()
        elif outcome is not Outcome.USELESS and not self.hurried:
            await self._standing.move(RunState.STOPPING)
        await child.stop(self._shop.grace)
        if outcome is Outcome.RESTART:
            await self._standing.move(RunState.STOPPED)

    def _forget_old_news(self) -> None:
        """Notices about the process before this one; what a person wants stays."""
        waiting = [self._events.get_nowait() for _ in range(self._events.qsize())]
        for event in waiting:
            if event is Wish.STOP:
                self._events.put_nowait(event)
