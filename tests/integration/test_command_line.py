"""`python run_bot.py` as an operator meets it: one sentence per fault, nothing half-started, everything ended."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
import sys
from pathlib import Path

import psutil

from playground.people import Playground
from tests.factory import ROOT, free_port, running_factory
from tests.running import running_playground

TOKEN = "123456789:AAF-sentinel-sentinel-sentinel-00"


async def ran(folder: Path, *options: str, **settings: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a run that ends by itself."""
    ports = {"MANCER_PLAYGROUND_PORT": str(free_port()), "MANCER_GATEWAY_PORT": str(free_port())}
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "run_bot.py"), "--no-browser", *options, cwd=folder,
        env={"PATH": os.environ["PATH"], **ports, **settings},
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with asyncio.timeout(40):
        out, err = await process.communicate()
    assert process.returncode is not None
    return process.returncode, out.decode(), err.decode()


async def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for setting in ("MANCER_GATEWAY_PORT", "MANCER_PLAYGROUND_PORT"):
            code, _, err = await ran(tmp_path, **{setting: port})
            assert (code, err.count("\n")) == (2, 1)
            assert f"127.0.0.1:{port} cannot be used" in err
            assert setting in err
    assert not (tmp_path / "data" / "factory.db").exists()


async def test_a_second_factory_on_the_same_data_is_refused_and_the_first_goes_on(tmp_path: Path) -> None:
    async with running_factory(tmp_path) as factory:
        code, _, err = await ran(tmp_path)
        assert (code, err.count("\n")) == (2, 1)
        assert "another factory already runs" in err
        await factory.you.starts(factory.bot)
        await factory.you.hears(factory.bot, "I make Telegram bots")


async def test_a_refused_token_is_one_sentence_and_starts_nothing(tmp_path: Path) -> None:
    async with running_playground(tmp_path / "telegram") as world:
        settings = {"MANCER_TELEGRAM_TOKEN": TOKEN, "MANCER_TELEGRAM_API_URL": world}
        code, out, err = await ran(tmp_path, **settings)
        assert (code, err.count("\n")) == (2, 1)
        assert "Telegram refuses this token" in err
        assert "sentinel" not in out + err
        checked, _, faults = await ran(
            tmp_path, "--check", MANCER_DATABASE_URL="postgresql+asyncpg://nobody@127.0.0.1:1/none",
            MANCER_PUBLIC_URL="https://bots.example.invalid", **settings,
        )  # fmt: skip
    assert checked == 1
    for part in ("MANCER_TELEGRAM_TOKEN", "MANCER_DATABASE_URL", "MANCER_PUBLIC_URL"):
        assert part in faults
    assert "sentinel" not in faults


async def test_an_installation_in_order_is_said_to_be(tmp_path: Path) -> None:
    async with running_playground(tmp_path / "telegram") as world, Playground(world) as telegram:
        account = await telegram.bot(await telegram.me(), "Mini-Mancer", "checked_bot", can_manage_bots=True)
        settings = {"MANCER_TELEGRAM_TOKEN": account.token, "MANCER_TELEGRAM_API_URL": world}
        assert await ran(tmp_path, "--check", **settings) == (0, "Everything is in order.\n", "")
    code, out, _ = await ran(tmp_path, "--version")
    assert (code, out.startswith("mini-mancer ")) == (0, True)


async def test_a_lost_vault_key_is_said_at_start(tmp_path: Path) -> None:
    async with running_factory(tmp_path) as factory:
        assert await factory.stop() == 0
    (tmp_path / "data" / "vault.key").unlink()
    code, _, err = await ran(tmp_path)
    assert code == 2
    assert "put vault.key back" in err
    assert not (tmp_path / "data" / "vault.key").exists()


def modes(folder: Path, *patterns: str) -> dict[str, str]:
    """The modes of what is there."""
    found = [path for pattern in patterns for path in folder.glob(pattern)]
    return {str(path.relative_to(folder)): f"{path.stat().st_mode & 0o777:o}" for path in found}


async def test_other_users_of_the_machine_read_nothing_of_it_also_after_a_careless_start(tmp_path: Path) -> None:
    from tests.acceptance.deeds import makes

    files = ("data/factory.db*", "data/playground/world.db*", "generated_bots/*/data/bot.db*")
    folders = ("data/logs", "data/playground", "data/children", "generated_bots/*/data")
    async with running_factory(tmp_path) as factory:
        await factory.you.starts(factory.bot)
        await makes(factory.you, factory, "A bot called Quiet: a form with name")
        first = modes(tmp_path, *files)
        assert {"data/factory.db", "data/factory.db-wal", "data/playground/world.db"} <= first.keys()
        assert {name for name in first if name.startswith("generated_bots/")}
        assert set(first.values()) == {"600"}
        assert set(modes(tmp_path, *folders).values()) == {"700"}
        assert len(modes(tmp_path, *folders)) == 4
        await factory.kill()  # so that the files beside the databases stay
        for name in modes(tmp_path, *files[:2]):
            (tmp_path / name).chmod(0o644)
        for folder in ("data/logs", "data/playground"):
            (tmp_path / folder).chmod(0o755)
        await factory.start()
        assert set(modes(tmp_path, *files).values()) == {"600"}
        assert set(modes(tmp_path, *folders).values()) == {"700"}
        assert modes(tmp_path, "data") == {"data": "711"}  # bots pass through it to what is theirs


async def test_a_second_interrupt_forces_the_end(tmp_path: Path) -> None:
    async with running_factory(tmp_path, MANCER_STOP_GRACE="30") as factory:
        from tests.acceptance.deeds import makes

        await factory.you.starts(factory.bot)
        await makes(factory.you, factory, "A bot called Sleeper: a form with name")
        (child,) = factory.children()
        child.send_signal(signal.SIGSTOP)  # it cannot end in good order, so the first interrupt waits for it
        family = factory.family()
        factory.process.send_signal(signal.SIGINT)
        await factory.prints("stopping")
        factory.process.send_signal(signal.SIGINT)
        async with asyncio.timeout(20):  # its output is open until the last of its processes has seen it go
            assert await factory.process.wait() == 130
        with contextlib.suppress(psutil.NoSuchProcess):  # the fork server may have ended it by force meanwhile
            child.send_signal(signal.SIGCONT)
        _, left = await asyncio.to_thread(psutil.wait_procs, family, timeout=10)
        assert not left
