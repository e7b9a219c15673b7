"""Update queues: what waits for each bot, who waits for it, and when it is forgotten (getUpdates to the letter)."""

from __future__ import annotations

import asyncio
import json
import random
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playground.world.records import Account, Queue, Thing, Waiting
from playground.world.refusals import Refusal

if TYPE_CHECKING:
    from playground.world.world import World

TYPES = (
    "message", "edited_message", "channel_post", "edited_channel_post", "business_connection", "business_message",
    "edited_business_message", "deleted_business_messages", "guest_message", "message_reaction",
    "message_reaction_count", "inline_query", "chosen_inline_result", "callback_query", "shipping_query",
    "pre_checkout_query", "purchased_paid_media", "poll", "poll_answer", "my_chat_member", "chat_member",
    "chat_join_request", "chat_boost", "removed_chat_boost", "managed_bot",
)  # fmt: skip
DEFAULT = frozenset(TYPES) - {"chat_member", "message_reaction", "message_reaction_count"}
DAY = 86400
LIFETIMES = {"callback_query": 150, "shipping_query": 150, "pre_checkout_query": 150, "inline_query": 30}
MOST_WAITING = 100_000
LARGEST, LARGEST_QUEUE = 512 * 1024, 128 * 1024 * 1024  # characters of one update, of all that wait
FAR_FUTURE, FAR_PAST = 10, 100_000  # offsets further from the queue than this are ignored
BATCH = 0.001  # seconds of silence that close a batch
LONGEST_BATCH = 0.002
LONGEST_POLL = 50
BROKEN_WITHOUT = ("date", "from", "user", "id")  # fields that every client requires of one update or another
OTHER_POLLER = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_ACTIVE = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


@dataclass
class Line:
    """One bot's queue as it lives in memory, with the poll that waits at its head."""

    queue: Queue
    waiting: deque[Waiting] = field(default_factory=deque)
    size: int = 0  # of all that wait
    poll: asyncio.Future[str] | None = None  # resolved with "news", or failed
    batch: asyncio.TimerHandle | None = None
    batch_ends: float = 0.0
    previous_offset: int | None = None
    previous_start: float = 0.0
    next_conflict: float = 0.0
    next_set_webhook: float = 0.0
    again: list[Waiting] = field(default_factory=list)  # handed out a second time by a fault
    listener: Callable[[], None] | None = None  # the webhook, told of new updates

    @property
    def tail(self) -> int:
        return self.queue.next_id

    @property
    def head(self) -> int:
        return self.waiting[0].id if self.waiting else self.queue.next_id


