"""The scheduler on a real database: what is due runs once, is made up once, and is tried again when it failed."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factory_bot.model.agents import PersonId
from factory_bot.model.schedules import Daily, Every, Kind, Schedule
from factory_bot.schedule import scheduling
from factory_bot.storage.database import open_database
from factory_bot.storage.schedules import ScheduleStore

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


class TurnedClock:
    def __init__(self) -> None:
        self.moment = START

    def now(self) -> datetime:
        return self.moment


class Diary:
    """Duties that write down what they were asked to do."""

    def __init__(self) -> None:
        self.ran: list[str] = []
        self.moved = asyncio.Event()
        self.failures = 0

    async def __call__(self, schedule: Schedule) -> None:
        if self.failures:
            self.failures -= 1
            raise RuntimeError("not today")
        self.ran.append(schedule.name)
        self.moved.set()

    async def reaches(self, count: int) -> None:
        async with asyncio.timeout(10):
            while len(self.ran) < count:
                self.moved.clear()
                await self.moved.wait()


def report(due_at: datetime) -> Schedule:
    return Schedule(
        name="report:7", kind=Kind.REPORT, rule=Daily(hour=9, zone="UTC"), due_at=due_at, person_id=PersonId(7)
    )


async def nothing() -> None:
    pass


async def test_a_run_missed_for_days_is_made_up_once(tmp_path: Path) -> None:
    clock, diary = TurnedClock(), Diary()
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'f.db'}") as database:
        store = ScheduleStore(database)
        await store.put(report(START - timedelta(days=5, hours=3)))
        for _ in range(2):  # the second start finds nothing left to make up
            async with scheduling(store, clock, duties={Kind.REPORT: diary, Kind.SWEEP: diary}, round_=nothing):
                await diary.reaches(2)
        kept = await store.get("report:7")
    assert sorted(diary.ran) == ["report:7", "sweep"]
    assert kept is not None
    assert (kept.due_at, kept.ran_at) == (datetime(2026, 11, 22, 9, tzinfo=UTC), START)


async def test_a_duty_that_failed_stays_due(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    clock, diary = TurnedClock(), Diary()
    diary.failures = 1
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'f.db'}") as database:
        store = ScheduleStore(database)
        await store.put(report(START))
        async with scheduling(store, clock, duties={Kind.REPORT: diary, Kind.SWEEP: diary}, round_=nothing):
            await diary.reaches(1)
        assert diary.ran == ["sweep"]  # the failed one did not keep the next from running
        assert [schedule.name for schedule in await store.due(START)] == ["report:7"]
    assert "not today" in caplog.text


async def test_effects_and_the_next_moment_commit_together_once(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'f.db'}") as database:
        store = ScheduleStore(database)
        await store.put(report(START))
        (due,) = await store.due(START)

        async def cut_off() -> None:
            async with database.transaction() as tx:
                assert await store.done(due, START, connection=tx)
                raise RuntimeError("cut off")

        with pytest.raises(RuntimeError, match="cut off"):
            await cut_off()
        assert await store.due(START) == [due]
        assert await store.done(due, START)
        assert not await store.done(due, START)
        assert await store.due(START) == []


async def test_a_changed_rule_replaces_the_old_one_and_keeps_when_it_ran(tmp_path: Path) -> None:
    async with open_database(f"sqlite+aiosqlite:///{tmp_path / 'f.db'}") as database:
        store = ScheduleStore(database)
        await store.put(report(START))
        await store.done(report(START), START)
        later = START + timedelta(days=3)
        await store.put(Schedule(name="report:7", kind=Kind.REPORT, rule=Every(seconds=5), due_at=later))
        kept = await store.get("report:7")
        await store.remove("report:7")
        assert kept is not None
        assert (kept.rule, kept.due_at, kept.ran_at) == (Every(seconds=5), later, START)
        assert await store.get("report:7") is None
