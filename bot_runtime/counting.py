"""The bot's counters per hour, for the factory's reports."""

from __future__ import annotations

from bot_runtime.store import Store, Transaction
from bot_runtime.work import HOUR

COUNTED = ("messages", "submissions", "votes", "errors")
KEPT_HOURS = 24 * 400


async def counters(store: Store, since: float, until: float) -> dict[str, int]:
    """What was counted from the hour of `since` to that of `until`, exclusive; people are counted once each."""
    first, last = int(since // HOUR), int(-(-until // HOUR))
    sums = await store.all(
        "SELECT name, sum(number) AS number FROM counts WHERE hour >= ? AND hour < ? GROUP BY name", (first, last)
    )
    people = await store.one(
        "SELECT count(DISTINCT person_id) AS number FROM visits WHERE hour >= ? AND hour < ?", (first, last)
    )
    found = {row["name"]: int(row["number"]) for row in sums}
    return {"people": people["number"] if people else 0, **{name: found.get(name, 0) for name in COUNTED}}


async def sweep_counters(tx: Transaction, now: float) -> None:
    """Remove what no report asks for any more."""
    oldest = int(now // HOUR) - KEPT_HOURS
    await tx.run("DELETE FROM counts WHERE hour < ?", (oldest,))
    await tx.run("DELETE FROM visits WHERE hour < ?", (oldest,))
