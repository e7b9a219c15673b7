"""What the supervisor tells a bot's owner, once each: owed in the transaction that records what happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from factory_bot.model.agents import AgentId
from factory_bot.storage.database import Transaction
from factory_bot.supervision.health import Reason


class AnnouncementKind(StrEnum):
    """What happened."""

    GAVE_UP = "gave_up"  # it died too often and is not started again
    UNAUTHORIZED = "unauthorized"  # Telegram refuses its token
    SICK = "sick"  # it runs, but something is wrong
    RECOVERED = "recovered"  # that is over
    POISONED = "poisoned"  # it set a message aside that it could not handle


@dataclass(frozen=True, kw_only=True)
class Announcement:
    """One such event."""

    agent_id: AgentId
    kind: AnnouncementKind
    reason: Reason | None = None
    lines: tuple[str, ...] = ()  # the last of its log, redacted


Owing = Callable[[Transaction], Awaitable[None]]


class Announcer(Protocol):
    """Whoever puts announcements into words."""

    async def owing(self, announcement: Announcement) -> Owing:
        """Prepare the message, reading what that takes; the result owes it within a transaction and does no more."""
        ...

    def wake(self) -> None:
        """That transaction was committed."""
        ...
