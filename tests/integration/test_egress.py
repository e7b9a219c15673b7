"""The egress: who may use it, what it passes on, what it tells, and what it never says."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot_runtime.polling import Attachment
from factory_bot.egress import lanes
from factory_bot.egress.client import Egress, EgressError, open_egress
from factory_bot.egress.forward import Errand, Refusal, errand_of
from factory_bot.egress.methods import ALLOWED
from factory_bot.egress.notices import Notice, NoticeKind
from factory_bot.errors import TelegramError
from factory_bot.model.agents import AgentId
from factory_bot.processes.pinned import Pinned
from factory_bot.settings import Settings
from factory_bot.vault import Vault
from tests.integration.searching import readable
from tests.integration.supervised import run_folder
from tests.small_api import SmallApi, small_api

TOKEN = "4711:AAsecret_secret_secret_secret_secret"
ECHO = AgentId("echo")


@dataclass
class Office:
    """An egress with one admitted bot, whose process this test is."""

    egress: Egress
    vault: Vault
    api: SmallApi
    notices: asyncio.Queue[Notice]

    @asynccontextmanager
    async def child(self) -> AsyncIterator[httpx.AsyncClient]:
        """A client that speaks as a bot's process does."""
        transport = httpx.AsyncHTTPTransport(uds=str(self.egress.socket_path(ECHO)))
        async with httpx.AsyncClient(transport=transport, base_url="http://egress", timeout=10) as client:
            yield client

    async def hears(self, kind: NoticeKind) -> Notice:
        async with asyncio.timeout(5):
            while (notice := await self.notices.get()).kind is not kind:
                continue
            return notice


def settings_for(folder: Path, api_url: str) -> Settings:
    return Settings.model_validate(
        {
            "data_dir": folder,
            "telegram_token": "123456:" + "A" * 35,
            "telegram_api_url": api_url,
            "log_level": "DEBUG",
        }
    )


@asynccontextmanager
async def opened(folder: Path, api: SmallApi, api_url: str | None = None) -> AsyncIterator[Office]:
    settings = settings_for(folder, api_url or api.url)
    vault = Vault.open(settings)
    notices: asyncio.Queue[Notice] = asyncio.Queue()
    with run_folder() as run_dir:
        async with open_egress(settings, vault.key, run_dir, notices.put_nowait) as egress:
            await egress.admit(ECHO, vault.seal(TOKEN))
            await egress.bind(ECHO, os.getpid())
            yield Office(egress, vault, api, notices)


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    async with small_api() as api:
        api.bot(4711)
        async with opened(tmp_path, api) as office:
            yield office


@pytest.mark.parametrize(
    ("path", "errand"),
    [
        ("/bot4711:egress/getMe", Errand(path="/bot4711:REAL/getMe", method="getme")),
        ("/bot4711:egress/GETUPDATES", Errand(path="/bot4711:REAL/GETUPDATES", method="getupdates")),
        ("/file/bot4711:egress/photos/file_0.jpg", Errand(path="/file/bot4711:REAL/photos/file_0.jpg")),
    ],
)
def test_a_bots_own_requests_get_the_real_token(path: str, errand: Errand) -> None:
    assert errand_of(path, 4711, "4711:REAL") == errand


@pytest.mark.parametrize(
    ("path", "code"),
    [
        *((f"/bot4711:egress/{method}", 403) for method in ("setWebhook", "SETWEBHOOK", "logOut", "close", "noSuch")),
        ("/bot4712:egress/getMe", 403),
        ("/bot4711:guessed/getMe", 403),
        ("/bot4711:egress/getMe/", 404),
        ("/bot4711:egress/test/getMe", 404),
        ("/bot4711:egress/getMe%2f..%2fclose", 404),
        ("//bot4711:egress/getMe", 404),
        ("/file/bot4711:egress/../bot4711:egress/logOut", 403),
        ("/file/bot4711:egress/%2e%2e/x", 403),
        ("/file/bot4711:egress/a%2f..%2fb", 403),
        ("/file/bot4711:egress/a//b", 403),
        ("/file/bot4711:egress/a%00b", 403),
        ("/file/bot4711:egress/a%3fb", 403),
        ("/agents/echo/getMe", 404),
        ("/", 404),
    ],
)
def test_what_is_not_a_bots_is_refused(path: str, code: int) -> None:
    with pytest.raises(Refusal) as refused:
        errand_of(path, 4711, "4711:REAL")
    assert refused.value.code == code
    assert "REAL" not in refused.value.sentence


def test_no_method_that_takes_the_bot_away_is_allowed() -> None:
    words = ("webhook", "logout", "managedbot", "preparedkeyboard", "stars", "gift", "businessaccount", "verif")
    assert not [method for method in ALLOWED for word in words if word in method.lower()]
    assert "close" not in {method.lower() for method in ALLOWED}


