"""What a dead process of a bot means.  Pure: no clock, no process, no database."""

from __future__ import annotations

from dataclasses import dataclass

from factory_bot.model.agents import RunState


@dataclass(frozen=True, kw_only=True)
class RestartPolicy:
    """How patient the supervisor is."""

    first_delay: float = 1.0  # seconds
    longest_delay: float = 60.0  # seconds
    jitter: float = 0.25  # the part of a delay that chance may add, so that many bots do not start at one moment
    healthy_after: float = 60.0  # seconds; whoever lived that long starts with a clean record
    max_failures: int = 5
    window: float = 300.0  # seconds in which that many failures are too many
    answers_within: float = 5.0  # seconds a process has to say how it is
    look_again: float = 5.0  # seconds after it did not


@dataclass(frozen=True, kw_only=True)
class Exit:
    """The end of a process."""

    asked: bool  # the supervisor had asked for it
    uptime: float  # seconds
    failures: tuple[float, ...] = ()  # seconds since each earlier failure


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What follows from it."""

    state: RunState  # STOPPED, BACKOFF or FAILED
    failures: int = 0  # that count against it now
    delay: float = 0.0  # seconds until the next start


def after_exit(exit: Exit, policy: RestartPolicy, chance: float = 0.0) -> Verdict:
    """Decide what a dead process means; `chance` is a number from 0 to 1."""
    if exit.asked:
        return Verdict(state=RunState.STOPPED)
    counted = 0 if exit.uptime >= policy.healthy_after else sum(ago <= policy.window for ago in exit.failures)
    failures = counted + 1
    if failures >= policy.max_failures:
        return Verdict(state=RunState.FAILED, failures=failures)
    delay = min(policy.first_delay * 2 ** (failures - 1), policy.longest_delay)
    return Verdict(state=RunState.BACKOFF, failures=failures, delay=delay * (1 + policy.jitter * chance))
