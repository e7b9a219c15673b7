"""Inbox and outbox of the factory."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot_runtime.polling import Attachment, Call, Incoming, Journal
from factory_bot.storage.database import Database
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.tables import inbox, outbox
from tests.clocks import HandClock

HELLO = Call(method="sendMessage", params={"chat_id": 1, "text": "Hello \u2028 \ud83c \0"}, chat_key="c1")


def update(number: int, chat_key: str = "c1", **raw: Any) -> Incoming:
    return Incoming(update_id=number, chat_key=chat_key, raw={"update_id": number, **raw})


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def journal(database: Database, clock: HandClock) -> FactoryJournal:
    return FactoryJournal(database, clock)


async def test_it_is_a_journal_of_the_poll_loop(journal: FactoryJournal) -> None:
    promised: Journal = journal
    assert promised is journal


async def test_updates_are_taken_in_once_with_the_offset(journal: FactoryJournal) -> None:
    assert await journal.offset() == 0
    await journal.take_in([update(7), update(8, text="x\0\ud800")], 9)
    await journal.take_in([update(8), update(9)], 10)
    await journal.take_in([], 10)
    assert await journal.offset() == 10
    assert [each.update_id for each in await journal.unfinished()] == [7, 8, 9]
    assert (await journal.unfinished())[1].raw == {"update_id": 8, "text": "x\0\ud800"}


async def test_a_done_update_owes_its_calls_once(journal: FactoryJournal) -> None:
    await journal.take_in([update(7)], 8)
    assert await journal.finish(7, [HELLO])
    assert not await journal.finish(7, [HELLO])
    assert not await journal.finish(99, [HELLO])
    assert [owed.call for owed in await journal.owed()] == [HELLO]
    assert await journal.unfinished() == []


async def test_done_and_owed_disappear_with_the_transaction_that_fails(
    journal: FactoryJournal, database: Database
) -> None:
    await journal.take_in([update(7)], 8)

    async def half() -> None:
        async with database.transaction() as tx:
            await journal.finish(7, [HELLO], connection=tx)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await half()
    assert await journal.owed() == []
    assert [each.update_id for each in await journal.unfinished()] == [7]


async def test_tries_are_counted_and_a_poison_update_is_kept_aside(
    journal: FactoryJournal, database: Database, clock: HandClock
) -> None:
    await journal.take_in([update(7, bad=True)], 8)
    assert [await journal.failed(7, "boom") for _ in range(3)] == [1, 2, 3]
    assert (await journal.unfinished())[0].tries == 3
    await journal.set_aside(7, "boom")
    assert await journal.unfinished() == []
    clock.advance(timedelta(days=3))
    await journal.prune(clock.now(), aside_before=clock.now() - timedelta(days=30))
    async with database.reading() as connection:
        row = (await connection.execute(sa.select(inbox.c.raw, inbox.c.aside))).one()
    assert row == ({"update_id": 7, "bad": True}, "boom")
    await journal.prune(clock.now(), aside_before=clock.now())
    async with database.reading() as connection:
        assert (await connection.execute(sa.select(inbox))).all() == []


async def test_a_call_is_in_doubt_from_its_sending_until_its_answer(journal: FactoryJournal) -> None:
    picture = Attachment(field="photo", filename="qr.png", content=b"\x89PNG\0")
    await journal.owe([HELLO, Call(method="sendPhoto", params={}, chat_key="c2", attachments=(picture,))])
    first, second = await journal.owed()
    assert second.call.attachments == (picture,)
    assert (first.in_doubt, first.attempts) == (False, 0)
    await journal.sending(first.id)
    again = (await journal.owed())[0]
    assert (again.in_doubt, again.attempts) == (True, 1)
    await journal.sent(first.id, 55)
    await journal.refused(second.id, "403")
    assert await journal.owed() == []


async def test_labels_remember_the_message_per_chat(journal: FactoryJournal) -> None:
    await journal.owe([Call(method="sendMessage", params={}, chat_key="c1", label="card")])
    await journal.owe([Call(method="sendMessage", params={}, chat_key="c2", edits="card")])
    for number, owed in enumerate(await journal.owed()):
        await journal.sent(owed.id, 100 + number)
    assert await journal.message_of("c1", "card") == 100
    assert await journal.message_of("c2", "card") == 101
    await journal.owe([Call(method="sendMessage", params={}, chat_key="c1", label="card")])
    await journal.sent((await journal.owed())[0].id, 200)
    assert await journal.message_of("c1", "card") == 200


async def test_what_is_done_keeps_no_words_and_is_dropped_later(
    journal: FactoryJournal, database: Database, clock: HandClock
) -> None:
    await journal.take_in([update(7, text="private words")], 8)
    await journal.finish(7, [HELLO])
    await journal.sent((await journal.owed())[0].id, 1)
    async with database.reading() as connection:
        assert (await connection.execute(sa.select(inbox.c.raw))).scalars().all() == [{}]
        assert (await connection.execute(sa.select(outbox.c.params))).scalars().all() == [{}]
    await journal.owe([Call(method="sendMessage", params={}, chat_key="c1", label="card")])
    await journal.sent((await journal.owed())[0].id, 100)
    clock.advance(timedelta(seconds=1))
    await journal.prune(clock.now(), aside_before=clock.now() - timedelta(days=30))
    assert await journal.message_of("c1", "card") == 100
    await journal.prune(clock.now(), aside_before=clock.now())
    assert await journal.message_of("c1", "card") is None
    async with database.reading() as connection:
        assert (await connection.execute(sa.select(inbox))).all() == []
        assert (await connection.execute(sa.select(outbox))).all() == []


async def test_what_must_not_lie_on_disk_is_concealed_there(database: Database) -> None:
    journal = FactoryJournal(
        database,
        conceal=lambda raw: {name: "sealed" if value == "secret" else value for name, value in raw.items()},
        reveal=lambda raw: {name: "secret" if value == "sealed" else value for name, value in raw.items()},
    )
    await journal.take_in([update(7, text="secret")], 8)
    async with database.reading() as connection:
        assert (await connection.execute(sa.select(inbox.c.raw))).scalar_one() == {"update_id": 7, "text": "sealed"}
    assert (await journal.unfinished())[0].raw == {"update_id": 7, "text": "secret"}
