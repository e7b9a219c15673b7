"""The Mini App over HTTP: signed people get a session, files are packed and cached, hostile words stay data."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import bot_runtime
from bot_runtime.catalogue import Catalogue
from bot_runtime.dna import Access, AgentDNA, FormFeature, FormField, PollFeature
from bot_runtime.miniapp.app import MiniApp, Refusal, refused
from bot_runtime.miniapp.initdata import derived_secret
from tests.browser.miniapp.world import TOKEN, init_data

TEXTS = Path(bot_runtime.__file__).parent / "texts"
CATALOGUE = Catalogue(TEXTS)
OWNER = 1
HOSTILE = "</script><script>alert(1)</script>%%FACTS%%{{7*7}} \u2028\"'&\\"
FORM = FormFeature(title="Order", fields=(FormField(id="name", label="Name"),))
POLL = PollFeature(question="Which one?", options=("A", "B"))
LARGEST = 60_000  # bytes, compressed: shell and one view


def client_for(dna: AgentDNA, catalogue: Catalogue = CATALOGUE) -> httpx.AsyncClient:
    mini_app = MiniApp(dna=dna, username="pizza_bot", owner_id=OWNER, secret=derived_secret(TOKEN), catalogue=catalogue)

    async def whoami(request: Request) -> Response:
        visitor = mini_app.require(request)
        return JSONResponse({"id": visitor.id, "is_owner": visitor.is_owner})

    app = Starlette(routes=[*mini_app.routes(), Route("/api/whoami", whoami)], exception_handlers={Refusal: refused})
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bot.test")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with client_for(AgentDNA(name="Bella Napoli", purpose="Pizza", features=(FORM, POLL))) as client:
        yield client


async def sign_in(client: httpx.AsyncClient, data: str) -> httpx.Response:
    return await client.post("/api/session", headers={"Authorization": f"tma {data}"})


async def test_signed_launch_data_opens_a_session_that_names_its_person(client: httpx.AsyncClient) -> None:
    welcome = (await sign_in(client, init_data(7))).json()
    assert welcome["visitor"] == {"id": 7, "first_name": "Person 7", "is_owner": False}
    assert welcome["texts"]["form_send"] == "Send"
    answer = await client.get("/api/whoami", headers={"Authorization": f"Bearer {welcome['token']}"})
    assert answer.json() == {"id": 7, "is_owner": False}


async def test_the_owner_is_known_by_id(client: httpx.AsyncClient) -> None:
    assert (await sign_in(client, init_data(OWNER))).json()["visitor"]["is_owner"] is True


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        pytest.param(None, "app.login_missing", id="none"),
        pytest.param("Bearer x", "app.login_missing", id="another scheme"),
        pytest.param("tma ", "app.login_missing", id="empty"),
        pytest.param(f"tma {init_data(7)}&user=x", "app.login_refused", id="duplicate key"),
        pytest.param(f"tma {init_data(7, token='9:another')}", "app.login_refused", id="another bot"),
        pytest.param(
            f"tma {init_data(7, at=(datetime.now(UTC) - timedelta(hours=2)).timestamp())}", "app.login_stale", id="old"
        ),
        pytest.param(
            f"tma {init_data(7, at=(datetime.now(UTC) + timedelta(hours=2)).timestamp())}",
            "app.login_future",
            id="ahead",
        ),
    ],
)
async def test_a_login_without_proof_is_refused_in_one_sentence(
    client: httpx.AsyncClient, header: str | None, sentence: str
) -> None:
    answer = await client.post("/api/session", headers={"Authorization": header} if header else {})
    assert answer.status_code == 401
    assert answer.json() == {"error": CATALOGUE.plain(sentence)}


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "tma " + init_data(7)])
async def test_a_call_without_a_session_is_refused(client: httpx.AsyncClient, header: str) -> None:
    answer = await client.get("/api/whoami", headers={"Authorization": header})
    assert (answer.status_code, answer.json()) == (401, {"error": CATALOGUE.plain("app.session_over")})


async def test_a_private_bot_admits_its_owner_only() -> None:
    dna = AgentDNA(name="Mine", purpose="Private", features=(FORM,), access=Access.OWNER)
    async with client_for(dna) as client:
        assert (await sign_in(client, init_data(OWNER))).status_code == 200
        refusal = await sign_in(client, init_data(7))
        assert (refusal.status_code, refusal.json()) == (403, {"error": CATALOGUE.plain("app.owner_only")})


async def test_a_new_language_is_a_new_folder_of_texts(tmp_path: Path) -> None:
    for language, text in (("en", (TEXTS / "en/app.toml").read_text()), ("de", 'form_send = "Senden"\n')):
        (tmp_path / language).mkdir()
        (tmp_path / language / "app.toml").write_text(text)
    dna = AgentDNA(name="Bella Napoli", purpose="Pizza", features=(FORM,))
    async with client_for(dna, Catalogue(tmp_path)) as client:
        german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
        page = (await client.get("/app/", headers=german)).text
        assert '<html lang="de">' in page
        assert '"form_send": "Senden"' in page
        assert '<html lang="en">' in (await client.get("/app/", headers={"Accept-Language": "fr"})).text
        user = json.dumps({"id": 7, "first_name": "Anna", "language_code": "de-at"})
        welcome = (await sign_in(client, init_data(7, user=user))).json()
    assert (welcome["language"], welcome["texts"]["form_send"]) == ("de", "Senden")
    assert welcome["texts"]["poll_vote"] == "Vote", "what is not translated yet is said in English"


async def test_the_page_is_strict_but_may_be_framed_by_telegram(client: httpx.AsyncClient) -> None:
    page = await client.get("/app/")
    policy = page.headers["content-security-policy"]
    assert page.status_code == 200
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert "frame-ancestors" not in policy
    assert "x-frame-options" not in page.headers
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert not re.search(r"""(?:src|href)=["'](?:https?:)?//""", page.text), "nothing comes from outside"
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))|\son\w+=|style=", page.text), "nothing is inline"


