"""Processes of bots: started, watched, started again, ended; and the processes around them killed."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from factory_bot.egress.notices import Notice, NoticeKind
from factory_bot.model.agents import AgentId, AgentRecord, RunState
from factory_bot.processes import kernel
from factory_bot.processes.pinned import Pinned
from factory_bot.supervision.announcements import AnnouncementKind
from factory_bot.supervision.health import Reason
from factory_bot.supervision.ports import FIRST, LAST
from tests.integration.supervised import QUICK, Town, town
from tests.small_api import Account, SmallApi, small_api

LAUNCHERS = pytest.mark.parametrize("launcher", ["fork", "process"])


@pytest.fixture
async def api() -> AsyncIterator[SmallApi]:
    async with small_api() as api:
        yield api


async def answers(account: Account, text: str) -> None:
    """Return when the bot has answered that message."""
    await account.says(text)
    await account.wait_for(lambda one: any(message["text"] == f"you said {text}" for message in one.sent))


async def started(here: Town, name: str, account: Account, *behaviour: str) -> AgentId:
    agent = await here.add(name, account.token, *behaviour)
    state = await here.supervisor.start(agent)
    assert state is RunState.RUNNING, await here.supervisor.last_lines(agent)
    return agent


@LAUNCHERS
async def test_a_bot_runs_answers_and_stops(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url, launcher=launcher) as here:
        agent = await started(here, "echo", account)
        await answers(account, "hello")
        health = await here.supervisor.health(agent)
        assert health is not None
        assert health.state == "polling"
        port = here.supervisor.port(agent)
        assert port is not None
        assert FIRST <= port <= LAST
        assert port not in {here.settings.gateway_port, here.settings.playground_port}
        assert await here.supervisor.stop(agent) is RunState.STOPPED
        assert here.supervisor.port(agent) is None
        assert not list((here.settings.data_dir / "children").iterdir())


@LAUNCHERS
async def test_a_made_bot_lives_in_its_confinement(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url, launcher=launcher, stop_grace=10) as here:
        agent = await here.build("asker", account.token)
        assert await here.supervisor.start(agent) is RunState.RUNNING
        for words, count in (("/start", 1), ("/poll", 2)):
            await account.says(words)
            await account.wait_for(lambda one, count=count: len(one.sent) >= count)
        now = (await _record(here, agent)).created_at
        counters = await here.supervisor.counters(agent, now - timedelta(hours=1), now + timedelta(hours=1))
        assert counters is not None
        assert counters.people == 1
        assert await here.supervisor.stop(agent) is RunState.STOPPED
        assert await here.supervisor.counters(agent, now, now) is None
        ends = [line for line in await here.supervisor.last_lines(agent) if "the process was stopped; status 0" in line]
        assert len(ends) == 1


@LAUNCHERS
async def test_a_bot_that_crashes_is_started_again(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url, launcher=launcher) as here:
        agent = await started(here, "echo", account)
        first = here.supervisor.pid(agent)
        await account.says("/crash")
        await here.reaches(agent, RunState.BACKOFF)
        account.updates.clear()
        await here.reaches(agent, RunState.RUNNING)
        await answers(account, "again")
        assert here.supervisor.pid(agent) != first
        assert here.announced == []
        moves = [event.after for event in await here.store.events(agent, since=(await _record(here, agent)).created_at)]
        assert moves == [
            *(RunState.STARTING, RunState.RUNNING, RunState.BACKOFF),
            *(RunState.STARTING, RunState.RUNNING),
        ]


async def test_a_bot_that_dies_too_often_is_given_up_and_its_owner_hears_why_once(
    api: SmallApi, tmp_path: Path
) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await here.add("poor", account.token, "dies")
        await here.supervisor.start(agent)
        told = await here.hears(lambda one: one.kind is AnnouncementKind.GAVE_UP)
        assert await here.state(agent) is RunState.FAILED
        assert any("it was a hard life" in line for line in told.lines)
        assert not any("AAHdqTcvCH1" in line for line in told.lines)
        await here.supervisor.reconcile()
        assert await here.state(agent) is RunState.FAILED, "what was given up stays so until a person starts it"
        (here.settings.bots_dir / agent / "data" / "behaviour").write_text("")
        assert await here.supervisor.start(agent) is RunState.RUNNING
        assert [one.kind for one in here.announced] == [AnnouncementKind.GAVE_UP]


async def test_a_bot_without_a_project_is_given_up(api: SmallApi, tmp_path: Path) -> None:
    async with town(tmp_path, api.url) as here:
        agent = await here.add("gone", api.bot(4711).token)
        (here.settings.bots_dir / agent).rename(here.settings.bots_dir / "elsewhere")
        await here.supervisor.start(agent)
        told = await here.hears(lambda one: one.kind is AnnouncementKind.GAVE_UP)
        assert told.agent_id == agent


@LAUNCHERS
async def test_a_bot_that_ignores_sigterm_is_killed_with_all_it_started(
    api: SmallApi, tmp_path: Path, launcher: str
) -> None:
    async with town(tmp_path, api.url, launcher=launcher, stop_grace=0.3) as here:
        agent = await started(here, "stubborn", api.bot(4711), "ignores")
        pid = here.supervisor.pid(agent)
        assert pid is not None
        assert len(kernel.belonging_to(sessions={pid})) == 2
        assert await here.supervisor.stop(agent) is RunState.STOPPED
        assert kernel.belonging_to(sessions={pid}) == []


async def test_a_revoked_token_is_seen_at_once_and_told_once(api: SmallApi, tmp_path: Path) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", account)
        account.revoked = True
        async with account.news:
            account.news.notify_all()
        await here.hears(lambda one: one.kind is AnnouncementKind.UNAUTHORIZED, limit=5)
        await here.reaches(agent, RunState.UNAUTHORIZED)
        new = api.bot(4711, "AAanother_another_another_another_an")
        await here.store.set_token(agent, here.vault.seal(new.token))
        assert await here.supervisor.start(agent) is RunState.RUNNING
        assert len(here.announced) == 1


async def test_somebody_else_polling_with_the_token_is_seen_at_once(api: SmallApi, tmp_path: Path) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", account)
        await account.wait_for(lambda one: one.poll is not None)
        account.poll.cancel("other")  # type: ignore[union-attr]
        told = await here.hears(lambda one: one.kind is AnnouncementKind.SICK, limit=5)
        assert told.reason is Reason.CONFLICT
        assert await here.state(agent) is RunState.SICK


async def test_a_message_set_aside_is_seen_within_five_seconds_of_it(api: SmallApi, tmp_path: Path) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", account, "poisoned")
        await account.says("hello")
        told = await here.hears(lambda one: one.kind is AnnouncementKind.POISONED, limit=5)
        assert told.agent_id == agent
        assert (await _record(here, agent)).reason == Reason.POISONED
    async with town(tmp_path, api.url) as here:  # the next factory sees it, and knows that it was told
        await here.reaches(agent, RunState.RUNNING)
        await here.supervisor.round()
        async with asyncio.timeout(10):
            while (await _record(here, agent)).reason != Reason.POISONED:  # noqa: ASYNC110 – the store announces nothing
                await asyncio.sleep(0.02)
        assert here.announced == []


async def test_a_bot_that_does_not_answer_is_restarted_and_told_of_once(api: SmallApi, tmp_path: Path) -> None:
    async with town(tmp_path, api.url, policy=replace(QUICK, max_failures=20, answers_within=0.3)) as here:
        agent = await started(here, "mute", api.bot(4711), "silent")
        pid = here.supervisor.pid(agent)
        await here.supervisor.round()
        told = await here.hears(lambda one: one.kind is AnnouncementKind.SICK)
        assert told.reason is Reason.SILENT
        (here.settings.bots_dir / agent / "data" / "behaviour").write_text("")
        await here.hears(lambda one: one.kind is AnnouncementKind.RECOVERED)
        assert here.supervisor.pid(agent) != pid
        assert len(here.announced) == 2


@LAUNCHERS
async def test_bots_outlive_the_egress_process(api: SmallApi, tmp_path: Path, launcher: str) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url, launcher=launcher) as here:
        agent = await started(here, "echo", account)
        pid, egress = here.supervisor.pid(agent), here.egress.pid
        os.kill(egress, signal.SIGKILL)
        await answers(account, "still there?")
        assert here.supervisor.pid(agent) == pid
        assert here.egress.pid != egress
        assert (await here.egress.call(agent, "getMe", {}))["id"] == 4711


async def test_bots_outlive_the_fork_server_and_their_ends_are_still_seen(api: SmallApi, tmp_path: Path) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", account)
        pid, forks = here.supervisor.pid(agent), getattr(here.supervisor.launcher, "pid", 0)
        os.kill(forks, signal.SIGKILL)
        await answers(account, "still there?")
        assert here.supervisor.pid(agent) == pid
        await account.says("/crash")
        await here.reaches(agent, RunState.BACKOFF)
        account.updates.clear()
        await here.reaches(agent, RunState.RUNNING)
        await answers(account, "and now?")
        assert getattr(here.supervisor.launcher, "pid", 0) != forks


async def test_leaving_ends_every_process_and_keeps_what_is_wanted(api: SmallApi, tmp_path: Path) -> None:
    accounts = [api.bot(4711), api.bot(4712)]
    async with town(tmp_path, api.url) as here:
        agents = [await started(here, f"bot-{account.token[:4]}", account) for account in accounts]
        ends = [_pinned(here, agent) for agent in agents]
    assert not any(end.alive for end in ends)
    for end in ends:
        end.close()
    async with town(tmp_path, api.url) as here:
        for agent, account in zip(agents, accounts, strict=True):
            await here.reaches(agent, RunState.RUNNING)
            await answers(account, "back")


async def test_a_restart_takes_a_new_process(api: SmallApi, tmp_path: Path) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", account)
        pid = here.supervisor.pid(agent)
        assert await here.supervisor.restart(agent) is RunState.RUNNING
        assert here.supervisor.pid(agent) not in {pid, None}
        await answers(account, "new")


async def test_a_wish_to_restart_is_heard_though_the_old_process_is_just_being_refused(
    api: SmallApi, tmp_path: Path
) -> None:
    async with town(tmp_path, api.url, policy=replace(QUICK, answers_within=1.0)) as here:
        agent = await started(here, "mute", api.bot(4711), "silent")
        await here.supervisor.round()  # nobody answers that question, and what comes meanwhile waits
        here.supervisor._noticed(Notice(agent_id=agent, kind=NoticeKind.UNAUTHORIZED, at=datetime.now(UTC)))
        pid = here.supervisor.pid(agent)
        await here.supervisor.restart(agent)
        async with asyncio.timeout(10):
            while here.supervisor.pid(agent) in {pid, None}:  # noqa: ASYNC110 – nothing says so
                await asyncio.sleep(0.02)
        await here.reaches(agent, RunState.RUNNING)


async def test_a_deleted_bot_ends_and_its_socket_is_gone(api: SmallApi, tmp_path: Path) -> None:
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", api.bot(4711))
        await here.store.delete(agent)
        await here.supervisor.reconcile()
        assert here.supervisor.pid(agent) is None
        assert not here.egress.socket_path(agent).exists()


async def test_a_database_that_is_away_for_a_moment_costs_no_bot(api: SmallApi, tmp_path: Path) -> None:
    account = api.bot(4711)
    async with town(tmp_path, api.url) as here:
        agent = await started(here, "echo", account)
        database = here.settings.data_dir / "factory.db"
        await asyncio.to_thread(_renamed, database, "agent_events", "agent_events_elsewhere")
        await account.says("/crash")  # the move that follows cannot be recorded
        pid = here.supervisor.pid(agent)
        async with asyncio.timeout(10):
            while here.supervisor.pid(agent) == pid:  # noqa: ASYNC110 – nothing announces it
                await asyncio.sleep(0.02)
        account.updates.clear()
        await asyncio.to_thread(_renamed, database, "agent_events_elsewhere", "agent_events")
        await answers(account, "again")
        await here.reaches(agent, RunState.RUNNING)


async def test_starts_and_stops_at_once_end_as_the_last_one_wanted(api: SmallApi, tmp_path: Path) -> None:
    async with town(tmp_path, api.url) as here:
        agent = await here.add("torn", api.bot(4711).token)
        supervisor = here.supervisor
        await asyncio.gather(*(deed(agent) for deed in (supervisor.start, supervisor.stop) * 3))
        assert await here.state(agent) is RunState.STOPPED
        assert supervisor.pid(agent) is None


def _renamed(database: Path, table: str, name: str) -> None:
    with closing(sqlite3.connect(database, timeout=30)) as connection:
        connection.execute(f"ALTER TABLE {table} RENAME TO {name}")


def _pinned(here: Town, agent: AgentId) -> Pinned:
    pid = here.supervisor.pid(agent)
    assert pid is not None
    return Pinned.open(pid)


async def _record(here: Town, agent: AgentId) -> AgentRecord:
    record = await here.store.get(agent)
    assert record is not None
    return record
