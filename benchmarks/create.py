"""From *Create* to the first answer of the new bot: the machine's part, in the playground.

    python -m benchmarks.create --bots 10

The person is a program without hesitation: Create is pressed, Telegram's form confirmed as soon as its button is there,
and /start sent to the new bot at once.  Prints medians of each part, in milliseconds.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path

from tests.acceptance.deeds import describes
from tests.factory import RunningFactory, running_factory


async def one_bot(factory: RunningFactory, number: int) -> dict[str, float]:
    """Make one bot; milliseconds until Telegram's form could be confirmed, and from then to its first answer."""
    maker = await factory.playground.person(f"Maker {number}")
    await maker.starts(factory.bot)
    await describes(maker, factory, f"A bot called Quick {number}: a form with name and phone")
    began = time.perf_counter()
    await maker.presses(factory.bot, "✅ Create")
    made = await maker.confirms_managed_bot(factory.bot)
    confirmed = time.perf_counter()
    bot = f"@{made['bot']['username']}"
    await maker.starts(bot)
    await maker.hears(bot, f"Quick {number}", timeout=30)
    answered = time.perf_counter()
    return {
        "Create → form confirmed": (confirmed - began) * 1000,
        "confirmed → first answer": (answered - confirmed) * 1000,
        "Create → first answer": (answered - began) * 1000,
    }


async def measure(bots: int) -> list[dict[str, float]]:
    """Make that many bots, one after the other; the first one, which warms everything, is left out."""
    with tempfile.TemporaryDirectory() as folder:
        async with running_factory(Path(folder), MANCER_ACCESS="everyone") as factory:
            return [await one_bot(factory, number) for number in range(bots + 1)][1:]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--bots", type=int, default=10)
    runs = asyncio.run(measure(parser.parse_args().bots))
    for part in runs[0]:
        values = sorted(run[part] for run in runs)
        print(f"{part:28} median {statistics.median(values):6.0f} ms   {values[0]:.0f}–{values[-1]:.0f}")


if __name__ == "__main__":
    main()
