"""`python -m factory_bot.egress`: started by the factory, of no use by hand."""

from __future__ import annotations

import argparse
import asyncio
import logging
import os
import signal
import socket
from pathlib import Path

from factory_bot.egress.server import serve
from factory_bot.log import set_up_logging
from factory_bot.processes import kernel


def main() -> None:
    """Read the key from its pipe and serve until the factory is gone."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--key", type=int, required=True)
    parser.add_argument("--api-url", required=True)
    parser.add_argument("--run-dir", type=Path, required=True)
    parser.add_argument("--log-level", default="INFO")
    arguments = parser.parse_args()
    kernel.undumpable()  # before the key is read
    kernel.raise_open_files()  # each bot takes half a dozen
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the factory's to answer
    set_up_logging(arguments.log_level)
    logging.raiseExceptions = False  # a factory that was killed no longer reads what is said here
    with os.fdopen(arguments.key, "rb") as pipe:
        key = pipe.read()
    asyncio.run(serve(socket.socket(fileno=arguments.control), key, arguments.api_url, arguments.run_dir))


if __name__ == "__main__":
    main()
