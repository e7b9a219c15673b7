"""From words to a live bot in the chat, also when things come late, twice, or not at all."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from factory_bot.egress.client import Egress
from factory_bot.model.agents import AgentId, RunState
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.supervision.supervisor import Supervisor
from factory_bot.workshop import Workshop
from playground.people import BotAccount, Person
from tests import postgres
from tests.integration.chat.conftest import Hall, opened_hall


async def test_a_maker_gets_a_live_bot(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    record = await hall.makes(anna)
    assert record.owner_id == anna.id
    assert record.wanted
    await hall.reaches(record.id, RunState.RUNNING)
    assert record.dna.name == "Bella Napoli"
    assert (hall.settings.bots_dir / record.id / "bot.py").is_file()
    picture = await anna.hears(hall.bot, f"Share @{record.username}")
    assert picture.get("photo")
    assert await anna.sees_keyboard(hall.bot) == []
    assert "When shall I" not in (await anna.sees(hall.bot))[-1]  # first of all one opens the new bot


async def test_two_makers_at_once_never_mix(hall: Hall, workshop: Workshop) -> None:
    anna, bert = await hall.maker("Anna"), await hall.maker("Bert")
    words = "A bot called Yoga Corner for my yoga studio: sign-up form with name and e-mail"
    first, second = await asyncio.gather(hall.makes(anna), hall.makes(bert, words))
    assert (first.owner_id, first.dna.name) == (anna.id, "Bella Napoli")
    assert (second.owner_id, second.dna.name) == (bert.id, "Yoga Corner")


@pytest.mark.parametrize("fault", ["reorder", "duplicate"])
async def test_both_updates_of_a_new_bot_count_once_in_either_order(hall: Hall, workshop: Workshop, fault: str) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    await hall.playground.fault(fault, bot=hall.bot)
    made = await anna.confirms_managed_bot(hall.bot, name="Renamed", username=f"renamed_{fault}_bot")
    await anna.hears(hall.bot, f"@renamed_{fault}_bot is live", timeout=20)
    await anna.hears(hall.bot, "Share")
    assert [record.bot_id for record in await workshop.bots.of(_id(anna))] == [made["bot"]["id"]]
    assert [message.text for message in await anna.sees(hall.bot) if "You made" in message.text] == []


async def test_a_bot_made_by_the_link_comes_without_a_message_and_is_taken(hall: Hall, workshop: Workshop) -> None:
    anna = await _asked(hall)
    form = {"manager": hall.bot.username, "name": "By Link", "username": "made_by_link_bot"}
    await hall.playground.call("POST", f"/users/{anna.id}/new_bot", json=form)
    await anna.hears(hall.bot, "@made_by_link_bot is live", timeout=20)


async def test_a_bot_made_without_being_asked_for_is_kept_for_later(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    form = {"manager": hall.bot.username, "name": "Early", "username": "early_and_spare_bot"}
    await hall.playground.call("POST", f"/users/{anna.id}/new_bot", json=form)
    await anna.hears(hall.bot, "What should it do?")
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.presses(hall.bot, "Use @early_and_spare_bot")
    await anna.hears(hall.bot, "@early_and_spare_bot is live", timeout=20)


async def test_a_bot_that_comes_too_late_is_kept_and_can_be_used(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    creation = await workshop.creating.open_of(_id(anna))
    assert creation is not None
    await CreationStore(hall.database).change(creation.id, expires_at=creation.requested_at)
    await anna.confirms_managed_bot(hall.bot, username="late_bird_bot")
    await anna.hears(hall.bot, "You made @late_bird_bot")
    await anna.presses(hall.bot, "Cancel")
    await anna.hears(hall.bot, "was not made")
    await anna.presses(hall.bot, "Try again")
    await anna.presses(hall.bot, "Use @late_bird_bot")
    await anna.hears(hall.bot, "@late_bird_bot is live", timeout=20)


async def test_a_cancelled_creation_keeps_what_was_described(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    await anna.cancels_managed_bot(hall.bot)
    await anna.says(hall.bot, "/cancel")
    await anna.hears(hall.bot, "Cancelled.")
    assert await anna.sees_keyboard(hall.bot) == []
    await anna.presses(hall.bot, "Try again")
    await anna.confirms_managed_bot(hall.bot)
    await anna.hears(hall.bot, "is live", timeout=20)


async def test_words_instead_of_the_form_are_answered_with_the_other_ways(hall: Hall, workshop: Workshop) -> None:
    anna = await _asked(hall)
    await anna.says(hall.bot, "✅ Create the bot")
    told = await anna.hears(hall.bot, "opens no form")
    assert told.labels == ["Open Telegram's form", "I have a token", "Cancel"]
    assert told.buttons[0][0]["url"].startswith(f"https://t.me/newbot/{hall.bot.username}/bella_napoli_")


async def test_a_double_tap_on_create_makes_one_bot(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    taps = (anna.presses(hall.bot, "✅ Create", timeout=2) for _ in range(2))
    await asyncio.gather(*taps, return_exceptions=True)  # the second one may find the button gone
    await anna.confirms_managed_bot(hall.bot)
    await anna.hears(hall.bot, "is live", timeout=20)
    assert len(await workshop.bots.of(_id(anna))) == 1


async def test_a_network_fault_is_outlasted(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    await hall.playground.fault("502", method="getManagedBotToken", times=2)
    await anna.confirms_managed_bot(hall.bot)
    await anna.hears(hall.bot, "is live", timeout=20)


async def test_a_bots_profile_may_fail_without_holding_it_back(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    await hall.playground.fault("429", method="setMyName", times=1, retry_after=3600)
    await anna.confirms_managed_bot(hall.bot)
    live = await anna.hears(hall.bot, "is live", timeout=20)
    assert "did not take all of its profile" in live.text


# -------------------------------------------------------------------- ended in the midst of it


class Hanging:
    """An egress or a supervisor of which one method never returns, as when the factory is killed there."""

    def __init__(self, real: Egress | Supervisor, method: str) -> None:
        self._real = real
        self._method = method
        self.reached = asyncio.Event()

    def __getattr__(self, name: str) -> Any:
        return self._hang if name == self._method else getattr(self._real, name)

    async def _hang(self, *_: object) -> None:
        self.reached.set()
        await asyncio.Event().wait()


async def _asked(hall: Hall) -> Person:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    return anna


async def test_a_creation_waits_for_its_bot_through_a_restart(hall: Hall) -> None:
    async with hall.open():
        anna = await _asked(hall)
    await anna.confirms_managed_bot(hall.bot)  # while the factory is away
    async with hall.open():
        await anna.hears(hall.bot, "is live", timeout=20)


async def test_a_creation_goes_on_after_the_token_was_not_fetched(hall: Hall) -> None:
    async with hall.open() as workshop:
        anna = await _asked(hall)
        await hall.playground.fault("502", method="getManagedBotToken", times=50)
        await anna.confirms_managed_bot(hall.bot)
        await anna.hears(hall.bot, "Fetching its key")
        assert await workshop.creating.open_of(_id(anna)) is not None
    await hall.playground.clear_faults()
    async with hall.open():
        await anna.hears(hall.bot, "is live", timeout=20)


@pytest.mark.parametrize(("part", "method"), [("egress", "admit"), ("egress", "call"), ("supervisor", "start")])
async def test_a_creation_goes_on_after_it_was_cut_off(hall: Hall, part: str, method: str) -> None:
    hanging = Hanging(hall.egress if part == "egress" else hall.supervisor, method)
    async with hall.open(**{part: hanging}):  # type: ignore[arg-type]
        anna = await _asked(hall)
        made = await anna.confirms_managed_bot(hall.bot)
        async with asyncio.timeout(10):
            await hanging.reached.wait()
    async with hall.open() as workshop:
        await anna.hears(hall.bot, "is live", timeout=20)
        await anna.hears(hall.bot, "Share")
        assert [record.bot_id for record in await workshop.bots.of(_id(anna))] == [made["bot"]["id"]]
    texts = [message.text for message in await anna.sees(hall.bot)]
    assert sum("is live 🎉" in text for text in texts) == 1


# -------------------------------------------------------------------- tokens


async def _wants_to_paste(hall: Hall) -> Person:
    anna = await _asked(hall)
    await anna.presses(hall.bot, "I have a token")
    await anna.hears(hall.bot, "paste it here")
    return anna


async def test_a_pasted_token_makes_a_live_bot_and_is_nowhere_in_clear(hall: Hall, workshop: Workshop) -> None:
    anna = await _wants_to_paste(hall)
    own = await hall.playground.bot(anna, "Hers", "hers_alone_bot")
    await anna.says(hall.bot, f"Use this token to access the HTTP API:\n{own.token}\nKeep it secret.")
    await anna.hears(hall.bot, "ten seconds")
    await anna.hears(hall.bot, "@hers_alone_bot is live", timeout=20)
    assert all(own.token not in message.text for message in await anna.sees(hall.bot))
    for path in hall.settings.data_dir.rglob("*"):
        assert not path.is_file() or own.token.encode() not in path.read_bytes(), path
    record = await AgentStore(hall.database).by_bot_id(own.id)
    assert record is not None
    assert record.owner_id == anna.id


async def test_tokens_that_cannot_be_used_are_refused_with_the_reason(hall: Hall, workshop: Workshop) -> None:
    anna = await _wants_to_paste(hall)
    bert = await hall.maker("Bert")
    taken = await hall.makes(bert)
    revoked = await hall.playground.bot(anna, "Old", "old_and_gone_bot")
    await hall.playground.revoke(revoked)
    pasted = {
        "12345:tooshort": "That is no bot token",
        "my token": "That is no bot token",
        hall.bot.token: "my own token",
        f"{taken.bot_id}:{'A' * 35}": "Another bot here already runs",
        revoked.token: "Telegram does not accept that token",
        f"{10**12}:{'A' * 35}": "Telegram does not accept that token",
    }
    for token, reason in pasted.items():
        await anna.says(hall.bot, token)
        await anna.hears(hall.bot, reason)
    assert await workshop.bots.of(_id(anna)) == []
    good = await hall.playground.bot(anna, "Good", "good_at_last_bot")
    await anna.says(hall.bot, good.token)
    await anna.hears(hall.bot, "@good_at_last_bot is live", timeout=20)


async def test_a_revoked_token_that_was_pasted_is_replaced_by_pasting_the_new_one(
    hall: Hall, workshop: Workshop
) -> None:
    anna = await _wants_to_paste(hall)
    own = await hall.playground.bot(anna, "Hers", "hers_once_more_bot")
    other = await hall.playground.bot(anna, "Other", "some_other_bot")
    await anna.says(hall.bot, own.token)
    await anna.hears(hall.bot, "@hers_once_more_bot is live", timeout=20)
    new = await hall.playground.revoke(own)
    told = await anna.hears(hall.bot, "locked out", timeout=10)
    assert told.labels == ["🔑 Paste its new token", "Its card"]
    await anna.presses(hall.bot, "🔑 Paste its new token")
    await anna.hears(hall.bot, "needs its new token")
    for pasted, reason in {
        "123:short": "That is no bot token",
        other.token: "Please paste that of @hers_once_more_bot",
        own.token: "Telegram does not accept that token",
    }.items():
        await anna.says(hall.bot, pasted)
        await anna.hears(hall.bot, reason)
    await anna.says(hall.bot, new)
    await anna.hears(hall.bot, "has a new token", timeout=20)
    await anna.starts("@hers_once_more_bot")
    await anna.hears("@hers_once_more_bot", "I am", timeout=20)
    assert not [message for message in await anna.sees(hall.bot) if new in message.text or other.token in message.text]
    await anna.says(hall.bot, "hello")
    await anna.hears(hall.bot, "I make bots")  # no token is awaited any more


async def test_a_bot_that_works_elsewhere_by_webhook_is_refused(hall: Hall, workshop: Workshop) -> None:
    anna = await _wants_to_paste(hall)
    busy = await hall.playground.bot(anna, "Busy", "busy_by_webhook_bot")
    await _call(hall, busy, "setWebhook", url="https://hooks.example.com/secret/path")
    await anna.says(hall.bot, busy.token)
    refusal = await anna.hears(hall.bot, "in use elsewhere")
    assert "hooks.example.com" in refusal.text
    assert "secret/path" not in refusal.text


async def test_a_bot_that_is_polled_elsewhere_is_refused(hall: Hall) -> None:
    async with hall.open(listen_seconds=3):
        anna = await _wants_to_paste(hall)
        busy = await hall.playground.bot(anna, "Busy", "busy_polling_bot")
        polling = asyncio.create_task(_poll_for_ever(hall, busy))
        try:
            await anna.says(hall.bot, busy.token)
            await anna.hears(hall.bot, "another program is fetching its messages", timeout=15)
        finally:
            polling.cancel()


async def test_a_token_is_taken_away_wherever_it_is_pasted(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, "/newbot")
    await anna.hears(hall.bot, "What should your bot do")
    spare = await hall.playground.bot(anna, "Hers", "unasked_token_bot")
    await anna.says(hall.bot, spare.token)
    await anna.hears(hall.bot, "those are secret")
    assert all(spare.token not in message.text for message in await anna.sees(hall.bot))


async def test_without_bot_management_the_token_is_asked_for_at_once(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async with opened_hall(tmp_path_factory.mktemp("plain"), can_manage_bots=False) as hall, hall.open():
        anna = await hall.maker()
        await hall.describes(anna)
        await anna.presses(hall.bot, "✅ Create")
        await anna.hears(hall.bot, "paste it here")
        own = await hall.playground.bot(anna, "Hers", "hers_by_token_bot")
        await anna.says(hall.bot, own.token)
        await anna.hears(hall.bot, "@hers_by_token_bot is live", timeout=20)


@pytest.mark.postgres
async def test_the_whole_way_works_on_postgresql(postgres_host: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    url = await postgres.empty_database(postgres_host, "factory")
    async with opened_hall(tmp_path_factory.mktemp("pg"), database_url=url) as hall:
        async with hall.open():
            anna, bert = await hall.maker("Anna"), await hall.maker("Bert")
            first, second = await asyncio.gather(hall.makes(anna), hall.makes(bert))
            assert {first.owner_id, second.owner_id} == {anna.id, bert.id}
            await anna.says(hall.bot, "/newbot")
        async with hall.open():
            await anna.hears(hall.bot, "What should your bot do")
            await anna.says(hall.bot, "/report")
            await anna.hears(hall.bot, "Bella Napoli")


async def test_a_changed_token_is_taken_over(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    record = await hall.makes(anna)
    await anna.hears(hall.bot, "Share")
    before = await workshop.agents.sealed_token(AgentId(record.id))
    await _call(hall, hall.bot, "replaceManagedBotToken", user_id=record.bot_id)
    await anna.hears(hall.bot, "has a new token", timeout=20)
    assert hall.vault.unseal(await workshop.agents.sealed_token(record.id)) != hall.vault.unseal(before)
    name = f"@{record.username}"
    await anna.starts(name)
    await anna.hears(name, "Bella Napoli", timeout=20)


async def _call(hall: Hall, bot: BotAccount, method: str, **params: object) -> Any:
    async with httpx.AsyncClient(trust_env=False, timeout=40) as http:
        answer = await http.post(f"{hall.playground.base_url}/bot{bot.token}/{method}", json=params)
        return answer.json()


async def _poll_for_ever(hall: Hall, bot: BotAccount) -> None:
    while True:
        answer = await _call(hall, bot, "getUpdates", timeout=20)
        await asyncio.sleep(0 if answer["ok"] else 0.2)


def _id(person: Person) -> Any:
    return person.id
