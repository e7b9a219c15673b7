"""What a child is given by its supervisor and owes it: boot pipe, egress socket, passed listener, health, an end."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot_runtime.dna import AgentDNA, PollFeature, dump
from tests.integration.runtime.bot_api import BotApi, bot_api, error
from tests.integration.runtime.made import SCRIPT, plain_client

ROOT = Path(__file__).parents[3]
LIMIT = 15.0
ANN = {"id": 7, "is_bot": False, "first_name": "Ann"}


@dataclass
class Supervised:
    """A child under a supervisor that is this test."""

    api: BotApi
    process: asyncio.subprocess.Process
    pipe: int
    port: int

    def says(self, update_id: int, text: str) -> None:
        chat = {"id": 7, "type": "private", "first_name": "Ann"}
        message: dict[str, Any] = {"message_id": update_id, "date": 0, "chat": chat, "from": ANN, "text": text}
        if text.startswith("/"):
            message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text)}]
        self.api.push({"update_id": update_id, "message": message})

    async def health(self) -> dict[str, Any]:
        async with plain_client() as client:
            answer: dict[str, Any] = (await client.get(f"http://127.0.0.1:{self.port}/health")).json()
            return answer

    async def ended(self) -> int:
        async with asyncio.timeout(LIMIT):
            return await self.process.wait()


@pytest.fixture
async def child(tmp_path: Path) -> AsyncIterator[Supervised]:
    dna = AgentDNA(name="T", purpose="x", features=(PollFeature(question="Q?", options=("A", "B")),))
    (tmp_path / "dna.json").write_text(dump(dna))
    with tempfile.TemporaryDirectory(prefix="m-") as folder, socket.create_server(("127.0.0.1", 0)) as listener:
        async with bot_api(f"{folder}/e.sock") as api:
            out, into = os.pipe()
            for descriptor in (out, listener.fileno()):
                os.set_inheritable(descriptor, True)
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                SCRIPT,
                cwd=tmp_path,
                pass_fds=(out, listener.fileno()),
                env={"MANCER_BOOT_FD": str(out), "PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"]},
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
            )
            os.close(out)
            facts = {
                "agent_id": "shop",
                "bot_id": 4711,
                "username": "shop_bot",
                "owner_id": 7,
                "owner_language": "en",
                "init_data_secret": "ab" * 32,
                "webapp_public_key": None,
                "egress_socket": f"{folder}/e.sock",
                "http_fd": listener.fileno(),
                "app_url": "http://shop.localhost:8080/app/",
                "grace": 4.0,
            }
            os.write(into, json.dumps(facts).encode() + b"\n")
            supervised = Supervised(api=api, process=process, pipe=into, port=listener.getsockname()[1])
            try:
                await api.until(lambda: bool(api.said("getUpdates")))
                yield supervised
            finally:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
                await process.communicate()
                with contextlib.suppress(OSError):
                    os.close(into)


async def test_it_answers_through_the_egress_without_asking_who_it_is(child: Supervised) -> None:
    child.says(1, "/start")
    await child.api.until(lambda: any("I am <b>T</b>" in text for text in child.api.texts()))
    assert {call.method for call in child.api.calls} == {"getUpdates", "setMyCommands", "sendMessage"}
    [greeting] = child.api.said("sendMessage")
    buttons = greeting.params["reply_markup"]["inline_keyboard"]
    assert buttons[-1] == [{"text": "Open the app", "web_app": {"url": "http://shop.localhost:8080/app/"}}]


async def test_health_says_how_it_is(child: Supervised) -> None:
    await child.api.until(lambda: len(child.api.said("getUpdates")) >= 2)
    health = await child.health()
    assert health["memory_bytes"] > 1_000_000
    assert health["last_poll_at"] is not None
    expected = {"alive": True, "agent_id": "shop", "dna_version": 1, "state": "polling", "updates": 0, "errors": 0}
    assert expected.items() <= health.items()
    child.api.script("getUpdates", error(409, "Conflict: terminated by other getUpdates request"))
    child.says(2, "/help")
    await child.api.until(lambda: any(len(call.params) and call.method == "sendMessage" for call in child.api.calls))


async def test_asked_to_end_it_finishes_and_exits_with_zero(child: Supervised) -> None:
    child.says(1, "/help")
    await child.api.until(lambda: bool(child.api.texts()))
    child.process.send_signal(signal.SIGTERM)
    assert await child.ended() == 0


async def test_it_ends_by_itself_within_five_seconds_when_its_supervisor_is_gone(child: Supervised) -> None:
    os.close(child.pipe)
    async with asyncio.timeout(5):
        assert await child.process.wait() == 0


async def test_boot_facts_that_cannot_be_read_end_it_with_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "dna.json").write_text(dump(AgentDNA(name="T", purpose="x")))
    for line in (b"{}\n", b""):
        out, into = os.pipe()
        os.set_inheritable(out, True)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            SCRIPT,
            cwd=tmp_path,
            pass_fds=(out,),
            env={"MANCER_BOOT_FD": str(out), "PYTHONPATH": str(ROOT)},
            stderr=asyncio.subprocess.PIPE,
        )
        os.close(out)
        os.write(into, line)
        os.close(into)
        async with asyncio.timeout(LIMIT):
            _, said = await process.communicate()
        assert process.returncode == 2
        assert said.decode().startswith("this bot cannot start:"), said
        assert len(said.splitlines()) == 1


@pytest.mark.parametrize("dna", ["{", '{"schema_version": 99}'])
async def test_a_project_whose_dna_cannot_be_read_does_not_start(tmp_path: Path, dna: str) -> None:
    (tmp_path / "dna.json").write_text(dna)
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        SCRIPT,
        cwd=tmp_path,
        env={"BOT_TOKEN": "1:AA", "PYTHONPATH": str(ROOT)},
        stderr=asyncio.subprocess.PIPE,
    )
    async with asyncio.timeout(LIMIT):
        _, said = await process.communicate()
    assert process.returncode == 2
    assert b"Traceback" not in said


async def test_alone_with_a_refused_token_it_says_so_without_showing_it(tmp_path: Path) -> None:
    (tmp_path / "dna.json").write_text(dump(AgentDNA(name="T", purpose="x")))
    token = "4711:AA" + "x" * 33
    async with bot_api() as api:
        api.script("getMe", error(401, "Unauthorized"))
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            SCRIPT,
            cwd=tmp_path,
            env={"BOT_TOKEN": token, "TELEGRAM_API_URL": api.url, "PYTHONPATH": str(ROOT)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        async with asyncio.timeout(LIMIT):
            said, _ = await process.communicate()
    assert process.returncode == 2
    assert b"Telegram refuses BOT_TOKEN" in said
    assert token.encode() not in said
