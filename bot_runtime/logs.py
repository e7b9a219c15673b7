"""A child's log: one line per deed on standard output, tokens hidden in the formatter."""

from __future__ import annotations

import logging
import re
import sys

TOKEN = re.compile(r"(?<!\d)(\d{6,}):[\w-]{30,}")  # not \b: in URLs the id follows "bot"


class RedactingFormatter(logging.Formatter):
    """Hides tokens in the whole line, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without any token."""
        return TOKEN.sub(r"\1:<hidden>", super().format(record))


def log_to_stdout() -> None:
    """Set up this process's log; handlers that a parent left behind are dropped."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for noisy in ("aiosqlite", "telegram", "uvicorn", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
