"""Starting and ending processes of our own."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from pathlib import Path

from factory_bot.processes.pinned import Pinned

_HANDED_DOWN = ("PATH", "LANG", "LANGUAGE", "LC_ALL", "LC_CTYPE", "TZ", "SSL_CERT_FILE", "SSL_CERT_DIR", "VIRTUAL_ENV")


def clean_environment(**more: str) -> dict[str, str]:
    """An environment of harmless names only, in which our packages are found: it holds no setting and no secret."""
    kept = {name: os.environ[name] for name in _HANDED_DOWN if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    return {**kept, "PYTHONPATH": root, "PYTHONUNBUFFERED": "1", **more}


async def end(process: subprocess.Popen[bytes], number: signal.Signals, *, grace: float) -> int:
    """Ask the process to end, wait, insist with SIGKILL to its whole session; the exit status."""
    if process.poll() is None:
        pinned = Pinned.open(process.pid)  # it is our child and not yet waited for, so the pid is its own
        try:
            pinned.signal(number)
            async with asyncio.timeout(grace):
                await pinned.ended()
        except TimeoutError:
            pass
        finally:
            kill_group(process.pid)
            pinned.close()
    return process.wait()


def kill_group(leader: int) -> None:
    """SIGKILL for the process group of that leader, if there is one."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return
