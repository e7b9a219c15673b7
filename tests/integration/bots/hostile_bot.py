"""A bot that tries to get at everything it should not: each attempt and what came of it goes to `data/report.json`."""

import ctypes
import fcntl
import json
import os
import resource
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

BOOT = json.loads(os.fdopen(os.dup(int(os.environ["MANCER_BOOT_FD"])), "rb").readline())
AIMS = json.loads(Path("data/aims.json").read_text())
GOT_AWAY_WITH: dict[str, str] = {}
TRIED: list[str] = []


class Egress(HTTPConnection):
    def __init__(self, path: str) -> None:
        super().__init__("egress", timeout=5)
        self.path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(5)
        self.sock.connect(self.path)


def attempt(name: str, deed: Callable[..., Any], *details: Any) -> None:
    """An attempt fails by an OSError, for lack of memory, or by returning nothing."""
    TRIED.append(name)
    try:
        result = deed(*details)
    except (OSError, MemoryError):
        return
    if result:
        GOT_AWAY_WITH[name] = repr(result)[:200]


def asked(socket_path: str, target: str, method: str = "POST") -> Any:
    connection = Egress(socket_path)
    connection.request(method, target, "{}", {"Content-Type": "application/json"})
    response = connection.getresponse()
    response.read()
    return response.status if response.status not in {400, 403, 404} else None


def opened(path: str, flags: int = os.O_RDONLY) -> Any:
    descriptor = os.open(path, flags, 0o600)
    return f"opened as {descriptor}"


def memory_of(pid: int) -> Any:
    maps = Path(f"/proc/{pid}/maps").read_text()
    first = int(maps.partition("-")[0], 16)
    with Path(f"/proc/{pid}/mem").open("rb") as memory:
        memory.seek(first)
        return memory.read(16)


