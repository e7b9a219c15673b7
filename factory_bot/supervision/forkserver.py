"""`python -m factory_bot.supervision.forkserver`: has the libraries of a bot loaded, and forks bots.

It holds no secret, runs no event loop, has one thread, and no network: what it forks has none of these either.
Messages come over an inherited packet socket with the descriptors the new process shall have; the exits of its children
go back.  When the factory is gone it ends its children and then itself.
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import gc
import json
import os
import random
import select
import signal
import socket
import sys
import tempfile
import time
import traceback
from dataclasses import asdict
from typing import NoReturn

from factory_bot.processes import kernel
from factory_bot.processes.channel import Message, receive, send
from factory_bot.processes.own_root import have_own_root
from factory_bot.supervision.confinement import BOOT_FD, HTTP_FD, Confinement, Namespaces, confine, python_places

LEAVE_CHILDREN = 4.0  # seconds they get to end by themselves when the factory is gone


def main() -> None:
    """Warm up once, then fork on demand."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--control", type=int, required=True)
    parser.add_argument("--sight", type=json.loads, required=True)
    parser.add_argument("--merge", action="store_true")
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the factory's to answer
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it ends when the factory is gone, not before its children
    network = kernel.leave_network()  # before the next line, which closes to us the files that this writes
    kernel.undumpable()
    kernel.adopt_orphans()
    python_places()
    if arguments.merge:
        with contextlib.suppress(OSError):  # the factory has said already that this Linux cannot
            kernel.merge_equal_memory()
    from bot_runtime.warm import warm  # late: its libraries are heavy, and the lines above must come first

    warm()
    namespaces = Namespaces.found_out(arguments.sight, network=network)
    if namespaces.files:
        have_own_root(arguments.sight)
    gc.collect()
    gc.freeze()
    ForkServer(socket.socket(fileno=arguments.control)).serve(namespaces)


class ForkServer:
    """Forks children and reports their ends."""

    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._children: dict[int, int] = {}  # pid → number of the message that asked for it

    def serve(self, namespaces: Namespaces) -> None:
        """Until the factory is gone."""
        self._demand_cleanliness()
        wake, waker = socket.socketpair()
        wake.setblocking(False)
        waker.setblocking(False)
        # Full, it wakes all the same: a thousand bots may end at one moment.
        signal.set_wakeup_fd(waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, _noted)
        send(self._control, {"ready": True, "namespaces": asdict(namespaces)})
        while True:
            readable, _, _ = select.select([self._control, wake], [], [])
            if wake in readable:
                wake.recv(4096)
                self._reap()
            if self._control in readable:
                received = receive(self._control)
                if received is None:
                    break
                self._fork(*received)
        self._leave()

    def _demand_cleanliness(self) -> None:
        if (threads := kernel.thread_count()) != 1:
            raise SystemExit(f"the fork server has {threads} threads; a fork would copy their locks, held for ever")

    def _fork(self, message: Message, descriptors: list[int]) -> None:
        self._demand_cleanliness()
        pid = os.fork()
        if pid == 0:
            _be_child(Confinement.from_json(message["confinement"]), descriptors)
        self._children[pid] = message["id"]
        pinned = os.pidfd_open(pid)  # not yet waited for, so the pid is its own
        for descriptor in descriptors:
            os.close(descriptor)
        self._report({"answers": message["id"], "pid": pid}, pinned)
        os.close(pinned)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return
            if pid == 0:
                return
            if pid in self._children:  # else an orphan of one
                self._report({"ended": self._children.pop(pid), "status": status})

    def _report(self, message: Message, *descriptors: int) -> None:
        try:
            send(self._control, message, descriptors)
        except OSError:
            return  # the factory is gone; the next receive says so

    def _leave(self) -> None:
        """The children saw their pipe end at the same moment: wait for them, then insist."""
        limit = time.monotonic() + LEAVE_CHILDREN
        while self._children and time.monotonic() < limit:
            self._reap()
            time.sleep(0.02)
        # Whoever started a process and ended has left it to us, in whatever session: nobody else will look for it.
        while left := kernel.belonging_to(sessions=self._children, parents={os.getpid()}):
            for pid in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
            self._reap()


def _noted(_signal: int, _frame: object) -> None:
    """Only so that the wake-up descriptor is written."""


def _be_child(to: Confinement, descriptors: list[int]) -> NoReturn:
    code = 1
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        os.setsid()
        _take_descriptors(*descriptors)
        os.chdir(to.project)
        os.environ["MANCER_BOOT_FD"] = str(BOOT_FD)  # one by one: `update` would cost each child 0.7 MB
        os.environ["TMPDIR"] = f"{to.project}/data"
        tempfile.tempdir = None
        random.seed()
        confine(to)
        kernel.call_itself(f"bot {to.project.rpartition('/')[2]}")
        sys.argv = ["bot.py"]
        _run_as_main(f"{to.project}/bot.py")
        code = 0
    except SystemExit as exc:
        code = exc.code if isinstance(exc.code, int) else 0 if exc.code is None else 1
        if isinstance(exc.code, str):
            sys.stderr.write(f"{exc.code}\n")
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _run_as_main(path: str) -> None:
    """What `python bot.py` does (`runpy` does it too, at the price of a megabyte a child)."""
    with open(path, "rb") as file:  # noqa: PTH123 – hot path
        code = compile(file.read(), path, "exec")
    exec(code, {"__name__": "__main__", "__file__": path, "__builtins__": __builtins__})  # noqa: S102 – our own text


def _take_descriptors(boot: int, output: int, http: int) -> None:
    null = os.open(os.devnull, os.O_RDWR)
    # Out of the way first, so that no copy lands on one that is still needed.
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, HTTP_FD + 1) for descriptor in (null, output, output, boot, http)]
    for number, descriptor in enumerate(moved):
        os.dup2(descriptor, number, inheritable=True)
    os.closerange(HTTP_FD + 1, os.sysconf("SC_OPEN_MAX"))


if __name__ == "__main__":
    main()
