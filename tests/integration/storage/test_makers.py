"""Persons, interviews, creations, facts and days."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from bot_runtime.dna import AgentDNA
from factory_bot.errors import StorageError
from factory_bot.model.agents import AgentId, PersonId
from factory_bot.model.creation import Creation, CreationEnd, CreationStep, SpareBot, Way
from factory_bot.model.funnel import Ending, Funnel
from factory_bot.model.interview import Interview
from factory_bot.model.persons import Person, Standing
from factory_bot.model.steps import Place, Step
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database
from factory_bot.storage.days import DayStore
from factory_bot.storage.facts import FactStore
from factory_bot.storage.interviews import InterviewStore
from factory_bot.storage.persons import PersonStore
from factory_bot.storage.tables import transcripts
from tests.clocks import HandClock
from tests.integration.storage.test_agents import record

ANNA, BERT = PersonId(5_000_000_001), PersonId(5_000_000_002)
DNA = AgentDNA(name="Bella", purpose="Takes orders")


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


async def test_a_person_is_met_again_with_new_names_and_old_decisions(database: Database, clock: HandClock) -> None:
    persons = PersonStore(database, clock)
    anna = Person(id=ANNA, first_name="Anna\0 \ud83c", language="de", time_zone="Europe/Berlin")
    assert (await persons.seen(anna)).first_name == "Anna ?"
    await persons.set_standing(ANNA, Standing.INVITED)
    await persons.set_report(ANNA, hour=8, time_zone="UTC+02:00")
    again = await persons.seen(Person(id=ANNA, first_name="Anne", username="anne"))
    assert again == await persons.get(ANNA)
    assert again == Person(
        id=ANNA,
        first_name="Anne",
        username="anne",
        standing=Standing.INVITED,
        time_zone="UTC+02:00",
        report_hour=8,
    )
    assert await persons.of_standing(Standing.INVITED, Standing.BLOCKED) == [again]
    assert await persons.get(BERT) is None
    with pytest.raises(StorageError, match="no person"):
        await persons.set_standing(BERT, Standing.BLOCKED)


async def test_a_person_is_asked_for_the_hour_once(database: Database, clock: HandClock) -> None:
    persons = PersonStore(database, clock)
    await persons.seen(Person(id=ANNA, first_name="Anna"))
    assert [await persons.asked_for_hour(ANNA) for _ in range(2)] == [True, False]


async def test_a_person_is_in_one_interview_at_most(database: Database, clock: HandClock) -> None:
    store = InterviewStore(database, clock)
    assert await store.open_of(ANNA) is None
    first = await store.begin(ANNA, Interview())
    await store.begin(BERT, Interview())
    second = await store.begin(ANNA, Interview(turn=5))
    found = await store.open_of(ANNA)
    assert found == second
    assert found is not None
    assert found.interview.turn == 5
    assert first.id != second.id
    await store.save(second.id, Interview(turn=6), ending=Ending.CANCELLED)
    assert await store.open_of(ANNA) is None
    latest = await store.latest_of(ANNA)
    assert latest is not None
    assert (latest.ended, latest.interview.turn) == (True, 6)
    assert await store.open_of(BERT) is not None


async def test_the_funnel_counts_where_interviews_were_left(database: Database, clock: HandClock) -> None:
    store, creations = InterviewStore(database, clock), CreationStore(database, clock)
    await store.begin(ANNA, Interview())  # replaced at its start
    left = await store.begin(ANNA, Interview())
    asked = Interview(place=Place(step=Step.NAME))
    await store.save(left.id, asked)
    await store.save(left.id, Interview(place=Place(step=Step.DONE)), ending=Ending.CANCELLED)
    done = await store.begin(ANNA, asked)
    await store.save(done.id, asked, ending=Ending.CONFIRMED)
    creation = await creations.request(ANNA, DNA, suggested_username="bella_bot", way=Way.MANAGED, interview_id=done.id)
    await creations.launched(creation.id)
    await store.begin(BERT, Interview())
    clock.advance(timedelta(days=8))
    await store.begin(ANNA, Interview())
    assert await store.expire(clock.now() - timedelta(days=7)) == 1
    assert await store.funnel(clock.now() - timedelta(days=30)) == Funnel(
        started=5, open=1, left={"start": 2, "name": 1}, confirmed=1, created=1
    )
    assert (await store.funnel(clock.now())).started == 1


async def said_in(database: Database, interview_id: int) -> list[tuple[str, str]]:
    query = sa.select(transcripts.c.speaker, transcripts.c.text).where(transcripts.c.interview_id == interview_id)
    async with database.reading() as connection:
        return [(row.speaker, row.text) for row in await connection.execute(query.order_by(transcripts.c.id))]


async def test_transcripts_are_kept_as_long_as_they_should(database: Database, clock: HandClock) -> None:
    store = InterviewStore(database, clock)
    interview = await store.begin(ANNA, Interview())
    await store.transcribe(interview.id, "person", "A bot for my pizzeria")
    clock.advance(timedelta(days=1))
    await store.transcribe(interview.id, "factory", "What is its name?")
    assert await store.forget_transcripts(clock.now()) == 1
    assert await said_in(database, interview.id) == [("factory", "What is its name?")]
    await store.forget_person(ANNA)
    assert len(await said_in(database, interview.id)) == 1  # the interview under way needs its own
    await store.save(interview.id, Interview(), ending=Ending.CANCELLED)
    await store.forget_person(ANNA)
    assert await said_in(database, interview.id) == []


async def requested(store: CreationStore, person: PersonId = ANNA) -> Creation:
    return await store.request(person, DNA, suggested_username="bella_x_bot", way=Way.MANAGED)


async def test_a_person_is_in_one_creation_at_most(database: Database, clock: HandClock) -> None:
    store = CreationStore(database, clock)
    first, other, second = await requested(store), await requested(store, BERT), await requested(store)
    assert await store.open_of(ANNA) == second
    assert await store.open() == [other, second]
    ended = await store.get(first.id)
    assert ended is not None
    assert ended.reason == CreationEnd.REPLACED
    with pytest.raises(StorageError, match="is over"):
        await store.change(first.id, bot_id=1)


async def test_a_creation_moves_on_and_forgets_its_token_at_the_end(database: Database, clock: HandClock) -> None:
    store = CreationStore(database, clock)
    creation = await requested(store)
    assert creation.waits_for_maker
    moved = await store.change(creation.id, step=CreationStep.CREATED, bot_id=9, username="bella_bot")
    assert moved == replace(creation, step=CreationStep.CREATED, bot_id=9, username="bella_bot")
    assert moved.under_way
    assert await store.of_bot(9) == moved
    await store.change(creation.id, step=CreationStep.TOKEN, sealed_token=b"sealed", agent_id=AgentId("bella"))
    await store.launched(creation.id)
    launched = await store.get(creation.id)
    assert launched is not None
    assert (launched.step, launched.sealed_token, launched.agent_id) == (CreationStep.LAUNCHED, None, "bella")
    assert await store.open() == []
    assert await store.last_unfinished(ANNA) is None


async def test_only_a_creation_that_waits_for_its_maker_expires(database: Database, clock: HandClock) -> None:
    store = CreationStore(database, clock)
    waiting, going = await requested(store), await requested(store, BERT)
    await store.change(going.id, step=CreationStep.CREATED, bot_id=9, username="b_bot")
    assert await store.expired(clock.now()) == []
    clock.advance(timedelta(minutes=15))
    assert [each.id for each in await store.expired(clock.now())] == [waiting.id]
    assert await store.end(waiting.id, CreationEnd.EXPIRED)
    assert not await store.end(waiting.id, CreationEnd.EXPIRED)
    unfinished = await store.last_unfinished(ANNA)
    assert unfinished is not None
    assert unfinished.reason == CreationEnd.EXPIRED


async def test_spare_bots_are_remembered_until_they_are_used(database: Database, clock: HandClock) -> None:
    store = CreationStore(database, clock)
    await store.keep_spare(SpareBot(bot_id=9, user_id=ANNA, username="old_bot"))
    await store.keep_spare(SpareBot(bot_id=9, user_id=ANNA, username="new_bot"))
    assert [bot.username for bot in await store.spares_of(ANNA)] == ["new_bot"]
    assert await store.spares_of(BERT) == []
    await store.drop_spare(9)
    assert await store.spares_of(ANNA) == []


async def test_facts_are_kept_replaced_and_removed(database: Database) -> None:
    facts = FactStore(database)
    assert await facts.get("hour") is None
    await facts.set("hour", {"of": "day"})
    await facts.set("hour", [8])
    assert await facts.get("hour") == [8]
    await facts.set("hour", None)
    assert await facts.get("hour") is None


async def test_a_day_is_counted_again_without_counting_twice(database: Database, clock: HandClock) -> None:
    await AgentStore(database, clock).add(record(), b"s")
    days, bella = DayStore(database), AgentId("bella")
    await days.put(bella, date(2026, 11, 20), {"people": 1})
    await days.put(bella, date(2026, 11, 20), {"people": 3, "uptime": 0.5})
    assert await days.get(bella, date(2026, 11, 20)) == {"people": 3, "uptime": 0.5}
    assert await days.get(bella, date(2026, 11, 21)) is None
