"""The poll loop with its inbox and outbox: used by the factory and by every child; a leaf.

What Telegram sends is stored before it is confirmed, what a handler decides commits in one transaction with the
messages it owes, and those are sent after the commit.  So an effect happens exactly once and an owed message is sent at
least once, whatever is killed when.
"""

import os

os.environ.setdefault("PTB_TIMEDELTA", "1")  # python-telegram-bot warns at each 429 unless the new type was chosen

from bot_runtime.polling.facts import (
    Attachment,
    Call,
    Caller,
    Delays,
    Incoming,
    Journal,
    NextDoor,
    NotSent,
    Owed,
    PollerStatus,
    PollState,
    Trouble,
    TroubleKind,
    chat_key_of,
    incoming_of,
)
from bot_runtime.polling.poller import Poller

__all__ = [
    "Attachment",
    "Call",
    "Caller",
    "Delays",
    "Incoming",
    "Journal",
    "NextDoor",
    "NotSent",
    "Owed",
    "PollState",
    "Poller",
    "PollerStatus",
    "Trouble",
    "TroubleKind",
    "chat_key_of",
    "incoming_of",
]
