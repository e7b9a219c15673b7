"""The votes of a poll in the bot's own tables, and whether it is open."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bot_runtime.dna import PollFeature
from bot_runtime.store import Row, Transaction
from bot_runtime.work import Work


@dataclass(frozen=True, kw_only=True)
class Standing:
    """How a poll stands."""

    counts: tuple[int, ...]  # per option
    voters: int
    closed: bool

    def percent(self, index: int) -> int:
        """The share of the voters who chose that option."""
        return round(100 * self.counts[index] / self.voters) if self.voters else 0


async def standing(tx: Transaction, poll: PollFeature) -> Standing:
    """How the poll stands now."""
    counts, voters = dict.fromkeys(poll.options, 0), 0
    for row in await tx.all("SELECT options FROM votes WHERE feature_id = ?", (poll.id,)):
        chosen = [option for option in json.loads(row["options"]) if option in counts]
        voters += bool(chosen)
        for option in chosen:
            counts[option] += 1
    return Standing(counts=tuple(counts.values()), voters=voters, closed=await is_closed(tx, poll))


async def is_closed(tx: Transaction, poll: PollFeature) -> bool:
    """Nobody can vote any more, unless the owner opens the poll again."""
    row = await tx.one("SELECT closed FROM polls WHERE feature_id = ?", (poll.id,))
    return bool(row and row["closed"])


async def set_closed(tx: Transaction, poll: PollFeature, *, closed: bool) -> bool:
    """Close or open the poll; False if it was so already."""
    changed = await tx.run(
        "UPDATE polls SET closed = ? WHERE feature_id = ? AND closed != ?", (closed, poll.id, closed)
    )
    return changed > 0


async def follow_dna(tx: Transaction, poll: PollFeature) -> bool:
    """Note the closing time the DNA names; True if it is another than before, so that it counts (again)."""
    at = poll.closes_at.timestamp() if poll.closes_at else None
    row = await tx.one("SELECT closes_at FROM polls WHERE feature_id = ?", (poll.id,))
    if row is None:
        await tx.run("INSERT INTO polls (feature_id, closes_at) VALUES (?, ?)", (poll.id, at))
        return True
    if row["closes_at"] == at:
        return False
    await tx.run("UPDATE polls SET closes_at = ?, closed = 0 WHERE feature_id = ?", (at, poll.id))
    return True


async def of_person(tx: Transaction, poll: PollFeature, person_id: int) -> tuple[int, ...]:
    """The options that person chose, as their places."""
    row = await tx.one("SELECT options FROM votes WHERE feature_id = ? AND person_id = ?", (poll.id, person_id))
    chosen = json.loads(row["options"]) if row else []
    return tuple(index for index, option in enumerate(poll.options) if option in chosen)


async def vote(work: Work, poll: PollFeature, choice: Sequence[int]) -> None:
    """Make that the person's one vote."""
    assert work.person is not None
    is_new = not await of_person(work.tx, poll, work.person.id)
    options = json.dumps([poll.options[index] for index in sorted(set(choice))], ensure_ascii=False)
    await work.tx.run(
        "INSERT INTO votes (feature_id, person_id, options, voted_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (feature_id, person_id) DO UPDATE SET options = excluded.options, voted_at = excluded.voted_at",
        (poll.id, work.person.id, options, work.now),
    )
    if is_new:
        await work.count("votes")


async def withdraw(tx: Transaction, poll: PollFeature, person_id: int) -> bool:
    """Remove that person's vote; False if there was none."""
    return await tx.run("DELETE FROM votes WHERE feature_id = ? AND person_id = ?", (poll.id, person_id)) > 0


async def with_people(tx: Transaction, poll: PollFeature) -> list[Row]:
    """Every vote with who gave it, the oldest first."""
    return await tx.all(
        "SELECT votes.*, coalesce(first_name, '') AS first_name, last_name, username FROM votes"
        " LEFT JOIN people ON people.id = person_id WHERE feature_id = ? ORDER BY voted_at, person_id",
        (poll.id,),
    )
