"""Run the playground: `python -m playground --port 8081 --data data/playground`."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import errno
import fcntl
import gc
import ipaddress
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO

BACKLOG = 2048
OPEN_FILES = 65536


class CannotStart(Exception):
    """Why the playground does not run; the message is one sentence."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run until SIGTERM, Ctrl-C or, with --until-eof, the end of stdin; 2 when it cannot start."""
    options = _options(argv)
    try:
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(_listening(options.host, options.port))
            data = Path(options.data)
            stack.enter_context(_alone_in(data))
            asyncio.run(_serve(listener, data, until_eof=options.until_eof, http_apps=options.allow_http_apps))
    except sqlite3.DatabaseError as exc:
        print(f"playground: the world in {options.data} cannot be read: {exc}", file=sys.stderr)  # noqa: T201
        return 2
    except CannotStart as exc:
        print(f"playground: {exc}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


def _options(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m playground", description="A local Telegram on this machine.")
    parser.add_argument("--port", type=int, default=8081, help="port to listen on; 0 picks a free one (default 8081)")
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address (default 127.0.0.1); no other is taken")
    parser.add_argument(
        "--data", default="data/playground", help="folder the world is kept in (default data/playground)"
    )
    parser.add_argument("--until-eof", action="store_true", help="stop when stdin ends")
    parser.add_argument(
        "--allow-http-apps",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="take http:// addresses of Mini Apps, as Telegram's test servers do (default); --no-… as Telegram itself",
    )
    return parser.parse_args(argv)


@contextlib.contextmanager
def _listening(host: str, port: int) -> Iterator[socket.socket]:
    address = "127.0.0.1" if host == "localhost" else host
    try:
        loopback = ipaddress.ip_address(address).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        raise CannotStart(f"it listens on loopback only, so it does not take the address {host}; use 127.0.0.1")
    if not 0 <= port <= 65535:
        raise CannotStart(f"{port} is no port; use 0 to 65535")
    listener = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    with listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((address, port))
            listener.listen(BACKLOG)
        except OSError as exc:
            reason = (
                "is taken by another program" if exc.errno == errno.EADDRINUSE else f"cannot be used: {exc.strerror}"
            )
            raise CannotStart(f"port {port} {reason}") from exc
        listener.set_inheritable(False)
        yield listener


@contextlib.contextmanager
def _alone_in(data: Path) -> Iterator[None]:
    try:
        data.mkdir(parents=True, exist_ok=True)
        lock: IO[str] = (data / "playground.lock").open("w")
    except OSError as exc:
        raise CannotStart(f"the data folder {data} cannot be used: {exc.strerror}") from exc
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise CannotStart(f"another playground uses the data folder {data}") from exc
        yield


async def _serve(listener: socket.socket, data: Path, *, until_eof: bool, http_apps: bool) -> None:
    _raise_file_limit()
    from playground.serving import serve

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if until_eof:
        _stop_at_eof(loop, stop)
    gc.freeze()
    await serve(listener, data, stop, http_apps=http_apps, say=_say)


def _say(sentence: str) -> None:
    print(sentence, flush=True)  # noqa: T201


def _raise_file_limit() -> None:
    """A thousand bots poll at once, each on a connection of its own."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _stop_at_eof(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    def readable() -> None:
        if not os.read(sys.stdin.fileno(), 4096):
            loop.remove_reader(sys.stdin)
            stop.set()

    try:
        loop.add_reader(sys.stdin, readable)
    except PermissionError:  # a plain file or /dev/null ends at once
        stop.set()


if __name__ == "__main__":
    sys.exit(main())
