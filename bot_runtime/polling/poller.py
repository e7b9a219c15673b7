"""The loop itself: intake, workers, sender, and the orderly end."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError, TimedOut

from bot_runtime.polling.facts import (
    Backoff,
    Caller,
    Delays,
    Incoming,
    Journal,
    NextDoor,
    PollerStatus,
    PollState,
    Trouble,
    TroubleKind,
    incoming_of,
    seconds,
)
from bot_runtime.polling.lanes import Lanes
from bot_runtime.polling.sender import Sender

log = logging.getLogger(__name__)

TRIES = 3  # of one update, before it is set aside
CUT_OFF_TRIES = 6  # … where the process ended each time while it was handled
ANSWER_MARGIN = 10.0  # seconds that getUpdates may take beyond its own timeout
CONFIRM_SECONDS = 2.0


class _OutOfTime(Exception):
    """The time for finishing is over."""


class Poller:
    """Takes updates in, has them handled in order per chat, and sends what is owed.

    `handle` commits by itself: effects, `done` and owed calls in one transaction.  What it leaves unfinished is
    finished here; what raises is tried three times and then set aside.
    """

    def __init__(
        self,
        caller: Caller,
        journal: Journal,
        handle: Callable[[Incoming], Awaitable[None]],
        *,
        allowed_updates: Sequence[str],
        on_trouble: Callable[[Trouble], None],
        on_well: Callable[[], None] = lambda: None,
        poll_seconds: int = 25,
        at_once: int = 16,
        backlog: int = 500,
        grace: float = 3.0,
        cut_off_tries: int = CUT_OFF_TRIES,
        delays: Delays | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._caller = caller
        self._journal = journal
        self._handle = handle
        self._allowed_updates = list(allowed_updates)
        self._on_trouble = on_trouble
        self._on_well = on_well  # the first good poll, and the first after trouble with polling
        self._poll_seconds = poll_seconds
        self._slots = asyncio.Semaphore(at_once)
        self._backlog = backlog
        self._grace = grace  # seconds for finishing what was taken in once `stop` is set
        self._cut_off_tries = cut_off_tries  # the slower the handlers, the more often a kill meets an innocent update
        self._delays = delays or Delays()
        self._now = now
        self._stop = asyncio.Event()
        self._offset = 0
        self._told_offset: int | None = None  # the offset Telegram last heard
        self._in_hand: set[int] = set()
        self._reported: TroubleKind | None = None
        self.status = PollerStatus()
        self._sender = Sender(caller, journal, self.status, delays=self._delays, at_once=at_once, pause=self._pause)

    def wake(self) -> None:
        """New outbox rows were committed."""
        self._sender.wake()

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop` is set; then finish and send what was taken in, at most `grace` seconds long."""
        self._stop = stop
        self._offset = await self._journal.offset()
        try:
            async with asyncio.TaskGroup() as group:
                await self._run(group, stop)
        except* _OutOfTime:
            log.warning("stopped with work left; it is kept for the next start")

    async def _run(self, group: asyncio.TaskGroup, stop: asyncio.Event) -> None:
        lanes = Lanes(group, self._work, name="updates of")
        sender = group.create_task(self._sender.run(group), name="sender")
        for incoming in await self._journal.unfinished():
            self._in_hand.add(incoming.update_id)
            lanes.put(incoming.chat_key, (incoming, True))
        intake = group.create_task(self._intake(lanes), name="intake")
        await stop.wait()
        self.status.state = PollState.STOPPING
        intake.cancel()
        with suppress(TimeoutError):
            async with asyncio.timeout(self._grace):
                await asyncio.wait({intake})
                await self._confirm()
                await lanes.below(1)
                self._sender.close()
                await asyncio.wait({sender})
        if not sender.done():
            raise _OutOfTime

    # ---------------------------------------------------------------- intake

    async def _intake(self, lanes: Lanes[tuple[Incoming, bool]]) -> None:
        backoff = Backoff(self._delays.first, self._delays.longest)
        first = True
        while True:
            await lanes.below(self._backlog)
            try:
                # The first poll does not wait, so that a refused token shows at once.
                batch = await self._get_updates(0 if first else self._poll_seconds)
                await self._take_in(batch, lanes)
            except TelegramError as exc:
                await self._pause(self._after_failed_poll(exc, backoff))
            except Exception as exc:  # the journal: a full disk, a locked database; nothing was confirmed
                log.exception("updates could not be stored")
                self._report(Trouble(kind=TroubleKind.STORAGE, message=repr(exc)))
                await self._pause(backoff.next())
            else:
                first = False
                backoff.reset()
                self._went_well()

    async def _get_updates(self, wait: int) -> list[Any]:
        params: dict[str, Any] = {"timeout": wait, "limit": 100, "allowed_updates": self._allowed_updates}
        if self._offset:
            params["offset"] = self._offset
        self._told_offset = self._offset
        batch = await self._caller.call("getUpdates", params, timeout=wait + ANSWER_MARGIN)
        if not isinstance(batch, list):
            raise TelegramError("getUpdates answered no list")
        return batch

    async def _take_in(self, batch: list[Any], lanes: Lanes[tuple[Incoming, bool]]) -> None:
        known = [incoming for raw in batch if (incoming := incoming_of(raw)) is not None]
        if not known:
            if batch:
                raise TelegramError("getUpdates answered updates without an id")
            return
        offset = max(incoming.update_id for incoming in known) + 1
        await self._journal.take_in(known, offset)
        self._offset = offset
        for incoming in known:
            if incoming.update_id not in self._in_hand:
                self._in_hand.add(incoming.update_id)
                lanes.put(incoming.chat_key, (incoming, False))

    def _after_failed_poll(self, exc: TelegramError, backoff: Backoff) -> float:
        match exc:
            case InvalidToken():
                self.status.state = PollState.UNAUTHORIZED
                self._report(Trouble(kind=TroubleKind.UNAUTHORIZED, message=exc.message))
                return self._delays.unauthorized
            case Conflict():
                self.status.state = PollState.CONFLICT
                self._report(Trouble(kind=TroubleKind.CONFLICT, message=exc.message))
                return self._delays.conflict
            case RetryAfter():
                return seconds(exc.retry_after)
            case NextDoor():
                return backoff.next(self._delays.next_door)
            case TimedOut() if not backoff.failures:
                backoff.failures = 1
                return 0.0
        if backoff.failures >= 3:
            self._report(Trouble(kind=TroubleKind.UNREACHABLE, message=exc.message))
        return backoff.next() * random.uniform(0.8, 1.2)  # noqa: S311 - spreads retries, guards nothing

    def _went_well(self) -> None:
        again = self._reported is not None or self.status.state is not PollState.POLLING
        self._reported = None
        self.status.state = PollState.POLLING
        self.status.last_poll_at = self._now()
        if again:
            self._on_well()

    def _report(self, trouble: Trouble) -> None:
        if trouble.kind is not self._reported:
            self._reported = trouble.kind
            self._on_trouble(trouble)

    async def _confirm(self) -> None:
        """Tell Telegram the last offset, where no poll has told it yet."""
        if self._offset in (0, self._told_offset):
            return
        params = {"offset": self._offset, "timeout": 0, "limit": 1, "allowed_updates": self._allowed_updates}
        with suppress(TelegramError):
            await self._caller.call("getUpdates", params, timeout=CONFIRM_SECONDS)

    # ---------------------------------------------------------------- workers

    async def _work(self, item: tuple[Incoming, bool]) -> None:
        incoming, recovered = item
        try:
            await self._try_until_done(incoming, recovered=recovered)
        finally:
            self._in_hand.discard(incoming.update_id)

    async def _try_until_done(self, incoming: Incoming, *, recovered: bool) -> None:
        tries = incoming.tries
        if recovered:
            if tries >= self._cut_off_tries:
                await self._set_aside(incoming, f"the process ended {tries} times while it was handled")
                return
            # Counted before it is handled, so that an update that kills the process cannot do so forever.
            tries = await self._journal.failed(incoming.update_id, "cut off while it was handled")
        counted = recovered
        while True:
            try:
                async with self._slots:
                    await self._handle(incoming)
                    await self._journal.finish(incoming.update_id)
            except Exception as exc:
                self.status.errors += 1
                log.exception("update %d was not handled", incoming.update_id)
                error = f"{type(exc).__name__}: {exc}"
                if not counted:
                    tries = await self._journal.failed(incoming.update_id, error)
                counted = False
                if tries >= TRIES:
                    await self._set_aside(incoming, error)
                    return
                if await self._pause(self._delays.handler[min(tries, len(self._delays.handler)) - 1]):
                    return
            else:
                self.status.updates += 1
                self._sender.wake()
                return

    async def _set_aside(self, incoming: Incoming, reason: str) -> None:
        await self._journal.set_aside(incoming.update_id, reason)
        self.status.poisoned += 1
        self._on_trouble(Trouble(kind=TroubleKind.POISON, message=reason, update_id=incoming.update_id))

    async def _pause(self, delay: float) -> bool:
        """Wait; True as soon as the loop is asked to stop."""
        if delay > 0 and not self._stop.is_set():
            with suppress(TimeoutError):
                async with asyncio.timeout(delay):
                    await self._stop.wait()
        return self._stop.is_set()
