"""The playground as a process: how it starts, what it survives, whom it lets in."""

from __future__ import annotations

import asyncio
import random
import socket
import sys
from pathlib import Path

import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot
from tests.running import ended, running_playground, started_playground


async def complaint(*options: str) -> tuple[int, str]:
    """The exit code and the words of a playground that cannot start."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "playground", *options, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    async with asyncio.timeout(20):
        _, words = await process.communicate()
    assert process.returncode is not None
    return process.returncode, words.decode().strip()


async def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    code, words = await complaint("--host", "0.0.0.0", "--port", "0", "--data", str(tmp_path))
    assert code == 2
    assert words == "playground: it listens on loopback only, so it does not take the address 0.0.0.0; use 127.0.0.1"


async def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, words = await complaint("--port", str(port), "--data", str(tmp_path))
    assert (code, words) == (2, f"playground: port {port} is taken by another program")


async def test_one_world_has_one_playground(tmp_path: Path) -> None:
    async with running_playground(tmp_path):
        code, words = await complaint("--port", "0", "--data", str(tmp_path))
    assert (code, words) == (2, f"playground: another playground uses the data folder {tmp_path}")


async def test_a_world_that_is_none_is_said_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "world.db").write_bytes(b"this is no database, however long it may be" * 100)
    code, words = await complaint("--port", "0", "--data", str(tmp_path))
    assert (code, words) == (2, f"playground: the world in {tmp_path} cannot be read: file is not a database")


async def test_it_ends_when_stdin_does(tmp_path: Path) -> None:
    process = await started_playground(tmp_path)
    assert process.stdout is not None
    assert process.stdin is not None
    await process.stdout.readline()
    process.stdin.close()
    async with asyncio.timeout(5):
        assert await process.wait() == 0
    await ended(process)


async def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    process = await started_playground(tmp_path)
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().rsplit(" ", 1)[1].strip()
    async with Playground(url) as playground:
        alice = await playground.person("Alice")
        made = await playground.bot(alice, "Echo", "echo_bot")
        await alice.starts(made)
        async with CallingBot(url, made.token) as bot:
            document = await bot.upload("sendDocument", {"document": ("a.txt", b"kept")}, chat_id=str(alice.id))
            await bot.setMyCommands(commands=[{"command": "go", "description": "Go"}])
            key = (await playground.state())["webapp_public_key"]
            (start,) = await bot.call("getUpdates")
            said = await alice.says(made, "unread")
        process.kill()
        await process.communicate()
    async with running_playground(tmp_path) as url, Playground(url) as playground:
        assert (await playground.state())["webapp_public_key"] == key
        async with CallingBot(url, made.token) as bot:
            updates = await bot.call("getUpdates", offset=start["update_id"] + 1)
            assert [update["message"]["text"] for update in updates] == ["unread"]
            assert updates[0]["update_id"] == start["update_id"] + 1
            path = (await bot.getFile(file_id=document["document"]["file_id"]))["file_path"]
            assert (await bot.http.get(f"{url}/file/bot{made.token}/{path}")).content == b"kept"
            assert await bot.getMyCommands() == [{"command": "go", "description": "Go"}]
            sent = await bot.sendMessage(chat_id=alice.id, text="again")
            assert sent["message_id"] == said.id + 1


class Traffic:
    """A person who writes without pause and a bot that confirms, through one life of the playground after another."""

    def __init__(self) -> None:
        self.acknowledged: list[str] = []
        self.seen: list[str] = []
        self.offset = 0
        self.enough = asyncio.Event()

    async def write(self, me: Person, life: int) -> None:
        for number in range(10_000):
            await me.says("@echo_bot", f"{life}-{number}")
            self.acknowledged.append(f"{life}-{number}")
            if number == 8:
                self.enough.set()

    async def read(self, url: str, token: str, timeout: int) -> None:
        async with CallingBot(url, token) as bot:
            while updates := await bot.call("getUpdates", offset=self.offset, timeout=timeout, limit=5):
                self.seen.extend(update["message"]["text"] for update in updates)
                self.offset = updates[-1]["update_id"] + 1


async def test_nothing_acknowledged_is_lost_however_often_it_is_killed(tmp_path: Path) -> None:
    chance, traffic, token = random.Random(7), Traffic(), ""
    for life in range(4):
        process = await started_playground(tmp_path)
        assert process.stdout is not None
        url = (await process.stdout.readline()).decode().rsplit(" ", 1)[1].strip()
        async with Playground(url) as playground:
            me = await playground.me()
            token = token or (await playground.bot(me, "Echo", "echo_bot")).token
            traffic.enough.clear()
            tasks = [
                asyncio.create_task(traffic.write(me, life)),
                asyncio.create_task(traffic.read(url, token, timeout=20)),
            ]
            async with asyncio.timeout(20):
                await traffic.enough.wait()
            await asyncio.sleep(chance.uniform(0, 0.1))
            process.kill()
            await asyncio.gather(*tasks, return_exceptions=True)
            await process.communicate()
    async with running_playground(tmp_path) as url:
        await traffic.read(url, token, timeout=0)
    assert [text for text in traffic.acknowledged if text not in traffic.seen] == []
    assert len(traffic.seen) == len(set(traffic.seen))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [(("--no-allow-http-apps",), "Only HTTPS links are allowed"), ((), None)],
    ids=["as Telegram", "default"],
)
async def test_mini_apps_by_http_are_allowed_unless_it_is_told_otherwise(
    tmp_path: Path, options: tuple[str, ...], complaint: str | None
) -> None:
    async with running_playground(tmp_path, *options) as url, Playground(url) as playground:
        made = await playground.bot(await playground.person("Alice"), "Echo", "echo_bot")
        async with CallingBot(url, made.token) as bot:
            button = {"type": "web_app", "text": "App", "web_app": {"url": "http://a.example/"}}
            answer = await bot.http.post(f"{url}/bot{bot.token}/setChatMenuButton", json={"menu_button": button})
    assert answer.json().get("description") == (
        complaint and f"Bad Request: menu button Web App URL 'http://a.example/' is invalid: {complaint}"
    )
