"""What the workshop tells people without being asked: facts, no words.  The front door puts them into sentences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from factory_bot.model.agents import AgentRecord, PersonId
from factory_bot.model.creation import Creation, CreationStep, SpareBot
from factory_bot.model.reports import Report


@dataclass(frozen=True, kw_only=True)
class CreationMoved:
    """A creation has reached a step."""

    creation: Creation
    step: CreationStep


@dataclass(frozen=True, kw_only=True)
class TokenTried:
    """A pasted token is being checked."""

    creation: Creation


@dataclass(frozen=True, kw_only=True)
class TokenRefused:
    """A pasted token cannot be used; `key` is the reason's sentence."""

    creation: Creation
    key: str
    values: Mapping[str, object] = field(default_factory=dict)


class Problem(StrEnum):
    """Why a creation cannot go on by itself."""

    UNREACHABLE = "unreachable"  # Telegram does not answer
    REFUSED = "refused"  # Telegram refuses, `reason` says what
    BROKEN = "broken"  # a fault of ours


@dataclass(frozen=True, kw_only=True)
class CreationStuck:
    """A creation cannot go on by itself."""

    creation: Creation
    problem: Problem
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class CreationExpired:
    """A creation has waited too long for its maker."""

    creation: Creation


@dataclass(frozen=True, kw_only=True)
class BotIsLive:
    """A new bot was launched."""

    creation: Creation
    record: AgentRecord
    running: bool  # it answered; False: it is still starting
    has_app: bool  # its Mini App has an address
    profile_complete: bool  # Telegram took every text of its profile


@dataclass(frozen=True, kw_only=True)
class SpareBotMade:
    """A person made a bot for us, and nobody knows what for."""

    bot: SpareBot
    unfinished: Creation | None  # what it may have been meant for


class Trouble(StrEnum):
    """What happened to a running bot."""

    GAVE_UP = "gave_up"
    UNAUTHORIZED = "unauthorized"
    SICK = "sick"
    RECOVERED = "recovered"
    POISONED = "poisoned"


@dataclass(frozen=True, kw_only=True)
class BotTrouble:
    """Something happened to a running bot that its owner should know."""

    record: AgentRecord
    trouble: Trouble
    reason: str | None = None  # of `supervision.toml`
    lines: tuple[str, ...] = ()  # the last of its log, redacted
    can_renew: bool = False  # its token can be fetched anew


@dataclass(frozen=True, kw_only=True)
class TokenShared:
    """Another program polls with the factory's own token."""

    operator_id: PersonId


@dataclass(frozen=True, kw_only=True)
class TokenOurs:
    """It does not any more."""

    operator_id: PersonId
    since: datetime  # when it began


@dataclass(frozen=True, kw_only=True)
class MessagesAside:
    """The factory could not handle messages to itself and set them aside."""

    operator_id: PersonId
    count: int  # since `since`
    since: datetime
    reason: str  # of the last one, redacted


@dataclass(frozen=True, kw_only=True)
class TokenRenewed:
    """A bot's new token was taken over."""

    record: AgentRecord


@dataclass(frozen=True, kw_only=True)
class DailyReport:
    """A maker's report of a day."""

    report: Report


News = (
    CreationMoved
    | TokenTried
    | TokenRefused
    | CreationStuck
    | CreationExpired
    | BotIsLive
    | SpareBotMade
    | BotTrouble
    | TokenShared
    | TokenOurs
    | MessagesAside
    | TokenRenewed
    | DailyReport
)
