"""getUpdates: confirmation, waiting, conflicts, expiry, and who is told to wait."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx
import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused

OTHER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


async def queued(bot: CallingBot, **values: Any) -> list[dict[str, Any]]:
    updates: list[dict[str, Any]] = await bot.call("getUpdates", **values)
    return updates


@pytest.fixture
async def three(alice: Person, bot: CallingBot) -> list[int]:
    """The ids of three updates that wait."""
    for text in ("/start", "one", "two"):
        await alice.says("@echo_bot", text)
    return [update["update_id"] for update in await queued(bot)]


async def test_ids_grow_by_one_and_nothing_is_confirmed_without_an_offset(bot: CallingBot, three: list[int]) -> None:
    assert three == [three[0], three[0] + 1, three[0] + 2]
    assert [update["update_id"] for update in await queued(bot, offset=three[0])] == three


async def test_an_offset_deletes_all_earlier_updates(bot: CallingBot, three: list[int]) -> None:
    assert [update["update_id"] for update in await queued(bot, offset=three[1])] == three[1:]
    assert (await queued(bot, offset=three[0]))[0]["update_id"] == three[1]


async def test_a_negative_offset_keeps_only_the_last(bot: CallingBot, three: list[int]) -> None:
    assert [update["update_id"] for update in await queued(bot, offset=-1)] == three[2:]
    assert [update["update_id"] for update in await queued(bot, offset=three[0])] == three[2:]


async def test_an_offset_far_from_the_queue_is_ignored(bot: CallingBot, three: list[int]) -> None:
    assert len(await queued(bot, offset=three[2] + 12)) == 3
    assert len(await queued(bot, offset=1)) == 3 if three[0] > 100_001 else True
    assert await queued(bot, offset=three[2] + 11) == []


async def test_the_limit_is_clamped(bot: CallingBot, three: list[int]) -> None:
    assert len(await queued(bot, limit=0, offset=three[0])) == 1
    assert len(await queued(bot, limit=2, offset=three[1])) == 2
    assert len(await queued(bot, limit=1000, offset=three[2])) == 1


async def test_the_same_offset_at_once_gives_one_update_only(bot: CallingBot, three: list[int]) -> None:
    assert len(await queued(bot)) == 1


async def test_a_poll_that_spins_is_made_to_wait(bot: CallingBot) -> None:
    await queued(bot, timeout=0)
    began = time.monotonic()
    assert await queued(bot, timeout=0) == []
    assert 2.5 < time.monotonic() - began < 6


async def test_allowed_updates_stick_and_an_empty_list_means_the_default(bot: CallingBot, alice: Person) -> None:
    await queued(bot, allowed_updates=["callback_query", "no_such_kind"])
    await alice.says("@echo_bot", "lost")
    await queued(bot, offset=-5)
    await alice.says("@echo_bot", "lost too")
    assert (await bot.getWebhookInfo())["allowed_updates"] == ["callback_query"]
    assert (await bot.getWebhookInfo())["pending_update_count"] == 0
    await queued(bot, offset=-1, allowed_updates=[])
    await alice.says("@echo_bot", "seen")
    assert (await queued(bot, offset=-5))[0]["message"]["text"] == "seen"
    assert "allowed_updates" not in await bot.getWebhookInfo()


async def test_the_older_poll_is_told_of_the_other(bot: CallingBot, alice: Person) -> None:
    older = asyncio.create_task(queued(bot, timeout=30))
    await is_waiting(bot)
    newer = asyncio.create_task(queued(bot, timeout=30))
    with pytest.raises(Refused) as refused:
        await older
    assert (refused.value.code, refused.value.description) == (409, OTHER)
    await alice.says("@echo_bot", "hello")
    assert (await newer)[0]["message"]["text"] == "hello"


async def test_a_second_conflict_within_three_seconds_comes_late(bot: CallingBot) -> None:
    first = asyncio.create_task(queued(bot, timeout=30))
    await is_waiting(bot)
    second = asyncio.create_task(queued(bot, timeout=30))
    with pytest.raises(Refused):
        await first
    third = asyncio.create_task(queued(bot, timeout=30))
    began = time.monotonic()
    with pytest.raises(Refused, match=r"^Conflict"):
        await second
    assert time.monotonic() - began > 2
    third.cancel()


async def is_waiting(bot: CallingBot) -> None:
    """Another call was answered, so the poll that was sent before it is under way."""
    await bot.getMe()
    await bot.getMe()


async def test_a_revoked_token_ends_the_poll(bot: CallingBot, playground: Playground) -> None:
    poll = asyncio.create_task(queued(bot, timeout=30))
    await is_waiting(bot)
    token = await playground.revoke(bot.id)
    with pytest.raises(Refused, match=r"^Unauthorized$") as refused:
        await poll
    assert refused.value.code == 401
    with pytest.raises(Refused, match=r"^Unauthorized$"):
        await bot.getMe()
    bot.token = token
    assert (await bot.getMe())["id"] == bot.id


async def test_setting_a_webhook_ends_the_poll_and_forbids_the_next(bot: CallingBot) -> None:
    poll = asyncio.create_task(queued(bot, timeout=30))
    await is_waiting(bot)
    await bot.setWebhook(url="http://127.0.0.1:9/hook")
    with pytest.raises(Refused, match=r"^Conflict: terminated by setWebhook request$"):
        await poll
    with pytest.raises(Refused, match=r"^Conflict: can't use getUpdates method while webhook is active"):
        await queued(bot)
    await bot.deleteWebhook()
    await queued(bot)


async def test_updates_expire_on_the_playgrounds_clock(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await alice.starts("@echo_bot")
    keys = {"inline_keyboard": [[{"text": "Tap", "callback_data": "t"}]]}
    await bot.sendMessage(chat_id=alice.id, text="x", reply_markup=keys)
    press = asyncio.create_task(alice.presses("@echo_bot", "Tap"))
    query = await bot.update("callback_query")
    press.cancel()
    await alice.says("@echo_bot", "two")
    assert (await bot.getWebhookInfo())["pending_update_count"] == 2
    await playground.advance(149)
    assert (await bot.getWebhookInfo())["pending_update_count"] == 2
    await playground.advance(2)
    assert (await bot.getWebhookInfo())["pending_update_count"] == 1
    with pytest.raises(Refused) as refused:
        await bot.answerCallbackQuery(callback_query_id=query["id"])
    assert refused.value.description == (
        "Bad Request: query is too old and response timeout expired or query ID is invalid"
    )
    await playground.advance(86400)
    assert (await bot.getWebhookInfo())["pending_update_count"] == 0


async def test_updates_that_come_together_are_answered_together(bot: CallingBot, playground: Playground) -> None:
    people = [await playground.person(f"P{number}") for number in range(3)]
    poll = asyncio.create_task(queued(bot, timeout=10))
    await is_waiting(bot)
    await asyncio.gather(*(person.says("@echo_bot", "hi") for person in people))
    assert 1 <= len(await poll) <= 3


async def test_an_empty_poll_ends_after_its_time(bot: CallingBot) -> None:
    began = time.monotonic()
    assert await queued(bot, timeout=1, offset=5) == []
    assert 0.8 < time.monotonic() - began < 3


# --- faults ---


async def test_429_tells_when_to_come_back(bot: CallingBot, playground: Playground) -> None:
    await playground.fault("429", bot=bot.id, method="getMe", times=1, retry_after=4)
    answer = await bot.http.get(f"{bot.url}/bot{bot.token}/getMe")
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "4")
    assert answer.json()["parameters"] == {"retry_after": 4}
    assert answer.json()["description"] == "Too Many Requests: retry after 4"
    await bot.getMe()


async def test_limits_are_met_when_they_are_asked_for(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await alice.starts("@echo_bot")
    await playground.fault("limits", bot=bot.id)
    for _ in range(5):
        await bot.sendMessage(chat_id=alice.id, text="x")
    with pytest.raises(Refused, match=r"^Too Many Requests: retry after 1$"):
        await bot.sendMessage(chat_id=alice.id, text="x")
    await playground.advance(1)
    await bot.sendMessage(chat_id=alice.id, text="x")
    await playground.clear_faults()
    for _ in range(5):
        await bot.sendMessage(chat_id=alice.id, text="x")


async def test_500_and_502_look_like_telegrams(bot: CallingBot, playground: Playground) -> None:
    await playground.fault("500", method="getMe")
    with pytest.raises(Refused, match=r"^Internal Server Error: restart$"):
        await bot.getMe()
    await playground.fault("502")
    answer = await bot.http.get(f"{bot.url}/bot{bot.token}/getMe")
    assert (answer.status_code, answer.text[:6]) == (502, "<html>")


async def test_a_dropped_connection_leaves_nothing_done(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await alice.starts("@echo_bot")
    await playground.fault("drop", method="sendMessage")
    with pytest.raises(Exception, match=r"(?i)disconnected|reset|closed"):
        await bot.sendMessage(chat_id=alice.id, text="lost")
    await bot.sendMessage(chat_id=alice.id, text="there")
    assert [message.text for message in await alice.sees("@echo_bot")] == ["/start", "there"]


async def test_a_call_that_times_out_was_done(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await alice.starts("@echo_bot")
    await playground.fault("timeout", method="sendMessage")
    bot.http.timeout = 0.5
    with pytest.raises(httpx.ReadTimeout):
        await bot.sendMessage(chat_id=alice.id, text="done")
    assert (await alice.sees("@echo_bot"))[-1].text == "done"


async def test_a_poisoned_update_stays_broken_until_it_is_confirmed(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    await playground.fault("poison", bot=bot.id)
    await alice.starts("@echo_bot")
    await alice.says("@echo_bot", "well")
    first, second = await queued(bot)
    assert "date" not in first["message"]
    assert second["message"]["date"]
    assert "date" not in (await queued(bot, offset=first["update_id"]))[0]["message"]
    assert (await queued(bot, offset=second["update_id"]))[0] == second


async def test_a_duplicate_comes_again_although_it_was_confirmed(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    await playground.fault("duplicate", method="getUpdates")
    await alice.starts("@echo_bot")
    (first,) = await queued(bot)
    assert await queued(bot, offset=first["update_id"] + 1) == [first]
    assert (await bot.getWebhookInfo())["pending_update_count"] == 0


async def test_cleared_faults_strike_nobody(bot: CallingBot, playground: Playground) -> None:
    await playground.fault("500", times=5)
    await playground.clear_faults()
    await bot.getMe()
