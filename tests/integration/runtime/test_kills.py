"""A made bot killed at random moments, with a fixed seed."""

from __future__ import annotations

from pathlib import Path

from playground.people import Playground
from tests.integration.runtime.kills import DNA, survive
from tests.integration.runtime.made import made_bot


async def test_five_kills_lose_nothing_acknowledged_and_count_nothing_twice(
    playground: Playground, project: Path
) -> None:
    async with made_bot(playground, DNA, project) as made:
        tally = await survive(playground, made, kills=5, seed=20)
    assert tally.kills == 5
    assert len(tally.submissions) >= 5
    assert tally.votes
