"""The agent store."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from bot_runtime.dna import AgentDNA
from factory_bot.errors import StorageError
from factory_bot.model.agents import MOVES, AgentId, AgentRecord, PersonId, RunState
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.database import Database
from tests.clocks import HandClock

ANNA, BERT = PersonId(5_000_000_001), PersonId(5_000_000_002)


def record(name: str = "bella", *, owner: PersonId = ANNA, bot_id: int = 7_000_000_001) -> AgentRecord:
    clock = HandClock()
    return AgentRecord(
        id=AgentId(name),
        owner_id=owner,
        bot_id=bot_id,
        username=f"{name}_bot",
        dna=AgentDNA(name="Bella 🍕\u2028", purpose="Takes orders"),
        wanted=False,
        state=RunState.STOPPED,
        reason=None,
        moved_at=clock.now(),
        created_at=clock.now(),
    )


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def agents(database: Database, clock: HandClock) -> AgentStore:
    return AgentStore(database, clock)


async def test_an_agent_comes_back_as_it_was_added(agents: AgentStore) -> None:
    await agents.add(record(), b"sealed")
    assert await agents.get(AgentId("bella")) == record()
    assert await agents.by_bot_id(7_000_000_001) == record()
    assert await agents.sealed_token(AgentId("bella")) == b"sealed"
    assert await agents.get(AgentId("nobody")) is None


async def test_a_bot_has_one_living_agent_only(agents: AgentStore) -> None:
    await agents.add(record("bella"), b"s")
    with pytest.raises(StorageError):
        await agents.add(record("other"), b"s")
    await agents.delete(AgentId("bella"))
    await agents.add(record("other"), b"s")
    assert [found.id for found in await agents.all()] == ["other"]
    assert await agents.ids() == {"bella", "other"}


async def test_people_see_their_own_agents_only(agents: AgentStore) -> None:
    await agents.add(record("bella", owner=ANNA, bot_id=1), b"s")
    await agents.add(record("bruno", owner=BERT, bot_id=2), b"s")
    assert [found.id for found in await agents.of_owner(ANNA)] == ["bella"]
    assert [found.id for found in await agents.of_owner(BERT)] == ["bruno"]


async def test_only_the_moves_of_the_table_are_made(agents: AgentStore) -> None:
    for number, (before, after) in enumerate(itertools.product(RunState, RunState)):
        agent_id = AgentId(f"a{number}")
        await agents.add(replace(record(agent_id, bot_id=number), state=before), b"s")
        if after is before or after in MOVES[before]:
            assert (await agents.move(agent_id, after, reason="because")).state is after
        else:
            with pytest.raises(StorageError, match="cannot move"):
                await agents.move(agent_id, after)


async def test_a_move_is_recorded_with_its_reason(agents: AgentStore, clock: HandClock) -> None:
    await agents.add(record(), b"s")
    agent_id, started = AgentId("bella"), clock.now()
    clock.advance(timedelta(seconds=1))
    running = await agents.move(agent_id, RunState.STARTING, pid=11, port=8000)
    assert (running.pid, running.port, running.moved_at) == (11, 8000, clock.now())
    await agents.move(agent_id, RunState.STARTING, pid=12)  # no move, so no event
    failed = await agents.move(agent_id, RunState.FAILED, reason="it died too often")
    assert (failed.pid, failed.port, failed.reason) == (None, None, "it died too often")
    assert await agents.get(agent_id) == failed
    events = await agents.events(agent_id, started)
    assert [(event.before, event.after, event.reason) for event in events] == [
        (RunState.STOPPED, RunState.STARTING, None),
        (RunState.STARTING, RunState.FAILED, "it died too often"),
    ]
    assert await agents.events(agent_id, clock.now() + timedelta(seconds=1)) == []


async def test_a_deleted_agent_is_kept_until_it_is_forgotten(agents: AgentStore, clock: HandClock) -> None:
    await agents.add(record(), b"s")
    await agents.set_wanted(AgentId("bella"), True)
    gone = await agents.delete(AgentId("bella"))
    assert not gone.wanted
    assert gone.deleted_at == clock.now()
    assert await agents.all() == []
    assert await agents.deleted_before(clock.now()) == []
    clock.advance(timedelta(days=30))
    assert [found.id for found in await agents.deleted_before(clock.now())] == ["bella"]
    await agents.forget(AgentId("bella"))
    assert await agents.get(AgentId("bella")) is None
    with pytest.raises(StorageError, match="no agent 'bella'"):
        await agents.sealed_token(AgentId("bella"))


async def test_a_change_of_an_unknown_agent_is_refused(agents: AgentStore) -> None:
    with pytest.raises(StorageError, match="no agent"):
        await agents.set_wanted(AgentId("nobody"), True)


async def test_a_token_can_be_renewed(agents: AgentStore) -> None:
    await agents.add(record(), b"old")
    await agents.set_token(AgentId("bella"), b"new")
    assert await agents.sealed_token(AgentId("bella")) == b"new"
