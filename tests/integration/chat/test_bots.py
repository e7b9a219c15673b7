"""/mybots: cards, deeds, and that nobody touches another's bot."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from factory_bot.errors import PersonError
from factory_bot.model.agents import AgentId, AgentRecord, PersonId, RunState
from factory_bot.model.persons import Person as Known
from factory_bot.storage.agents import AgentStore
from factory_bot.supervision.announcements import AnnouncementKind
from factory_bot.supervision.health import Reason
from factory_bot.workshop import Workshop
from factory_bot.workshop.bots import KEPT
from playground.people import Person
from tests.integration.chat.conftest import Hall

WORDS = "A bot called Chess Club for my chess club: sign-up form with name and phone"


async def made(hall: Hall) -> tuple[Person, AgentRecord]:
    anna = await hall.maker()
    record = await hall.makes(anna, WORDS)
    await anna.hears(hall.bot, "Share")
    return anna, record


async def test_a_card_shows_the_bot_and_stops_and_starts_it(hall: Hall, workshop: Workshop) -> None:
    anna, record = await made(hall)
    await anna.says(hall.bot, "/mybots")
    listed = await anna.hears(hall.bot, "Your bots")
    assert "🟢 Chess Club" in listed.text
    await anna.presses(hall.bot, "🟢 Chess Club", message_id=listed.id)
    card = await anna.hears(hall.bot, "State: running")
    assert card.id == listed.id
    assert "Today: nothing so far" in card.text
    await anna.presses(hall.bot, "⏹ Stop", message_id=card.id)
    await anna.hears(hall.bot, "State: stopped")
    assert (await workshop.bots.own(PersonId(anna.id), record.id)).state is RunState.STOPPED
    await anna.presses(hall.bot, "▶️ Start", message_id=card.id)
    await anna.hears(hall.bot, "State: running", timeout=20)
    await anna.presses(hall.bot, "🔄 Restart", message_id=card.id)
    await anna.presses(hall.bot, "📜 Logs", message_id=card.id)
    lines = (await anna.hears(hall.bot, "its last lines")).text
    assert "is up" in lines
    assert {len(re.findall(r"\d\d:\d\d:\d\d", line)) for line in lines.splitlines() if "is up" in line} == {1}


async def test_a_bot_is_deleted_after_two_questions_and_its_data_stays(hall: Hall, workshop: Workshop) -> None:
    anna, record = await made(hall)
    await anna.presses(hall.bot, "Its card")
    await anna.hears(hall.bot, "State: running")
    await anna.presses(hall.bot, "🗑 Delete")
    await anna.hears(hall.bot, "Delete Chess Club?")
    await anna.presses(hall.bot, "Yes, delete it")
    sure = await anna.hears(hall.bot, "Really delete")
    assert (await workshop.bots.own(PersonId(anna.id), record.id)).state is RunState.RUNNING
    await anna.presses(hall.bot, "Delete Chess Club for good", message_id=sure.id)
    await anna.hears(hall.bot, "was deleted")
    gone = await workshop.agents.get(record.id)
    assert gone is not None
    assert (gone.state, gone.wanted) == (RunState.STOPPED, False)
    assert gone.deleted_at is not None
    assert not (hall.settings.bots_dir / record.id).exists()
    kept = hall.settings.bots_dir / ".deleted" / record.id
    assert (kept / "dna.json").is_file()
    assert hall.supervisor.pid(record.id) is None
    await workshop.bots.forget(gone)
    assert not kept.exists()
    assert timedelta(days=30) == KEPT


async def test_the_account_of_a_deleted_bot_can_be_used_for_another(hall: Hall, workshop: Workshop) -> None:
    anna, record = await made(hall)
    await workshop.bots.delete(PersonId(anna.id), record.id)
    await hall.describes(anna, WORDS)
    await anna.presses(hall.bot, "✅ Create")
    await anna.presses(hall.bot, f"Use @{record.username}")
    await anna.hears(hall.bot, f"@{record.username} is live", timeout=20)
    (again,) = await workshop.bots.of(PersonId(anna.id))
    assert again.bot_id == record.bot_id
    assert again.id != record.id


async def test_nobody_operates_a_bot_of_somebody_else(hall: Hall, workshop: Workshop) -> None:
    _, record = await made(hall)
    eve, bots = PersonId(666), workshop.bots
    deeds: list[Callable[[PersonId, AgentId], Awaitable[object]]] = [
        bots.own, bots.start, bots.stop, bots.restart, bots.logs, bots.delete,
        lambda person, agent: bots.card(Known(id=person, first_name="Eve"), agent),
        lambda person, agent: bots.renew_token(person, agent, None),  # type: ignore[arg-type]
    ]  # fmt: skip
    for deed in deeds:
        with pytest.raises(PersonError) as refused:
            await deed(eve, record.id)
        assert refused.value.key == "bots.not_yours"
    assert (await workshop.bots.own(record.owner_id, record.id)).state is RunState.RUNNING


async def test_trouble_reaches_the_owner_with_the_button_that_helps(hall: Hall, workshop: Workshop) -> None:
    anna, record = await made(hall)
    lines = ("first line", "Traceback <b>not markup</b>")
    await hall.announces(record, AnnouncementKind.GAVE_UP, reason=Reason.GAVE_UP, lines=lines)
    told = await anna.hears(hall.bot, "ended too often")
    assert "Traceback <b>not markup</b>" in told.text
    assert told.labels == ["▶️ Start", "Its card"]
    for kind, reason, label in [
        (AnnouncementKind.SICK, Reason.CONFLICT, "🔄 Restart"),
        (AnnouncementKind.UNAUTHORIZED, Reason.UNAUTHORIZED, "🔑 Fetch its token anew"),
        (AnnouncementKind.POISONED, Reason.POISONED, "📜 Logs"),
        (AnnouncementKind.RECOVERED, None, "Its card"),
    ]:
        await hall.announces(record, kind, reason=reason)
        assert (await anna.hears(hall.bot, "Chess Club")).labels[0] == label


async def test_what_is_announced_before_the_chat_is_open_is_not_lost(hall: Hall) -> None:
    async with hall.open():
        anna, record = await made(hall)
    await hall.announces(record, AnnouncementKind.RECOVERED)
    async with hall.open():
        await anna.hears(hall.bot, "is well again")


async def test_the_owner_is_told_once_of_a_bot_given_up_while_the_chat_was_closed(hall: Hall) -> None:
    async with hall.open():
        anna, record = await made(hall)
    await hall.playground.revoke(record.bot_id)
    await hall.reaches(record.id, RunState.UNAUTHORIZED)
    async with hall.open():
        await anna.hears(hall.bot, "locked out")
    async with hall.open():
        await anna.says(hall.bot, "/mybots")
        await anna.hears(hall.bot, "Chess Club")
        assert sum("locked out" in message.text for message in await anna.sees(hall.bot)) == 1


async def test_a_revoked_token_is_fetched_anew_by_a_button(hall: Hall, workshop: Workshop) -> None:
    anna, record = await made(hall)
    await hall.playground.revoke(record.bot_id)
    await anna.hears(hall.bot, "locked out", timeout=10)
    name = f"@{record.username}"
    await anna.presses(hall.bot, "🔑 Fetch its token anew")
    await anna.hears(hall.bot, "State: running", timeout=20)
    await anna.starts(name)
    await anna.hears(name)


async def test_a_renewed_token_is_told_once_and_used_though_the_factory_was_killed_on_the_way(hall: Hall) -> None:
    async with hall.open():
        anna, record = await made(hall)
    token = await hall.playground.revoke(record.bot_id)
    await hall.reaches(record.id, RunState.UNAUTHORIZED)
    # As after a kill when the new token was recorded and the bot was not started with it.
    await AgentStore(hall.database).set_token(record.id, hall.vault.seal(token))
    async with hall.open():
        await hall.reaches(record.id, RunState.RUNNING)
        token = await hall.playground.revoke(record.bot_id)
        await anna.hears(hall.bot, "I have taken it over")
        await hall.reaches(record.id, RunState.RUNNING)
        assert sum("taken it over" in message.text for message in await anna.sees(hall.bot)) == 1


async def test_as_many_bots_as_one_may_have(hall: Hall) -> None:
    async with hall.open(bots_per_maker=1):
        anna, _ = await made(hall)
        await anna.says(hall.bot, "/newbot")
        await anna.hears(hall.bot, "as many as one person may have")


async def test_a_long_list_has_pages(hall: Hall, workshop: Workshop) -> None:
    anna, record = await made(hall)
    for number in range(9):
        more = replace(
            record, id=AgentId(f"{record.id}-x{number}"), bot_id=number + 1, wanted=False, state=RunState.STOPPED
        )
        await workshop.agents.add(more, b"sealed")
    await anna.says(hall.bot, "/mybots")
    listed = await anna.hears(hall.bot, "(10)")
    await anna.presses(hall.bot, "Next ›", message_id=listed.id)
    second = await anna.hears(hall.bot, "(10)")
    assert second.labels.count("⚪ Chess Club") == 2
    assert "‹ Before" in second.labels
