"""The making of a Telegram bot: its steps and what is known at each.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot_runtime.dna import AgentDNA
from factory_bot.model.agents import AgentId, PersonId

WINDOW = timedelta(minutes=15)
"""How long a request waits for its bot: a later bot of the same person is not taken for it."""


class CreationStep(StrEnum):
    """How far a creation is.  The values are stored: never rename one."""

    REQUESTED = "requested"  # the maker was asked for a bot
    CREATED = "created"  # there is a bot
    TOKEN = "token"  # its token is sealed in our table  # noqa: S105
    CONFIGURED = "configured"  # its project is written, its profile set, its agent recorded
    LAUNCHED = "launched"  # it is wanted running


STEPS = tuple(CreationStep)


class Way(StrEnum):
    """Where the bot comes from.  The values are stored: never rename one."""

    MANAGED = "managed"  # one tap on a button
    PASTED = "pasted"  # a token from @BotFather


class CreationEnd(StrEnum):
    """Why a creation ended before its bot was launched.  The values are stored: never rename one."""

    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REPLACED = "replaced"  # by a newer one
    FAILED = "failed"


@dataclass(frozen=True, kw_only=True)
class Creation:
    """One Telegram bot on its way."""

    id: int
    user_id: PersonId
    interview_id: int | None
    step: CreationStep
    way: Way
    dna: AgentDNA
    suggested_username: str  # without @
    requested_at: datetime  # aware, UTC
    expires_at: datetime  # aware, UTC; counts while it waits for its bot
    bot_id: int | None = None
    username: str | None = None  # without @
    sealed_token: bytes | None = None
    agent_id: AgentId | None = None
    reason: str | None = None  # why it ended early or waits, for the record
    ended_at: datetime | None = None  # aware, UTC

    @property
    def waits_for_maker(self) -> bool:
        """Whether the maker has to do something before it can go on."""
        return self.ended_at is None and self.step is CreationStep.REQUESTED and self.sealed_token is None

    @property
    def under_way(self) -> bool:
        """Whether the factory has to do something."""
        return self.ended_at is None and not self.waits_for_maker and self.step is not CreationStep.LAUNCHED


@dataclass(frozen=True, kw_only=True)
class SpareBot:
    """A bot that a person made for us and that no agent uses."""

    bot_id: int
    user_id: PersonId
    username: str
