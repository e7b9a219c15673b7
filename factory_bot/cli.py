"""The command line: settings, the one-factory lock, the playground, and then the factory itself.

The order matters to a person at a terminal: what can fail fast is tried first, the playground is up and its address
printed before the heavy libraries are imported.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import fcntl
import os
import signal
import socket
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType

from factory_bot.errors import MancerError, SettingsError
from factory_bot.settings import Settings, load_settings

BROKEN = 2  # exit code: it could not start


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line; the exit code."""
    arguments = _parser().parse_args(argv)
    signal.signal(signal.SIGTERM, _end_quietly)  # until the factory's own loop takes over
    try:
        settings = load_settings(playground_port=arguments.port)
        if arguments.check:
            return _check(settings)
        return _run(settings, browser=not arguments.no_browser and sys.stdout.isatty())
    except SettingsError as exc:
        for fault in exc.faults:
            _complain(fault)
        return 1 if arguments.check else BROKEN
    except MancerError as exc:
        _complain(str(exc))
        return BROKEN
    except KeyboardInterrupt:
        return 0


def _run(settings: Settings, *, browser: bool) -> int:
    with ExitStack() as stack:
        _make_folders(settings)
        stack.enter_context(_alone(settings.data_dir))
        _free(settings.gateway_host, settings.gateway_port, "MANCER_GATEWAY_PORT")
        home = None
        if settings.playground:
            from factory_bot.home import playing

            # The playground of a factory that was killed a moment ago needs that moment to end.
            _free("127.0.0.1", settings.playground_port, "MANCER_PLAYGROUND_PORT (or --port)", patience=2.0)
            home = stack.enter_context(playing(settings))
            _say(_banner(home.address))
            if browser:
                _open_browser(home.address)
        from factory_bot import app  # the heavy libraries; see this module's docstring

        return asyncio.run(app.run(settings, home, _say_clearly))


def _check(settings: Settings) -> int:
    try:
        _make_folders(settings)
    except SettingsError as exc:  # the other checks need the folders
        faults = list(exc.faults)
    else:
        from factory_bot.checking import faults_of

        faults = asyncio.run(faults_of(settings))
    for fault in faults:
        _complain(fault)
    if not faults:
        _say("Everything is in order.")
    return 1 if faults else 0


def _make_folders(settings: Settings) -> None:
    for folder, name in ((settings.data_dir, "MANCER_DATA_DIR"), (settings.bots_dir, "MANCER_BOTS_DIR")):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            probe = folder / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError as exc:
            raise SettingsError(
                f"{name}: cannot write to {folder} ({exc.strerror}); name a folder of your own"
            ) from exc
    with contextlib.suppress(OSError):  # it may belong to somebody who chose its mode
        settings.data_dir.chmod(0o711)
    # What lies in it is nobody else's to read: bots' output and, in the playground, everybody's messages.
    for private in (settings.logs_dir, settings.data_dir / "playground"):
        with contextlib.suppress(OSError):  # the playground may never have been there
            private.chmod(0o700)


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Hold the data directory for this process; a second factory on it would double every bot."""
    with (data_dir / "factory.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as exc:
            raise SettingsError(
                f"another factory already runs on {data_dir}; stop it, or set MANCER_DATA_DIR to another folder"
            ) from exc
        yield


def _free(host: str, port: int, setting: str, *, patience: float = 0.0) -> None:
    """Raise `SettingsError` if nobody can listen there within `patience` seconds."""
    until = time.monotonic() + patience
    while True:
        try:
            with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
                probe.listen(1)
                return
        except OSError as exc:
            if time.monotonic() >= until:
                raise SettingsError(f"{host}:{port} cannot be used ({exc.strerror}); choose another {setting}") from exc
        time.sleep(0.1)


def _banner(address: str) -> str:
    return (
        "\n  Mini-Mancer is starting in the playground, a Telegram of its own on this machine.\n"
        f"\n      Open   {address}\n"
        "      Press  Start, write /newbot, and describe the bot you want.\n"
        "\n  Ctrl-C ends everything; what you made is kept. Going live: see the README.\n"
    )


def _open_browser(address: str) -> None:
    import webbrowser

    webbrowser.open(address)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="mini-mancer",
        description="A Telegram bot that makes Telegram bots. Without a token it runs in a playground on this machine.",
    )
    parser.add_argument("--port", type=int, metavar="N", help="the playground's port (default 8081)")
    parser.add_argument("--no-browser", action="store_true", help="do not open the playground's page")
    parser.add_argument("--check", action="store_true", help="report every fault of the settings and end")
    parser.add_argument("--version", action="version", version=f"mini-mancer {_version()}")
    return parser


def _version() -> str:
    try:
        return version("mini-mancer")
    except PackageNotFoundError:
        return "(not installed)"


def _end_quietly(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def _say_clearly(sentence: str) -> None:
    _say(f"\n  {sentence}\n")  # set off from the log that runs through the same stream


def _complain(text: str) -> None:
    sys.stderr.write(f"mini-mancer: {text}\n")
    sys.stderr.flush()
