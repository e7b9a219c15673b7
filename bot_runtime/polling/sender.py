"""Sends what the outbox owes: in order per chat, chats side by side, until Telegram took it or refused it for good."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot_runtime.polling.facts import (
    Backoff,
    Call,
    Caller,
    Delays,
    Journal,
    NextDoor,
    NotSent,
    Owed,
    PollerStatus,
    PollState,
    seconds,
)
from bot_runtime.polling.lanes import Lanes

log = logging.getLogger(__name__)

NOT_IN_AN_EDIT = ("reply_parameters", "disable_notification", "protect_content", "message_effect_id")
GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")
UNCHANGED = "message is not modified"
MANY = 100  # rows in hand; from there on the outbox is read again only …
BREATH = 0.05  # … so often (seconds), for reading it takes time by its length


class Sender:
    """Works the outbox; `wake` tells it that rows were added, `close` that no more will come."""

    def __init__(
        self,
        caller: Caller,
        journal: Journal,
        status: PollerStatus,
        *,
        delays: Delays,
        at_once: int,
        pause: Callable[[float], Awaitable[bool]],
    ) -> None:
        self._caller = caller
        self._journal = journal
        self._status = status
        self._delays = delays
        self._slots = asyncio.Semaphore(at_once)
        self._pause = pause  # waits; True: the loop is stopping, so give up waiting
        self._woken = asyncio.Event()
        self._woken.set()
        self._closing = False
        self._scheduled: set[int] = set()
        self._ended: set[int] = set()  # during the reading of the outbox now under way

    def wake(self) -> None:
        """New rows were committed."""
        self._woken.set()

    def close(self) -> None:
        """No more rows will come: `run` ends when nothing is left to try."""
        self._closing = True
        self._woken.set()

    async def run(self, group: asyncio.TaskGroup) -> None:
        """Send until closed."""
        lanes = Lanes(group, self._deliver, name="send to")
        while True:
            await self._woken.wait()
            if len(self._scheduled) > MANY:
                await asyncio.sleep(BREATH)
            self._woken.clear()
            await self._schedule(lanes)
            if self._closing:
                await lanes.below(1)
                if not self._woken.is_set():
                    return

    async def _schedule(self, lanes: Lanes[Owed]) -> None:
        # A row that ends while the outbox is read may still be in the answer: `_ended` keeps it from going out twice.
        self._ended.clear()
        for owed in await self._journal.owed():
            if owed.id not in self._scheduled and owed.id not in self._ended:
                self._scheduled.add(owed.id)
                lanes.put(owed.call.chat_key, owed)

    async def _deliver(self, owed: Owed) -> None:
        try:
            await self._try_until_settled(owed)
        finally:
            self._scheduled.discard(owed.id)
            self._ended.add(owed.id)

    async def _try_until_settled(self, owed: Owed) -> None:
        backoff = Backoff(self._delays.first, self._delays.longest)
        in_doubt, call = owed.in_doubt, owed.call
        while True:
            if in_doubt:
                self._status.in_doubt += 1
            await self._journal.sending(owed.id)
            try:
                async with self._slots:
                    result = await self._send(call)
            except ChatMigrated as exc:
                call = _moved(call, exc.new_chat_id)
                delay, in_doubt, reason = 0.0, False, str(exc)
            except RetryAfter as exc:
                delay, in_doubt, reason = seconds(exc.retry_after), False, str(exc)
            except InvalidToken as exc:
                if "not found" in exc.message.lower() and self._status.state is PollState.POLLING:
                    await self._refuse(owed, exc)  # the token is good, so there is no such method
                    return
                delay, in_doubt, reason = self._delays.unauthorized, False, str(exc)
            except (BadRequest, Forbidden) as exc:
                await self._refuse(owed, exc)
                return
            except NextDoor as exc:
                delay, in_doubt, reason = backoff.next(self._delays.next_door), False, str(exc)
            except NotSent as exc:
                delay, in_doubt, reason = backoff.next(), False, str(exc)
            except TelegramError as exc:  # the network, a server's fault, an answer that is none
                delay, in_doubt, reason = backoff.next(), True, str(exc)
            except (TypeError, ValueError, KeyError) as exc:  # a call that cannot even be put together
                log.error("call %s cannot be made", call.method, exc_info=exc)
                await self._refuse(owed, exc)
                return
            else:
                await self._journal.sent(owed.id, _message_id(result))
                return
            if call.expendable:
                await self._journal.refused(owed.id, f"too late: {reason}")
                return
            log.info("%s waits %.1f s: %s", call.method, delay, reason)
            if await self._pause(delay):
                return  # stays in the outbox for the next life

    async def _send(self, call: Call) -> Any:
        known = await self._journal.message_of(call.chat_key, call.edits) if call.edits else None
        if known is None:
            return await self._tolerant(call.method, call)
        edit = {name: value for name, value in call.params.items() if name not in NOT_IN_AN_EDIT}
        try:
            return await self._tolerant(
                "editMessageText",
                Call(method="editMessageText", params={**edit, "message_id": known}, chat_key=call.chat_key),
            )
        except BadRequest as exc:
            if not any(text in exc.message.lower() for text in GONE):
                raise
        return await self._tolerant(call.method, call)

    async def _tolerant(self, method: str, call: Call) -> Any:
        try:
            return await self._caller.call(method, call.params, call.attachments)
        except BadRequest as exc:
            if method.startswith("edit") and UNCHANGED in exc.message.lower():
                return {"message_id": call.params.get("message_id")}
            raise

    async def _refuse(self, owed: Owed, exc: Exception) -> None:
        if not owed.call.expendable and not isinstance(exc, Forbidden):
            self._status.errors += 1
            log.warning("%s was refused: %s", owed.call.method, exc)
        await self._journal.refused(owed.id, str(exc) or repr(exc))


def _message_id(result: Any) -> int | None:
    first = result[0] if isinstance(result, list) and result else result
    number = first.get("message_id") if isinstance(first, dict) else None
    return number if isinstance(number, int) else None


def _moved(call: Call, chat_id: int) -> Call:
    return replace(call, params={**call.params, "chat_id": chat_id})
