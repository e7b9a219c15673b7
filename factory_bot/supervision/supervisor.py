"""Wanted and actual: what should run stands in the database, what runs is here, and this closes the gap."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from factory_bot.egress.client import Egress
from factory_bot.egress.notices import Notice
from factory_bot.errors import StorageError
from factory_bot.model.agents import AgentId, AgentRecord, PersonId, RunState
from factory_bot.processes import kernel
from factory_bot.settings import PUBLIC_API, Settings
from factory_bot.storage.agents import AgentStore
from factory_bot.supervision.announcements import Announcer
from factory_bot.supervision.child import LanguageOf, Nursery, runtime_folder
from factory_bot.supervision.confinement import sight
from factory_bot.supervision.forked import forking
from factory_bot.supervision.health import Counters, Health, ask
from factory_bot.supervision.keeper import Keeper, Shop
from factory_bot.supervision.launcher import Launcher
from factory_bot.supervision.pace import Pace
from factory_bot.supervision.plain import starting_plainly
from factory_bot.supervision.policy import RestartPolicy
from factory_bot.supervision.ports import Ports
from factory_bot.supervision.watch import Wish

log = logging.getLogger(__name__)

SETTLED_WITHIN = 15.0  # seconds a start is waited for
BETWEEN_LOOKS = 0.005  # seconds, so that many bots do not all answer at one moment
GIVEN_UP = frozenset({RunState.FAILED, RunState.UNAUTHORIZED})
AT_REST = frozenset({RunState.STOPPED}) | GIVEN_UP


@dataclass
class _Kept:
    keeper: Keeper
    task: asyncio.Task[None]
    told_to_stop: bool = field(default=False)

    def stop(self) -> None:
        if not self.told_to_stop:
            self.told_to_stop = True
            self.keeper.put(Wish.STOP)
            if self.keeper.queueing:
                self.task.cancel()


class Supervisor:
    """Keeps every wanted bot running.  Use `supervising`."""

    def __init__(self, settings: Settings, store: AgentStore, shop: Shop, launcher: Launcher) -> None:
        self._settings = settings
        self._store = store
        self._shop = shop
        self.launcher = launcher
        self._kept: dict[AgentId, _Kept] = {}
        self._turn = asyncio.Lock()
        shop.egress.listen(self._noticed)

    def isolation(self) -> Sequence[str]:
        """What protects the machine from a bot here, and plainly what does not."""
        return self._shop.nursery.isolation()

    async def open(self) -> None:
        """Make sure that nothing of an earlier life runs, and start what is wanted."""
        log.info("bots are isolated by: %s", "; ".join(self.isolation()))
        await self._shop.nursery.leftovers.end_all()
        for record in await self._store.all():
            if record.state not in AT_REST:
                await self._store.move(record.id, RunState.STOPPED, reason=None)
        await self.reconcile()

    async def reconcile(self) -> None:
        """Start what is wanted and does not run, stop what runs and is not wanted."""
        async with self._turn:
            records = {record.id: record for record in await self._store.all()}
            unwanted = [agent_id for agent_id in self._kept if not _wanted(records.get(agent_id))]
            await asyncio.gather(*(self._ended(agent_id) for agent_id in unwanted))
            for agent_id in unwanted:
                if agent_id not in records:
                    await self._shop.egress.dismiss(agent_id)
            for record in records.values():
                if record.wanted and record.state not in GIVEN_UP:
                    await self._begin(record.id)

    async def start(self, agent_id: AgentId) -> RunState:
        """Start a bot, also one that was given up; its state once that is clear, or after a while anyway."""
        async with self._turn:
            await self._store.set_wanted(agent_id, True)
            keeper = await self._begin(agent_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(SETTLED_WITHIN):
                await keeper.settled.wait()
        return await self._state(agent_id)

    async def stop(self, agent_id: AgentId) -> RunState:
        """Stop a bot and return when its process is gone."""
        async with self._turn:
            record = await self._store.set_wanted(agent_id, False)
            await self._ended(agent_id)
            if record.state in GIVEN_UP:
                await self._store.move(agent_id, RunState.STOPPED)
        return await self._state(agent_id)

    async def restart(self, agent_id: AgentId) -> RunState:
        """Stop its process and start it anew, with what its project and its token say now."""
        kept = self._kept.get(agent_id)
        if kept is None or kept.task.done():
            return await self.start(agent_id)
        kept.keeper.settled.clear()
        kept.keeper.put(Wish.RESTART)
        state = await self.start(agent_id)
        return await self.start(agent_id) if self._kept.get(agent_id) is not kept else state

    async def round(self) -> None:
        """Look at every running bot; what is found shows in its state and in announcements."""
        for kept in list(self._kept.values()):
            if kept.keeper.port is not None:
                kept.keeper.put(Wish.LOOK)
                await asyncio.sleep(BETWEEN_LOOKS)

    async def health(self, agent_id: AgentId) -> Health | None:
        """What a bot's process says of itself; None if there is none or it does not answer."""
        kept = self._kept.get(agent_id)
        return await kept.keeper.health() if kept is not None else None

    async def counters(self, agent_id: AgentId, since: datetime, until: datetime) -> Counters | None:
        """What happened in a running bot in that span; None if it cannot say."""
        port = self.port(agent_id)
        if port is None:
            return None
        span = urlencode({"since": since.isoformat(), "until": until.isoformat()})
        answer = await ask(port, f"/counters?{span}", within=self._shop.policy.answers_within)
        try:
            return Counters.from_json(answer) if answer is not None else None
        except (ValueError, TypeError):
            return None

    def port(self, agent_id: AgentId) -> int | None:
        """Where a bot's process listens on 127.0.0.1; None while it is down."""
        kept = self._kept.get(agent_id)
        return kept.keeper.port if kept is not None else None

    def pid(self, agent_id: AgentId) -> int | None:
        """Of a bot's process; None while there is none."""
        kept = self._kept.get(agent_id)
        return kept.keeper.pid if kept is not None else None

    async def last_lines(self, agent_id: AgentId, lines: int = 20) -> list[str]:
        """The end of a bot's output, redacted."""
        return await asyncio.to_thread(self._shop.nursery.log_of(agent_id).last, lines)

    async def close(self) -> None:
        """End every process; what is wanted stays wanted."""
        async with self._turn:
            for kept in self._kept.values():
                kept.keeper.hurried = True
                kept.stop()
            await asyncio.gather(*(kept.task for kept in self._kept.values()), return_exceptions=True)
            self._shop.nursery.close()

    async def _begin(self, agent_id: AgentId) -> Keeper:
        kept = self._kept.get(agent_id)
        if kept is not None and kept.keeper.leaving:
            await asyncio.wait({kept.task})
            kept = self._kept.get(agent_id)
        if kept is None or kept.task.done():
            kept = self._keep(agent_id)
        return kept.keeper

    def _keep(self, agent_id: AgentId) -> _Kept:
        keeper = Keeper(agent_id, self._shop)
        kept = self._kept[agent_id] = _Kept(keeper, asyncio.create_task(keeper.keep(), name=f"keeper of {agent_id}"))

        def left(_: asyncio.Task[None]) -> None:
            if self._kept.get(agent_id) is kept and not kept.told_to_stop and keeper.unheard():
                self._keep(agent_id)

        kept.task.add_done_callback(left)
        return kept

    async def _ended(self, agent_id: AgentId) -> None:
        kept = self._kept.pop(agent_id, None)
        if kept is not None:
            kept.stop()
            await asyncio.wait({kept.task})

    async def _state(self, agent_id: AgentId) -> RunState:
        record = await self._store.get(agent_id)
        if record is None:
            raise StorageError(f"there is no agent {agent_id!r}")
        return record.state

    def _noticed(self, notice: Notice) -> None:
        kept = self._kept.get(notice.agent_id)
        if kept is not None:
            kept.keeper.put(notice)


