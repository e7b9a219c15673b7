"""From a made Telegram bot to a live one, step by step; every step can be done again and is resumed at start.

Each step ends in one transaction that records it together with what its maker is told.  So after a crash at any moment
the creation goes on from the last step that counts.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from bot_runtime.dna import AgentDNA
from bot_runtime.polling import Call
from factory_bot.clock import Clock
from factory_bot.errors import MancerError, PersonError, TelegramError
from factory_bot.log import about
from factory_bot.model.agents import AgentId, AgentRecord, RunState
from factory_bot.model.creation import Creation, CreationStep
from factory_bot.model.ids import agent_id_for
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database
from factory_bot.workshop.news import (
    BotIsLive,
    CreationMoved,
    CreationStuck,
    News,
    Problem,
    TokenRefused,
    TokenTried,
)
from factory_bot.workshop.ports import Egress, Face, Sealer, Supervisor
from factory_bot.workshop.tokens import TOKEN, TokenJudge

log = logging.getLogger(__name__)

RETRIES = (0.5, 1.0, 2.0, 4.0, 8.0)  # seconds between tries while Telegram does not answer
SECOND_TRIES = (1.0, 5.0, 20.0)  # seconds after a fault that could not even be recorded
LONGEST_WAIT = 30.0  # seconds that a 429 may ask for

Build = Callable[[AgentDNA, AgentId, Path], Path]
ProfileCalls = Callable[[AgentDNA, str | None], Sequence[Call]]


class Making:
    """Carries creations on in tasks of its own, one per creation."""

    def __init__(
        self,
        *,
        database: Database,
        creations: CreationStore,
        agents: AgentStore,
        vault: Sealer,
        egress: Egress,
        supervisor: Supervisor,
        judge: TokenJudge,
        build: Build,
        profile_calls: ProfileCalls,
        bots_dir: Path,
        app_url: Callable[[str], str | None],
        clock: Clock,
        retries: Sequence[float] = RETRIES,
    ) -> None:
        self._database = database
        self._creations = creations
        self._agents = agents
        self._vault = vault
        self._egress = egress
        self._supervisor = supervisor
        self._judge = judge
        self._build = build
        self._profile_calls = profile_calls
        self._bots_dir = bots_dir
        self._app_url = app_url
        self._clock = clock
        self._retries = retries
        self._face: Face | None = None
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._naming = asyncio.Lock()

    @asynccontextmanager
    async def open(self) -> AsyncIterator[None]:
        """Allow tasks; leaving the block cuts them off, and the next start resumes what they did."""
        try:
            yield
        finally:
            self._face = None
            tasks = list(self._tasks.values())
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def resume(self, face: Face) -> None:
        """Now there is somebody to speak through: go on with everything that was under way."""
        self._face = face
        for creation in await self._creations.open():
            if creation.under_way:
                self.go_on(creation.id)

    def go_on(self, creation_id: int) -> None:
        """Carry the creation on, if that is not being done."""
        if self._face is None:
            return
        running = self._tasks.get(creation_id)
        if running is not None:
            # What was just committed may have come after its last look: look again when it ends.
            running.add_done_callback(lambda _: self._begin(creation_id))
            return
        self._begin(creation_id)

    def _begin(self, creation_id: int) -> None:
        if self._face is None or creation_id in self._tasks:
            return
        task = asyncio.create_task(self._kept_going(creation_id), name=f"creation {creation_id}")
        self._tasks[creation_id] = task
        task.add_done_callback(lambda _: self._tasks.pop(creation_id, None))

    async def _discard(self, creation: Creation) -> None:
        """Clean up after a creation that was given up before its agent was recorded."""
        if creation.agent_id is not None and await self._agents.get(creation.agent_id) is None:
            await self._egress.dismiss(creation.agent_id)
            await asyncio.to_thread(shutil.rmtree, self._bots_dir / creation.agent_id, ignore_errors=True)

    async def _kept_going(self, creation_id: int) -> None:
        for delay in (*SECOND_TRIES, None):
            try:
                await self._carry_on(creation_id)
            except Exception:  # the database; nothing could be recorded or said
                log.exception("creation %d was cut off", creation_id)
                if delay is None:
                    return  # the next start resumes it
                await asyncio.sleep(delay)
            else:
                return

    async def _carry_on(self, creation_id: int) -> None:
        steps: dict[CreationStep, Callable[[Creation], Awaitable[None]]] = {
            CreationStep.REQUESTED: self._judge_token,
            CreationStep.CREATED: self._fetch_token,
            CreationStep.TOKEN: self._configure,
            CreationStep.CONFIGURED: self._launch,
        }
        creation = await self._creations.get(creation_id)
        if creation is not None and creation.ended_at is not None:
            await self._discard(creation)
        while creation is not None and creation.under_way:
            with about(creation.agent_id or f"creation {creation.id}"):
                if not await self._tried(steps[creation.step], creation):
                    return
            creation = await self._creations.get(creation_id)

    async def _tried(self, step: Callable[[Creation], Awaitable[None]], creation: Creation) -> bool:
        """Do a step; False if the maker was told that it does not work."""
        try:
            await self._patiently(lambda: step(creation))
        except PersonError as exc:
            refusal = TokenRefused(creation=creation, key=exc.key, values=exc.values)
            await self._record(creation, refusal, sealed_token=None, bot_id=None, reason=exc.key)
            return False
        except TelegramError as exc:
            log.warning("the step after %s does not work: %s", creation.step, exc)
            problem = Problem.UNREACHABLE if _transient(exc) else Problem.REFUSED
            await self._stuck(creation, problem, exc.description)
            return False
        except (MancerError, OSError, ValueError) as exc:
            log.exception("the step after %s failed", creation.step)
            await self._stuck(creation, Problem.BROKEN, str(exc))
            return False
        return True

    async def _patiently(self, deed: Callable[[], Awaitable[Any]]) -> Any:
        for delay in self._retries:
            try:
                return await deed()
            except TelegramError as exc:
                if not _transient(exc) or (exc.retry_after or 0) > LONGEST_WAIT:
                    raise
                await asyncio.sleep(exc.retry_after or delay)
        return await deed()

    # ---------------------------------------------------------------- the steps

    async def _judge_token(self, creation: Creation) -> None:
        """requested → token: a pasted token is believed only when it is known to work and to be free."""
        assert creation.bot_id is not None
        assert creation.sealed_token is not None
        await self._say(TokenTried(creation=creation))
        good = await self._judge.judge(
            creation.bot_id, creation.sealed_token, person_id=creation.user_id, own_id=self._speaker.me.id
        )
        async with self._naming:
            agent_id = await self._free_id(creation.dna.name, good.username)
            await self._move(creation, CreationStep.TOKEN, username=good.username, agent_id=agent_id)

    async def _fetch_token(self, creation: Creation) -> None:
        """created → token: fetched, sealed, and not kept open."""
        assert creation.bot_id is not None
        assert creation.username is not None
        token = await self._speaker.managed_token(creation.bot_id)
        if not TOKEN.fullmatch(token) or not token.startswith(f"{creation.bot_id}:"):
            raise TelegramError(400, "the token that came is not this bot's")
        sealed = self._vault.seal(token)
        async with self._naming:
            agent_id = await self._free_id(creation.dna.name, creation.username)
            await self._move(creation, CreationStep.TOKEN, sealed_token=sealed, agent_id=agent_id)

    async def _configure(self, creation: Creation) -> None:
        """token → configured: its way out opened, its project written, its profile set, its agent recorded."""
        assert creation.sealed_token is not None
        agent_id, record = self._agent(creation)
        identity = await self._egress.admit(agent_id, creation.sealed_token)
        if identity.bot_id != creation.bot_id:
            raise TelegramError(400, "the token is another bot's")
        _, complete = await asyncio.gather(
            self._built(creation.dna, agent_id),
            self._set_profile(agent_id, creation.dna),
        )
        async with self._database.transaction() as tx:
            if await self._agents.get(agent_id) is None:
                await self._agents.add(record, creation.sealed_token, connection=tx)
            moved = await self._creations.change(
                creation.id,
                connection=tx,
                step=CreationStep.CONFIGURED.value,
                reason=None if complete else "profile",
            )
            await self._creations.drop_spare(record.bot_id, connection=tx)
            await self._speaker.tell(CreationMoved(creation=moved, step=moved.step), tx)
        self._speaker.wake()

    async def _launch(self, creation: Creation) -> None:
        """configured → launched: wanted, started, and its maker told when it answers."""
        assert creation.agent_id is not None
        await self._supervisor.start(creation.agent_id)
        record = await self._agents.get(creation.agent_id)
        assert record is not None
        live = BotIsLive(
            creation=creation,
            record=record,
            running=record.state is RunState.RUNNING,
            has_app=self._app_url(record.id) is not None,
            profile_complete=creation.reason is None,
        )
        async with self._database.transaction() as tx:
            await self._creations.launched(creation.id, connection=tx)
            await self._speaker.tell(live, tx)
        self._speaker.wake()
        log.info("@%s was launched", record.username)

    async def _built(self, dna: AgentDNA, agent_id: AgentId) -> None:
        building = asyncio.ensure_future(asyncio.to_thread(self._build, dna, agent_id, self._bots_dir))
        try:
            await asyncio.shield(building)
        except asyncio.CancelledError:
            await asyncio.wait({building})  # a thread goes on; whoever resumes this must not meet it
            raise

    async def _set_profile(self, agent_id: AgentId, dna: AgentDNA) -> bool:
        """Set name, texts, commands and menu side by side; False where Telegram took not all of them.

        None of them is worth holding a bot back: Telegram allows few changes of a name a day.
        """
        calls = self._profile_calls(dna, self._app_url(agent_id))
        results = await asyncio.gather(*(self._profile_call(agent_id, call) for call in calls), return_exceptions=True)
        faults = [result for result in results if isinstance(result, BaseException)]
        for fault in faults:
            if not isinstance(fault, TelegramError):
                raise fault
            log.warning("a part of the profile was not set: %s", fault)
        return not faults

    def _profile_call(self, agent_id: AgentId, call: Call) -> Coroutine[Any, Any, Any]:
        return self._patiently(lambda: self._egress.call(agent_id, call.method, call.params))

    # ---------------------------------------------------------------- records and words

    @property
    def _speaker(self) -> Face:
        if self._face is None:
            raise asyncio.CancelledError  # the factory is closing
        return self._face

    def _agent(self, creation: Creation) -> tuple[AgentId, AgentRecord]:
        assert creation.agent_id is not None
        assert creation.bot_id is not None
        assert creation.username is not None
        now = self._clock.now()
        return creation.agent_id, AgentRecord(
            id=creation.agent_id,
            owner_id=creation.user_id,
            bot_id=creation.bot_id,
            username=creation.username,
            dna=creation.dna,
            wanted=False,
            state=RunState.STOPPED,
            reason=None,
            moved_at=now,
            created_at=now,
        )

    async def _free_id(self, name: str, username: str) -> AgentId:
        taken = set(await self._agents.ids())
        taken |= {creation.agent_id for creation in await self._creations.open() if creation.agent_id}
        taken |= {path.name for path in self._bots_dir.glob("*")}
        return agent_id_for(name, taken, username=username)

    async def _move(self, creation: Creation, step: CreationStep, **values: Any) -> None:
        async with self._database.transaction() as tx:
            moved = await self._creations.change(creation.id, connection=tx, step=step.value, **values)
            await self._speaker.tell(CreationMoved(creation=moved, step=step), tx)
        self._speaker.wake()

    async def _record(self, creation: Creation, news: News, **values: Any) -> None:
        async with self._database.transaction() as tx:
            now = await self._creations.get(creation.id, connection=tx)
            if now is None or now.ended_at is not None:
                return  # the maker gave it up meanwhile and was told so
            await self._creations.change(creation.id, connection=tx, **values)
            await self._speaker.tell(news, tx)
        self._speaker.wake()

    async def _stuck(self, creation: Creation, problem: Problem, reason: str) -> None:
        await self._record(creation, CreationStuck(creation=creation, problem=problem, reason=reason), reason=reason)

    async def _say(self, news: News) -> None:
        async with self._database.transaction() as tx:
            await self._speaker.tell(news, tx)
        self._speaker.wake()


def _transient(exc: TelegramError) -> bool:
    return exc.code == 0 or exc.code == 429 or exc.code >= 500
