"""The interview in the chat: its turns commit with their replies, and the factory may end at any moment."""

from __future__ import annotations

import asyncio

import pytest
import sqlalchemy as sa

from factory_bot.model.agents import PersonId
from factory_bot.storage.interviews import InterviewStore
from factory_bot.storage.tables import inbox, transcripts
from factory_bot.workshop import ASIDE_KEPT, Workshop
from factory_bot.workshop.interviewing import fresh_words
from tests.integration.chat.conftest import PIZZERIA, Hall


async def test_what_is_written_while_the_factory_is_away_is_answered(hall: Hall) -> None:
    async with hall.open():
        anna = await hall.maker()
        await anna.says(hall.bot, "/newbot")
        await anna.hears(hall.bot, "What should your bot do")
    await anna.says(hall.bot, "A bot for my club: sign-up form with name and phone")
    async with hall.open():
        await anna.hears(hall.bot, "How should your bot speak?", timeout=15)


async def test_an_interview_goes_on_at_every_step_after_a_restart(hall: Hall) -> None:
    async with hall.open():
        anna = await hall.maker()
        await anna.says(hall.bot, "/newbot")
        await anna.hears(hall.bot, "What should your bot do")
    for _ in range(12):
        async with hall.open():
            last = (await anna.sees(hall.bot))[-1]
            if "All good?" in last.text:
                break
            if "What should your bot do" in last.text:
                await anna.says(hall.bot, "a form with name and a poll")
            elif "What can people choose" in last.text:
                await anna.says(hall.bot, "red, green")
            elif "What do people vote on" in last.text:
                await anna.says(hall.bot, "Which colour?")
            else:
                await anna.presses(hall.bot, "Skip")
            await anna.hears(hall.bot)
    assert "All good?" in (await anna.sees(hall.bot))[-1].text


async def test_a_reply_that_was_owed_comes_after_a_restart(hall: Hall) -> None:
    async with hall.open():
        anna = await hall.maker()
        await hall.playground.fault("502", bot=hall.bot, method="sendMessage", times=1000)
        await anna.says(hall.bot, "/help")
        async with asyncio.timeout(10):
            while await _unfinished(hall):  # noqa: ASYNC110 - the store announces nothing
                await asyncio.sleep(0.02)
    await hall.playground.clear_faults()
    async with hall.open():
        await anna.hears(hall.bot, "What I can do")
        texts = [message.text for message in await anna.sees(hall.bot)]
        assert sum("What I can do" in text for text in texts) == 1


async def _unfinished(hall: Hall) -> int:
    async with hall.database.reading() as connection:
        query = sa.select(sa.func.count()).select_from(inbox).where(inbox.c.finished_at.is_(None))
        return int((await connection.execute(query)).scalar_one())


async def test_every_tap_is_answered_also_a_stale_one(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, "/newbot")
    first = await anna.hears(hall.bot, "What should your bot do")
    await hall.playground.fault("502", bot=hall.bot, method="editMessageReplyMarkup")  # its buttons stay
    await anna.says(hall.bot, "a form with name")
    await anna.hears(hall.bot, "How should your bot speak")
    stale = await anna.presses(hall.bot, "Sign-up", message_id=first.id)
    assert stale["toast"]
    again = await anna.hears(hall.bot, "How should your bot speak")
    assert again.id != first.id
    presses = await asyncio.gather(*(anna.presses(hall.bot, "Cancel") for _ in range(3)))
    assert len(presses) == 3


