"""The bot's own SQLite file: migrations, transactions, due things."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot_runtime.dna import AgentDNA, FormFeature, FormField, PollFeature
from bot_runtime.store import StoreError, migrations, open_store
from bot_runtime.timer import ANY, Timer
from tests.integration.runtime.rooms import buttons_of, room

LIMIT = 10.0
NOW, DAY = 1_800_000_000.0, 86_400.0


async def test_a_file_is_brought_up_to_date_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "data" / "bot.db"
    for _ in range(2):
        async with open_store(path) as store, store.transaction() as tx:
            await tx.run("INSERT OR IGNORE INTO facts (name, value) VALUES ('kept', 'yes')")
    with sqlite3.connect(path) as database:
        assert database.execute("PRAGMA user_version").fetchone() == (migrations()[-1][0],)
        assert database.execute("SELECT value FROM facts").fetchall() == [("yes",)]
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_migrations_are_numbered_without_gaps() -> None:
    assert [number for number, _ in migrations()] == list(range(1, len(migrations()) + 1))


async def test_a_file_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "bot.db") as database:
        database.execute("PRAGMA user_version = 999")
    with pytest.raises(StoreError, match="newer version"):
        async with open_store(tmp_path / "bot.db"):
            pass


async def test_what_raises_or_is_cancelled_leaves_nothing_and_blocks_nobody(tmp_path: Path) -> None:
    async with open_store(tmp_path / "bot.db") as store:

        async def broken() -> None:
            async with store.transaction() as tx:
                await tx.run("INSERT INTO facts VALUES ('a', '1')")
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await broken()

        async def slow() -> None:
            async with store.transaction() as tx:
                await tx.run("INSERT INTO facts VALUES ('b', '1')")
                await asyncio.Event().wait()

        for turns in range(12):  # cancelled at every one of its awaits
            task = asyncio.create_task(slow())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
        async with asyncio.timeout(LIMIT), store.transaction() as tx:
            await tx.run("INSERT INTO facts VALUES ('c', '1')")
        assert [row["name"] for row in await store.all("SELECT name FROM facts")] == ["c"]


async def test_a_due_thing_that_fails_is_tried_again_and_one_nobody_knows_is_dropped(tmp_path: Path) -> None:
    async with room(AgentDNA(name="T", purpose="x"), tmp_path) as bot:
        done, tried = asyncio.Event(), 0

        async def fail_first(key: str) -> None:
            nonlocal tried
            tried += 1
            if tried == 1:
                raise RuntimeError("not yet")
            async with bot.house.work() as work:
                await work.unplan("test", key)
            done.set()

        timer = Timer(bot.house, {("test", ANY): fail_first}, after_a_failure=0.0)
        bot.house.replan = timer.wake
        task = asyncio.create_task(timer.run())
        async with bot.house.work() as work:
            await work.plan("test", "x", bot.moment)
            await work.plan("unknown", "x", bot.moment - 1)
        async with asyncio.timeout(LIMIT):
            await done.wait()
        assert tried == 2
        assert await bot.house.store.all("SELECT * FROM due") == []
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def test_what_is_kept_too_long_is_removed_and_the_rest_stays(tmp_path: Path) -> None:
    async with room(AgentDNA(name="T", purpose="x"), tmp_path) as bot:
        await bot.says("/start")
        await bot.house.journal.take_in([], 5)
        bot.house.journal._now = lambda: 4_000_000_000.0
        async with bot.house.work() as work:
            await bot.house.journal.sweep_in(work.tx)
        assert await bot.house.store.all("SELECT * FROM inbox") == []
        assert await bot.house.store.all("SELECT * FROM outbox") == []
        assert await bot.house.journal.offset() == 5


async def test_answers_are_removed_when_the_owner_wants_them_no_longer(tmp_path: Path) -> None:
    form = FormFeature(title="F", fields=(FormField(id="a", label="A"),))
    poll = PollFeature(question="Q?", options=("A", "B"))
    async with room(AgentDNA(name="T", purpose="x", features=(form, poll)), tmp_path) as bot:
        for age in (3, 1):
            bot.moment = NOW - age * DAY
            calls = [*await bot.says("/form", age), *await bot.says("words", age), *await bot.says("/poll", age)]
            for data in buttons_of(calls):
                if data.endswith((":send", ":0")):
                    await bot.presses(data, age)
        async with bot.house.work() as work:
            for feature in bot.bot.features:
                await feature.sweep(work.tx, NOW - 2 * DAY, NOW)
        for table in ("submissions", "votes"):
            assert [row["person_id"] for row in await bot.house.store.all(f"SELECT * FROM {table}")] == [1]
