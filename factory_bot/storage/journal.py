"""The factory's inbox and outbox: what was heard and is not done, what is owed and not said.

A token that a person pastes is sealed before its update is written, and an update's content is dropped once it is done.
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot_runtime.polling import Attachment, Call, Incoming, Owed
from factory_bot.clock import Clock, SystemClock
from factory_bot.storage.database import Database, insert
from factory_bot.storage.facts import read_fact, write_fact
from factory_bot.storage.tables import inbox, labels, outbox

OFFSET = "polling.offset"

Owing = Callable[[AsyncConnection], Awaitable[None]]
"""Owes something within a transaction."""


def _unchanged(value: Any) -> Any:
    return value


class FactoryJournal:
    """Inbox and outbox over SQLAlchemy; `bot_runtime.polling.Journal`, and the parts of it inside a transaction."""

    def __init__(
        self,
        database: Database,
        clock: Clock | None = None,
        *,
        conceal: Callable[[Any], Any] = _unchanged,
        reveal: Callable[[Any], Any] = _unchanged,
        on_aside: Callable[[str], Awaitable[Owing]] | None = None,
    ) -> None:
        self._database = database
        self._clock = clock or SystemClock()
        self._conceal = conceal  # makes of an update what may lie on disk …
        self._reveal = reveal  # … and undoes it
        self._on_aside = on_aside  # prepares, by the reason, what is owed for an update that is set aside …
        self._one_aside = asyncio.Lock()  # … and that speaks of those before it

    # ---------------------------------------------------------------- inbox

    async def offset(self) -> int:
        """The offset of the next getUpdates; 0 at the very first."""
        async with self._database.reading() as connection:
            return int(await read_fact(connection, OFFSET) or 0)

    async def take_in(self, updates: Sequence[Incoming], offset: int) -> None:
        """Store the updates and the offset in one transaction; an update_id already known is ignored."""
        now = self._clock.now()
        rows = [
            {
                "update_id": update.update_id,
                "chat_key": update.chat_key,
                "raw": self._conceal(update.raw),
                "tries": update.tries,
                "taken_at": now,
            }
            for update in updates
        ]
        async with self._database.transaction() as tx:
            if rows:
                await tx.execute(insert(tx, inbox).on_conflict_do_nothing(index_elements=["update_id"]), rows)
            await write_fact(tx, OFFSET, offset)

    async def unfinished(self) -> list[Incoming]:
        """What was taken in and is neither done nor set aside, in order."""
        query = sa.select(inbox).where(inbox.c.finished_at.is_(None)).order_by(inbox.c.update_id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            Incoming(
                update_id=row["update_id"], chat_key=row["chat_key"], raw=self._reveal(row["raw"]), tries=row["tries"]
            )
            for row in rows
        ]

    async def finish(
        self, update_id: int, calls: Sequence[Call] = (), *, connection: AsyncConnection | None = None
    ) -> bool:
        """Mark as done and owe the calls; False, and nothing owed, if it was done before."""
        async with self._database.within(connection) as tx:
            done = (
                inbox.update()
                .where(inbox.c.update_id == update_id, inbox.c.finished_at.is_(None))
                .values(finished_at=self._clock.now(), raw={})
            )
            if (await tx.execute(done)).rowcount == 0:
                return False
            await self.owe(calls, connection=tx)
            return True

    async def failed(self, update_id: int, error: str) -> int:
        """Record a failed try; how many there are now."""
        async with self._database.transaction() as tx:
            count = inbox.update().where(inbox.c.update_id == update_id).values(tries=inbox.c.tries + 1)
            return int((await tx.execute(count.returning(inbox.c.tries))).scalar_one_or_none() or 0)

    async def set_aside(self, update_id: int, reason: str) -> None:
        """Keep the update with the reason, never hand it out again, and owe what is to be told of it."""
        async with self._one_aside:
            owe = await self._on_aside(reason) if self._on_aside is not None else None
            async with self._database.transaction() as tx:
                values = {"finished_at": self._clock.now(), "aside": reason}
                await tx.execute(inbox.update().where(inbox.c.update_id == update_id).values(values))
                if owe is not None:
                    await owe(tx)

    async def aside(self, since: datetime, until: datetime) -> int:
        """How many updates were set aside in that span."""
        query = sa.select(sa.func.count()).where(
            inbox.c.aside.is_not(None), inbox.c.finished_at >= since, inbox.c.finished_at < until
        )
        async with self._database.reading() as connection:
            return int((await connection.execute(query)).scalar_one())

    # ---------------------------------------------------------------- outbox

    async def owe(self, calls: Sequence[Call], *, connection: AsyncConnection | None = None) -> None:
        """Owe the calls; wake the poller's sender after the commit."""
        if not calls:
            return
        now = self._clock.now()
        rows = [
            {
                "chat_key": call.chat_key,
                "method": call.method,
                "params": call.params,
                "attachments": [_packed(attachment) for attachment in call.attachments],
                "label": call.label,
                "edits": call.edits,
                "expendable": call.expendable,
                "attempts": 0,
                "added_at": now,
            }
            for call in calls
        ]
        async with self._database.within(connection) as tx:
            for row in rows:  # one by one: their ids are their order
                await tx.execute(outbox.insert().values(row))

    async def owed(self) -> list[Owed]:
        """The calls that wait, and those whose sending was begun and not ended, in order."""
        query = sa.select(outbox).where(outbox.c.finished_at.is_(None)).order_by(outbox.c.id)
        async with self._database.reading() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return [
            Owed(
                id=row["id"],
                call=_call(row),
                in_doubt=row["sending_since"] is not None,
                attempts=row["attempts"],
            )
            for row in rows
        ]

    async def sending(self, owed_id: int) -> None:
        """Record that the call is about to go out, and count the attempt."""
        await self._mark(owed_id, sending_since=self._clock.now(), attempts=outbox.c.attempts + 1)

    async def sent(self, owed_id: int, message_id: int | None) -> None:
        """Record that Telegram accepted it, and remember the message under the call's label."""
        now = self._clock.now()
        async with self._database.transaction() as tx:
            done = outbox.update().where(outbox.c.id == owed_id).values(finished_at=now, params={}, attachments=[])
            row = (await tx.execute(done.returning(outbox.c.chat_key, outbox.c.label, outbox.c.edits))).one_or_none()
            name = (row.label or row.edits) if row is not None else None
            if row is None or name is None or message_id is None:
                return
            label = insert(tx, labels).values(chat_key=row.chat_key, label=name, message_id=message_id, set_at=now)
            renewed = {"message_id": message_id, "set_at": now}
            await tx.execute(label.on_conflict_do_update(index_elements=["chat_key", "label"], set_=renewed))

    async def refused(self, owed_id: int, reason: str) -> None:
        """Record that it will never be sent, and why."""
        await self._mark(owed_id, finished_at=self._clock.now(), refused=reason, params={}, attachments=[])

    async def message_of(self, chat_key: str, label: str) -> int | None:
        """The message remembered under that name."""
        query = sa.select(labels.c.message_id).where(labels.c.chat_key == chat_key, labels.c.label == label)
        async with self._database.reading() as connection:
            found: int | None = (await connection.execute(query)).scalar_one_or_none()
        return found

    async def prune(self, before: datetime, *, aside_before: datetime) -> None:
        """Drop what was finished before that moment; updates set aside and labels go by the other one."""
        async with self._database.transaction() as tx:
            await tx.execute(inbox.delete().where(inbox.c.finished_at < before, inbox.c.aside.is_(None)))
            await tx.execute(inbox.delete().where(inbox.c.finished_at < aside_before))
            await tx.execute(outbox.delete().where(outbox.c.finished_at < before))
            await tx.execute(labels.delete().where(labels.c.set_at < aside_before))

    async def _mark(self, owed_id: int, **values: Any) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(outbox.update().where(outbox.c.id == owed_id).values(values))


def _packed(attachment: Attachment) -> dict[str, str]:
    content = base64.b64encode(attachment.content).decode()
    return {"field": attachment.field, "filename": attachment.filename, "content": content}


def _call(row: sa.RowMapping) -> Call:
    return Call(
        method=row["method"],
        params=row["params"],
        chat_key=row["chat_key"],
        attachments=tuple(
            Attachment(field=each["field"], filename=each["filename"], content=base64.b64decode(each["content"]))
            for each in row["attachments"]
        ),
        label=row["label"],
        edits=row["edits"],
        expendable=row["expendable"],
    )
