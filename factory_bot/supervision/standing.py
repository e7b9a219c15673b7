"""How a bot stands, as it is recorded and announced: each move and each piece of news once.

A state, what its owner has been told of it, and the message that is owed for it commit together: a factory that is
killed has done all of it or nothing, and what it saw then shows itself to the next one again.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from factory_bot.errors import StorageError
from factory_bot.model.agents import ALIVE, AgentId, AgentRecord, RunState, Told
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.database import Transaction
from factory_bot.supervision.announcements import Announcement, AnnouncementKind, Announcer, Owing
from factory_bot.supervision.health import Judgement, Reason
from factory_bot.supervision.logs import AgentLog

log = logging.getLogger(__name__)

LAST_LINES = 20
UNSAID = frozenset({Reason.UNREACHABLE})  # it would reach every owner at once, and nobody before it is over


@dataclass(frozen=True)
class News:
    """Something that a bot's owner should hear."""

    kind: AnnouncementKind
    reason: Reason | None = None


def news_of(judgement: Judgement, aside: int, told: Told, *, lasting: bool) -> tuple[list[News], Told]:
    """What a look at a bot has shown that its owner does not know, and what the owner knows then.  Pure.

    `lasting`: its process has run for so long that somebody else polling with its token would have shown.
    """
    news: list[News] = []
    sick = told.sick
    if judgement.state is RunState.SICK and sick is None and judgement.reason not in UNSAID:
        sick = str(judgement.reason)
        news.append(News(AnnouncementKind.SICK, judgement.reason))
    elif judgement.state is RunState.RUNNING and sick is not None and (lasting or sick != Reason.CONFLICT):
        sick = None
        news.append(News(AnnouncementKind.RECOVERED))
    if aside > told.aside:
        news.append(News(AnnouncementKind.POISONED, Reason.POISONED))
    return news, Told(sick=sick, aside=aside)


class Standing:
    """The recorded state of one bot; only its keeper changes it."""

    def __init__(self, agent_id: AgentId, store: AgentStore, announcer: Announcer, output: AgentLog) -> None:
        self._agent_id = agent_id
        self._store = store
        self._announcer = announcer
        self._output = output
        self._state = RunState.STOPPED
        self._reason: str | None = None
        self._told = Told()

    @property
    def state(self) -> RunState:
        """As last recorded."""
        return self._state

    def known(self, record: AgentRecord) -> None:
        """What the record says before the first move."""
        self._state, self._reason, self._told = record.state, record.reason, record.told

    async def move(
        self, to: RunState, reason: Reason | None = None, *, pid: int | None = None, port: int | None = None
    ) -> None:
        """Record a state that is no news."""
        await self._store.move(self._agent_id, to, reason=reason, pid=pid, port=port)
        self._state, self._reason = to, reason

    async def backed_off(self, reason: Reason | None) -> None:
        """It ended by itself and will be started again."""
        await self._from_a_start()
        await self.move(RunState.BACKOFF, reason)

    async def given_up(self, reason: Reason | None) -> None:
        """It ended too often, or cannot be started at all."""
        await self._from_a_start()
        await self._tell(RunState.FAILED, reason, [News(AnnouncementKind.GAVE_UP, reason)])

    async def unauthorized(self) -> None:
        """Telegram refuses its token."""
        reason = Reason.UNAUTHORIZED
        await self._tell(RunState.UNAUTHORIZED, reason, [News(AnnouncementKind.UNAUTHORIZED, reason)])

    async def judged(self, judgement: Judgement, aside: int | None, *, lasting: bool) -> None:
        """Record what a look at it has shown, and tell what is news; `aside` as far as its process has said it."""
        known = self._told.aside if aside is None else aside
        news, told = news_of(judgement, known, self._told, lasting=lasting)
        if (self._state, self._reason, self._told) != (judgement.state, judgement.reason, told):
            await self._tell(judgement.state, judgement.reason, news, told)

    async def _tell(self, to: RunState, reason: Reason | None, news: Sequence[News], told: Told | None = None) -> None:
        """Record a state and owe its owner the news; what was wrong before is not spoken of again."""
        told = told or Told(aside=self._told.aside)
        owings = [await self._owing(one) for one in news]

        async def also(tx: Transaction) -> None:
            for owe in owings:
                await owe(tx)

        await self._store.move(self._agent_id, to, reason=reason, told=told, also=also)
        self._state, self._reason, self._told = to, reason, told
        if owings:
            self._announcer.wake()

    async def _owing(self, news: News) -> Owing:
        lines = tuple(self._output.last(LAST_LINES))
        announcement = Announcement(agent_id=self._agent_id, kind=news.kind, reason=news.reason, lines=lines)
        try:
            return await self._announcer.owing(announcement)
        except StorageError:
            raise
        except Exception:  # a message that cannot be put together must not keep a state from being recorded
            log.exception("its owner cannot be told: %s", news.kind)
            return _nothing

    async def _from_a_start(self) -> None:
        if self._state not in ALIVE:  # there never was a process: the attempt itself is what failed
            await self.move(RunState.STARTING)


async def _nothing(_tx: Transaction) -> None:
    pass
