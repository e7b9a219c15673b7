"""The HTTP sockets of the bots, bound here before their processes exist, so that no port is ever fought over."""

from __future__ import annotations

import itertools
import socket
from collections.abc import Collection

from factory_bot.errors import ChildError

FIRST, LAST = 8000, 9999


class Ports:
    """Gives out listening sockets on loopback."""

    def __init__(self, kept_out: Collection[int]) -> None:
        self._kept_out = frozenset(kept_out)
        self._next = FIRST

    def bind(self) -> socket.socket:
        """A listening socket on a free port of the range.  Raises `ChildError` when all are taken."""
        for offset in itertools.islice(itertools.count(self._next - FIRST), LAST - FIRST + 1):
            port = FIRST + offset % (LAST - FIRST + 1)
            if port in self._kept_out:
                continue
            sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # what is accepted inherits it
                sock.bind(("127.0.0.1", port))
                sock.listen(64)
            except OSError:
                sock.close()
                continue
            self._next = port + 1 if port < LAST else FIRST
            return sock
        raise ChildError(f"every port from {FIRST} to {LAST} is taken")
