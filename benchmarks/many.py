"""Hundreds of forked bots on this machine: cold start, memory, what they cost while idle, replies among them, the end.

    python -m benchmarks.many [--bots 500] [--merge]

With `--merge` (MANCER_MERGE_MEMORY) it looks at memory when Linux has looked three times for what is equal; that needs
`echo 1 > /sys/kernel/mm/ksm/run`, and takes long where `pages_to_scan` beside it has its default (20 MB a second).

The same made bots (a poll, their Mini App socket open) run under the real supervisor, store and egress against a small
Bot API server on loopback.  A look at every bot's `/health`, as the scheduler takes every 30 s, is part of "idle".
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import statistics
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from benchmarks.children import AT_ONCE, FIRST_BOT, _machine, _memory
from factory_bot.processes.kernel import raise_open_files
from tests.integration.supervised import Town, town
from tests.small_api import Account, SmallApi, small_api

IDLE_SECONDS = 30.0  # with one round of health checks within
REPLIES = 300
LIMIT = 600.0  # seconds for anything
SCANS = Path("/sys/kernel/mm/ksm/full_scans")


async def measure(bots: int, *, merge: bool) -> None:
    """Build them, start them all, and print what was found as rows of a table."""
    with tempfile.TemporaryDirectory(prefix="mm-bench-") as folder:
        async with small_api() as api:
            await _build(Path(folder), api, bots)
            began = time.perf_counter()
            async with AsyncExitStack() as stack:
                here = await stack.enter_async_context(town(Path(folder), api.url, policy=AT_ONCE, merge_memory=merge))
                await _polling(api)
                _row(f"{bots} bots polling after a cold start", f"{time.perf_counter() - began:.1f} s")
                await _idle(here, bots, merge=merge)
                await _talk(here, api, bots, merge=merge)
                began = time.perf_counter()
            _row("every process ended", f"{time.perf_counter() - began:.1f} s")


async def _build(folder: Path, api: SmallApi, bots: int) -> None:
    async with town(folder, api.url, policy=AT_ONCE) as here:
        for number in range(bots):
            agent = await here.build(f"bot-{number}", api.bot(FIRST_BOT + number).token)
            await here.store.set_wanted(agent, True)
            if number % 100 == 99:
                print(f"{number + 1} built", file=sys.stderr)
        await here.supervisor.reconcile()  # each has run before
        await _polling(api)
    for account in api.bots.values():
        account.calls.clear()


async def _settled(*, merge: bool) -> None:
    await asyncio.sleep(5)
    if merge:
        end = _scans() + 3
        async with asyncio.timeout(LIMIT):
            while _scans() < end:  # noqa: ASYNC110 – the kernel announces nothing
                await asyncio.sleep(1)


def _scans() -> int:
    return int(SCANS.read_text())


async def _polling(api: SmallApi) -> None:
    for account in api.bots.values():
        await account.wait_for(lambda one: "getupdates" in one.calls, limit=LIMIT)


async def _idle(here: Town, bots: int, *, merge: bool) -> None:
    await here.supervisor.round()
    await _settled(merge=merge)
    memory = _memory(here, bots)
    _row("PSS of each, idle, before its first message", f"{statistics.median(memory) / 1e6:.1f} MB")
    processes = psutil.Process().children(recursive=True)
    before, began = _cpu(processes), time.perf_counter()
    await here.supervisor.round()
    await asyncio.sleep(max(0.0, IDLE_SECONDS - (time.perf_counter() - began)))
    share = (_cpu(processes) - before) / (time.perf_counter() - began)
    _row("CPU of bots, egress and fork server, idle, a health round every 30 s", f"{share * 100:.1f} % of one core")


async def _talk(here: Town, api: SmallApi, bots: int, *, merge: bool) -> None:
    began = time.perf_counter()
    for account in api.bots.values():
        await account.says("/start")
    for account in api.bots.values():
        await account.wait_for(lambda one: one.sent, limit=LIMIT)
    _row("a message to each at one moment, until the last reply", f"{time.perf_counter() - began:.1f} s")
    await _settled(merge=merge)
    _row("PSS of each after it", f"{statistics.median(_memory(here, bots)) / 1e6:.1f} MB")
    active = api.bots[FIRST_BOT + bots // 2]
    took = sorted([await _reply(active, person) for person in range(2, 2 + REPLIES)])
    middle, late = statistics.median(took) * 1e3, took[int(REPLIES * 0.95)] * 1e3
    _row("one active bot among them: message → reply, median / p95", f"{middle:.1f} / {late:.1f} ms")
    for person in range(2, 21):
        for number in range(bots):
            await _reply(api.bots[FIRST_BOT + number], person)
    await _settled(merge=merge)
    _row("PSS of each after 20 messages", f"{statistics.median(_memory(here, bots)) / 1e6:.1f} MB")


async def _reply(account: Account, person: int) -> float:
    """Each from another person: a bot answers one person only so many times a minute."""
    count = len(account.sent)
    began = time.perf_counter()
    await account.says("/start", chat_id=person)
    await account.wait_for(lambda one: len(one.sent) > count)
    return time.perf_counter() - began


def _cpu(processes: list[psutil.Process]) -> float:
    return sum(sum(one.cpu_times()[:2]) for one in processes)


def _row(what: str, found: str) -> None:
    print(f"| {what} | {found} |", flush=True)


def main() -> None:
    """Measure and print a table in Markdown."""
    parser = argparse.ArgumentParser(description="Many forked bots.")
    parser.add_argument("--bots", type=int, default=500)
    parser.add_argument("--merge", action="store_true")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    raise_open_files()
    print(f"{_machine()}\n\n| what | measured |\n|---|---|")
    asyncio.run(measure(arguments.bots, merge=arguments.merge))


if __name__ == "__main__":
    main()
