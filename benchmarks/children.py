"""Bots forked from the fork server against plain `python bot.py`, side by side in one run.

    python -m benchmarks.children [--bots 20] [--messages 20]

The same made bots (a poll, their Mini App socket open) run under the real supervisor, store and egress against a small
Bot API server on loopback.  Measured: launch → first reply of one more bot, the time until all that were wanted at a
cold start have replied, PSS of each child when idle and after some messages, reply time, and kill → replies again.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import platform
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from factory_bot.model.agents import AgentId
from factory_bot.supervision.policy import RestartPolicy
from tests.integration.supervised import Town, town
from tests.small_api import Account, SmallApi, small_api

FIRST_BOT = 1_000_000
AT_ONCE = RestartPolicy(first_delay=0.0, jitter=0.0, max_failures=100)


@dataclass
class Figures:
    """What one launcher reached; times in seconds, memory in bytes."""

    first_reply: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)  # of the child until then
    all_up: float = 0.0
    idle: list[int] = field(default_factory=list)
    used: list[int] = field(default_factory=list)
    reply: list[float] = field(default_factory=list)
    crash: list[float] = field(default_factory=list)


async def measure(launcher: str, bots: int, messages: int) -> Figures:
    """All figures of one launcher."""
    figures = Figures()
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as folder:
        async with small_api() as api:
            async with town(Path(folder), api.url, launcher=launcher, policy=AT_ONCE) as here:
                for number in range(bots):
                    figures.first_reply.append(await _one_more(here, api, number))
                    figures.cpu.append(_cpu(here, number))
                await asyncio.sleep(2)
                figures.idle = _memory(here, bots)
                for _ in range(messages):
                    for number in range(bots):
                        figures.reply.append(await _reply(api.bots[FIRST_BOT + number]))
                await asyncio.sleep(1)
                figures.used = _memory(here, bots)
                for number in range(min(bots, 10)):
                    figures.crash.append(await _crash(here, api, number))
            for account in api.bots.values():
                account.updates.clear()
                account.sent.clear()
                await account.says("/start")
            began = time.perf_counter()
            async with town(Path(folder), api.url, launcher=launcher, policy=AT_ONCE):
                warm = time.perf_counter()
                for account in api.bots.values():
                    await account.wait_for(lambda one: one.sent, limit=120)
                figures.all_up = time.perf_counter() - began
                print(f"  (cold start: supervisor open after {warm - began:.1f} s)", file=sys.stderr)
    return figures


async def _one_more(here: Town, api: SmallApi, number: int) -> float:
    account = api.bot(FIRST_BOT + number)
    agent = await here.build(f"bot-{number}", account.token)
    await account.says("/start")
    began = time.perf_counter()
    starting = asyncio.create_task(here.supervisor.start(agent))
    await account.wait_for(lambda one: one.sent, limit=60)
    took = time.perf_counter() - began
    await starting
    return took


async def _reply(account: Account) -> float:
    count = len(account.sent)
    began = time.perf_counter()
    await account.says("/start")
    await account.wait_for(lambda one: len(one.sent) > count)
    return time.perf_counter() - began


async def _crash(here: Town, api: SmallApi, number: int) -> float:
    account = api.bots[FIRST_BOT + number]
    pid = here.supervisor.pid(AgentId(f"bot-{number}"))
    assert pid is not None
    await asyncio.sleep(0.2)
    os.kill(pid, signal.SIGKILL)
    return await _reply(account)


def _cpu(here: Town, number: int) -> float:
    pid = here.supervisor.pid(AgentId(f"bot-{number}"))
    return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9


def _memory(here: Town, bots: int) -> list[int]:
    pids = [here.supervisor.pid(AgentId(f"bot-{number}")) for number in range(bots)]
    return [_pss(pid) for pid in pids if pid is not None]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0


def _row(name: str, plain: Sequence[float], forked: Sequence[float], unit: str, scale: float) -> str:
    one, other = statistics.median(plain) * scale, statistics.median(forked) * scale
    return f"| {name} | {one:.1f} {unit} | {other:.1f} {unit} | {one / other:.1f} × |"


def _machine() -> str:
    model = next(
        (line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")), ":"
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return (
        f"{os.cpu_count()} × {model.partition(':')[2].strip()}, {pages / 2**30:.0f} GB, Linux {platform.release()}, "
        f"CPython {platform.python_version()}, load {os.getloadavg()[0]:.1f} before"
    )


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description="Forked bots against plain ones.")
    parser.add_argument("--bots", type=int, default=20)
    parser.add_argument("--messages", type=int, default=20)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    print(f"{_machine()}\n{arguments.bots} bots, {arguments.messages} messages each; medians\n")
    plain = asyncio.run(measure("process", arguments.bots, arguments.messages))
    forked = asyncio.run(measure("fork", arguments.bots, arguments.messages))
    print("| what | python bot.py | forked | ratio |\n|---|---|---|---|")
    print(_row("launch → first reply, one more bot", plain.first_reply, forked.first_reply, "ms", 1e3))
    print(_row("CPU time of the child until then", plain.cpu, forked.cpu, "ms", 1e3))
    print(_row("all up from a cold start", [plain.all_up], [forked.all_up], "s", 1))
    print(_row("PSS idle", plain.idle, forked.idle, "MB", 1e-6))
    print(_row(f"PSS after {arguments.messages} messages", plain.used, forked.used, "MB", 1e-6))
    print(_row("one active bot: message → reply", plain.reply, forked.reply, "ms", 1e3))
    print(_row("kill → replies again", plain.crash, forked.crash, "ms", 1e3))


if __name__ == "__main__":
    main()
