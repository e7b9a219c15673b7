"""Keeping out of a bot's process what it does not need."""

from __future__ import annotations

import logging
import sys
from typing import Any

NOT_NEEDED = ("apscheduler",)
NOISY = ("aiosqlite", "telegram", "uvicorn", "asyncio")


def be_lean() -> None:
    """Say so before python-telegram-bot is imported, in a process that is a bot or will be forked into bots.

    Wherever it finds APScheduler it loads it and builds a scheduler for every application, also for one that asks for
    none; a bot has its own timer, and a megabyte less.
    """
    modules: dict[str, Any] = sys.modules
    for name in NOT_NEEDED:
        modules.setdefault(name, None)  # an import of it fails from now on


def hush() -> None:
    """Quieten the libraries' logs.  Each change empties every logger's cache, so it is better done before a fork."""
    for name in NOISY:
        logger = logging.getLogger(name)
        if logger.level != logging.WARNING:
            logger.setLevel(logging.WARNING)
    root = logging.getLogger()
    if root.level != logging.INFO:
        root.setLevel(logging.INFO)