async def test_the_token_is_put_in_and_the_answer_passed_back(office: Office) -> None:
    async with office.child() as child:
        answer = await child.post("/bot4711:egress/sendMessage", json={"chat_id": 7, "text": "hi"})
        assert answer.json()["ok"] is True
        assert office.api.bots[4711].sent == [{"chat_id": 7, "text": "hi"}]
        by_query = await child.get("/bot4711:egress/sendMessage?chat_id=7&text=a%26b")
        assert by_query.json()["ok"] is True
        assert office.api.bots[4711].sent[1] == {"chat_id": "7", "text": "a&b"}


async def test_a_refusal_is_an_error_as_telegram_writes_one(office: Office) -> None:
    async with office.child() as child:
        answer = await child.post("/bot4711:egress/setWebhook", json={"url": "https://evil.example"})
    assert answer.status_code == 403
    assert answer.json() == {
        "ok": False,
        "error_code": 403,
        "description": "Forbidden: a made bot may not call setWebhook",
    }
    assert office.api.bots[4711].calls == []


async def test_large_files_pass_in_both_directions(office: Office) -> None:
    content = os.urandom(2_000_000)
    async with office.child() as child:
        upload = await child.post(
            "/bot4711:egress/sendDocument", data={"chat_id": "7"}, files={"document": ("a.bin", content)}
        )
        assert upload.json()["ok"] is True
        assert office.api.bots[4711].sent[0]["document"] == ("a.bin", content)
        download = await child.get("/file/bot4711:egress/documents/file_1.bin")
        assert download.content == b"x" * 3_000_000


async def test_a_way_out_that_is_being_closed_says_later_and_not_no(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lanes, "BOUND_WITHIN", 0.05)
    lane = lanes.Lane(agent_id="echo", path=tmp_path / "echo.sock", token="4711:REAL")
    lane.bind(Pinned.open(os.getpid()))
    await lanes.known(lane)
    assert lane.admits(os.getpid())
    lane.bind(None)  # the factory is gone, and the bot still sends what it owes
    with pytest.raises(Refusal) as refused:
        await lanes.known(lane)
    assert refused.value.code == 503


async def test_only_the_bound_process_may_use_a_socket(office: Office) -> None:
    sleeper = await asyncio.create_subprocess_exec("sleep", "60")
    try:
        async with office.child() as child:
            assert (await child.post("/bot4711:egress/getMe")).status_code == 200
            await office.egress.bind(ECHO, sleeper.pid)
            refused = await child.post("/bot4711:egress/getMe")
            assert refused.status_code == 403
            assert "another process" in refused.json()["description"]
    finally:
        sleeper.kill()
        await sleeper.wait()


async def test_another_process_cannot_ask_on_the_factorys_socket(office: Office) -> None:
    path = office.egress.socket_path(ECHO).parent / "factory.sock"
    code = (
        "import socket, sys; s = socket.socket(socket.AF_UNIX); s.connect(sys.argv[1]);"
        "s.sendall(b'POST /agents/echo/getMe HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: 0\\r\\n\\r\\n');"
        "print(s.recv(99))"
    )
    asked = await asyncio.create_subprocess_exec(sys.executable, "-c", code, str(path), stdout=subprocess.PIPE)
    said, _ = await asked.communicate()
    assert b"403 Forbidden" in said


async def test_polls_are_noticed_and_what_ends_them(office: Office) -> None:
    account = office.api.bots[4711]
    async with office.child() as child:
        polling = asyncio.create_task(child.post("/bot4711:egress/getUpdates", json={"timeout": 20}))
        await office.hears(NoticeKind.POLL_BEGAN)
        await account.says("hello")
        assert (await polling).json()["result"][0]["message"]["text"] == "hello"
        assert (await office.hears(NoticeKind.UPDATES)).agent_id == ECHO
        polling = asyncio.create_task(child.post("/bot4711:egress/getUpdates", json={"timeout": 20, "offset": 1001}))
        await account.wait_for(lambda one: one.calls.count("getupdates") == 2)
        account.poll.cancel("other")  # type: ignore[union-attr]
        assert (await polling).status_code == 409
        await office.hears(NoticeKind.CONFLICT)
        account.revoked = True
        assert (await child.post("/bot4711:egress/sendMessage", json={"chat_id": 7})).status_code == 401
        await office.hears(NoticeKind.UNAUTHORIZED)


async def test_a_poll_whose_asker_is_gone_ends_at_telegram_too(office: Office) -> None:
    account = office.api.bots[4711]
    async with office.child() as child:
        polling = asyncio.create_task(child.post("/bot4711:egress/getUpdates", json={"timeout": 50}))
        await account.wait_for(lambda one: one.poll is not None)
        polling.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait({account.poll})  # type: ignore[type-var]


async def test_an_unreachable_telegram_is_said_to_child_and_factory(tmp_path: Path) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"
        async with opened(tmp_path, SmallApi(), url) as office, office.child() as child:
            answer = await child.post("/bot4711:egress/getMe")
            assert (answer.status_code, answer.json()["ok"]) == (502, False)
            await office.hears(NoticeKind.UNREACHABLE)
            with pytest.raises(TelegramError) as failed:
                await office.egress.call(ECHO, "getMe", {})
            assert failed.value.code == 502


