"""Looking for secrets in other processes: root does it, for a test that is an ordinary user as well."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import IO

SEARCHER = "MINI_MANCER_TEST_SEARCHER"  # names the socket on which root answers
_LARGEST = 1 << 20  # bytes of a question or an answer


def places_with(pids: Iterable[int], wanted: list[bytes]) -> dict[int, list[str]]:
    """Where in memory, environment, arguments and open files of each process one of these stands."""
    return {pid: _places_in(pid, wanted) for pid in pids}


def readable(pids: Iterable[int]) -> list[str]:
    """What this process may read of what those keep to themselves."""
    opened = []
    for pid in pids:
        for name in ("mem", "environ", "fd"):
            try:
                os.close(os.open(f"/proc/{pid}/{name}", os.O_RDONLY))
                opened.append(f"{name} of {pid}")
            except PermissionError:
                continue
    return opened


@asynccontextmanager
async def answering(path: Path, uid: int) -> AsyncIterator[None]:
    """That user may ask for a search on the socket."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked = json.loads(await reader.readline())
        found = places_with(asked["pids"], [bytes.fromhex(one) for one in asked["wanted"]])
        writer.write(json.dumps([[pid, places] for pid, places in found.items()]).encode() + b"\n")
        await writer.drain()
        writer.close()

    async with await asyncio.start_unix_server(answer, path, limit=_LARGEST):
        os.chown(path, uid, uid)
        yield


async def asked_of_root(path: Path, pids: list[int], wanted: list[bytes]) -> dict[int, list[str]]:
    """What `places_with` gives to root."""
    reader, writer = await asyncio.open_unix_connection(path, limit=_LARGEST)
    writer.write(json.dumps({"pids": pids, "wanted": [one.hex() for one in wanted]}).encode() + b"\n")
    try:
        return dict(json.loads(await reader.readline()))
    finally:
        writer.close()


def _places_in(pid: int, wanted: list[bytes]) -> list[str]:
    places = []
    for name in ("environ", "cmdline"):
        if any(one in Path(f"/proc/{pid}/{name}").read_bytes() for one in wanted):
            places.append(name)
    for link in Path(f"/proc/{pid}/fd").iterdir():
        if any(one in str(link.readlink()).encode() for one in wanted):
            places.append(str(link))
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for line in Path(f"/proc/{pid}/maps").read_text().splitlines():
            if any(one in _content(memory, line) for one in wanted):
                places.append(line)
    return places


def _content(memory: IO[bytes], line: str) -> bytes:
    match = re.match(r"([0-9a-f]+)-([0-9a-f]+) r", line)
    if match is None or line.endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
        return b""
    start, end = (int(part, 16) for part in match.groups())
    try:
        memory.seek(start)
        content = bytearray()
        while len(content) < end - start and (part := memory.read(end - start - len(content))):
            content += part
        return bytes(content)
    except (OSError, OverflowError, ValueError):
        return b""
