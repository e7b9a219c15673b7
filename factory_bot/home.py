"""The playground as the factory's home: started, furnished with "You" and @mini_mancer_bot, ended with the factory.

Standard library only: it runs before the heavy imports.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from factory_bot.errors import MancerError
from factory_bot.settings import Settings

USERNAME = "mini_mancer_bot"
NAME = "Mini-Mancer"

_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "PYTHONPATH", "VIRTUAL_ENV", "PYTHONDONTWRITEBYTECODE")


class HomeError(MancerError):
    """The playground did not start."""


@dataclass(frozen=True, kw_only=True)
class Home:
    """What the factory needs to know of its playground."""

    address: str  # of the page, with the factory bot's chat open
    token: str  # the factory bot's, new at every start
    you: int  # the id of the person "You", the operator
    webapp_public_key: str  # hexadecimal, of the signatures in initData


@contextmanager
def playing(settings: Settings) -> Iterator[Home]:
    """Run the playground for as long as the block lasts.  Raises `HomeError` with its own sentence if it cannot."""
    world = settings.data_dir / "playground"
    for folder in (settings.logs_dir, world):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    log = settings.logs_dir / "playground.log"
    with log.open("w") as errors:
        process = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "playground", "--port", str(settings.playground_port),
             "--data", str(world.resolve()), "--until-eof"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True,
            env={name: os.environ[name] for name in _PASSED_ON if name in os.environ},
            start_new_session=True,  # Ctrl-C reaches the whole terminal group; the playground ends after the factory
        )  # fmt: skip
    try:
        yield _furnish(_ready(process, log))
    finally:
        _end(process)


def _ready(process: subprocess.Popen[str], log: Path) -> str:
    assert process.stdout is not None
    for line in process.stdout:
        if "http://" in line:
            return f"http://{line.rpartition('http://')[2].strip()}"
    reason = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    raise HomeError(reason[-1] if reason else "the playground ended before it was ready")


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        process.stdin.close()
    process.terminate()
    try:
        process.wait(timeout=3)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    assert process.stdout is not None
    process.stdout.close()


def _furnish(address: str) -> Home:
    state = _ask(address, "state")
    you = state["me"] or _ask(address, "users", {"first_name": "You", "language_code": "en"})
    found = next((bot for bot in state["bots"] if bot["username"] == USERNAME), None)
    if found is None:
        made = {"owner_id": you["id"], "name": NAME, "username": USERNAME, "can_manage_bots": True}
        token = _ask(address, "bots", made)["token"]
    else:
        # A new token at each start: none needs to be stored, and a poller left over from before is cut off.
        token = _ask(address, f"bots/{found['id']}/revoke", {})["token"]
    return Home(
        address=f"{address}/#@{USERNAME}", token=token, you=you["id"], webapp_public_key=state["webapp_public_key"]
    )


def _ask(address: str, call: str, body: dict[str, Any] | None = None) -> Any:
    request = urllib.request.Request(  # noqa: S310 - http on loopback
        f"{address}/play/v1/{call}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=10) as answer:
            return json.load(answer)
    except (OSError, ValueError) as exc:
        raise HomeError(f"the playground at {address} did not answer as expected: {exc}") from exc
