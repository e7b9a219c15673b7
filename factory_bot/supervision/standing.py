"""How a bot stands, as it is recorded and announced: each move and each piece of news once."""

from __future__ import annotations

from factory_bot.model.agents import ALIVE, AgentId, AgentRecord, RunState
from factory_bot.storage.agents import AgentStore
from factory_bot.supervision.announcements import Announcement, AnnouncementKind, Announcer
from factory_bot.supervision.health import Judgement, Reason
from factory_bot.supervision.logs import AgentLog

LAST_LINES = 20
UNSAID = frozenset({Reason.UNREACHABLE})  # it would reach every owner at once, and nobody before it is over


class Standing:
    """The recorded state of one bot; only its keeper changes it."""

    def __init__(self, agent_id: AgentId, store: AgentStore, announcer: Announcer, output: AgentLog) -> None:
        self._agent_id = agent_id
        self._store = store
        self._announcer = announcer
        self._output = output
        self._state = RunState.STOPPED
        self._reason: str | None = None
        self._told_sick = False
        self._told_poisoned = 0

    @property
    def state(self) -> RunState:
        """As last recorded."""
        return self._state

    def known(self, record: AgentRecord) -> None:
        """What the record says before the first move."""
        self._state = record.state
        self._reason = record.reason

    async def move(
        self, to: RunState, reason: Reason | None = None, *, pid: int | None = None, port: int | None = None
    ) -> None:
        """Record a state."""
        await self._store.move(self._agent_id, to, reason=reason, pid=pid, port=port)
        self._state, self._reason = to, reason

    async def backed_off(self, reason: Reason | None) -> None:
        """It ended by itself and will be started again."""
        await self._from_a_start()
        await self.move(RunState.BACKOFF, reason)

    async def given_up(self, reason: Reason | None) -> None:
        """It ended too often, or cannot be started at all."""
        await self._from_a_start()
        await self.move(RunState.FAILED, reason)
        self.tell(AnnouncementKind.GAVE_UP, reason)

    async def unauthorized(self) -> None:
        """Telegram refuses its token."""
        await self.move(RunState.UNAUTHORIZED, Reason.UNAUTHORIZED)
        self.tell(AnnouncementKind.UNAUTHORIZED, Reason.UNAUTHORIZED)

    async def judged(self, judgement: Judgement, poisoned: int) -> None:
        """Record what a look at it has shown, and tell what is news."""
        if (self._state, self._reason) != (judgement.state, judgement.reason):
            await self.move(judgement.state, judgement.reason)
        if judgement.state is RunState.SICK and not self._told_sick and judgement.reason not in UNSAID:
            self._told_sick = True
            self.tell(AnnouncementKind.SICK, judgement.reason)
        elif judgement.state is RunState.RUNNING and self._told_sick:
            self._told_sick = False
            self.tell(AnnouncementKind.RECOVERED)
        if poisoned > self._told_poisoned:
            self.tell(AnnouncementKind.POISONED, Reason.POISONED)
        self._told_poisoned = poisoned

    def tell(self, kind: AnnouncementKind, reason: Reason | None = None) -> None:
        """Announce it with the last lines of its output."""
        lines = tuple(self._output.last(LAST_LINES))
        self._announcer.tell(Announcement(agent_id=self._agent_id, kind=kind, reason=reason, lines=lines))

    async def _from_a_start(self) -> None:
        if self._state not in ALIVE:  # there never was a process: the attempt itself is what failed
            await self.move(RunState.STARTING)