def vm_read(pid: int) -> Any:
    class Part(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    buffer = ctypes.create_string_buffer(16)
    here = Part(ctypes.cast(buffer, ctypes.c_void_p).value, 16)
    there = Part(ctypes.cast(buffer, ctypes.c_void_p).value, 16)  # a fork has the same addresses
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.process_vm_readv(pid, ctypes.byref(here), 1, ctypes.byref(there), 1, 0) > 0:
        return "read"
    return "faulted, so it was permitted" if ctypes.get_errno() == 14 else None


def connected(address: tuple[str, int]) -> Any:
    with socket.socket() as sock:
        sock.settimeout(3)
        sock.connect(address)
        return "connected"


def connected_from_the_inherited_listener() -> Any:
    """It belongs to the network outside; shut down, the kernel lets it connect."""
    sock = socket.socket(fileno=os.dup(BOOT["http_fd"]))
    sock.shutdown(socket.SHUT_RD)
    sock.connect(tuple(AIMS["tcp"]))
    return "connected"


def datagram() -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        return sock.sendto(b"hello", tuple(AIMS["tcp"]))


def connected_to(path: str) -> Any:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect(path)
        return "connected"


def abstract() -> Any:
    with socket.socket(socket.AF_UNIX) as sock:
        sock.connect("\0" + AIMS["abstract"])
        return "connected"


def signalled(pid: int) -> Any:
    os.kill(pid, 0)
    return "may signal"


def limited(pid: int) -> Any:
    return resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def rescheduled(pid: int) -> Any:
    os.sched_setaffinity(pid, os.sched_getaffinity(0))
    return "moved"


def slowed_down(pid: int) -> Any:
    os.setpriority(os.PRIO_PROCESS, pid, 19)
    return "slowed down"


def descriptors() -> Any:
    open_ones = []
    for number in range(256):
        try:
            fcntl.fcntl(number, fcntl.F_GETFD)
            open_ones.append(number)
        except OSError:
            continue
    return [number for number in open_ones if number > 4]


def became(uid: int) -> Any:
    os.setuid(uid)
    return f"is {uid}"


def memory(megabytes: int) -> Any:
    return f"{len(bytearray(megabytes << 20))} bytes"


def many_files(count: int) -> Any:
    files = []
    try:
        for _ in range(count):
            files.append(os.open("bot.py", os.O_RDONLY))
    finally:
        for descriptor in files:
            os.close(descriptor)
    return f"{count} files"


def many_processes(count: int) -> Any:
    for _ in range(count):
        if os.fork() == 0:
            time.sleep(600)
            os._exit(0)
    return f"{count} processes"


def new_namespace(kind: int) -> Any:
    return "in it" if ctypes.CDLL(None).unshare(kind) == 0 else None


def born_in_a_namespace(kind: int) -> Any:
    pid = ctypes.CDLL(None).syscall(
        {"x86_64": 56, "aarch64": 220}[os.uname().machine], kind | signal.SIGCHLD, 0, 0, 0, 0
    )
    return _ended(pid)


def born_by_clone3_in_a_namespace(kind: int) -> Any:
    arguments = (ctypes.c_uint64 * 8)(kind, 0, 0, 0, signal.SIGCHLD)
    return _ended(ctypes.CDLL(None).syscall(435, ctypes.byref(arguments), ctypes.sizeof(arguments)))


def _ended(pid: int) -> Any:
    if pid == 0:
        os._exit(0)
    return f"process {pid}" if pid > 0 else None


def memory_beside_the_limits() -> Any:
    libc = ctypes.CDLL(None)
    shared = libc.shmget(0, 1 << 20, 0o1600)
    if shared >= 0:
        libc.shmctl(shared, 0, None)
        return "a shared segment"
    return os.memfd_create("hoard")


def opened_up(path: str) -> Any:
    Path(path).chmod(0o666)
    return "changed"


def listed(path: str) -> Any:
    return [str(entry) for entry in Path(path).iterdir()]


def linked(path: str) -> Any:
    os.link(path, "data/link")
    return "linked"


def ran(program: str) -> Any:
    return subprocess.run([program, "-c", "echo out"], capture_output=True, check=False).stdout


def main() -> None:
    own, bot = BOOT["egress_socket"], f"/bot{BOOT['bot_id']}:egress"
    attempt("descriptors", descriptors)
    for method in AIMS["methods"]:
        attempt(f"call {method}", asked, own, f"{bot}/{method}")
    for target in (
        f"{bot}/getMe/../setWebhook",
        f"{bot}/test/getMe",
        f"//bot{BOOT['bot_id']}:egress/logOut",
        f"/bot{AIMS['other_bot_id']}:egress/getMe",
        f"/bot{BOOT['bot_id']}:other/getMe",
        "/agents/other/getMe",
        "/try/getMe",
    ):
        attempt(f"ask for {target}", asked, own, target)
    for path in ("../../bot1:x/getMe", "%2e%2e/%2e%2e/getMe", "a/..%2f..%2fgetMe", "photos//x", "x%3fy"):
        target = f"/file{bot}/{path}"
        attempt(f"download {path}", asked, own, target, "GET")
    for name, path in AIMS["sockets"].items():
        attempt(f"use the socket of {name}", asked, path, f"/bot{AIMS['other_bot_id']}:egress/getMe")
        attempt(f"call as {name}", asked, path, "/agents/other/getMe")
    for name, pid in AIMS["pids"].items():
        for part in ("mem", "environ", "maps"):
            attempt(f"open {part} of {name}", opened, f"/proc/{pid}/{part}")
        attempt(f"memory of {name}", memory_of, pid)
        attempt(f"read into {name}", vm_read, pid)
        attempt(f"signal {name}", signalled, pid)
        attempt(f"change the limits of {name}", limited, pid)
        attempt(f"reschedule {name}", rescheduled, pid)
        attempt(f"slow down {name}", slowed_down, pid)
    for path in AIMS["files"]:
        attempt(f"read {path}", opened, path)
        attempt(f"write {path}", opened, path, os.O_WRONLY)
        if not path.startswith("/etc"):  # were it permitted, the machine of the test would suffer
            attempt(f"open up {path}", opened_up, path)
    for path in AIMS["folders"]:
        attempt(f"list {path}", listed, path)
        attempt(f"write into {path}", opened, f"{path}/planted", os.O_WRONLY | os.O_CREAT)
    for path in ("bot.py", "dna.json"):
        attempt(f"write own {path}", opened, path, os.O_WRONLY | os.O_CREAT)
    attempt("link out", linked, AIMS["files"][0])
    attempt("connect by TCP", connected, tuple(AIMS["tcp"]))
    attempt("connect to the neighbour by TCP", connected, ("127.0.0.1", AIMS["neighbour_port"]))
    attempt("connect from the inherited listener", connected_from_the_inherited_listener)
    attempt("send a datagram", datagram)
    attempt("connect to an abstract socket", abstract)
    attempt("connect to a socket that is open to all", connected_to, AIMS["open_socket"])
    attempt("become root", became, 0)
    attempt("become the neighbour", became, AIMS["other_uid"])
    attempt("enter a user namespace", new_namespace, 0x10000000)
    attempt("start a process in a user namespace", born_in_a_namespace, 0x10000000)
    attempt("start one by clone3", born_by_clone3_in_a_namespace, 0x10000000)
    attempt("run a shell", ran, "/bin/sh")
    attempt("take more memory than it may", memory, 400)
    attempt("hold memory that no limit counts", memory_beside_the_limits)
    attempt("open more files than it may", many_files, 300)
    left_behind = os.fork()
    if left_behind == 0:  # in a session of its own
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(600)
    attempt("start more processes than it may", many_processes, 100)
    report = {"tried": TRIED, "got_away_with": GOT_AWAY_WITH, "uid": os.getuid(), "left_behind": left_behind}
    Path("data/report.part").write_text(json.dumps(report))
    Path("data/report.part").rename("data/report.json")
    time.sleep(600)


if __name__ == "__main__":
    main()
