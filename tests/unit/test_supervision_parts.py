"""The small parts of supervision: logs, ports, pace, users."""

from __future__ import annotations

import asyncio
import os
import socket
from pathlib import Path

import pytest

from factory_bot.errors import ChildError
from factory_bot.supervision.confinement import Namespaces, layers
from factory_bot.supervision.logs import LARGEST, LONGEST_LINE, AgentLog, Drain
from factory_bot.supervision.pace import Pace
from factory_bot.supervision.ports import FIRST, LAST, Ports
from factory_bot.supervision.users import Users

TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw1"


def test_a_log_hides_tokens_and_keeps_its_size(tmp_path: Path) -> None:
    log = AgentLog(tmp_path / "logs" / "echo.log")
    log.write([f"refused: {TOKEN}"])
    assert "AAHdq" not in (tmp_path / "logs" / "echo.log").read_text()
    for _ in range(5 * LARGEST // 8000):
        log.write(["x" * 8000])
    files = sorted(path.name for path in (tmp_path / "logs").iterdir())
    assert files == ["echo.log", "echo.log.1", "echo.log.2", "echo.log.3"]
    assert all(path.stat().st_size < LARGEST + 9000 for path in (tmp_path / "logs").iterdir())
    assert (tmp_path / "logs" / "echo.log").stat().st_mode & 0o077 == 0
    log.remove()
    assert list((tmp_path / "logs").iterdir()) == []


def test_the_last_lines_are_the_last_ones_oldest_first(tmp_path: Path) -> None:
    log = AgentLog(tmp_path / "echo.log")
    assert log.last(5) == []
    log.write([f"line {number}" for number in range(30)])
    assert [line.rpartition(" ")[2] for line in log.last(3)] == ["27", "28", "29"]


async def test_output_comes_in_lines_whatever_the_pieces(tmp_path: Path) -> None:
    out, into = os.pipe()
    lines: list[str] = []
    drain = Drain(out, lines.extend)
    for piece in (b"one\ntw", b"o\n", b"\n", b"y" * (LONGEST_LINE + 10), b"\nrest"):
        os.write(into, piece)
        await asyncio.sleep(0)
    os.close(into)
    drain.close()
    assert lines == ["one", "two", "y" * LONGEST_LINE, "y" * 10, "rest"]


def test_ports_skip_what_is_kept_out_or_taken() -> None:
    with socket.socket() as taken:
        ports = Ports(range(FIRST, FIRST + 3))
        with ports.bind() as first, ports.bind() as second:
            numbers = {first.getsockname()[1], second.getsockname()[1]}
            assert len(numbers) == 2
            assert all(FIRST + 3 <= number <= LAST for number in numbers)
            assert taken is not None


def test_no_port_left_is_an_error() -> None:
    with pytest.raises(ChildError):
        Ports(range(FIRST, LAST + 1)).bind()


async def test_first_contacts_keep_the_pace_and_restarts_do_not_wait() -> None:
    pace = Pace(limited=True, contacts=2, span=0.2)
    loop = asyncio.get_running_loop()
    began = loop.time()
    for name in ("a", "b", "a", "b"):
        await pace.turn(name)
    assert loop.time() - began < 0.15
    await pace.turn("c")
    assert loop.time() - began >= 0.2


async def test_without_a_limit_nobody_waits() -> None:
    pace = Pace(limited=False, contacts=1, span=60)
    async with asyncio.timeout(1):
        for number in range(100):
            await pace.turn(str(number))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives users")
def test_every_project_has_a_user_of_its_own_and_keeps_it(tmp_path: Path) -> None:
    projects = [tmp_path / name for name in ("one", "two")]
    for project in projects:
        (project / "data").mkdir(parents=True)
        (project / "data" / "bot.db").write_text("x")
    (projects[0] / "data" / "link").symlink_to("/etc/hostname")
    owner = os.stat("/etc/hostname").st_uid  # noqa: PTH116
    users = Users(tmp_path, tmp_path)
    given = [users.prepare(project) for project in projects]
    assert len(set(given)) == 2
    assert None not in given
    assert (projects[0] / "data" / "bot.db").stat().st_uid == given[0]
    assert os.stat("/etc/hostname").st_uid == owner, "a link leads nowhere"  # noqa: PTH116
    elsewhere = tmp_path / "another factory"
    (elsewhere / "data").mkdir(parents=True)
    other = Users(tmp_path / "another folder", tmp_path)
    assert other.prepare(elsewhere) not in given, "two factories of one machine share no user"
    users.close()
    again = Users(tmp_path, tmp_path)
    assert [again.prepare(project) for project in reversed(projects)] == given[::-1]
    again.close()
    other.close()


def test_every_bot_has_an_alias_that_no_other_bot_of_the_machine_has(tmp_path: Path) -> None:
    users, other = Users(tmp_path, tmp_path), Users(tmp_path / "another folder", tmp_path)
    try:
        given = [users.alias(tmp_path / name) for name in ("one", "two", "one")]
        assert given[0] == given[2] != given[1]
        assert other.alias(tmp_path / "one") not in given
        assert not other.claim(given[0]), "what a bot of ours is known by is not another factory's to end"
        assert not users.claim(0)
    finally:
        users.close()
        other.close()


def test_a_wall_that_is_missing_is_said_to_be() -> None:
    nothing = layers(own_users=False, namespaces=Namespaces(network=False, files=False, users=False), merged=False)
    missing = {"own users", "user namespaces", "network namespace", "mount namespace", "limit on processes"}
    assert not [wall for wall in missing if not any(f"NO {wall}" in layer for layer in nothing)]
    everything = layers(own_users=True, namespaces=Namespaces(network=True, files=True, users=True), merged=False)
    assert not [wall for wall in missing if any(f"NO {wall}" in layer for layer in everything)]
