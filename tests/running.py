"""Starting the playground as a process of its own, for tests."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

START = 20.0  # seconds
STOP = 5.0


@contextlib.asynccontextmanager
async def running_playground(data: Path, *options: str, port: int = 0) -> AsyncIterator[str]:
    """The address of a playground that runs on a free port and keeps its world under `data`."""
    process = await started_playground(data, *options, port=port)
    try:
        assert process.stdout is not None
        async with asyncio.timeout(START):
            line = (await process.stdout.readline()).decode()
        assert line.startswith("playground ready on "), f"the playground said {line!r}"
        yield line.rsplit(" ", 1)[1].strip()
    finally:
        await ended(process)


async def started_playground(data: Path, *options: str, port: int = 0) -> asyncio.subprocess.Process:
    """The process, its first line not yet read; it ends with this one."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "playground", "--port", str(port), "--data", str(data), "--until-eof", *options),
        env={name: value for name, value in os.environ.items() if name != "PYTHONASYNCIODEBUG"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )


async def ended(process: asyncio.subprocess.Process) -> int:
    """Ask it to end, insist when it does not; answers the exit code."""
    if process.stdin is not None:
        process.stdin.close()
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    try:
        async with asyncio.timeout(STOP):
            await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
    assert process.returncode is not None
    return process.returncode
