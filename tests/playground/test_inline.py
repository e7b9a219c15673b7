"""Asking a bot inline over the control API, and what its buttons lead to."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from playground.people import Person, Playground, PlaygroundError
from tests.playground.calling import CallingBot


async def asked(bot: CallingBot, person: Person, **answer: Any) -> dict[str, Any]:
    """What the person gets when the bot answers so."""
    path = f"/users/{person.id}/chats/@echo_bot/inline"
    call = person.playground.call("POST", path, json={"bot": "@echo_bot", "query": "tea"})
    asking = asyncio.create_task(call)
    query = await bot.update("inline_query")
    await bot.answerInlineQuery(inline_query_id=query["id"], results=[], **answer)
    return dict(await asking)


async def test_the_button_over_the_results_opens_its_app(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    button = {"text": "Sign in", "web_app": {"url": "https://tea.example/in"}}
    answer = await asked(bot, alice, button=button)
    assert answer["button"] == button
    path = f"/users/{alice.id}/chats/@echo_bot/open_app"
    launch = await playground.call("POST", path, json={"query_id": answer["query_id"]})
    assert (launch["kind"], launch["query_id"]) == ("results", None)
    data = parse_qs(parse_qs(urlsplit(launch["url"]).fragment)["tgWebAppData"][0])
    assert set(data) == {"user", "auth_date", "hash", "signature"}


async def test_without_such_a_button_no_app_opens(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    answer = await asked(bot, alice)
    body = {"query_id": answer["query_id"]}
    with pytest.raises(PlaygroundError, match="opens no Mini App"):
        await playground.call("POST", f"/users/{alice.id}/chats/@echo_bot/open_app", json=body)
    with pytest.raises(PlaygroundError, match=r"^There is no such inline query\.$"):
        await playground.call("POST", f"/users/{bob.id}/chats/@echo_bot/open_app", json=body)


async def test_a_button_for_a_chosen_chat_tells_which_chats(bot: CallingBot, alice: Person) -> None:
    await alice.starts("@echo_bot")
    chosen = {"query": "green", "allow_group_chats": True}
    keys = {"inline_keyboard": [[{"text": "Share", "switch_inline_query_chosen_chat": chosen}]]}
    await bot.sendMessage(chat_id=alice.id, text="Tea", reply_markup=keys)
    assert await alice.presses("@echo_bot", "Share") == {"switch_inline_query_chosen_chat": chosen}
