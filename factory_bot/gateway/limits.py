"""How much one address may ask of the gateway: a token bucket each, forgotten when full again."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(kw_only=True)
class RateLimit:
    """At most `burst` requests at once and `per_second` in the long run, for each address."""

    per_second: float = 40.0
    burst: float = 240.0
    addresses: int = 10_000  # kept at most; the longest silent one is forgotten first
    now: Callable[[], float] = time.monotonic  # seconds
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def allows(self, address: str) -> bool:
        """Whether this request may pass; it is counted if so."""
        now = self.now()
        tokens, since = self._buckets.pop(address, (self.burst, now))
        tokens = min(self.burst, tokens + (now - since) * self.per_second)
        passed = tokens >= 1
        self._buckets[address] = (tokens - 1 if passed else tokens, now)
        if len(self._buckets) > self.addresses:
            self._buckets.popitem(last=False)
        return passed
