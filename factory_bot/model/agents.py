"""The facts about made bots: the record, its states, and the moves between them.  No I/O, no framework."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from bot_runtime.dna import AgentDNA

AgentId = NewType("AgentId", str)
PersonId = NewType("PersonId", int)


class RunState(StrEnum):
    """What the supervisor last saw of a bot.  The values are stored: never rename one."""

    STOPPED = "stopped"  # nobody wants it running, and it is not
    STARTING = "starting"  # its process exists, it has not answered /health yet
    RUNNING = "running"  # it answers and polls
    SICK = "sick"  # its process lives, but it does not answer or does not poll
    STOPPING = "stopping"  # asked to end
    BACKOFF = "backoff"  # it died and waits for its next start
    FAILED = "failed"  # it died too often and was given up until a person starts it
    UNAUTHORIZED = "unauthorized"  # Telegram refuses its token; only a new token helps


MOVES: dict[RunState, frozenset[RunState]] = {
    RunState.STOPPED: frozenset({RunState.STARTING, RunState.UNAUTHORIZED}),
    RunState.STARTING: frozenset(
        {
            RunState.RUNNING,
            RunState.SICK,
            RunState.STOPPING,
            RunState.STOPPED,
            RunState.BACKOFF,
            RunState.FAILED,
            RunState.UNAUTHORIZED,
        }
    ),
    RunState.RUNNING: frozenset(
        {RunState.SICK, RunState.STOPPING, RunState.STOPPED, RunState.BACKOFF, RunState.FAILED, RunState.UNAUTHORIZED}
    ),
    RunState.SICK: frozenset(
        {
            RunState.RUNNING,
            RunState.STOPPING,
            RunState.STOPPED,
            RunState.BACKOFF,
            RunState.FAILED,
            RunState.UNAUTHORIZED,
        }
    ),
    RunState.STOPPING: frozenset({RunState.STOPPED, RunState.UNAUTHORIZED}),
    RunState.BACKOFF: frozenset({RunState.STARTING, RunState.STOPPED, RunState.UNAUTHORIZED}),
    RunState.FAILED: frozenset({RunState.STARTING, RunState.STOPPED}),
    RunState.UNAUTHORIZED: frozenset({RunState.STARTING, RunState.STOPPED}),
}

ALIVE = frozenset({RunState.STARTING, RunState.RUNNING, RunState.SICK, RunState.STOPPING})
"""States in which a process may exist."""


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a bot's owner was told of it, as far as that decides what is news."""

    sick: str | None = None  # what is wrong with it, and not yet that this is over
    aside: int = 0  # how many messages it has set aside


@dataclass(frozen=True, kw_only=True)
class AgentRecord:
    """One bot we made: what was asked for, and what became of it."""

    id: AgentId  # also the folder's name and the host label of its Mini App: [a-z0-9-]
    owner_id: PersonId
    bot_id: int  # Telegram's id of the bot
    username: str  # without @
    dna: AgentDNA
    wanted: bool  # a person wants it running
    state: RunState
    reason: str | None  # why it is in that state, in words, where that is not plain
    moved_at: datetime  # aware, UTC
    created_at: datetime  # aware, UTC
    deleted_at: datetime | None = None  # aware, UTC; the data stays 30 days
    port: int | None = None  # of its HTTP socket on loopback while it runs
    pid: int | None = None
    told: Told = Told()


@dataclass(frozen=True, kw_only=True)
class AgentEvent:
    """One move of an agent from state to state."""

    agent_id: AgentId
    at: datetime  # aware, UTC
    before: RunState
    after: RunState
    reason: str | None
