"""Letting Linux keep equal memory of bots once: only where it was asked for, and with a word where it has no effect."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from factory_bot.errors import SettingsError
from factory_bot.processes.kernel import merging_trouble
from factory_bot.settings import load_settings
from tests.integration.supervised import town
from tests.small_api import small_api

STATE = Path("/proc/self/ksm_stat")
TELLS = STATE.exists() and "ksm_merge_any" in STATE.read_text()


def is_merged(pid: int | None) -> bool:
    return "ksm_merge_any: yes" in Path(f"/proc/{pid}/ksm_stat").read_text()


@pytest.mark.skipif(
    not TELLS and os.environ.get("CI") != "true",
    reason="this Linux does not tell which processes are merged (6.13 does)",
)
@pytest.mark.parametrize("wanted", [True, False])
async def test_a_bot_is_merged_where_the_operator_wants_it(tmp_path: Path, wanted: bool) -> None:
    async with small_api() as api, town(tmp_path, api.url, merge_memory=wanted) as here:
        agent = await here.build("pizza", api.bot(4711).token)
        await here.supervisor.start(agent)
        assert is_merged(here.supervisor.pid(agent)) is wanted
        assert any("equal memory" in layer for layer in here.supervisor.isolation()) is wanted
    assert not is_merged(os.getpid()), "the factory keeps its own to itself"


def test_a_linux_that_does_not_merge_is_told(tmp_path: Path) -> None:
    switch = tmp_path / "run"
    assert "cannot merge" in str(merging_trouble(switch))
    switch.write_text("0\n")
    new = tuple(map(int, os.uname().release.split(".")[:2])) >= (6, 4)
    assert ("echo 1 >" if new else "cannot merge") in str(merging_trouble(switch))
    switch.write_text("1\n")
    assert (merging_trouble(switch) is None) is new


def test_only_forked_bots_can_be_merged() -> None:
    with pytest.raises(SettingsError, match="MANCER_LAUNCHER=fork"):
        load_settings({"MANCER_MERGE_MEMORY": "true", "MANCER_LAUNCHER": "process"}, env_file=None)
