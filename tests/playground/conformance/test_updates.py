"""getUpdates: order, confirmation, wanted kinds, lifetimes and quarrels between pollers (telegram.md 4.2)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
ACTIVE = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


async def wrote(alice: Person, bot: CallingBot, *texts: str) -> None:
    for text in texts:
        await alice.says(bot.id, text)


def texts(updates: list[dict[str, Any]]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_in_order_with_ids_one_apart(bot: CallingBot, alice: Person) -> None:
    await wrote(alice, bot, "a", "b", "c")
    updates = await bot.getUpdates(offset=0)
    assert texts(updates) == ["a", "b", "c"]
    first = updates[0]["update_id"]
    assert [update["update_id"] for update in updates] == [first, first + 1, first + 2]


async def test_an_offset_confirms_what_is_before_it_for_good(bot: CallingBot, alice: Person) -> None:
    await wrote(alice, bot, "a", "b", "c")
    updates = await bot.getUpdates(offset=0)
    assert texts(await bot.getUpdates(offset=updates[1]["update_id"])) == ["b", "c"]
    assert texts(await bot.getUpdates()) == ["b", "c"]
    assert await bot.getUpdates(offset=updates[2]["update_id"] + 1) == []
    assert await bot.getUpdates(offset=1, timeout=0) == []


async def test_without_an_offset_nothing_is_forgotten(bot: CallingBot, alice: Person) -> None:
    await wrote(alice, bot, "a", "b")
    assert texts(await bot.getUpdates(limit=1)) == ["a"]
    assert texts(await bot.getUpdates(offset=1)) == ["a", "b"]


async def test_a_negative_offset_keeps_only_the_last(bot: CallingBot, alice: Person) -> None:
    await wrote(alice, bot, "a", "b", "c", "d")
    assert texts(await bot.getUpdates(offset=-2)) == ["c", "d"]
    assert texts(await bot.getUpdates(offset=0)) == ["c", "d"]


async def test_an_offset_far_beyond_the_end_is_ignored(bot: CallingBot, alice: Person) -> None:
    await wrote(alice, bot, "a")
    (update,) = await bot.getUpdates(offset=0)
    assert texts(await bot.getUpdates(offset=update["update_id"] + 500)) == ["a"]


async def test_the_limit_is_at_most_a_hundred(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await asyncio.gather(*(alice.says(bot.id, str(number)) for number in range(105)))
    assert len(await bot.getUpdates(limit=1000)) == 100
    assert len(await bot.getUpdates(offset=-103, limit=0)) == 1


async def test_the_same_offset_again_at_once_gives_one_update(bot: CallingBot, alice: Person) -> None:
    await wrote(alice, bot, "a", "b")
    updates = await bot.getUpdates(offset=0)
    assert len(updates) == 2
    assert texts(await bot.getUpdates(offset=0)) == ["a"]


async def test_wanted_kinds_stick_until_others_are_named(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    assert await bot.getUpdates(offset=1, allowed_updates=["callback_query", "nonsense"]) == []
    await wrote(alice, bot, "lost")
    assert await bot.getUpdates(offset=2) == []
    assert await bot.getUpdates(offset=3, allowed_updates=[]) == []
    await wrote(alice, bot, "kept")
    assert texts(await bot.getUpdates(offset=4)) == ["kept"]


async def test_some_kinds_come_only_when_asked_for(bot: CallingBot, alice: Person, playground: Playground) -> None:
    sent = await bot.sendMessage(chat_id=alice.id, text="x")
    react = f"/users/{alice.id}/chats/{bot.id}/react"
    await playground.call("POST", react, json={"message_id": sent["message_id"], "emoji": "👍"})
    assert await bot.getUpdates(offset=1) == []
    await bot.getUpdates(offset=2, allowed_updates=["message_reaction"])
    await playground.call("POST", react, json={"message_id": sent["message_id"], "emoji": "🔥"})
    (update,) = await bot.getUpdates(offset=3)
    assert update["message_reaction"]["new_reaction"] == [{"type": "emoji", "emoji": "🔥"}]


async def test_the_older_of_two_polls_is_ended(bot: CallingBot, playground_url: str) -> None:
    older = asyncio.create_task(bot.getUpdates(timeout=30))
    async with CallingBot(playground_url, bot.token) as other:
        newer = asyncio.create_task(other.getUpdates(offset=1, timeout=1))
        with pytest.raises(Refused) as refused:
            await _first_refusal(older, newer)
        assert (refused.value.code, refused.value.description) == (409, OTHER)
        await asyncio.gather(older, newer, return_exceptions=True)


async def _first_refusal(*polls: asyncio.Task[Any]) -> None:
    """Whichever came later at the server wins; the other one's refusal is raised."""
    for finished in asyncio.as_completed(polls, timeout=10):
        await finished


async def test_a_poll_while_a_webhook_is_set_is_refused(bot: CallingBot) -> None:
    waiting = asyncio.create_task(bot.getUpdates(offset=5, timeout=30))
    assert await bot.getUpdates(offset=6) == []  # the server has read the first by now, or reads it under a webhook
    await bot.setWebhook(url="https://127.0.0.1:9/hook")
    with pytest.raises(Refused) as refused:
        await waiting
    assert refused.value.description in {"Conflict: terminated by setWebhook request", ACTIVE}
    await bot.deleteWebhook()
    assert await bot.getUpdates(offset=7) == []


async def test_a_revoked_token_ends_its_poll(bot: CallingBot, playground: Playground, playground_url: str) -> None:
    waiting = asyncio.create_task(bot.getUpdates(offset=5, timeout=30))
    await bot.getMe()
    token = await playground.revoke(bot.id)
    with pytest.raises(Refused) as refused:
        await waiting
    assert (refused.value.code, refused.value.description) == (401, "Unauthorized")
    async with CallingBot(playground_url, token) as renewed:
        assert (await renewed.getMe())["id"] == bot.id


async def test_questions_die_sooner_than_messages(bot: CallingBot, alice: Person, playground: Playground) -> None:
    keys = {"inline_keyboard": [[{"text": "a", "callback_data": "b"}]]}
    await bot.sendMessage(chat_id=alice.id, text="x", reply_markup=keys)
    press = asyncio.create_task(alice.presses(bot.id, "a"))
    query = (await bot.getUpdates(offset=1, timeout=10))[0]["callback_query"]
    await wrote(alice, bot, "said")
    await playground.advance(151)
    updates = await bot.getUpdates(offset=2)
    assert texts(updates) == ["said"]
    with pytest.raises(Refused, match="query is too old and response timeout expired or query ID is invalid"):
        await bot.answerCallbackQuery(callback_query_id=query["id"])
    await playground.advance(86400)
    assert await bot.getUpdates(offset=3) == []
    press.cancel()


async def test_an_inline_query_dies_after_half_a_minute(bot: CallingBot, alice: Person, playground: Playground) -> None:
    asked = asyncio.create_task(
        playground.call("POST", f"/users/{alice.id}/chats/{bot.id}/inline", json={"bot": bot.id, "query": "q"})
    )
    updates = await bot.getUpdates(offset=1, timeout=10)
    assert updates[0]["inline_query"]["query"] == "q"
    await playground.advance(31)
    assert await bot.getUpdates(offset=2) == []
    asked.cancel()
