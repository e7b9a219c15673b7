"""Inbox and outbox in the bot's own SQLite file."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from bot_runtime.polling import Attachment, Call, Incoming, Owed
from bot_runtime.store import Row, Store, Transaction

KEPT_SECONDS = 3 * 86_400.0  # of finished rows: long enough to know a repeated update
ASIDE_SECONDS = 30 * 86_400.0
FINISH = "UPDATE inbox SET state = 'done', raw = '' WHERE update_id = ? AND state = 'waiting'"


class BotJournal:
    """The `Journal` of a made bot; the methods that take a transaction join the effects of a handler."""

    def __init__(self, store: Store, *, now: Callable[[], float] = time.time) -> None:
        self._store = store
        self._now = now
        self._loaded: dict[int, Owed] = {}  # what was read from the outbox and is still owed, files included

    # ---------------------------------------------------------------- inside the transaction of a handler

    async def finish_in(self, tx: Transaction, update_id: int) -> bool:
        """Mark the update as done; False if it was done, set aside, or never taken in."""
        return await tx.run(FINISH, (update_id,)) == 1

    async def owe_in(self, tx: Transaction, calls: Iterable[Call]) -> None:
        """Add calls to the outbox, in order."""
        sql = (
            "INSERT INTO outbox (chat_key, method, params, label, edits, expendable, queued_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        for call in calls:
            params = json.dumps(call.params, ensure_ascii=False)
            row = (call.chat_key, call.method, params, call.label, call.edits, call.expendable, self._now())
            if not call.attachments:
                tx.later(sql, row)
                continue
            owed_id = await tx.insert(sql, row)
            for position, one in enumerate(call.attachments):
                tx.later(
                    "INSERT INTO attachments (owed_id, position, field, filename, content) VALUES (?, ?, ?, ?, ?)",
                    (owed_id, position, one.field, one.filename, one.content),
                )

    # ---------------------------------------------------------------- Journal

    async def offset(self) -> int:
        """The offset of the next getUpdates; 0 at the very first."""
        row = await self._store.one("SELECT value FROM facts WHERE name = 'offset'")
        return int(row["value"]) if row else 0

    async def take_in(self, updates: Sequence[Incoming], offset: int) -> None:
        """Store the updates and the offset in one transaction; an update_id already known is ignored."""
        now = self._now()
        async with self._store.transaction() as tx:
            for update in updates:
                tx.later(
                    "INSERT INTO inbox (update_id, chat_key, raw, taken_at) VALUES (?, ?, ?, ?)"
                    " ON CONFLICT (update_id) DO NOTHING",
                    (update.update_id, update.chat_key, json.dumps(update.raw, ensure_ascii=False), now),
                )
            tx.later(
                "INSERT INTO facts (name, value) VALUES ('offset', ?)"
                " ON CONFLICT (name) DO UPDATE SET value = excluded.value",
                (str(offset),),
            )

    async def unfinished(self) -> list[Incoming]:
        """What was taken in and is neither done nor set aside, in order."""
        rows = await self._store.all(
            "SELECT update_id, chat_key, raw, tries FROM inbox WHERE state = 'waiting' ORDER BY position"
        )
        return [
            Incoming(
                update_id=row["update_id"], chat_key=row["chat_key"], raw=json.loads(row["raw"]), tries=row["tries"]
            )
            for row in rows
        ]

    async def finish(self, update_id: int, calls: Sequence[Call] = ()) -> bool:
        """Mark as done and store the calls in one transaction; False, and nothing stored, if it was done before."""
        if not calls:
            return await self._store.write(FINISH, (update_id,)) == 1
        async with self._store.transaction() as tx:
            if not await self.finish_in(tx, update_id):
                return False
            await self.owe_in(tx, calls)
            return True

    async def failed(self, update_id: int, error: str) -> int:
        """Record a failed try; how many there are now."""
        async with self._store.transaction() as tx:
            row = await tx.one(
                "UPDATE inbox SET tries = tries + 1, error = ? WHERE update_id = ? RETURNING tries",
                (error[:1000], update_id),
            )
            return int(row["tries"]) if row else 0

    async def set_aside(self, update_id: int, reason: str) -> None:
        """Keep the update, and never hand it out again."""
        async with self._store.transaction() as tx:
            tx.later(
                "UPDATE inbox SET state = 'aside', error = ? WHERE update_id = ? AND state = 'waiting'",
                (reason[:1000], update_id),
            )
            tx.later(
                "INSERT INTO facts (name, value) SELECT 'aside', '1' WHERE changes() = 1"
                " ON CONFLICT (name) DO UPDATE SET value = value + 1"
            )

    async def owed(self) -> list[Owed]:
        """The calls that wait, and those whose sending was begun and not ended, in order."""
        states, fresh = await self._store.ask(self._look)
        self._loaded = {number: self._loaded[number] for number in states if number in self._loaded} | fresh
        return [replace(self._loaded[number], in_doubt=state == "sending") for number, state in states.items()]

    def _look(self, connection: sqlite3.Connection) -> tuple[dict[int, str], dict[int, Owed]]:
        """The state of every row that is owed, and those rows that were not read before."""
        rows = connection.execute("SELECT id, state FROM outbox WHERE state IN ('waiting', 'sending') ORDER BY id")
        states = {row["id"]: str(row["state"]) for row in rows}
        fresh: dict[int, Owed] = {}
        for number in states.keys() - self._loaded.keys():
            row = connection.execute("SELECT * FROM outbox WHERE id = ?", (number,)).fetchone()
            files = connection.execute("SELECT * FROM attachments WHERE owed_id = ? ORDER BY position", (number,))
            fresh[number] = _owed(row, files)
        return states, fresh

    async def sending(self, owed_id: int) -> None:
        """Record that the call is about to go out, and count the attempt."""
        await self._store.write("UPDATE outbox SET state = 'sending', attempts = attempts + 1 WHERE id = ?", (owed_id,))

    async def sent(self, owed_id: int, message_id: int | None) -> None:
        """Record that Telegram accepted it; the message is remembered under the call's `label`, or else its `edits`."""
        async with self._store.transaction() as tx:
            tx.later("UPDATE outbox SET state = 'sent', params = '{}' WHERE id = ?", (owed_id,))
            tx.later("DELETE FROM attachments WHERE owed_id = ?", (owed_id,))
            if message_id is not None:
                tx.later(
                    "INSERT INTO labels (chat_key, label, message_id)"
                    " SELECT chat_key, coalesce(label, edits), ? FROM outbox"
                    " WHERE id = ? AND coalesce(label, edits) IS NOT NULL"
                    " ON CONFLICT (chat_key, label) DO UPDATE SET message_id = excluded.message_id",
                    (message_id, owed_id),
                )

    async def refused(self, owed_id: int, reason: str) -> None:
        """Record that it will never be sent, and why."""
        async with self._store.transaction() as tx:
            tx.later(
                "UPDATE outbox SET state = 'refused', reason = ?, params = '{}' WHERE id = ?", (reason[:1000], owed_id)
            )
            tx.later("DELETE FROM attachments WHERE owed_id = ?", (owed_id,))

    async def message_of(self, chat_key: str, label: str) -> int | None:
        """The message remembered under that name."""
        row = await self._store.one("SELECT message_id FROM labels WHERE chat_key = ? AND label = ?", (chat_key, label))
        return int(row["message_id"]) if row else None

    # ---------------------------------------------------------------- for /health and the sweep

    async def counts(self) -> tuple[int, int, int]:
        """How many updates and how many calls wait, and how many updates were ever set aside."""
        row = await self._store.one(
            "SELECT (SELECT count(*) FROM inbox WHERE state = 'waiting') AS updates,"
            " (SELECT count(*) FROM outbox WHERE state IN ('waiting', 'sending')) AS calls,"
            " (SELECT value FROM facts WHERE name = 'aside') AS aside"
        )
        return (row["updates"], row["calls"], int(row["aside"] or 0)) if row else (0, 0, 0)

    async def sweep_in(self, tx: Transaction) -> None:
        """Remove what was finished long ago."""
        now = self._now()
        await tx.run("DELETE FROM inbox WHERE state = 'done' AND taken_at < ?", (now - KEPT_SECONDS,))
        await tx.run("DELETE FROM inbox WHERE state = 'aside' AND taken_at < ?", (now - ASIDE_SECONDS,))
        await tx.run("DELETE FROM outbox WHERE state IN ('sent', 'refused') AND queued_at < ?", (now - KEPT_SECONDS,))


def _owed(row: Row, files: Iterable[Row]) -> Owed:
    call = Call(
        method=row["method"],
        params=json.loads(row["params"]),
        chat_key=row["chat_key"],
        attachments=tuple(
            Attachment(field=file["field"], filename=file["filename"], content=file["content"]) for file in files
        ),
        label=row["label"],
        edits=row["edits"],
        expendable=bool(row["expendable"]),
    )
    return Owed(id=row["id"], call=call, in_doubt=row["state"] == "sending", attempts=row["attempts"])
