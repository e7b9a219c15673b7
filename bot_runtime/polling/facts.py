"""What passes through the poll loop: updates, owed calls, trouble; and what it needs from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from telegram.error import NetworkError


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """One update as Telegram sent it."""

    update_id: int
    chat_key: str  # "c<chat id>" | "u<user id>" | "-"; order is kept per key
    raw: dict[str, Any]
    tries: int = 0  # how often handling it failed or was cut off


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A file that goes with a call, under the name of its parameter (or of its `attach://`)."""

    field: str
    filename: str
    content: bytes


@dataclass(frozen=True, kw_only=True)
class Call:
    """One Bot API call that is owed."""

    method: str
    params: dict[str, Any]
    chat_key: str
    attachments: tuple[Attachment, ...] = ()
    label: str | None = None  # remembers the message of the answer under this name, per chat_key …
    edits: str | None = None  # … so that a later call edits that message; where there is none, it is sent new
    expendable: bool = False  # worth nothing later (answerCallbackQuery, chat actions): tried once


@dataclass(frozen=True, kw_only=True)
class Owed:
    """A row of the outbox."""

    id: int
    call: Call
    in_doubt: bool  # its sending was cut off: it may have arrived
    attempts: int


class PollState(StrEnum):
    """What the loop is doing; part of `/health`."""

    STARTING = "starting"
    POLLING = "polling"
    UNAUTHORIZED = "unauthorized"  # Telegram refuses the token
    CONFLICT = "conflict"  # somebody else polls with this token
    STOPPING = "stopping"


class TroubleKind(StrEnum):
    """What can go wrong so that somebody should hear of it."""

    UNAUTHORIZED = "unauthorized"
    CONFLICT = "conflict"
    POISON = "poison"  # an update that cannot be handled was set aside
    UNREACHABLE = "unreachable"  # Telegram does not answer
    STORAGE = "storage"  # the journal cannot be written


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A thing that went wrong, said once when it begins."""

    kind: TroubleKind
    message: str
    update_id: int | None = None


@dataclass(kw_only=True)
class PollerStatus:
    """What the loop has seen in this life of the process."""

    state: PollState = PollState.STARTING
    last_poll_at: datetime | None = None  # aware, UTC; when getUpdates last answered well
    updates: int = 0  # handled
    errors: int = 0  # handlers that raised, calls that were refused for their content
    poisoned: int = 0
    in_doubt: int = 0  # calls sent again without knowing whether they had arrived


@dataclass(frozen=True, kw_only=True)
class Delays:
    """How long the loop waits before it tries again; all in seconds."""

    first: float = 0.2  # after the first failure in the network, then doubled …
    longest: float = 15.0  # … up to this
    next_door: float = 0.5  # … or up to this, where only a process on this machine has to come back
    unauthorized: float = 30.0
    conflict: float = 3.0
    handler: tuple[float, ...] = (0.1, 0.5)  # between the tries of one update


class Journal(Protocol):
    """Inbox and outbox on disk."""

    async def offset(self) -> int:
        """The offset of the next getUpdates; 0 at the very first."""
        ...

    async def take_in(self, updates: Sequence[Incoming], offset: int) -> None:
        """Store the updates and the offset in one transaction; an update_id already known is ignored."""
        ...

    async def unfinished(self) -> list[Incoming]:
        """What was taken in and is neither done nor set aside, in order; asked at start."""
        ...

    async def finish(self, update_id: int, calls: Sequence[Call] = ()) -> bool:
        """Mark as done and store the calls in one transaction; False, and nothing stored, if it was done before."""
        ...

    async def failed(self, update_id: int, error: str) -> int:
        """Record a failed try; how many there are now."""
        ...

    async def set_aside(self, update_id: int, reason: str) -> None:
        """Keep the update, and never hand it out again."""
        ...

    async def owed(self) -> list[Owed]:
        """The calls that wait, and those whose sending was begun and not ended, in order."""
        ...

    async def sending(self, owed_id: int) -> None:
        """Record that the call is about to go out, and count the attempt."""
        ...

    async def sent(self, owed_id: int, message_id: int | None) -> None:
        """Record that Telegram accepted it; the message is remembered under the call's `label`, or else its `edits`."""
        ...

    async def refused(self, owed_id: int, reason: str) -> None:
        """Record that it will never be sent, and why."""
        ...

    async def message_of(self, chat_key: str, label: str) -> int | None:
        """The message remembered under that name."""
        ...


class Caller(Protocol):
    """Makes calls to the Bot API; raises `telegram.error.TelegramError` and its kinds."""

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        timeout: float | None = None,
    ) -> Any:
        """The `result` of the answer, as JSON."""
        ...


class NotSent(NetworkError):
    """The call did not leave this machine, so it certainly did not arrive."""


class NextDoor(NotSent):
    """The process of this machine that passes calls on was not there; it is being started again."""


@dataclass
class Backoff:
    """Delays that double from `first` to `longest`."""

    first: float
    longest: float
    failures: int = field(default=0, init=False)

    def next(self, longest: float | None = None) -> float:
        """The delay after one more failure."""
        self.failures += 1
        return float(min(self.first * 2 ** min(self.failures - 1, 30), longest or self.longest))

    def reset(self) -> None:
        """It went well."""
        self.failures = 0


def seconds(value: Any) -> float:
    """A number of seconds, also from the timedelta that python-telegram-bot may give."""
    return float(value.total_seconds()) if hasattr(value, "total_seconds") else float(value)


def incoming_of(raw: Any) -> Incoming | None:
    """The update with its key, or None where it has no usable update_id.  Never raises."""
    if not isinstance(raw, dict):
        return None
    update_id = raw.get("update_id")
    if not isinstance(update_id, int) or isinstance(update_id, bool):
        return None
    return Incoming(update_id=update_id, chat_key=chat_key_of(raw), raw=raw)


def chat_key_of(raw: Mapping[str, Any]) -> str:
    """Whose order an update belongs to: its chat, else its person; a managed bot belongs to its maker's chat."""
    for kind, content in raw.items():
        if not isinstance(content, dict):
            continue
        chat_id = _id_in(content, "chat") or _id_in(content.get("message"), "chat")
        if chat_id:
            return f"c{chat_id}"
        if kind == "managed_bot" and _id_in(content, "user"):
            return f"c{_id_in(content, 'user')}"
        user_id = _id_in(content, "from") or _id_in(content, "user")
        if user_id:
            return f"u{user_id}"
    return "-"


def _id_in(content: Any, name: str) -> int:
    inner = content.get(name) if isinstance(content, dict) else None
    number = inner.get("id") if isinstance(inner, dict) else None
    return number if isinstance(number, int) else 0
