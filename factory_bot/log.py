"""Logging to stdout, one line per finished deed, with tokens hidden in the formatter.

The formatter, because a filter misses what other libraries log and what tracebacks quote.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_TOKEN = re.compile(r"(?<!\d)(\d{5,})(?::|%3[Aa])[\w-]{30,}")  # not \b: in URLs the id follows "bot"
_KEY = re.compile(r"\b(sk-|key-|gsk_|xai-|AIza|Bearer )[\w.~+/-]{16,}=*")

_own: frozenset[str] = frozenset()  # this installation's own secrets, whatever they look like

_agent: ContextVar[str] = ContextVar("agent", default="")


def redacted(text: str) -> str:
    """The text without bot tokens, model keys and this installation's own secrets."""
    for secret in _own:
        text = text.replace(secret, "<hidden>")
    return _KEY.sub(r"\1<hidden>", _TOKEN.sub(r"\1:<hidden>", text))


def hide(*secrets: str) -> None:
    """From now on hide exactly these too: a compatible provider's key may look like anything."""
    global _own
    _own = _own | {secret for secret in secrets if len(secret) >= 8}  # a shorter one would hide ordinary words


class RedactingFormatter(logging.Formatter):
    """Formats a record and hides every token in the result, tracebacks included."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        agent = _agent.get()
        record.agent = f" [{agent}]" if agent else ""
        return redacted(super().format(record))


@contextmanager
def about(agent_id: str) -> Iterator[None]:
    """Within, every log line names this bot."""
    token = _agent.set(agent_id)
    try:
        yield
    finally:
        _agent.reset(token)


def set_up_logging(level: str = "INFO") -> None:
    """Send everything to stdout in one format; the chattier libraries only from warnings on."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(RedactingFormatter("%(asctime)s %(levelname)-7s %(name)s%(agent)s: %(message)s", "%H:%M:%S"))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in (
        "httpx",
        "httpcore",
        "apscheduler",
        "aiosqlite",
        "alembic",
        "telegram",
        "asyncio",
        "uvicorn",
        "openai",
    ):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    logging.captureWarnings(True)
