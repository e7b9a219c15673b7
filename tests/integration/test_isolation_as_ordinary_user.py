"""What a bot cannot do where the factory is no root: the same proof, run as an ordinary user.

Whoever is one runs `test_isolation.py` directly and needs nothing of this.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import PIPE, STDOUT
from collections.abc import Iterator
from pathlib import Path

import pytest

from factory_bot.processes import kernel
from factory_bot.supervision.leftovers import kill_all
from tests.integration import test_isolation
from tests.integration.searching import SEARCHER, answering
from tests.ordinary import ROOT, as_ordinary_user, clean_environment, may_stage, unused_user

pytestmark = [
    pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user runs test_isolation.py directly"),
    pytest.mark.skipif(
        os.environ.get("CI") != "true" and not may_stage(), reason="this root may not make mounts of its own"
    ),
]


@pytest.fixture
def stage() -> Iterator[Path]:
    """Outside of pytest's folders, which are root's alone; the names are short, for sockets."""
    with tempfile.TemporaryDirectory(prefix="mm-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


async def test_a_factory_without_root_keeps_its_bots_to_themselves(stage: Path) -> None:
    uid = unused_user()
    home, mounts = stage / "home", stage / "mounts"
    home.mkdir()
    os.chown(home, uid, uid)
    mounts.mkdir()
    proof = str(Path(test_isolation.__file__).relative_to(ROOT))
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--basetemp", str(home / "t"), proof]
    async with answering(stage / "search.sock", uid):
        process = await asyncio.create_subprocess_exec(
            *as_ordinary_user(uid, command, stage=mounts),
            cwd=ROOT,
            env={**clean_environment(home), SEARCHER: str(stage / "search.sock")},
            stdout=PIPE,
            stderr=STDOUT,
        )
        said, _ = await process.communicate()
        left = kernel.belonging_to(users={uid})
        kill_all(left)
    assert process.returncode == 0, said.decode()
    assert "= 4 passed in " in said.decode(), "it proves nothing by passing over"
    assert left == []
