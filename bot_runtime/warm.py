"""Warming the fork server: what a child will import, build or run first happens once, before the fork.

A bot's whole life is rehearsed in a throw-away folder, and memory laid out by what was seen.  Afterwards there is no
thread, no loop, no socket and no secret: only modules, compiled patterns and validators, which all children then share.
"""

from __future__ import annotations

import asyncio
import gc
import importlib
import signal
import tempfile
import threading
import time
from pathlib import Path

from bot_runtime.lean import be_lean, hush
from bot_runtime.packing import fill_gaps, pack, watching

MODULES = (
    "bot_runtime.child",
    "encodings.idna",  # looked up at the first connection …
    "concurrent.futures.thread",  # … and at the first thread
    "starlette.formparsers",
    "uvicorn.lifespan.off",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.h11_impl",
)
SIGNALS = (signal.SIGTERM, signal.SIGINT)  # a bot listens to them, and a loop that closes forgets who did before


def warm() -> None:
    """Import and exercise what a child needs, and lay it out so that children share it.  Leaves one thread."""
    be_lean()
    hush()
    for name in MODULES:
        try:
            importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    with watching() as seen:
        _play()
    gc.collect()
    fill_gaps()
    pack(seen)
    _play()  # what was moved has to be warmed again
    gc.collect()
    fill_gaps()


def _play() -> None:
    from bot_runtime.rehearsal import rehearse  # late: it needs what `be_lean` prepared

    before = [signal.getsignal(number) for number in SIGNALS]
    with tempfile.TemporaryDirectory(prefix="mancer-warm-") as folder:
        asyncio.run(rehearse(Path(folder)))
    for number, handler in zip(SIGNALS, before, strict=True):
        signal.signal(number, handler)
    until = time.monotonic() + 5.0
    while threading.active_count() > 1 and time.monotonic() < until:
        time.sleep(0.005)  # the database's thread is on its way out