@asynccontextmanager
async def supervising(
    settings: Settings,
    store: AgentStore,
    egress: Egress,
    *,
    announcer: Announcer,
    language_of: LanguageOf | None = None,
    webapp_public_key: str | None = None,
    policy: RestartPolicy | None = None,
) -> AsyncIterator[Supervisor]:
    """The supervisor, with everything running that should; leaving the block ends every process."""
    kernel.raise_open_files()  # each bot takes half a dozen
    runtime = runtime_folder()
    seen = sight(str(runtime), str(settings.bots_dir.resolve()), str(egress.run_dir))
    if settings.merge_memory and (trouble := kernel.merging_trouble()):
        log.warning("MANCER_MERGE_MEMORY: %s", trouble)
    async with AsyncExitStack() as stack:
        launcher: Launcher = await stack.enter_async_context(
            forking(seen, merge=settings.merge_memory)
            if settings.launcher == "fork"
            else starting_plainly(runtime, seen)
        )
        shop = Shop(
            store=store,
            egress=egress,
            nursery=Nursery(
                settings,
                egress,
                launcher,
                public_key=webapp_public_key or settings.webapp_public_key,
                language_of=language_of or _english,
            ),
            ports=Ports({settings.gateway_port, settings.playground_port}),
            pace=Pace(limited=settings.api_url == PUBLIC_API),
            policy=policy or RestartPolicy(),
            announcer=announcer,
            grace=settings.stop_grace,
        )
        supervisor = Supervisor(settings, store, shop, launcher)
        stack.push_async_callback(supervisor.close)
        await supervisor.open()
        yield supervisor


def _wanted(record: AgentRecord | None) -> bool:
    return record is not None and record.wanted


async def _english(_owner: PersonId) -> str:
    return "en"
