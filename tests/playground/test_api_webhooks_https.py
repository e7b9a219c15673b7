"""Webhooks over real HTTPS: whose certificate is trusted, what is told of trouble, and how much is sent at once."""

from __future__ import annotations

import asyncio
import datetime
import ipaddress
import json
import re
import socket
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from playground.app import settle_in
from playground.people import Person, Playground
from playground.serving import running
from playground.world.world import World
from tests.playground.calling import CallingBot, Refused

NAME = "hook.example.com"  # a name only the certificate knows
UNTRUSTED = re.compile(r"SSL error \{error:0A000086:SSL routines::certificate verify failed\}")


def self_signed(folder: Path) -> tuple[Path, Path]:
    """A certificate of this machine and of NAME, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName(NAME), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )
    folder.mkdir(exist_ok=True)
    certificate_file, key_file = folder / "certificate.pem", folder / "key.pem"
    certificate_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    key_file.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return certificate_file, key_file


class Hook:
    """A bot's HTTPS server: what was posted to it, how many at once, and what it answers."""

    def __init__(self, certificate: bytes) -> None:
        self.certificate = certificate
        self.posts: asyncio.Queue[tuple[dict[str, Any], Any]] = asyncio.Queue()
        self.answers: list[web.Response] = []
        self.open = asyncio.Event()  # while it is not set, answers are held back
        self.open.set()
        self.port = 0

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}/hook"

    async def answer(self, request: web.Request) -> web.Response:
        self.posts.put_nowait((await request.json(), request.headers))
        await self.open.wait()
        return self.answers.pop(0) if self.answers else web.Response()

    async def next(self) -> tuple[dict[str, Any], Any]:
        async with asyncio.timeout(10):
            return await self.posts.get()

    async def words(self) -> str:
        """The text of the next message that is posted."""
        return str((await self.next())[0]["message"]["text"])


