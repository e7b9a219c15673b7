"""Signed-in visitors of the Mini App: short sessions in memory, in a header, never in a cookie or a browser's storage.

Paths and ports of one host share cookies and storage, so those would leak from one bot to another.
"""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

IDLE = 15 * 60.0  # seconds without a call until a session ends
LONGEST = 60 * 60.0  # seconds a session lives at most, however busy
MOST = 10_000
MOST_PER_PERSON = 5


@dataclass(frozen=True, kw_only=True)
class Visitor:
    """Who is asking: a person whose launch data has been verified."""

    id: int
    first_name: str
    last_name: str = ""
    username: str = ""
    language: str = ""
    is_owner: bool = False


@dataclass(slots=True)
class _Session:
    visitor: Visitor
    opened: float
    used: float


class Sessions:
    """The open sessions of one bot.  Bounded: the one unused for longest makes room, first among the person's own."""

    def __init__(
        self, *, clock: Callable[[], float] = time.monotonic, most: int = MOST, most_per_person: int = MOST_PER_PERSON
    ) -> None:
        self._clock = clock
        self._most = most
        self._most_per_person = most_per_person
        self._sessions: OrderedDict[str, _Session] = OrderedDict()  # the longest unused first
        self._of_person: dict[int, OrderedDict[str, None]] = {}

    def __len__(self) -> int:
        return len(self._sessions)

    def open(self, visitor: Visitor) -> str:
        """A new session's token: a secret of 192 bits."""
        self._sweep()
        own = self._of_person.get(visitor.id)
        if own is not None and len(own) >= self._most_per_person:
            self._close(next(iter(own)))
        elif len(self._sessions) >= self._most:
            self._close(next(iter(self._sessions)))
        now = self._clock()
        token = secrets.token_urlsafe(24)
        self._sessions[token] = _Session(visitor, now, now)
        self._of_person.setdefault(visitor.id, OrderedDict())[token] = None
        return token

    def visitor(self, token: str) -> Visitor | None:
        """Whose session this is, which thereby lives on; None if it is unknown or over."""
        session = self._sessions.get(token)
        if session is None:
            return None
        if self._is_over(session):
            self._close(token)
            return None
        session.used = self._clock()
        self._sessions.move_to_end(token)
        self._of_person[session.visitor.id].move_to_end(token)
        return session.visitor

    def end(self, person: int) -> None:
        """Close every session of a person."""
        for token in list(self._of_person.get(person, ())):
            self._close(token)

    def _is_over(self, session: _Session) -> bool:
        now = self._clock()
        return now - session.used > IDLE or now - session.opened > LONGEST

    def _sweep(self) -> None:
        while self._sessions:
            token, session = next(iter(self._sessions.items()))
            if not self._is_over(session):
                break
            self._close(token)

    def _close(self, token: str) -> None:
        session = self._sessions.pop(token)
        own = self._of_person[session.visitor.id]
        del own[token]
        if not own:
            del self._of_person[session.visitor.id]
