"""Messages between two of our processes: JSON over a Unix packet socket, with descriptors beside them.

A packet arrives whole or not at all, so there is no framing; end-of-file says that the other process is gone.
"""

from __future__ import annotations

import array
import asyncio
import itertools
import json
import os
import socket
from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

PACKET = 65536  # bytes
DESCRIPTORS = 4

Message = dict[str, Any]


def channel_pair() -> tuple[socket.socket, socket.socket]:
    """The two ends."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)


def receive(sock: socket.socket) -> tuple[Message, list[int]] | None:
    """The next message and its descriptors; None at the end."""
    try:
        packet, descriptors, _, _ = socket.recv_fds(sock, PACKET, DESCRIPTORS)
    except ConnectionResetError:  # the other process died before it had read everything
        return None
    for descriptor in descriptors:
        os.set_inheritable(descriptor, False)
    if not packet:
        return None
    message: Message = json.loads(packet)
    return message, list(descriptors)


def send(sock: socket.socket, message: Message, descriptors: Sequence[int] = ()) -> None:
    """Send one message with descriptors (the receiver gets copies)."""
    beside = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", descriptors))] if descriptors else []
    sock.sendmsg([json.dumps(message).encode()], beside)


class ChannelClosedError(Exception):
    """The other process is gone."""


class Channel:
    """One end of a channel in an asyncio loop."""

    def __init__(
        self,
        sock: socket.socket,
        *,
        on_message: Callable[[Message, list[int]], None],
        on_end: Callable[[], None],
    ) -> None:
        self._sock = sock
        self._on_message = on_message
        self._on_end = on_end
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[tuple[Message, list[int]]] = deque()
        self._numbers = itertools.count(1)
        self._asked: dict[int, asyncio.Future[tuple[Message, list[int]]]] = {}
        self.is_open = True
        sock.setblocking(False)
        self._loop.add_reader(sock, self._readable)

    @property
    def backlog(self) -> int:
        """How many messages wait for the other side to read."""
        return len(self._waiting)

    def send(self, message: Message, descriptors: Sequence[int] = ()) -> None:
        """Send, or queue if the other side is slow (descriptors are copied)."""
        if not self.is_open:
            raise ChannelClosedError
        self._waiting.append((message, [os.dup(descriptor) for descriptor in descriptors]))
        if len(self._waiting) == 1:
            self._writable()

    async def ask(self, message: Message, descriptors: Sequence[int] = ()) -> tuple[Message, list[int]]:
        """Send and wait for the message that answers it."""
        number = next(self._numbers)
        answer: asyncio.Future[tuple[Message, list[int]]] = self._loop.create_future()
        self._asked[number] = answer
        try:
            self.send({**message, "id": number}, descriptors)
            return await answer
        finally:
            self._asked.pop(number, None)

    def close(self) -> None:
        """Stop; whoever waits for an answer gets `ChannelClosedError`."""
        if not self.is_open:
            return
        self.is_open = False
        self._loop.remove_reader(self._sock)
        self._loop.remove_writer(self._sock)
        self._sock.close()
        for _, copies in self._waiting:
            for copy in copies:
                os.close(copy)
        self._waiting.clear()
        for answer in self._asked.values():
            if not answer.done():
                answer.set_exception(ChannelClosedError())

    def _readable(self) -> None:
        while self.is_open:
            try:
                received = receive(self._sock)
            except BlockingIOError:
                return
            except OSError:
                received = None
            if received is None:
                self.close()
                self._on_end()
                return
            message, descriptors = received
            answer = self._asked.get(message.get("answers", 0))
            if answer is None:
                self._on_message(message, descriptors)
            elif not answer.done():
                answer.set_result((message, descriptors))
            else:
                for descriptor in descriptors:
                    os.close(descriptor)

    def _writable(self) -> None:
        while self._waiting:
            message, copies = self._waiting[0]
            try:
                send(self._sock, message, copies)
            except BlockingIOError:
                self._loop.add_writer(self._sock, self._writable)
                return
            except OSError:
                self._loop.remove_writer(self._sock)
                return  # the reader sees the end
            self._waiting.popleft()
            for copy in copies:
                os.close(copy)
        self._loop.remove_writer(self._sock)