async def test_hostile_words_of_a_maker_stay_data() -> None:
    form = FormFeature(title=HOSTILE[:60], fields=(FormField(id="name", label="Name"),))
    async with client_for(AgentDNA(name=HOSTILE[:60], purpose=HOSTILE, features=(form,))) as client:
        text = (await client.get("/app/")).text
    assert text.count("<script") == 2
    facts = re.search(r'<script type="application/json" id="facts">(.*?)</script>', text, re.DOTALL)
    title = re.search("<title>(.*?)</title>", text, re.DOTALL)
    assert facts
    assert title
    assert json.loads(facts[1])["features"][0]["title"] == form.title
    assert "purpose" not in json.loads(facts[1])  # the maker's words to the factory
    assert unescape(title[1]) == AgentDNA(name=HOSTILE[:60], purpose="x").name


async def test_files_are_cached_for_ever_under_their_version_and_the_page_is_asked_again(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/app/")
    assert page.headers["cache-control"] == "no-cache"
    again = await client.get("/app/", headers={"If-None-Match": page.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    script = re.search(r'src="([^"]+/main\.js)"', page.text)
    assert script
    answer = await client.get(f"/app/{script[1]}")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["content-encoding"] == "gzip"
    plain = await client.get(f"/app/{script[1]}", headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.text == answer.text
    assert (await client.get("/app/0000/main.js")).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/app/x/../../dna.json", "/app/x/dna.json", "/app/x/%2e%2e%2fapp.py", "/app/x/app.py"]
)
async def test_nothing_but_the_shells_own_files_is_served(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(path)).status_code == 404


async def test_the_folder_is_found_without_its_slash(client: httpx.AsyncClient) -> None:
    answer = await client.get("/app")
    assert (answer.status_code, answer.headers["location"]) == (308, "app/")


@pytest.mark.parametrize("feature", [FORM, POLL])
async def test_shell_and_one_view_are_small_and_all_of_it_is_announced(feature: FormFeature | PollFeature) -> None:
    async with client_for(AgentDNA(name="Bella Napoli", purpose="Pizza", features=(feature,))) as client:
        page = await client.get("/app/")
        preloaded = set(re.findall(r'rel="modulepreload" href="([^"]+)"', page.text))
        links = preloaded | set(re.findall(r'(?:src|href)="([^":]+)"', page.text))
        files = {link: await client.get(f"/app/{link}") for link in links}
    assert all(answer.status_code == 200 for answer in files.values())
    compressed = sum(int(answer.headers["content-length"]) for answer in (page, *files.values()))
    assert compressed < LARGEST
    scripts = {link: answer.text for link, answer in files.items() if link.endswith(".js")}
    for link, text in scripts.items():
        for name in re.findall(r"from '\./([\w.-]+)'", text):
            assert f"{link.rpartition('/')[0]}/{name}" in preloaded, f"{link} imports {name}, which nobody preloads"
    others = {"form", "poll"} - {feature.kind}
    assert not any(link.endswith(f"/{kind}.js") for kind in others for link in links)


def test_every_text_that_a_script_asks_for_exists_and_none_is_left_over() -> None:
    folder = Path(bot_runtime.__file__).parent
    source = "\n".join(path.read_text() for path in folder.rglob("*.js"))
    every = CATALOGUE.keys()
    keys = {key.removeprefix("app.") for key in every if key.startswith("app.")}
    counted = {key.rpartition("_")[0] for key in keys if key.rpartition("_")[2] in {"zero", "one", "other"}}
    asked = set(re.findall(r"""['"]([a-z]+(?:_[a-z]+)+|opening|retry|close|cancel)['"]""", source))
    server = {key for key in keys if re.match("login_(?!over)|session_|owner_|no_such|no_script", key)}
    called = set(re.findall(r"""\b(?:t|count)\((?:[^()]*?\? )?'(\w+)'(?: : '(\w+)')?""", source))
    assert {key for pair in called for key in pair if key} <= keys | counted
    plain = {key for key in keys if key.rpartition("_")[2] not in {"zero", "one", "other"}}
    assert plain - asked - server == set()
    assert counted <= asked