class Queues:
    """The queues of all bots."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._lines: dict[int, Line] = {}

    def adopt(self, queue: Queue) -> None:
        self._lines[queue.bot] = Line(queue)

    def adopt_update(self, update: Waiting) -> None:
        line = self._lines[update.bot]
        line.waiting.append(update)  # rows are loaded in order of their ids
        line.size += update.size

    def of(self, bot_id: int) -> Line:
        """The bot's queue, made at first need with a random first id."""
        line = self._lines.get(bot_id)
        if line is None:
            queue = Queue(bot=bot_id, next_id=first_id())
            self._world.changed(queue)
            line = self._lines[bot_id] = Line(queue)
        return line

    # --- coming in ---

    def push(self, bot_id: int, kind: str, payload: Thing, *, lane: str = "") -> None:
        """Queue an update, unless the bot did not ask for its kind or too many wait already."""
        line = self.of(bot_id)
        allowed = DEFAULT if line.queue.allowed is None else line.queue.allowed
        size = len(json.dumps(payload, ensure_ascii=False))
        if (
            kind not in allowed
            or size > LARGEST
            or len(line.waiting) >= MOST_WAITING
            or line.size + size > LARGEST_QUEUE
        ):
            return
        for _ in range(2 if self._world.faults.of_queueing("duplicate", bot_id, kind) else 1):
            self._append(line, kind, payload, lane, size)
        if line.poll is not None:
            self._batch_up(line)
        if line.listener is not None:
            line.listener()

    def _append(self, line: Line, kind: str, payload: Thing, lane: str, size: int) -> None:
        now = self._world.clock.now()
        queue = line.queue
        if not line.waiting and now - queue.last_added > 7 * DAY and queue.last_added:
            queue.next_id = first_id()
        update = Waiting(
            bot=queue.bot,
            id=queue.next_id,
            type=kind,
            payload=payload,
            expires=now + LIFETIMES.get(kind, DAY),
            size=size,
            lane=lane or str(payload.get("chat", {}).get("id") or payload.get("from", {}).get("id", "")),
        )
        queue.next_id += 1
        queue.last_added = now
        line.waiting.append(update)
        line.size += size
        self._world.changed(queue)
        self._world.changed(update)

    def _batch_up(self, line: Line) -> None:
        """Answer the waiting poll 1 ms after the last update, at most 2 ms after the first."""
        loop = asyncio.get_running_loop()
        now = loop.time()
        if line.batch is None:
            line.batch_ends = now + LONGEST_BATCH
        else:
            line.batch.cancel()
        line.batch = loop.call_at(min(now + BATCH, line.batch_ends), self._ring, line)

    def _ring(self, line: Line) -> None:
        line.batch = None
        if line.poll is not None and not line.poll.done():
            line.poll.set_result("news")

    # --- going out ---

    async def poll(self, bot: Account, offset: int, limit: int, timeout: int) -> list[Thing]:
        """The updates from `offset` on, waiting up to `timeout` seconds for the first; earlier ones are confirmed."""
        line = self.of(bot.id)
        if bot.webhook.get("url"):
            await self._conflict(line, WEBHOOK_ACTIVE)
        limit, timeout = min(max(limit, 1), 100), min(max(timeout, 0), LONGEST_POLL)
        now = asyncio.get_running_loop().time()
        if offset == line.previous_offset:
            since = now - line.previous_start
            timeout = 3 if timeout < 3 and since < 3.0 else timeout
            limit = 1 if since < 0.5 else limit
        line.previous_offset, line.previous_start = offset, now
        offset = self._confirm(line, offset)
        updates = self._ready(line, offset, limit)
        if updates or timeout == 0:
            return self._handed(line, updates)
        return await self._wait(line, offset, limit, timeout)

    async def _wait(self, line: Line, offset: int, limit: int, timeout: int) -> list[Thing]:
        self.end_poll(line.queue.bot, OTHER_POLLER)
        self._world.commit()  # what was confirmed is not to wait as long as the poll does
        poll = line.poll = asyncio.get_running_loop().create_future()
        ends = asyncio.get_running_loop().call_later(timeout, _time_out, poll)
        try:
            reason = await poll
        finally:
            ends.cancel()
            if line.poll is poll:
                line.poll = None
        if reason not in ("news", "timeout"):
            if reason == "Unauthorized":
                raise Refusal(reason, 401)
            await self._conflict(line, reason)
        offset = self._confirm(line, offset)
        return self._handed(line, self._ready(line, offset, limit))

    def end_poll(self, bot_id: int, reason: str) -> None:
        """Fail the waiting poll, if there is one."""
        line = self.of(bot_id)
        if line.poll is not None and not line.poll.done():
            line.poll.set_result(reason)
        line.poll = None

    def end_all(self) -> None:
        """Nobody waits any longer: the playground stops, every poll ends empty."""
        for line in self._lines.values():
            if line.poll is not None and not line.poll.done():
                line.poll.set_result("timeout")

    async def _conflict(self, line: Line, reason: str) -> None:
        """Raise the 409: at once, and three seconds late when it comes again within three seconds."""
        now = asyncio.get_running_loop().time()
        if now >= line.next_conflict:
            line.next_conflict = now + 3.0
        else:
            await asyncio.sleep(3.0)
        raise Refusal(reason, 409)

    def _confirm(self, line: Line, offset: int) -> int:
        """Forget what the offset confirms and what is too old; answers the id to serve from."""
        if offset < 0:
            while len(line.waiting) > -offset:
                self._forget(line)
        far = offset > line.tail + FAR_FUTURE or offset < line.head - FAR_PAST
        if offset <= 0 or far:
            offset = line.head
        while line.waiting and line.waiting[0].id < offset:
            self._forget(line)
        now = self._world.clock.now()
        if any(update.expires <= now for update in line.waiting):
            for update in [late for late in line.waiting if late.expires <= now]:
                self._remove(line, update)
        return offset

    def _forget(self, line: Line) -> None:
        self._remove(line, line.waiting[0])

    def _remove(self, line: Line, update: Waiting) -> None:
        line.waiting.remove(update)
        line.size -= update.size
        self._world.dropped(update)

    def _ready(self, line: Line, offset: int, limit: int) -> list[Waiting]:
        again, line.again = line.again, []
        ready = [update for update in again if update.id < line.head]
        for update in line.waiting:
            if len(ready) >= limit:
                break
            if update.id >= offset:
                ready.append(update)
        return ready

    def _handed(self, line: Line, updates: Sequence[Waiting]) -> list[Thing]:
        """The updates as they go out, after the faults that wait for a delivery."""
        if not updates:
            return []
        bot_id, faults = line.queue.bot, self._world.faults
        if faults.of_delivery("poison", bot_id, "getUpdates", updates[0].type):
            updates[0].payload = broken(updates[0].payload)
            if updates[0] in line.waiting:
                self._world.changed(updates[0])
        if faults.of_delivery("duplicate", bot_id, "getUpdates"):
            line.again = list(updates)
        for update in updates:
            self._note_fetched(bot_id, update)
        return [update.shown() for update in updates]

    def _note_fetched(self, bot_id: int, update: Waiting) -> None:
        """A person's message was fetched: their client shows the second tick."""
        message, chat = update.payload, update.payload.get("chat")
        if update.type not in ("message", "channel_post") or chat is None or "message_id" not in message:
            return
        name = f"{chat['id']}:{bot_id}" if chat["type"] == "private" else str(chat["id"])
        room = self._world.rooms.get(name)
        if room is not None and room.fetched.get(str(bot_id), 0) < message["message_id"]:
            room.fetched[str(bot_id)] = message["message_id"]
            self._world.announce(room)

    # --- for webhooks and the rest ---

    def allow(self, bot_id: int, wanted: Any) -> None:
        """Remember which kinds the bot wants: unknown names do not count, an empty list means the default set."""
        if not isinstance(wanted, list):
            return
        names = [name for name in TYPES if name in wanted]
        line = self.of(bot_id)
        line.queue.allowed = names or None
        self._world.changed(line.queue)

    def pending(self, bot_id: int) -> list[Waiting]:
        """What waits and is not too old, oldest first."""
        line = self.of(bot_id)
        self._confirm(line, 0)
        return list(line.waiting)

    def done(self, update: Waiting) -> None:
        """This update was delivered by webhook."""
        line = self.of(update.bot)
        if update in line.waiting:
            self._remove(line, update)

    def drop_pending(self, bot_id: int) -> None:
        line = self.of(bot_id)
        while line.waiting:
            self._forget(line)


def first_id() -> int:
    """Where the ids of a queue begin, at first and after a week of silence."""
    return random.randint(2_000_000, 900_000_000)  # noqa: S311 - no secret


def _time_out(poll: asyncio.Future[str]) -> None:
    if not poll.done():
        poll.set_result("timeout")


def broken(payload: Thing) -> Thing:
    """The same update without the fields that clients require."""
    return {name: value for name, value in payload.items() if name not in BROKEN_WITHOUT}
