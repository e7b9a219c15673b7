"""What a bot cannot do, proven by a bot that tries, and where no token is, proven by searching for it.

All of it holds as root and as an ordinary user: `test_isolation_as_ordinary_user.py` runs this file again as one.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from factory_bot.model.agents import AgentId, RunState
from factory_bot.processes import kernel
from tests.integration.searching import SEARCHER, asked_of_root, places_with, readable
from tests.integration.supervised import Town, run_folder, town
from tests.small_api import SmallApi, small_api

HOSTILE_BOT = Path(__file__).parent / "bots" / "hostile_bot.py"
NOT_A_CHILDS = (
    *("setWebhook", "deleteWebhook", "getWebhookInfo", "logOut", "close", "SETWEBHOOK", "LogOut"),
    *("getManagedBotToken", "replaceManagedBotToken", "getManagedBotAccessSettings", "setManagedBotAccessSettings"),
    *("savePreparedKeyboardButton", "transferBusinessAccountStars", "sendGift", "noSuchMethod"),
)

_other = AgentId("other")

pytestmark = pytest.mark.skipif(
    kernel.landlock_abi() < 6 and os.environ.get("CI") != "true", reason="this kernel lacks Landlock 6 (Linux 6.12)"
)


@pytest.fixture
async def api() -> AsyncIterator[SmallApi]:
    async with small_api() as api:
        yield api


@pytest.mark.parametrize("launcher", ["fork", "process"])
async def test_a_hostile_bot_gets_away_with_nothing(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    async with town(tmp_path, api.url, launcher=launcher) as here:
        other = await here.add("other", api.bot(4712).token)
        assert await here.supervisor.start(other) is RunState.RUNNING
        hostile = await here.add("hostile", api.bot(4711).token, script=HOSTILE_BOT)
        project = here.settings.bots_dir / hostile
        (project / "dna.json").write_text("{}")
        with _listening() as listening:
            aims = _aims(here, listening)
            (project / "data" / "aims.json").write_text(json.dumps(aims))
            starting = asyncio.create_task(here.supervisor.start(hostile))
            report = await _report(project / "data" / "report.json")
            assert len(report["tried"]) > 60
            assert set(report["got_away_with"]) == _conceded(here), report["got_away_with"]
            assert report["uid"] not in {0, aims["other_uid"]}
        pid = here.supervisor.pid(hostile)
        assert pid is not None
        await here.supervisor.stop(hostile)
        await starting
        assert kernel.started_at(report["left_behind"]) is None, "it left somebody behind"
        assert kernel.belonging_to(sessions={pid}) == []
        if os.geteuid() == 0:
            assert kernel.belonging_to(users={report["uid"]}) == []
        assert await here.state(other) is RunState.RUNNING


def _conceded(here: Town) -> set[str]:
    """What no wall stands against here, and the product says so."""
    said = here.supervisor.isolation()
    missing = {
        "NO network namespace": {"send a datagram"},
        "NO mount namespace (sockets of others are in sight)": {"connect to a socket that is open to all"},
        "limits on memory and files, NO limit on processes": {"start more processes than it may"},
    }
    return {deed for layer, deeds in missing.items() if layer in said for deed in deeds}


@pytest.mark.parametrize("launcher", ["fork", "process"])
async def test_no_token_is_anywhere_a_bot_could_find_it(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    sentinels = {number: f"AA{secrets.token_urlsafe(24)[:33]}" for number in (4711, 4712, 4713)}
    async with town(tmp_path, api.url, launcher=launcher) as here:
        agents = []
        for number, secret in sentinels.items():
            agents.append(await here.build(f"bot-{number}", api.bot(number, secret).token))
        for agent, number in zip(agents, sentinels, strict=True):
            state = await here.supervisor.start(agent)
            assert state is RunState.RUNNING, await here.supervisor.last_lines(agent)
            await api.bots[number].says("/start")
            await api.bots[number].wait_for(lambda account: account.sent)
        wanted = [secret.encode() for secret in sentinels.values()] + [here.vault.key]
        pids = [pid for agent in agents if (pid := here.supervisor.pid(agent)) is not None]
        if (forks := _fork_server(here)) is not None:
            pids.append(forks)
        await _are_nowhere_in(pids, wanted, control=here.egress.pid)
        for folder in (here.settings.bots_dir, here.settings.logs_dir):
            for path in folder.rglob("*"):
                assert not path.is_file() or not any(one in path.read_bytes() for one in wanted), path


async def _are_nowhere_in(pids: list[int], wanted: list[bytes], *, control: int) -> None:
    """None of it is in those processes, while the first of it is in `control`."""
    if os.geteuid() == 0:
        found = places_with([*pids, control], wanted)
    else:
        assert readable([*pids, control]) == [], "their own user reads them"
        if SEARCHER not in os.environ:
            return  # only root could go on, and runs this test for an ordinary user too
        found = await asked_of_root(Path(os.environ[SEARCHER]), [*pids, control], wanted)
    assert found.pop(control) != [], "the search finds a token where there is one"
    assert found == {pid: [] for pid in pids}


@contextmanager
def _listening() -> Iterator[dict[str, Any]]:
    """Sockets of somebody else: one of TCP, an abstract one, and one in a file that anybody may write."""
    name = f"mm-test-{os.getpid()}"
    with (
        run_folder() as folder,
        socket.create_server(("127.0.0.1", 0)) as tcp,
        socket.socket(socket.AF_UNIX) as abstract,
        socket.socket(socket.AF_UNIX) as to_all,
    ):
        for unix, address in ((abstract, f"\0{name}"), (to_all, f"{folder}/to-all.sock")):
            unix.bind(address)
            unix.listen()
        (folder / "to-all.sock").chmod(0o777)
        yield {"tcp": tcp.getsockname(), "abstract": name, "open_socket": f"{folder}/to-all.sock"}


def _aims(here: Town, listening: dict[str, Any]) -> dict[str, Any]:
    settings = here.settings
    other_data = settings.bots_dir / "other" / "data"
    run_dir = here.egress.socket_path(_other).parent
    pids = {"factory": os.getpid(), "egress": here.egress.pid, "neighbour": here.supervisor.pid(_other), "init": 1}
    if (forks := _fork_server(here)) is not None:
        pids["fork server"] = forks
    files = [
        *(settings.data_dir / "vault.key", settings.data_dir / "factory.db", settings.data_dir / "logs" / "other.log"),
        *(other_data / "behaviour", settings.bots_dir / "other" / "bot.py", Path("/etc/shadow"), Path("/etc/hostname")),
    ]
    return {
        "methods": NOT_A_CHILDS,
        "other_bot_id": 4712,
        "other_uid": other_data.stat().st_uid,
        "sockets": {"neighbour": str(here.egress.socket_path(_other)), "factory": str(run_dir / "factory.sock")},
        "pids": pids,
        "files": [str(path) for path in files],
        "folders": [str(settings.data_dir), str(other_data), str(settings.bots_dir), "/tmp", "/root", str(run_dir)],
        "neighbour_port": here.supervisor.port(_other),
        **listening,
    }


def _fork_server(here: Town) -> int | None:
    pid = getattr(here.supervisor.launcher, "pid", None)
    assert pid is None or isinstance(pid, int)
    return pid


async def _report(path: Path) -> dict[str, Any]:
    async with asyncio.timeout(30):
        while (report := _written(path)) is None:  # noqa: ASYNC110 – another process writes it, and no event tells
            await asyncio.sleep(0.05)
    return report


def _written(path: Path) -> dict[str, Any] | None:
    return json.loads(path.read_text()) if path.exists() else None
