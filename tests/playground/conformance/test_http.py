"""Calls over HTTP: paths, ways to pass parameters, the shape of answers (telegram.md 4.1)."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from playground.people import Person
from tests.playground.calling import CallingBot
from tests.playground.pixel import PIXEL


@pytest.fixture
async def http(playground_url: str) -> Any:
    async with httpx.AsyncClient(base_url=playground_url, trust_env=False, verify=False) as client:
        yield client


@pytest.mark.parametrize("path", ["getMe", "GETME", "getme", "test/getMe"])
@pytest.mark.parametrize("verb", ["GET", "POST"])
async def test_methods_are_found_in_any_spelling(
    http: httpx.AsyncClient, bot: CallingBot, verb: str, path: str
) -> None:
    answer = await http.request(verb, f"/bot{bot.token}/{path}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert answer.json()["result"]["id"] == bot.id


@pytest.mark.parametrize("way", ["query", "query of a POST", "form", "json", "multipart"])
async def test_parameters_come_in_any_way(http: httpx.AsyncClient, bot: CallingBot, alice: Person, way: str) -> None:
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    plain = {"chat_id": str(alice.id), "text": "x & y", "reply_markup": json.dumps(keys), "protect_content": "true"}
    address = f"/bot{bot.token}/sendMessage"
    match way:
        case "query":
            answer = await http.get(address, params=plain)
        case "query of a POST":
            answer = await http.post(address, params=plain)
        case "form":
            answer = await http.post(address, data=plain)
        case "json":
            answer = await http.post(
                address, json={**plain, "chat_id": alice.id, "reply_markup": keys, "protect_content": True}
            )
        case _:
            answer = await http.post(address, data=plain, files={"unused": ("x", b"x")})
    message = answer.json()["result"]
    assert (message["text"], message["reply_markup"], message["has_protected_content"]) == ("x & y", keys, True)


async def test_errors_have_the_code_in_the_status_too(http: httpx.AsyncClient, bot: CallingBot) -> None:
    answer = await http.post(f"/bot{bot.token}/sendMessage", json={"chat_id": 5})
    assert answer.status_code == 400
    assert answer.json() == {"ok": False, "error_code": 400, "description": "Bad Request: message text is empty"}


@pytest.mark.parametrize(
    ("token", "code", "says"),
    [
        pytest.param("123:" + "A" * 35, 401, "Unauthorized", id="well formed but unknown"),
        pytest.param("no-token", 404, "Not Found", id="malformed"),
        pytest.param("", 404, "Not Found", id="none"),
    ],
)
async def test_tokens_that_are_none(http: httpx.AsyncClient, token: str, code: int, says: str) -> None:
    answer = await http.get(f"/bot{token}/getMe")
    assert (answer.status_code, answer.json()) == (code, {"ok": False, "error_code": code, "description": says})


async def test_an_unknown_method_is_not_found(http: httpx.AsyncClient, bot: CallingBot) -> None:
    answer = await http.get(f"/bot{bot.token}/getMyManagedBots")
    assert (answer.status_code, answer.json()["description"]) == (404, "Not Found")


async def test_a_method_of_ten_zero_that_is_not_played_says_so(http: httpx.AsyncClient, bot: CallingBot) -> None:
    answer = await http.get(f"/bot{bot.token}/sendGift", params={"gift_id": "1"})
    assert answer.status_code == 501
    assert "sendGift" in answer.json()["description"]


async def test_a_limited_call_says_when_to_come_again(
    http: httpx.AsyncClient, bot: CallingBot, alice: Person, playground: Any
) -> None:
    await playground.fault("429", bot=bot.id, method="sendMessage", retry_after=7)
    answer = await http.post(f"/bot{bot.token}/sendMessage", json={"chat_id": alice.id, "text": "x"})
    assert answer.status_code == 429
    assert answer.headers["retry-after"] == "7"
    assert answer.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_files_are_fetched_by_their_path(http: httpx.AsyncClient, bot: CallingBot, alice: Person) -> None:
    sent = await bot.upload("sendDocument", {"document": ("a.pdf", b"%PDF-1")}, chat_id=alice.id)
    file = await bot.getFile(file_id=sent["document"]["file_id"])
    assert file["file_path"].startswith("documents/file_")
    assert file["file_path"].endswith(".pdf")
    assert file["file_size"] == 6
    assert file["file_unique_id"] == sent["document"]["file_unique_id"]
    assert (await http.get(f"/file/bot{bot.token}/{file['file_path']}")).content == b"%PDF-1"
    assert (await http.get(f"/file/bot{bot.token}/documents/none.pdf")).status_code == 404
    assert (await http.get(f"/file/bot123:{'A' * 35}/{file['file_path']}")).status_code == 401
    assert (await http.get(f"/file/bot{bot.token}/../playground.db")).status_code == 404


async def test_a_file_may_be_sent_again_by_its_id(bot: CallingBot, alice: Person) -> None:
    first = await bot.upload("sendPhoto", {"photo": ("a.png", PIXEL)}, chat_id=alice.id)
    again = await bot.sendPhoto(chat_id=alice.id, photo=first["photo"][-1]["file_id"])
    assert again["photo"][-1]["file_unique_id"] == first["photo"][-1]["file_unique_id"]
