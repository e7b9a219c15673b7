"""A child's log: one line per deed on standard output, tokens hidden in the formatter."""

from __future__ import annotations

import logging
import os
import re
import sys
from typing import TextIO

from bot_runtime.boot import BOOT_FD
from bot_runtime.lean import hush

TOKEN = re.compile(r"(?<!\d)(\d{6,}):[\w-]{30,}")  # not \b: in URLs the id follows "bot"


class RedactingFormatter(logging.Formatter):
    """Hides tokens in the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without any token."""
        return TOKEN.sub(r"\1:<hidden>", super().format(record))


def log_to_stdout() -> None:
    """Set up this process's log; handlers that a parent left behind are dropped."""
    log_to(sys.stdout)


def log_to(stream: TextIO) -> None:
    """The same, to that stream.

    A bot that is supervised leaves the time to its supervisor, which puts it before every line.
    """
    time = "" if BOOT_FD in os.environ else "%(asctime)s "
    handler = logging.StreamHandler(stream)
    handler.setFormatter(RedactingFormatter(f"{time}%(levelname)s %(name)s: %(message)s"))
    logging.getLogger().handlers[:] = [handler]
    hush()
