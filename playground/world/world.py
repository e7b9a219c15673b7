"""The world itself: every record by its key, who waits for news, and the way to the store."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from playground.clock import Clock
from playground.faults import Faults
from playground.store import Name, Store
from playground.world.files import Files
from playground.world.records import RECORDS, Account, FileRecord, Note, Post, Pressed, Queue, Record, Room, Waiting
from playground.world.updates import Queues


class World:
    """Everything there is, in one event loop.  Change a record, then say so with `changed`."""

    def __init__(self, folder: Path, *, http_apps: bool = True) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.http_apps = http_apps  # Mini App addresses may be http, as on Telegram's test servers
        self.clock = Clock()
        self.started = self.clock.now()
        self.faults = Faults()
        self.accounts: dict[int, Account] = {}
        self.tokens: dict[str, Account] = {}
        self.usernames: dict[str, Account | Room] = {}  # lower case
        self.rooms: dict[str, Room] = {}
        self.rooms_of: defaultdict[int, list[Room]] = defaultdict(list)  # by account
        self.posts: defaultdict[str, dict[int, Post]] = defaultdict(dict)  # by room, then id
        self.questions: dict[str, Pressed] = {}
        self.notes: dict[str, Note] = {}
        self.seq = 0
        self.closing = False
        self.passing: dict[str, dict[str, Any]] = {}  # typing and drafts by room: gone with the process
        self._dirty: dict[Name, Record] = {}
        self._gone: set[Name] = set()
        self._news: defaultdict[object, set[asyncio.Future[None]]] = defaultdict(set)
        self.queues = Queues(self)
        self.files = Files(self, folder / "files")
        self._store = Store(folder / "world.db")
        self._load()
        self.clock.advance(self.note("clock shift", 0.0))
        self.key = self._signing_key()

    # --- keeping ---

    def changed(self, record: Record) -> None:
        """This record is new or different: it is written before the answer under way leaves."""
        name = (record.kind, record.key)
        self._gone.discard(name)
        self._dirty[name] = record

    def dropped(self, record: Record) -> None:
        name = (record.kind, record.key)
        self._dirty.pop(name, None)
        self._gone.add(name)

    def commit(self) -> None:
        """Write what changed, in one transaction.  Nothing is acknowledged to anybody before this."""
        if self.clock.shift != self.note("clock shift", 0.0):
            self.set_note("clock shift", self.clock.shift)
        if not self._dirty and not self._gone:
            return
        rows = [(kind, key, record.body()) for (kind, key), record in self._dirty.items()]
        self._store.save(rows, self._gone)
        self._dirty.clear()
        self._gone.clear()

    def close(self) -> None:
        self.commit()
        self._store.close()

    def _load(self) -> None:
        kinds = {record.kind: record for record in RECORDS}
        for kind, _, body in self._store.load():
            self.adopt(kinds[kind].from_row(body))

    def adopt(self, record: Record) -> None:
        """Put a record where it is looked up."""
        match record:
            case Account():
                self.accounts[record.id] = record
                self.name_is(record, record.username)
                if record.token:
                    self.tokens[record.token] = record
            case Room():
                self.rooms[record.name] = record
                self.seq = max(self.seq, record.seq)
                self.name_is(record, record.username)
                for user_id in [record.person_id, record.bot_id] if record.is_private else map(int, record.members):
                    self.rooms_of[user_id].append(record)
            case Post():
                self.posts[record.room][record.id] = record
                self.seq = max(self.seq, record.seq)
            case Queue():
                self.queues.adopt(record)
            case Waiting():
                self.queues.adopt_update(record)
            case Pressed():
                self.questions[record.id] = record
            case FileRecord():
                self.files.adopt(record)
            case Note():
                self.notes[record.name] = record

    def add(self, record: Record) -> None:
        self.adopt(record)
        self.changed(record)

    def name_is(self, owner: Account | Room, username: str | None) -> None:
        """From now on this @name means that account or chat."""
        if username:
            self.usernames[username.lower()] = owner

    # --- named values ---

    def note(self, name: str, default: Any = None) -> Any:
        found = self.notes.get(name)
        return default if found is None else found.value

    def set_note(self, name: str, value: Any) -> None:
        self.add(Note(name=name, value=value))

    def _signing_key(self) -> Ed25519PrivateKey:
        seed = self.note("signing key")
        if seed is None:
            key = Ed25519PrivateKey.generate()
            raw = key.private_bytes(
                serialization.Encoding.Raw, serialization.PrivateFormat.Raw, serialization.NoEncryption()
            )
            self.set_note("signing key", raw.hex())
            self.commit()
            return key
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(seed))

    @property
    def public_key_hex(self) -> str:
        """What a Mini App server checks the `signature` of this playground's initData with."""
        raw = self.key.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
        return raw.hex()

    # --- news ---

    def next_seq(self) -> int:
        self.seq += 1
        return self.seq

    def announce(self, room: Room) -> None:
        """Something in this chat changed: whoever looks at it or at a list with it in it looks again."""
        room.seq = self.next_seq()
        self.changed(room)
        self.wake(room.name)
        for user_id in [room.person_id] if room.is_private else map(int, room.members):
            self.wake(user_id)

    def wake(self, topic: object) -> None:
        for waiter in self._news.pop(topic, ()):
            if not waiter.done():
                waiter.set_result(None)

    def end_waits(self) -> None:
        """The playground stops: every poll and every wait ends empty."""
        self.closing = True
        self.queues.end_all()
        for topic in list(self._news):
            self.wake(topic)

    async def news(self, topic: object, limit: float | None) -> bool:
        """Whether something about the topic changed within `limit` seconds; None waits for ever."""
        if self.closing:
            return False
        waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._news[topic].add(waiter)
        try:
            async with asyncio.timeout(limit):
                await waiter
        except TimeoutError:
            return False
        finally:
            waiters = self._news.get(topic)
            if waiters is not None:
                waiters.discard(waiter)
                if not waiters:
                    del self._news[topic]
        return True
