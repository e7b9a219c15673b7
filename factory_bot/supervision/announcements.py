"""What the supervisor tells the rest of the factory about a bot, once each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum

from factory_bot.model.agents import AgentId
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


Announce = Callable[[Announcement], Awaitable[None]]
