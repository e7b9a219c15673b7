"""What a thousand idle polls cost the playground: memory and CPU while nothing happens, and how fast it then answers.

python -m benchmarks.playground_idle --bots 1000 --seconds 30
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from playground.people import BotAccount, Person, Playground
from tests.running import ended, started_playground

SAMPLES = 50  # messages whose way to the waiting poll is timed
OWNED = 20  # bots one person may have


@dataclass(frozen=True, kw_only=True)
class Cost:
    """What the playground's process used."""

    rss: float  # MB
    pss: float  # MB
    cpu: float  # seconds of one core since its start


class Poller:
    """One bot that polls on a connection of its own, again and again."""

    def __init__(self, url: str, bot: BotAccount) -> None:
        self._host, _, port = url.removeprefix("http://").partition(":")
        self._port, self._bot, self._offset = int(port), bot, 0
        self.heard: asyncio.Queue[float] = asyncio.Queue()

    async def run(self, asked: asyncio.Semaphore) -> None:
        reader, writer = await asyncio.open_connection(self._host, self._port)
        while True:
            path = f"/bot{self._bot.token}/getUpdates?offset={self._offset}&timeout=50"
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
            asked.release()
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length: ")[2].partition("\r\n")[0])
            updates = json.loads(await reader.readexactly(length))["result"]
            for update in updates:
                self._offset = update["update_id"] + 1
                self.heard.put_nowait(time.perf_counter())


async def measure(count: int, seconds: float) -> None:
    with tempfile.TemporaryDirectory() as folder:
        process = await started_playground(Path(folder))
        try:
            assert process.stdout is not None
            url = (await process.stdout.readline()).decode().rsplit(" ", 1)[1].strip()
            async with Playground(url) as playground:
                await _measure(playground, psutil.Process(process.pid), count, seconds)
        finally:
            await ended(process)


async def _measure(playground: Playground, process: psutil.Process, count: int, seconds: float) -> None:
    empty = cost(process)
    alice = await playground.person("Alice")
    owners = [await playground.person(f"Owner {number}") for number in range((count + OWNED - 1) // OWNED)]
    bots = [await playground.bot(owners[number // OWNED], "Bot", f"idle_{number}_bot") for number in range(count)]
    made = cost(process)
    asked = asyncio.Semaphore(0)
    pollers = [Poller(playground.base_url, bot) for bot in bots]
    tasks = [asyncio.create_task(poller.run(asked)) for poller in pollers]
    for _ in bots:
        await asked.acquire()
    await asyncio.sleep(1)
    begun = cost(process)
    await asyncio.sleep(seconds)
    idle = cost(process)
    delays = await answer_times(alice, bots, pollers)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    report(count, [("empty", empty), (f"{count} bots", made), (f"{count} polls wait", idle)])
    share = (idle.cpu - begun.cpu) / seconds
    print(f"CPU while they wait {seconds:g} s: {share:.2%} of one core")
    print(f"message → its poll is answered: median {delays[0]:.1f} ms, p95 {delays[1]:.1f} ms")


async def answer_times(alice: Person, bots: Sequence[BotAccount], pollers: Sequence[Poller]) -> tuple[float, float]:
    """Median and 95th percentile of milliseconds from writing to hearing, one bot after the other."""
    times = []
    for bot, poller in list(zip(bots, pollers, strict=True))[:: max(1, len(bots) // SAMPLES)]:
        begun = time.perf_counter()
        await alice.says(bot, "hello")
        times.append((await poller.heard.get() - begun) * 1000)
    return statistics.median(times), statistics.quantiles(times, n=20)[-1]


def cost(process: psutil.Process) -> Cost:
    memory, cpu = process.memory_full_info(), process.cpu_times()
    return Cost(rss=memory.rss / 2**20, pss=memory.pss / 2**20, cpu=cpu.user + cpu.system)


def report(count: int, rows: Sequence[tuple[str, Cost]]) -> None:
    print(f"{'the playground':<24}{'RSS MB':>8}{'PSS MB':>8}{'KB a bot':>10}")
    for name, row in rows:
        each = (row.pss - rows[0][1].pss) * 1024 / count
        print(f"{name:<24}{row.rss:>8.1f}{row.pss:>8.1f}{each:>10.1f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bots", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=30)
    options = parser.parse_args()
    asyncio.run(measure(options.bots, options.seconds))


if __name__ == "__main__":
    main()
