"""The control API by plain HTTP: what each call of its table answers, and the sentence when a call is wrong."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.routing import Route

from playground.control import control_routes
from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused


@pytest.fixture
async def http(playground_url: str) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"{playground_url}/play/v1", timeout=30, trust_env=False) as client:
        yield client


@pytest.fixture
async def alice(playground: Playground) -> Person:
    return await playground.person("Alice", username="alice_in_tea")


@pytest.fixture
async def bot(playground: Playground, playground_url: str, alice: Person) -> AsyncIterator[CallingBot]:
    made = await playground.bot(alice, "Tea", "tea_bot", can_manage_bots=True)
    async with CallingBot(playground_url, made.token) as bot:
        yield bot


async def test_the_state_names_everybody_and_no_token(http: httpx.AsyncClient, bot: CallingBot, alice: Person) -> None:
    answer = await http.get("/state")
    state = answer.json()
    assert state.keys() == {"me", "users", "bots", "chats", "webapp_public_key"}
    assert state["me"]["first_name"] == "You"
    assert [user["first_name"] for user in state["users"]] == ["You", "Alice"]
    (listed,) = state["bots"]
    assert (listed["id"], listed["username"], listed["owner_id"]) == (bot.id, "tea_bot", alice.id)
    assert bot.token not in answer.text
    assert len(bytes.fromhex(state["webapp_public_key"])) == 32


WRONG: list[Any] = [
    pytest.param("POST", "/users", {}, 400, "The field 'first_name' is missing.", id="missing"),
    pytest.param("POST", "/users", {"first_name": 7}, 400, "The field 'first_name' must be a text.", id="kind"),
    pytest.param(
        "POST", "/users", {"first_name": "A", "age": 7}, 400, "There is no field 'age' in this call.", id="more"
    ),
    pytest.param("POST", "/users", {"first_name": " "}, 400, "A person needs a first name.", id="empty"),
    pytest.param("POST", "/users", [], 400, "The body must be a JSON object.", id="list"),
    pytest.param("POST", "/users", "{", 400, "The body is not JSON.", id="no-json"),
    pytest.param("DELETE", "/users", None, 405, "This path takes POST, not DELETE.", id="method"),
    pytest.param("PUT", "/users", {"first_name": "A"}, 405, "This path takes POST, not PUT.", id="put"),
    pytest.param("PATCH", "/users", {"first_name": "A"}, 405, "This path takes POST, not PATCH.", id="patch"),
    pytest.param("PUT", "/nothing", {}, 404, "There is no call '/play/v1/nothing' in", id="put-nothing"),
    pytest.param("GET", "/nothing", None, 404, "There is no call '/play/v1/nothing' in the control API.", id="path"),
    pytest.param("POST", "/faults", {"kind": "rain"}, 400, "A fault is one of", id="fault"),
    pytest.param("POST", "/faults", {"kind": "500", "bot": "@nobody_bot"}, 404, "@nobody_bot", id="no-such-bot"),
    pytest.param("POST", "/clock", {"advance": -1}, 400, "The clock only goes forward.", id="clock"),
    pytest.param("GET", "/users/1/chats", None, 404, "1", id="no-such-person"),
]


@pytest.mark.parametrize(("method", "path", "body", "status", "sentence"), WRONG)
async def test_a_wrong_call_is_answered_with_one_sentence(
    http: httpx.AsyncClient, method: str, path: str, body: Any, status: int, sentence: str
) -> None:
    sent = {"content": body} if isinstance(body, str) else {} if body is None else {"json": body}
    answer = await http.request(method, path, **sent)
    assert answer.status_code == status
    assert answer.json().keys() == {"error"}
    assert sentence in answer.json()["error"]
    assert answer.json()["error"].endswith(".")


WRONG_IN_CHAT: list[Any] = [
    pytest.param("send", {}, "A message is exactly one of text, contact", id="nothing"),
    pytest.param("send", {"text": "a", "dice": "🎲"}, "exactly one of", id="two-things"),
    pytest.param("send", {"text": "a" * 5000}, "message is too long", id="long"),
    pytest.param("send", {"location": {"latitude": 91, "longitude": 0}}, "A latitude lies between", id="place"),
    pytest.param("send", {"contact": {"first_name": "A"}}, "The field 'phone_number' is missing.", id="contact"),
    pytest.param("press", {}, "A press names a message_id", id="press-nothing"),
    pytest.param("press", {"text": "Nope"}, "has no key 'Nope'", id="press-no-key"),
    pytest.param("press", {"message_id": 999, "text": "Nope"}, "999", id="press-no-message"),
    pytest.param("open_app", {"source": "menu"}, "has no Mini App in its menu button", id="no-app"),
    pytest.param("open_app", {"source": "window"}, "An app opens from source 'menu'", id="app-source"),
    pytest.param("open_app", {"source": "menu", "theme_params": {"bg_color": "red"}}, "#rrggbb", id="theme"),
    pytest.param("web_app_data", {"button_text": "x", "data": "d" * 4097}, "1 to 4096 bytes", id="app-data"),
    pytest.param("managed_bot", {"name": "x"}, "The field 'text' is missing", id="form"),
    pytest.param("mini_app/fly", {}, "An app cannot ask for 'fly'.", id="app-deed"),
    pytest.param("vote", {"message_id": 1, "option_ids": [0]}, "message 1", id="vote"),
]


@pytest.mark.parametrize(("deed", "body", "sentence"), WRONG_IN_CHAT)
async def test_a_wrong_deed_is_answered_with_one_sentence(
    http: httpx.AsyncClient, bot: CallingBot, alice: Person, deed: str, body: dict[str, Any], sentence: str
) -> None:
    answer = await http.post(f"/users/{alice.id}/chats/@tea_bot/{deed}", json=body)
    assert 400 <= answer.status_code < 500
    assert sentence in answer.json()["error"]


async def test_peers_are_found_by_name(http: httpx.AsyncClient, playground: Playground, alice: Person) -> None:
    for name, username in (("Tea Party", "mad_tea_bot"), ("Hatter", "hatter_bot"), ("Oat", "oat_bot")):
        await playground.bot(alice, name, username)
    await playground.group("Tea lovers", alice, username="tea_lovers")
    await playground.group("Secret tea", alice)

    async def found(words: str) -> list[str]:
        peers = (await http.get(f"/users/{alice.id}/peers", params={"search": words})).json()["peers"]
        return [peer["username"] for peer in peers]

    assert await found("@hatter_bot") == ["hatter_bot"]
    assert await found("TEA") == ["tea_lovers", "mad_tea_bot"]
    assert await found("at") == ["hatter_bot", "oat_bot"]
    assert await found("") == []


async def test_news_are_waited_for_and_told_once(http: httpx.AsyncClient, bot: CallingBot, alice: Person) -> None:
    await alice.starts("@tea_bot")
    path = f"/users/{alice.id}/chats/@tea_bot/messages"
    seq = (await http.get(path)).json()["seq"]
    waiting = asyncio.create_task(http.get(path, params={"after": seq, "wait": 20}))
    sent = await bot.sendMessage(chat_id=alice.id, text="Tea")
    news = (await waiting).json()
    assert [message["text"] for message in news["messages"]] == ["Tea"]
    assert (await http.get(path, params={"after": news["seq"]})).json()["messages"] == []
    await bot.deleteMessage(chat_id=alice.id, message_id=sent["message_id"])
    assert (await http.get(path, params={"after": news["seq"]})).json()["deleted"] == [sent["message_id"]]


async def test_the_list_of_chats_counts_what_is_unread(http: httpx.AsyncClient, bot: CallingBot, alice: Person) -> None:
    await alice.starts("@tea_bot")
    before = (await http.get(f"/users/{alice.id}/chats")).json()
    waiting = asyncio.create_task(http.get(f"/users/{alice.id}/chats", params={"after": before["seq"], "wait": 20}))
    sent = await bot.sendMessage(chat_id=alice.id, text="Tea")
    (entry,) = (await waiting).json()["chats"]
    assert (entry["chat"]["username"], entry["unread"], entry["last"]["text"]) == ("tea_bot", 1, "Tea")
    await http.post(f"/users/{alice.id}/chats/@tea_bot/read", json={"message_id": sent["message_id"]})
    assert (await http.get(f"/users/{alice.id}/chats")).json()["chats"][0]["unread"] == 0


async def test_a_chat_tells_what_its_head_and_writing_field_need(
    http: httpx.AsyncClient, bot: CallingBot, alice: Person, playground: Playground
) -> None:
    await bot.setMyCommands(commands=[{"command": "tea", "description": "A cup"}])
    facts = (await http.get(f"/users/{alice.id}/chats/@tea_bot")).json()
    assert (facts["kind"], facts["started"], facts["blocked"], facts["can_write"]) == ("bot", False, False, True)
    assert facts["commands"] == [{"command": "tea", "description": "A cup"}]
    assert facts["menu_button"]["type"] in {"commands", "default"}
    group = await playground.group("Tea time", alice, [bot])  # type: ignore[list-item]
    facts = (await http.get(f"/users/{alice.id}/chats/{group['id']}")).json()
    assert (facts["kind"], facts["member_count"], facts["can_write"]) == ("group", 2, True)
    assert facts["commands"] == [{"command": "tea", "description": "A cup", "bot": "tea_bot"}]


async def test_files_are_shown_or_downloaded_but_never_run(
    http: httpx.AsyncClient, bot: CallingBot, alice: Person
) -> None:
    await alice.starts("@tea_bot")
    page = await alice.sends_document("@tea_bot", b"<script>alert(1)</script>", "page.html", caption="Look")
    answer = await http.get(f"/users/{alice.id}/files/{page['document']['file_id']}")
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert (await http.get(f"/users/{alice.id}/files/nonsense")).status_code == 404


async def test_several_files_of_one_form_are_an_album(http: httpx.AsyncClient, bot: CallingBot, alice: Person) -> None:
    await alice.starts("@tea_bot")
    files = [("document", ("a.txt", b"a")), ("document", ("b.txt", b"b"))]
    sent = (await http.post(f"/users/{alice.id}/chats/@tea_bot/send", files=files, data={"caption": "Two"})).json()
    assert len({message["media_group_id"] for message in sent}) == 1
    assert sent[0]["caption"] == "Two"
    wrong = await http.post(f"/users/{alice.id}/chats/@tea_bot/send", files=[("cake", ("a.txt", b"a"))])
    assert wrong.json()["error"] == "There is no field 'cake' in this form."


async def test_a_vote_is_told_to_the_voter_alone(
    bot: CallingBot, alice: Person, playground: Playground, http: httpx.AsyncClient
) -> None:
    bob = await playground.person("Bob")
    group = await playground.group("Tea time", alice, [bot, bob])  # type: ignore[list-item]
    options = [{"text": "Green"}, {"text": "Black"}]
    sent = await bot.sendPoll(chat_id=group["id"], question="Which?", options=options)
    vote = {"message_id": sent["message_id"], "option_ids": [1]}
    assert (await http.post(f"/users/{alice.id}/chats/{group['id']}/vote", json=vote)).status_code == 200
    for person, chosen in ((alice, [1]), (bob, [])):
        poll = (await person.sees(group))[-1]["poll"]
        assert (poll["chosen_option_ids"], poll["total_voter_count"]) == (chosen, 1)


async def test_a_basic_group_is_upgraded(http: httpx.AsyncClient, playground: Playground, alice: Person) -> None:
    group = await playground.group("Tea time", alice, kind="group")
    upgraded = (await http.post(f"/chats/{group['id']}/upgrade")).json()
    assert (upgraded["type"], upgraded["title"]) == ("supergroup", "Tea time")
    assert upgraded["id"] != group["id"]


async def test_reactions_say_which_is_ones_own(
    http: httpx.AsyncClient, playground: Playground, bot: CallingBot, alice: Person
) -> None:
    bob = await playground.person("Bob")
    group = await playground.group("Tea time", alice, [bob])
    sent = await alice.says(group, "Tea!")
    react = {"message_id": sent.id, "emoji": "🔥"}
    await http.post(f"/users/{bob.id}/chats/{group['id']}/react", json=react)
    for person, mine in ((alice, False), (bob, True)):
        assert (await person.sees(group))[-1]["reactions"] == [{"emoji": "🔥", "count": 1, "mine": mine}]


async def test_faults_and_clock_reach_the_bots(playground: Playground, bot: CallingBot, alice: Person) -> None:
    await playground.fault("429", bot=bot.id, method="getMe", retry_after=7)
    with pytest.raises(Refused, match="retry after 7"):
        await bot.getMe()
    assert (await bot.getMe())["id"] == bot.id
    await playground.fault("500", times=5)
    await playground.clear_faults()
    assert (await bot.getMe())["id"] == bot.id
    await alice.starts("@tea_bot")
    await playground.advance(25 * 3600)
    assert await bot.updates(timeout=0) == []  # messages wait for a day


def test_every_call_is_documented() -> None:
    """Each path of the control API stands in docs/playground.md, in full or, for those of a chat, by its last part."""
    text = (Path(__file__).parents[2] / "docs" / "playground.md").read_text(encoding="utf-8")
    routes = [route for route in control_routes(None) if isinstance(route, Route)]  # type: ignore[arg-type]
    paths = [route.path.replace(":int", "") for route in routes if not route.path.startswith("/{path")]
    assert len(paths) > 25
    chat = "/users/{user}/chats/{peer}/"
    assert [path for path in paths if path not in text and f"…/{path.removeprefix(chat)}" not in text] == []
