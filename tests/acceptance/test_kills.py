"""The short run of `python -m tests.kills`; the whole one and its result stand in docs/performance.md."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.kills import run_kills


@pytest.mark.timeout(600)
async def test_twenty_kills_lose_nothing_and_count_nothing_twice(tmp_path: Path) -> None:
    ledger, faults = await run_kills(tmp_path, count=20, seed=20261121)
    assert faults == []
    assert ledger.kills.total() == 20
    assert {"factory", "egress", "child"} <= set(ledger.kills)
    assert ledger.acknowledged == ledger.begun
    assert ledger.interviews
    assert ledger.votes