@pytest.fixture
async def hook(tmp_path: Path) -> AsyncIterator[Hook]:
    certificate, key = self_signed(tmp_path / "tls")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    hook = Hook(certificate.read_bytes())
    app = web.Application()
    app.router.add_post("/hook", hook.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    hook.port = runner.addresses[0][1]
    yield hook
    hook.open.set()
    await runner.cleanup()


async def trusting(bot: CallingBot, hook: Hook, **values: Any) -> Any:
    """Set the webhook with its certificate."""
    files = {"certificate": ("certificate.pem", hook.certificate)}
    return await bot.upload("setWebhook", files, **{"url": hook.url, **values})


async def trouble(bot: CallingBot) -> dict[str, Any]:
    """What getWebhookInfo tells once a delivery failed."""
    async with asyncio.timeout(10):
        while "last_error_message" not in (info := await bot.getWebhookInfo()):
            pass
    return dict(info)


async def test_a_self_signed_server_is_trusted_by_its_uploaded_certificate(
    bot: CallingBot, alice: Person, hook: Hook
) -> None:
    assert await trusting(bot, hook, secret_token="s3cret_-", max_connections=7) is True
    await alice.starts("@echo_bot")
    update, headers = await hook.next()
    assert update["message"]["text"] == "/start"
    assert headers["X-Telegram-Bot-Api-Secret-Token"] == "s3cret_-"
    assert headers["Content-Type"] == "application/json"
    info = await bot.getWebhookInfo()
    assert (info["has_custom_certificate"], info["max_connections"]) == (True, 7)
    assert "last_error_message" not in info


async def test_without_the_certificate_it_is_refused_and_told_until_it_is_given(
    bot: CallingBot, alice: Person, playground: Playground, hook: Hook
) -> None:
    await bot.setWebhook(url=hook.url)
    await alice.starts("@echo_bot")
    info = await trouble(bot)
    assert UNTRUSTED.fullmatch(info["last_error_message"])
    assert (info["has_custom_certificate"], info["pending_update_count"]) == (False, 1)
    assert info["last_error_date"] > 1_600_000_000
    assert hook.posts.empty()
    await playground.advance(1)
    await trusting(bot, hook)
    assert await hook.words() == "/start"
    assert "last_error_message" not in await bot.getWebhookInfo()


async def test_a_certificate_of_somebody_else_is_not_trusted(
    bot: CallingBot, alice: Person, hook: Hook, tmp_path: Path
) -> None:
    hook.certificate = self_signed(tmp_path / "other")[0].read_bytes()
    await trusting(bot, hook)
    await alice.starts("@echo_bot")
    assert UNTRUSTED.fullmatch((await trouble(bot))["last_error_message"])


async def test_a_name_the_certificate_does_not_hold_is_not_trusted(bot: CallingBot, alice: Person, hook: Hook) -> None:
    await trusting(bot, hook, url=hook.url.replace("127.0.0.1", "localhost"))
    await alice.starts("@echo_bot")
    assert UNTRUSTED.fullmatch((await trouble(bot))["last_error_message"])


async def test_the_ip_address_is_where_the_name_is_looked_for(bot: CallingBot, alice: Person, hook: Hook) -> None:
    await trusting(bot, hook, url=f"https://{NAME}:{hook.port}/hook", ip_address="127.0.0.1")
    await alice.starts("@echo_bot")
    assert (await hook.next())[1]["Host"] == f"{NAME}:{hook.port}"
    assert (await bot.getWebhookInfo())["ip_address"] == "127.0.0.1"


async def test_a_server_without_tls_behind_https_is_told(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    await bot.setWebhook(url=playground.base_url.replace("http:", "https:") + "/hook")
    await alice.starts("@echo_bot")
    assert (await trouble(bot))["last_error_message"].startswith("SSL error {")


async def test_nobody_there_is_told(bot: CallingBot, alice: Person) -> None:
    await bot.setWebhook(url="https://127.0.0.1:1/hook")
    await alice.starts("@echo_bot")
    assert (await trouble(bot))["last_error_message"] == "Connection refused"


@pytest.mark.parametrize(
    ("content", "description"),
    [
        pytest.param(b"no certificate", "bad webhook: Failed to set custom certificate file", id="nonsense"),
        pytest.param(b"-" * (3 * 2**20 + 1), "certificate size is too big (3145729 bytes)", id="too big"),
    ],
)
async def test_what_is_no_certificate_is_refused(bot: CallingBot, hook: Hook, content: bytes, description: str) -> None:
    hook.certificate = content
    with pytest.raises(Refused) as refused:
        await trusting(bot, hook)
    assert refused.value.description == f"Bad Request: {description}"
    assert (await bot.getWebhookInfo())["url"] == ""


async def test_a_method_in_the_answer_over_https_is_carried_out(bot: CallingBot, alice: Person, hook: Hook) -> None:
    body = {"method": "sendMessage", "chat_id": alice.id, "text": "From the reply"}
    hook.answers = [web.Response(text=json.dumps(body), content_type="application/json")]
    await trusting(bot, hook)
    await alice.starts("@echo_bot")
    assert "From the reply" in await alice.hears("@echo_bot")


async def test_no_more_connections_than_wanted_are_open_at_once(
    bot: CallingBot, playground: Playground, hook: Hook
) -> None:
    people = [await playground.person(name) for name in ("Ann", "Ben", "Cem")]
    hook.open.clear()
    await trusting(bot, hook, max_connections=2)
    for person in people:
        await person.starts("@echo_bot")
    first = {(await hook.next())[0]["message"]["from"]["first_name"] for _ in range(2)}
    assert first == {"Ann", "Ben"}
    assert (await bot.getWebhookInfo())["pending_update_count"] == 3
    assert hook.posts.empty()  # the third waits for a connection
    hook.open.set()
    assert (await hook.next())[0]["message"]["from"]["first_name"] == "Cem"


async def test_what_waits_is_dropped_when_the_bot_says_so(bot: CallingBot, alice: Person, hook: Hook) -> None:
    await alice.starts("@echo_bot")
    await trusting(bot, hook, drop_pending_updates="true")
    await alice.says("@echo_bot", "after")
    assert await hook.words() == "after"
    await bot.deleteWebhook(drop_pending_updates=True)
    assert (await bot.getWebhookInfo())["pending_update_count"] == 0


async def test_the_certificate_survives_a_restart_of_the_playground(hook: Hook, tmp_path: Path) -> None:
    async with a_playground(tmp_path) as url, Playground(url) as playground:
        owner = await playground.person("Olga")
        account = await playground.bot(owner, "Echo", "echo_bot")
        async with CallingBot(url, account.token) as bot:
            await trusting(bot, hook)
    async with a_playground(tmp_path) as url, Playground(url) as playground:
        await (await playground.person("Ann")).starts("@echo_bot")
        assert await hook.words() == "/start"


@asynccontextmanager
async def a_playground(folder: Path) -> AsyncIterator[str]:
    """A playground with the world in this folder, that ends with the block."""
    world = World(folder / "world")
    settle_in(world)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        async with running(world, listener) as url:
            yield url
    world.close()
