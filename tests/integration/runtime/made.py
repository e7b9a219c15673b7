"""A made bot as a process of its own, speaking to a playground, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import os
import signal
import socket
import ssl
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from bot_runtime.dna import AgentDNA, dump
from playground.people import BotAccount, Person, Playground

LIMIT = 15.0  # seconds
SCRIPT = "from pathlib import Path; from bot_runtime import run; run(Path.cwd())"


def plain_client(base_url: str = "") -> httpx.AsyncClient:
    """A client for loopback without TLS: loading the authorities' certificates would take longer than any call."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    return httpx.AsyncClient(base_url=base_url, trust_env=False, verify=context)


@dataclass
class Made:
    """One made bot: its project folder, its account, and its process while it runs."""

    dna: AgentDNA
    account: BotAccount
    owner: Person
    project: Path
    api_url: str
    app_url: str | None = None
    port: int = 0
    process: asyncio.subprocess.Process | None = None
    lives: int = 0
    output: Path = field(init=False)

    def __post_init__(self) -> None:
        self.output = self.project / "output.log"
        self.port = self.port or _free_port()

    def write(self, dna: AgentDNA) -> None:
        """The DNA of its next life."""
        self.dna = dna
        self.project.mkdir(parents=True, exist_ok=True)
        (self.project / "dna.json").write_text(dump(dna), encoding="utf-8")

    async def start(self) -> None:
        """Start the process; it may take a moment until it answers."""
        self.write(self.dna)
        self.lives += 1
        environment = {
            "PATH": os.environ["PATH"],
            "BOT_TOKEN": self.account.token,
            "TELEGRAM_API_URL": self.api_url,
            "OWNER_ID": str(self.owner.id),
            "PORT": str(self.port),
            "PYTHONPATH": str(Path(__file__).parents[3]),
        }
        if self.app_url:
            environment["APP_URL"] = self.app_url
        program = ["bot.py"] if (self.project / "bot.py").exists() else ["-c", SCRIPT]
        with self.output.open("ab") as output:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, *program, cwd=self.project, env=environment, stdout=output, stderr=output
            )

    async def ready(self) -> dict[str, Any]:
        """Its health, as soon as it polls."""
        until = time.monotonic() + LIMIT
        async with plain_client() as client:
            while time.monotonic() < until:
                assert self.process is not None
                if self.process.returncode is not None:
                    break
                with contextlib.suppress(httpx.TransportError):
                    health: dict[str, Any] = (await client.get(f"http://127.0.0.1:{self.port}/health")).json()
                    if health["state"] == "polling":
                        return health
                await asyncio.sleep(0.02)
        raise AssertionError(f"the bot did not come up:\n{self.said()}")

    async def comes_to(self, **wanted: Any) -> None:
        """Wait, at most five seconds, until its health says that."""
        until = time.monotonic() + 5.0
        while not wanted.items() <= (health := await self.get("/health")).items():
            assert time.monotonic() < until, f"{wanted} did not come: {health}"
            await asyncio.sleep(0.05)

    async def get(self, path: str, **params: str) -> Any:
        async with plain_client() as client:
            return (await client.get(f"http://127.0.0.1:{self.port}{path}", params=params)).json()

    def kill(self) -> None:
        """kill -9, now."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)

    async def ended(self) -> int:
        assert self.process is not None
        async with asyncio.timeout(LIMIT):
            return await self.process.wait()

    async def stop(self) -> int:
        """The orderly end; its exit code."""
        assert self.process is not None
        with contextlib.suppress(ProcessLookupError):
            self.process.terminate()
        return await self.ended()

    def said(self) -> str:
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    @contextlib.asynccontextmanager
    async def app_of(self, person: Person, source: str = "menu") -> AsyncIterator[httpx.AsyncClient]:
        """The person's signed-in Mini App, as a client of its API."""
        if self.app_url is None:
            data = self.init_data(person)
        else:
            address = await person.opens_app(self.account, source)
            data = parse_qs(urlsplit(address).fragment)["tgWebAppData"][0]
        async with plain_client(f"http://127.0.0.1:{self.port}/api") as client:
            answer = await client.post("/session", headers={"Authorization": f"tma {data}"})
            assert answer.status_code == 200, answer.text
            client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            yield client

    def init_data(self, person: Person) -> str:
        """Launch data as Telegram signs it with this bot's token."""
        from urllib.parse import urlencode

        fields = {
            "user": json.dumps({"id": person.id, "first_name": person.first_name}),
            "auth_date": str(int(time.time())),
        }
        secret = hmac.new(b"WebAppData", self.account.token.encode(), hashlib.sha256).digest()
        lines = "\n".join(f"{name}={value}" for name, value in sorted(fields.items()))
        return urlencode({**fields, "hash": hmac.new(secret, lines.encode(), hashlib.sha256).hexdigest()})


@contextlib.asynccontextmanager
async def made_bot(
    playground: Playground, dna: AgentDNA, folder: Path, *, owner: Person | None = None, app_url: str | None = None
) -> AsyncIterator[Made]:
    """A running bot of that DNA with an account of its own; killed at the end if it still runs."""
    owner = owner or await playground.person("Olga")
    account = await playground.bot(owner, dna.name, f"{_handle(folder)}_bot")
    made = Made(dna=dna, account=account, owner=owner, project=folder, api_url=playground.base_url, app_url=app_url)
    await made.start()
    try:
        await made.ready()
        yield made
    finally:
        made.kill()
        await made.ended()


def _handle(folder: Path) -> str:
    return "b" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
