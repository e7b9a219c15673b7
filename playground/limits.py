"""Telegram's rate limits as far as they are known, for who wants to meet them: buckets that fill again with time."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

PER_BOT = (30.0, 30.0)  # messages a second, and how many at once
PER_PERSON = (1.0, 5.0)
PER_GROUP = (20 / 60, 20.0)


@dataclass
class Bucket:
    """So many at once, and so many more each second."""

    rate: float
    size: float
    left: float = -1.0
    filled_at: float = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more is allowed; 0 when it is now."""
        if self.left < 0:
            self.left, self.filled_at = self.size, now
        self.left = min(self.size, self.left + (now - self.filled_at) * self.rate)
        self.filled_at = now
        return 0.0 if self.left >= 1 else (1 - self.left) / self.rate


@dataclass
class Limits:
    """The buckets of one bot."""

    of_all: Bucket = field(default_factory=lambda: Bucket(*PER_BOT))
    of_chats: dict[str, Bucket] = field(default_factory=dict)

    def retry_after(self, chat_id: int | str, now: float) -> int:
        """0 when a message to this chat may go out now, and it is counted; else the seconds of the 429."""
        is_person = isinstance(chat_id, int) and chat_id > 0
        chat = self.of_chats.setdefault(str(chat_id), Bucket(*(PER_PERSON if is_person else PER_GROUP)))
        wait = max(self.of_all.wait(now), chat.wait(now))
        if wait > 0:
            return math.ceil(wait)
        self.of_all.left -= 1
        chat.left -= 1
        return 0
