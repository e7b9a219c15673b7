"""How fast one person may write: a sliding minute, in memory."""

from __future__ import annotations

import math
from collections import OrderedDict, deque

MINUTE = 60.0
PEOPLE = 5000  # remembered at once


class Pace:
    """Admits so many messages a minute from each person."""

    def __init__(self, per_minute: int) -> None:
        self._per_minute = per_minute
        self._moments: OrderedDict[int, deque[float]] = OrderedDict()
        self._told: set[int] = set()

    def wait(self, person_id: int, now: float) -> int:
        """0: go on.  Else the seconds until the next message is taken."""
        moments = self._moments.setdefault(person_id, deque())
        self._moments.move_to_end(person_id)
        if len(self._moments) > PEOPLE:
            self._moments.popitem(last=False)
        while moments and moments[0] <= now - MINUTE:
            moments.popleft()
        if len(moments) >= self._per_minute:
            return max(1, math.ceil(moments[0] + MINUTE - now))
        moments.append(now)
        self._told.discard(person_id)
        return 0

    def first_refusal(self, person_id: int) -> bool:
        """True once per time that somebody is too fast: they are told once, then left alone."""
        if person_id in self._told:
            return False
        self._told.add(person_id)
        return True
