"""What the egress sees of a bot and tells the factory."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from factory_bot.model.agents import AgentId


class NoticeKind(StrEnum):
    """What happened on a bot's way to Telegram."""

    POLL_BEGAN = "poll_began"  # it asks for updates
    POLL_ENDED = "poll_ended"  # Telegram answered, with nothing
    UPDATES = "updates"  # Telegram answered with updates
    UNAUTHORIZED = "unauthorized"  # Telegram refuses its token
    CONFLICT = "conflict"  # somebody else polls with its token, or a webhook is set
    UNREACHABLE = "unreachable"  # Telegram does not answer


@dataclass(frozen=True, kw_only=True)
class Notice:
    """One such event."""

    agent_id: AgentId
    kind: NoticeKind
    at: datetime  # aware, UTC
