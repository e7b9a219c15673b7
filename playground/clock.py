"""The playground's own time: the machine's clock plus what was added to it by hand."""

from __future__ import annotations

import time


class Clock:
    """Seconds since 1970 that a test may move forward; expiries and dates are read from it, waits are not."""

    def __init__(self) -> None:
        self.shift = 0.0  # seconds ahead of the machine

    def now(self) -> float:
        return time.time() + self.shift

    def date(self) -> int:
        """The moment as Telegram writes dates."""
        return int(self.now())

    def advance(self, seconds: float) -> None:
        """Move forward; time never goes back, since dates already given out must stay in the past."""
        self.shift += max(0.0, seconds)
