"""What a child is told at its start: a line of JSON on an inherited pipe, or the environment of an exported project."""

from __future__ import annotations

import ctypes
import hashlib
import hmac
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

BOOT_FD = "MANCER_BOOT_FD"
LONGEST_LINE = 65_536
TELEGRAM = "https://api.telegram.org"

_PR_SET_DUMPABLE = 4


class BootError(Exception):
    """The child was not told what it needs."""


@dataclass(frozen=True, kw_only=True)
class Boot:
    """The facts a child starts with.  Under a factory there is no token among them."""

    agent_id: str
    owner_id: int  # 0: nobody
    init_data_secret: bytes
    app_url: str | None = None
    bot_id: int = 0  # 0: to be asked from Telegram
    username: str = ""
    owner_language: str = "en"
    webapp_public_key: bytes | None = None
    egress_socket: str | None = None
    http_fd: int | None = None
    port: int = 0  # of the HTTP server where no socket is passed down; 0: any
    grace: float = 5.0  # seconds for an orderly end
    pipe: int | None = None  # end-of-file on it: the supervisor is gone
    token: str | None = None  # of an exported project only
    api_url: str = TELEGRAM


def read_boot(environment: Mapping[str, str]) -> Boot:
    """The facts, from the pipe the environment names, else from the environment itself.  Raises `BootError`."""
    if BOOT_FD in environment:
        _be_undumpable()  # before there is a secret in memory; a process that was started by exec is dumpable again
        return _from_pipe(int(environment[BOOT_FD]))
    return _from_environment(environment)


def _be_undumpable() -> None:
    """No core file, and no other process of the same user reads this one's memory."""
    ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def _from_pipe(pipe: int) -> Boot:
    line = bytearray()
    while not line.endswith(b"\n"):
        piece = os.read(pipe, 1) if len(line) < LONGEST_LINE else b""
        if not piece:
            raise BootError("the pipe ended before the boot facts came")
        line += piece
    try:
        return _boot(json.loads(line), pipe)
    except (ValueError, KeyError, TypeError) as exc:
        raise BootError(f"the boot facts cannot be read: {type(exc).__name__}: {exc}") from exc


def _boot(facts: Mapping[str, Any], pipe: int) -> Boot:
    key = facts.get("webapp_public_key")
    return Boot(
        agent_id=str(facts["agent_id"]),
        bot_id=int(facts["bot_id"]),
        username=str(facts["username"]),
        owner_id=int(facts["owner_id"]),
        owner_language=str(facts.get("owner_language") or "en"),
        init_data_secret=bytes.fromhex(facts["init_data_secret"]),
        webapp_public_key=bytes.fromhex(key) if key else None,
        egress_socket=facts.get("egress_socket"),
        http_fd=facts.get("http_fd"),
        app_url=facts.get("app_url"),
        grace=float(facts.get("grace", 5.0)),
        pipe=pipe,
    )


def _from_environment(environment: Mapping[str, str]) -> Boot:
    token = environment.get("BOT_TOKEN", "").strip()
    if ":" not in token:
        raise BootError("BOT_TOKEN is not set: put the bot's token there (@BotFather gives it)")
    try:
        return Boot(
            agent_id=token.partition(":")[0],
            owner_id=int(environment.get("OWNER_ID") or 0),
            init_data_secret=hmac.new(b"WebAppData", token.encode(), hashlib.sha256).digest(),
            app_url=environment.get("APP_URL") or None,
            port=int(environment.get("PORT") or 0),
            token=token,
            api_url=environment.get("TELEGRAM_API_URL") or TELEGRAM,
        )
    except ValueError as exc:
        raise BootError("OWNER_ID and PORT must be numbers") from exc
