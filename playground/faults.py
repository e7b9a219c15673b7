"""Trouble on purpose: what the next matching Bot API calls run into.

* `429`, `500`, `502`: that answer, and the call is not carried out;
* `drop`: the connection breaks before the call is carried out; `timeout`: it is carried out, but no answer ever comes;
* `poison`: the next update handed out lacks fields that every client requires, and stays so until it is confirmed;
* `duplicate`: the next updates handed out come a second time although they were confirmed; with an update type
  as `method` (such as `managed_bot`), the next such update is queued twice, under two update ids;
* `reorder`: the service message of the next managed bot comes before its `managed_bot` update;
* `limits`: from now on, until faults are cleared, messages that come faster than Telegram allows get its 429.
"""

from __future__ import annotations

from dataclasses import dataclass

from playground.limits import Limits

KINDS = ("429", "500", "502", "timeout", "drop", "poison", "duplicate", "reorder", "limits")
CALL_KINDS = ("429", "500", "502", "timeout", "drop")


@dataclass(kw_only=True)
class Fault:
    """One kind of trouble for some bot and method, until it has struck `times` times."""

    kind: str
    bot: int | None = None
    method: str | None = None
    times: int = 1
    retry_after: int = 1  # seconds, told with a 429

    def strikes(self, bot: int, method: str) -> bool:
        return self.bot in (None, bot) and (self.method is None or self.method.lower() == method.lower())


class Faults:
    """The troubles that wait for their call, oldest first."""

    def __init__(self) -> None:
        self._waiting: list[Fault] = []
        self._limits: dict[int, Limits] = {}

    def add(
        self,
        kind: str,
        *,
        bot: int | None = None,
        method: str | None = None,
        times: int = 1,
        retry_after: int | None = None,
    ) -> Fault:
        """Prepare trouble; raises ValueError with one sentence for a kind that does not exist."""
        if kind not in KINDS:
            raise ValueError(f"a fault is one of {', '.join(KINDS)}, not {kind!r}")
        if times < 1:
            raise ValueError("a fault strikes at least once")
        fault = Fault(kind=kind, bot=bot, method=method, times=times, retry_after=retry_after or 1)
        self._waiting.append(fault)
        return fault

    def clear(self) -> None:
        self._waiting.clear()
        self._limits.clear()

    def of_call(self, bot: int, method: str) -> Fault | None:
        """The trouble this call runs into, used up by asking."""
        return self._take(CALL_KINDS, bot, method)

    def of_message(self, bot: int, chat_id: int | str, now: float) -> int:
        """The `retry_after` of a message that comes too fast; 0 when it may go, which it always may without limits."""
        if not any(fault.kind == "limits" and fault.bot in (None, bot) for fault in self._waiting):
            return 0
        return self._limits.setdefault(bot, Limits()).retry_after(chat_id, now)

    def of_delivery(self, kind: str, bot: int, *names: str) -> bool:
        """Whether an update handed out or queued now is to be treated so; used up by asking."""
        return any(self._take((kind,), bot, name) is not None for name in names)

    def of_queueing(self, kind: str, bot: int, update_type: str) -> bool:
        """Whether an update that is queued now is to be treated so: only by a fault that names its type."""
        return any(
            fault.kind == kind and fault.method is not None and fault.strikes(bot, update_type)
            for fault in self._waiting
        ) and bool(self._take((kind,), bot, update_type))

    def _take(self, kinds: tuple[str, ...], bot: int, method: str) -> Fault | None:
        for fault in self._waiting:
            if fault.kind in kinds and fault.strikes(bot, method):
                fault.times -= 1
                if fault.times == 0:
                    self._waiting.remove(fault)
                return fault
        return None
