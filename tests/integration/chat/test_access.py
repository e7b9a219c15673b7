"""Who is served: the claim on a live token, the list, the block."""

from __future__ import annotations

import pytest

from factory_bot.errors import PersonError
from factory_bot.model.agents import PersonId
from factory_bot.model.persons import AccessMode, Standing
from factory_bot.model.persons import Person as Known
from factory_bot.storage.facts import FactStore
from factory_bot.workshop import Workshop
from factory_bot.workshop.access import MODE
from playground.people import Person
from tests.integration.chat.conftest import Hall

TOKEN = "123456789:AAE-" + "x" * 31


async def heard(person: Person, hall: Hall, text: str, containing: str) -> None:
    await person.says(hall.bot, text)
    await person.hears(hall.bot, containing)


async def test_an_unclaimed_factory_serves_nobody_until_the_code_is_sent(hall: Hall) -> None:
    async with hall.open(operators=()) as workshop:
        code = await workshop.claim_code()
        assert code is not None
        eve, anna = await hall.playground.person("Eve"), await hall.playground.person("Anna")
        for text in ("/start", "/newbot", "/start wrongcode", "hello", "/mybots"):
            await heard(eve, hall, text, "waits for its operator")
        renewed = await workshop.claim_code()
        assert renewed is not None
        await heard(anna, hall, f"/start {code}", "waits for its operator")
        await heard(anna, hall, f"/start {renewed}", "you are the operator now")
        assert await workshop.claim_code() is None
        await heard(eve, hall, f"/start {renewed}", "make")  # used up; the factory is open to everyone here
        assert (await workshop.access.verdict(await _known(workshop, eve))).value == "maker"
        await workshop.persons.set_standing(PersonId(anna.id), Standing.GUEST)


async def test_only_the_operator_is_served_when_so_set(hall: Hall) -> None:
    async with hall.open(access="operator"):
        eve = await hall.playground.person("Eve")
        await heard(eve, hall, "/newbot", "works for its operator only")
        await heard(hall.you, hall, "/newbot", "What should your bot do")


@pytest.mark.parametrize("access", ["operator", "list"])
async def test_a_token_of_somebody_who_is_not_served_is_deleted_too(hall: Hall, access: str) -> None:
    async with hall.open(access=access):
        eve = await hall.playground.person("Eve")
        await eve.starts(hall.bot)
        await eve.hears(hall.bot, "works for")
        await heard(eve, hall, f"Here: {TOKEN}", "works for")
        assert all(TOKEN not in message.text for message in await eve.sees(hall.bot))


async def test_somebody_blocked_is_not_answered_in_a_group_either(hall: Hall, workshop: Workshop) -> None:
    zoe, anna = await hall.maker("Zoe"), await hall.maker("Anna")
    await workshop.persons.set_standing(PersonId(zoe.id), Standing.BLOCKED)
    group = await hall.playground.group("Friends", zoe, [hall.bot, anna])
    await zoe.says(group, f"/newbot@{hall.bot.username}")
    await anna.says(group, f"/mybots@{hall.bot.username}")
    await anna.hears(group, "private chats")
    texts = [message.text for message in await anna.sees(group)]
    asked = texts.index(f"/mybots@{hall.bot.username}")
    assert not any("private chats" in text for text in texts[:asked])


async def test_a_stranger_asks_and_the_operator_lets_in_removes_and_blocks(hall: Hall) -> None:
    async with hall.open(access="list") as workshop:
        await heard(hall.you, hall, "/start", "I make Telegram bots")
        bert = await hall.playground.person("Bert", username="bert")
        await heard(bert, hall, "/newbot", "invited people")
        await bert.presses(hall.bot, "Ask to be let in")
        await bert.hears(hall.bot, "I have asked")
        await heard(bert, hall, "please", "with the operator")
        await hall.you.hears(hall.bot, "Bert (@bert) would like to make bots here")
        await hall.you.presses(hall.bot, "Let Bert in")
        await bert.hears(hall.bot, "let you in")
        await heard(bert, hall, "/newbot", "What should your bot do")
        await hall.you.hears(hall.bot, "✅ Bert (@bert)")
        await hall.you.presses(hall.bot, "Block Bert")
        await hall.you.hears(hall.bot, "🚫 Bert (@bert)")
        await bert.says(hall.bot, "/mybots")
        assert (await workshop.access.verdict(await _known(workshop, bert))).value == "blocked"
        await hall.you.presses(hall.bot, "Unblock Bert")
        await heard(bert, hall, "/mybots", "invited people")
        assert all("Your bots" not in message.text for message in await bert.sees(hall.bot))


async def test_the_operator_switches_whom_the_factory_serves(hall: Hall, workshop: Workshop) -> None:
    await heard(hall.you, hall, "/start", "I make Telegram bots")
    await hall.you.presses(hall.bot, "Who may use me")
    card = await hall.you.hears(hall.bot, "Who may use me")
    assert "● Everyone" in card.labels
    await hall.you.presses(hall.bot, "○ Only me")
    eve = await hall.playground.person("Eve")
    await heard(eve, hall, "/newbot", "works for its operator only")
    await FactStore(hall.database).set(MODE, None)


async def test_the_operator_blocks_a_maker_while_everyone_is_served(hall: Hall, workshop: Workshop) -> None:
    zoe = await hall.maker("Zoe")
    await hall.makes(zoe)
    await heard(hall.you, hall, "/start", "I make Telegram bots")
    await hall.you.presses(hall.bot, "Who may use me")
    await hall.you.hears(hall.bot, f"Zoe ({zoe.id}) has bots here")
    await hall.you.presses(hall.bot, "Block Zoe")
    await hall.you.hears(hall.bot, "🚫 Zoe")
    assert (await workshop.access.verdict(await _known(workshop, zoe))).value == "blocked"


async def test_nobody_but_the_operator_changes_access(hall: Hall, workshop: Workshop) -> None:
    eve = Known(id=PersonId(666), first_name="Eve")
    async with hall.database.transaction() as tx:
        with pytest.raises(PersonError, match="operator_only"):
            await workshop.access.set_mode(eve, AccessMode.EVERYONE, tx)
        with pytest.raises(PersonError, match="operator_only"):
            await workshop.access.decide(eve, PersonId(666), Standing.INVITED, tx)
    with pytest.raises(PersonError, match="operator_only"):
        await workshop.access.known(eve)


async def test_nobody_becomes_operator_by_a_button_and_no_operator_is_blocked(hall: Hall, workshop: Workshop) -> None:
    you = await _known(workshop, hall.you)
    anna = await hall.maker()
    async with hall.database.transaction() as tx:
        for person, standing in [(PersonId(anna.id), Standing.OPERATOR), (you.id, Standing.BLOCKED)]:
            with pytest.raises(PersonError, match="unknown_person"):
                await workshop.access.decide(you, person, standing, tx)


async def _known(workshop: Workshop, person: Person) -> Known:
    found = await workshop.persons.get(PersonId(person.id))
    return found or Known(id=PersonId(person.id), first_name=person.first_name)