async def test_the_factory_calls_as_the_bot_and_tries_tokens(office: Office) -> None:
    assert (await office.egress.call(ECHO, "getMe", {}))["id"] == 4711
    photo = Attachment(field="photo", filename="a.png", content=b"png")
    await office.egress.call(ECHO, "sendPhoto", {"chat_id": 7}, [photo])
    assert office.api.bots[4711].sent[0]["photo"] == ("a.png", b"png")
    fresh = office.api.bot(4799)
    assert (await office.egress.try_token(office.vault.seal(fresh.token), "getMe", {}))["id"] == 4799
    with pytest.raises(TelegramError) as refused:
        await office.egress.try_token(office.vault.seal("4799:AAwrong_wrong_wrong_wrong_wrong_wrong"), "getMe", {})
    assert (refused.value.code, refused.value.description) == (401, "Unauthorized")
    with pytest.raises(TelegramError):
        await office.egress.call(AgentId("nobody"), "getMe", {})


async def test_the_identity_is_the_id_and_the_derived_secret(office: Office) -> None:
    identity = await office.egress.admit(ECHO, office.vault.seal(TOKEN))
    assert identity.bot_id == 4711
    assert identity.init_data_secret == hmac.new(b"WebAppData", TOKEN.encode(), hashlib.sha256).digest()


async def test_another_token_takes_the_place_of_the_first(office: Office) -> None:
    new = office.api.bot(4711, "AAanother_another_another_another_an")
    with pytest.raises(TelegramError):
        await office.egress.call(ECHO, "getMe", {})
    await office.egress.admit(ECHO, office.vault.seal(new.token))
    assert (await office.egress.call(ECHO, "getMe", {}))["id"] == 4711


@pytest.mark.parametrize("sealed", [b"nonsense", b"", "no token"])
async def test_what_is_no_sealed_token_is_refused_without_repeating_it(office: Office, sealed: Any) -> None:
    sealed = sealed if isinstance(sealed, bytes) else office.vault.seal(sealed)
    with pytest.raises(EgressError, match="cannot be unsealed"):
        await office.egress.admit(AgentId("other"), sealed)


async def test_no_token_and_no_key_is_ever_said(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async with small_api() as api:
        api.bot(4711)
        async with opened(tmp_path, api) as office, office.child() as child:
            for target in ("/bot4711:egress/getMe", "/bot4711:egress/setWebhook", "/broken", "/bot4711:x/getMe"):
                await child.post(target)
            api.bots[4711].revoked = True
            await child.post("/bot4711:egress/getMe")
            process = Path(f"/proc/{office.egress.pid}")
            told = (process / "cmdline").read_bytes()
            if os.geteuid() == 0:
                told += (process / "environ").read_bytes()
            else:
                assert readable([office.egress.pid]) == [], "its own user reads it"
            key = office.vault.key
    said = capfd.readouterr()
    secret = TOKEN.partition(":")[2]
    assert secret not in said.out + said.err
    assert secret.encode() not in told
    assert key not in told


async def test_an_egress_that_cannot_live_is_a_loud_failure(tmp_path: Path) -> None:
    settings = settings_for(tmp_path, "http://127.0.0.1:9")
    with pytest.raises(EgressError, match="ends before it is ready"):
        async with open_egress(settings, Vault.open(settings).key, tmp_path / "missing"):
            pytest.fail("it cannot have opened")


async def test_requests_do_not_wait_for_each_other(office: Office) -> None:
    async with office.child() as child:
        targets = [f"/bot4711:egress/sendMessage?chat_id={number}" for number in range(300)]
        answers = await asyncio.gather(*(child.get(target, timeout=20) for target in targets))
    assert {answer.status_code for answer in answers} == {200}
    assert len(office.api.bots[4711].sent) == 300


async def test_whoever_asks_before_it_is_known_whose_socket_it_is_waits_for_that(office: Office) -> None:
    office.api.bot(4712)
    other = AgentId("other")
    await office.egress.admit(other, office.vault.seal(office.api.bots[4712].token))
    transport = httpx.AsyncHTTPTransport(uds=str(office.egress.socket_path(other)))
    async with httpx.AsyncClient(transport=transport, base_url="http://egress", timeout=10) as child:
        asking = asyncio.create_task(child.post("/bot4712:egress/getMe"))
        await office.egress.admit(other, office.vault.seal(office.api.bots[4712].token))  # by then the request is there
        assert not asking.done()
        await office.egress.bind(other, os.getpid())
        assert (await asking).status_code == 200


async def test_an_egress_killed_while_it_starts_is_followed_by_the_next_at_once(office: Office) -> None:
    for _ in range(2):
        dying = office.egress.pid
        os.kill(dying, signal.SIGKILL)
        async with asyncio.timeout(5):
            while office.egress.pid == dying:  # noqa: ASYNC110 – it announces only that it is ready
                await asyncio.sleep(0.005)
    async with asyncio.timeout(10):
        assert (await office.egress.call(ECHO, "getMe", {}))["id"] == 4711
        async with office.child() as child:
            assert (await child.post("/bot4711:egress/getMe")).status_code == 200
