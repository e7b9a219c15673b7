"""What a bot's process says of itself, what the egress saw of it, and what follows.  The judging is pure."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from factory_bot.model.agents import RunState

LONGEST_ANSWER = 65536  # bytes
DEAF_AFTER = 37.5  # seconds without a poll beginning or ending: one and a half of the longest poll
SILENT_LOOKS = 3  # unanswered questions after which a process counts as stuck
CONFLICT_LASTS = 60.0  # seconds after the last conflict until a poll is believed again
UNREACHABLE_AFTER = 20.0  # seconds

NUMBERS = (
    "dna_version", "updates", "errors", "poisoned", "aside", "inbox", "outbox", "in_doubt", "memory_bytes"
)  # fmt: skip


class Reason(StrEnum):
    """Why a bot is in its state.  The values are stored, and each has a sentence in `texts/en/supervision.toml`."""

    CRASHED = "crashed"  # its process ended by itself
    GAVE_UP = "gave_up"  # … too often
    CANNOT_START = "cannot_start"  # its process could not be made
    UNAUTHORIZED = "unauthorized"  # Telegram refuses its token
    CONFLICT = "conflict"  # another program polls with its token
    DEAF = "deaf"  # it has stopped asking Telegram for messages
    SILENT = "silent"  # its process lives but does not answer
    UNREACHABLE = "unreachable"  # Telegram does not answer
    POISONED = "poisoned"  # it could not handle a message and set it aside


@dataclass(frozen=True, kw_only=True)
class Health:
    """The answer of `/health`."""

    state: str
    dna_version: int
    last_poll_at: datetime | None
    updates: int
    errors: int
    poisoned: int  # messages set aside in this life of the process …
    aside: int  # … and ever
    inbox: int
    outbox: int
    in_doubt: int
    memory_bytes: int

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Health:
        """Raises ValueError, KeyError or TypeError if it is none."""
        last = raw.get("last_poll_at")
        numbers = {name: int(raw.get(name) or 0) for name in NUMBERS}
        return cls(state=str(raw["state"]), last_poll_at=datetime.fromisoformat(last) if last else None, **numbers)


@dataclass(frozen=True, kw_only=True)
class Counters:
    """What happened in a bot in a span of time."""

    people: int = 0
    messages: int = 0
    submissions: int = 0
    votes: int = 0
    errors: int = 0

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Counters:
        """Raises ValueError or TypeError if it is none."""
        return cls(**{name: int(raw.get(name) or 0) for name in cls.__dataclass_fields__})


@dataclass
class Signs:
    """What is known of a running process; moments are those of the event loop's clock."""

    began: float
    polled: float | None = None  # when a poll last began or ended
    conflict: float | None = None
    unreachable: float | None = None  # since when Telegram does not answer
    unanswered: int = 0  # looks in a row that /health did not answer
    health: Health | None = None


@dataclass(frozen=True, kw_only=True)
class Judgement:
    """How a running process is doing."""

    state: RunState  # STARTING, RUNNING or SICK
    reason: Reason | None = None
    restart: bool = False  # nothing but a new start helps


def judge(signs: Signs, now: float) -> Judgement:
    """What the signs mean."""
    if signs.unanswered >= SILENT_LOOKS:
        return Judgement(state=RunState.SICK, reason=Reason.SILENT, restart=True)
    if signs.conflict is not None and now - signs.conflict < CONFLICT_LASTS:
        return Judgement(state=RunState.SICK, reason=Reason.CONFLICT)
    if signs.unreachable is not None and now - signs.unreachable >= UNREACHABLE_AFTER:
        return Judgement(state=RunState.SICK, reason=Reason.UNREACHABLE)
    if now - (signs.polled or signs.began) >= DEAF_AFTER:
        return Judgement(state=RunState.SICK, reason=Reason.DEAF, restart=True)
    if signs.polled is None:
        return Judgement(state=RunState.STARTING)
    poisoned = signs.health is not None and signs.health.poisoned > 0
    return Judgement(state=RunState.RUNNING, reason=Reason.POISONED if poisoned else None)


async def ask(port: int, path: str, *, within: float) -> dict[str, Any] | None:
    """What a bot's process answers to the factory in that many seconds, or None.

    By hand, since every bot is asked twice a minute and a client library takes five times as long.
    """
    try:
        async with asyncio.timeout(within):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode())
                whole = b""
                while len(whole) < LONGEST_ANSWER and (piece := await reader.read(LONGEST_ANSWER)):
                    whole += piece
            finally:
                writer.close()
        head, _, body = whole.partition(b"\r\n\r\n")
        answer = json.loads(body) if head.split(None, 2)[1:2] == [b"200"] else None
    except (OSError, TimeoutError, ValueError):
        return None
    return answer if isinstance(answer, dict) else None