async def test_a_tap_changes_the_message_that_was_tapped(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    card = (await anna.sees(hall.bot))[-1]
    for label, heard in (
        ("Form: Order", "What should I change in “Order”?"),
        ("What it asks", "What should the form “Order” ask?"),
        ("‹ Back", "What should I change in “Order”?"),
        ("‹ Back", "All good?"),
        ("Personality", "How should your bot speak?"),
        ("🎈 Playful", "Personality: playful"),
        ("Cancel", "Stop here?"),
        ("No, go on", "All good?"),
    ):
        await anna.presses(hall.bot, label, message_id=card.id)
        assert (await anna.hears(hall.bot, heard)).id == card.id
    assert (await anna.sees(hall.bot))[-1].id == card.id


async def test_a_new_card_takes_the_buttons_from_the_old_one(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    card = (await anna.sees(hall.bot))[-1]
    await anna.says(hall.bot, "make the name Bella")
    fresh = await anna.hears(hall.bot, "All good?")
    assert fresh.id != card.id
    await anna.says(hall.bot, "looks good")
    await anna.hears(hall.bot, "One tap")
    await anna.says(hall.bot, "/help")
    await anna.hears(hall.bot, "What I can do")
    buttons = {message.id: message.labels for message in await anna.sees(hall.bot)}
    assert buttons[card.id] == buttons[fresh.id] == []


async def test_starting_over_in_the_midst_is_asked_first(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, "/newbot")
    await anna.hears(hall.bot, "What should your bot do")
    await anna.says(hall.bot, "a form with name")
    question = await anna.hears(hall.bot)
    await anna.says(hall.bot, "/newbot")
    await anna.hears(hall.bot, "in the midst")
    await anna.presses(hall.bot, "Go on")
    assert (await anna.hears(hall.bot)).text == question.text
    await anna.says(hall.bot, "/newbot")
    await anna.presses(hall.bot, "Start over")
    await anna.hears(hall.bot, "What should your bot do")


async def test_what_stands_behind_newbot_is_the_first_answer(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, f"/newbot {PIZZERIA}")
    card = await anna.hears(hall.bot, "All good?")
    assert "Margherita, Diavola, Marinara" in card.text
    await anna.says(hall.bot, "/newbot A bot called Lunch Crew: let people vote for lunch between soup and salad")
    await anna.hears(hall.bot, "in the midst")
    await anna.presses(hall.bot, "Start over")
    assert "soup, salad" in (await anna.hears(hall.bot, "All good?")).text
    assert await workshop.facts.get(fresh_words(PersonId(anna.id))) is None
    await anna.presses(hall.bot, "‹ Back")
    await anna.hears(hall.bot, "What should your bot do")  # nothing was asked in between


async def test_a_description_behind_newbot_is_dropped_by_who_goes_on(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna)
    await anna.says(hall.bot, "/newbot a form with name")
    await anna.presses(hall.bot, "Go on")
    await anna.hears(hall.bot, "Bella Napoli")
    assert await workshop.facts.get(fresh_words(PersonId(anna.id))) is None
    await anna.says(hall.bot, "/newbot")
    await anna.presses(hall.bot, "Start over")
    await anna.hears(hall.bot, "What should your bot do")


async def test_cancel_ends_the_interview_and_says_when_there_is_none(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, "/cancel")
    await anna.hears(hall.bot, "nothing to cancel")
    await anna.says(hall.bot, "/newbot")
    await anna.hears(hall.bot, "What should your bot do")
    await anna.says(hall.bot, "/cancel")
    await anna.hears(hall.bot)
    assert await InterviewStore(hall.database).open_of(PersonId(anna.id)) is None
    await anna.says(hall.bot, "hello?")
    helped = await anna.hears(hall.bot, "I make bots")
    assert helped.labels == ["✨ Make a bot", "🤖 My bots"]


async def test_a_picture_in_an_interview_is_answered(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.sends_document(hall.bot, b"x", "x.txt")
    await anna.hears(hall.bot, "I make bots")
    await anna.says(hall.bot, "/newbot")
    await anna.hears(hall.bot, "What should your bot do")
    await anna.sends_document(hall.bot, b"x", "x.txt")
    await anna.hears(hall.bot, "What should your bot do")


@pytest.mark.parametrize(
    "text", ["<b>&amp;</i>", "/unknowncommand", "/newbot@some_other_bot", "\u202eevil\u2066", "a" * 4096, "/"]
)
async def test_odd_texts_are_answered(hall: Hall, workshop: Workshop, text: str) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, text)
    await anna.hears(hall.bot, "I make bots")


async def test_what_was_said_is_kept_for_a_while_and_forgotten_on_wish(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.describes(anna, "A bot called Club for my chess club: sign-up form with name and phone")
    await anna.presses(hall.bot, "✅ Create")
    await anna.hears(hall.bot, "One tap")
    interview = await InterviewStore(hall.database).latest_of(PersonId(anna.id))
    assert interview is not None
    query = sa.select(transcripts.c.text).where(transcripts.c.interview_id == interview.id)
    async with hall.database.reading() as connection:
        said = list((await connection.execute(query)).scalars())
    assert "A bot called Club for my chess club: sign-up form with name and phone" in said
    await anna.says(hall.bot, "/privacy")
    told = await anna.hears(hall.bot, "What is kept of you")
    assert "describing a bot: 30 days" in told.text
    assert f"failed to handle: {ASIDE_KEPT.days} days" in told.text
    await anna.presses(hall.bot, "Forget what I said")
    await anna.hears(hall.bot, "is gone")
    async with hall.database.reading() as connection:
        assert (await connection.execute(query)).all() == []


async def test_a_poison_update_is_set_aside_and_holds_up_nobody(hall: Hall, workshop: Workshop) -> None:
    anna, bert = await hall.maker("Anna"), await hall.maker("Bert")
    await hall.playground.fault("poison", bot=hall.bot)
    await anna.says(hall.bot, "/help")
    await bert.says(hall.bot, "/help")
    await bert.hears(hall.bot, "What I can do")
    async with asyncio.timeout(10):
        while not await _aside(hall):  # noqa: ASYNC110 - the store announces nothing
            await asyncio.sleep(0.02)
    await anna.says(hall.bot, "/privacy")
    await anna.hears(hall.bot, "What is kept of you")


async def _aside(hall: Hall) -> list[str]:
    async with hall.database.reading() as connection:
        query = sa.select(inbox.c.aside).where(inbox.c.aside.is_not(None))
        return list((await connection.execute(query)).scalars())


async def test_a_group_is_told_once_a_day_to_come_over(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    group = await hall.playground.group("Friends", anna, [hall.bot])
    for _ in range(3):
        await anna.says(group, f"/newbot@{hall.bot.username}")
    await anna.hears(group, "private chats")
    await anna.says(hall.bot, "/help")
    await anna.hears(hall.bot, "What I can do")
    texts = [message.text for message in await anna.sees(group)]
    assert sum("private chats" in text for text in texts) == 1
