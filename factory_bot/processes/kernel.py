"""What is asked of Linux beyond the standard library: Landlock, namespaces, capabilities, prctl.

Each function does one thing to the calling process and says whether the kernel agreed; none is ever undone.
"""

from __future__ import annotations

import ctypes
import os
import re
import resource
import stat
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

_libc = ctypes.CDLL(None, use_errno=True)

_PR_SET_DUMPABLE, _PR_SET_KEEPCAPS, _PR_SET_NAME, _PR_SET_NO_NEW_PRIVS = 4, 8, 15, 38
_PR_SET_CHILD_SUBREAPER, _PR_SET_MEMORY_MERGE = 36, 67
_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 47, 2
_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000

_CAP_CHOWN, _CAP_DAC_READ_SEARCH, _CAP_SETGID, _CAP_SETUID = 0, 2, 6, 7

# https://docs.kernel.org/userspace-api/landlock.html; the numbers are the same on every architecture
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_RULE_PATH_BENEATH = 1
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1, 2, 4, 8
_TRUNCATE, _IOCTL_DEV = 1 << 14, 1 << 15
_OF_A_FILE = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE | _IOCTL_DEV
_BY_ABI = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}  # from 5 on: 16 rights
_TCP_BIND_AND_CONNECT = 3
_SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS = 3

READ = _READ_FILE | _READ_DIR
RUN = READ | _EXECUTE
USE = _READ_FILE | _WRITE_FILE  # of a device
OWN = ((1 << 16) - 1) & ~_EXECUTE & ~(1 << 6) & ~(1 << 11) & ~_IOCTL_DEV  # all but running and device nodes


class _Ruleset(ctypes.Structure):
    _fields_ = [("fs", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64)]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32)]


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _CapSet(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def checked(result: int, what: str) -> int:
    """What a call of libc returned, or the OSError it reported."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def landlock_abi() -> int:
    """The version of Landlock this kernel speaks; 0 where it has none."""
    return max(0, int(_libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), ctypes.c_uint32(1))))


def confine(rights: Iterable[tuple[str, int]]) -> None:
    """From now on only these paths with these rights; no TCP connection or new listener; no signal to an outsider.

    Children inherit it.  A path that does not exist is passed over.
    """
    abi = landlock_abi()
    handled = _BY_ABI.get(abi, (1 << 16) - 1)
    net = _TCP_BIND_AND_CONNECT if abi >= 4 else 0
    ruleset = _Ruleset(handled, net, _SCOPE_ABSTRACT_SOCKETS_AND_SIGNALS)
    size = 8 if abi < 4 else 16 if abi < 6 else 24
    descriptor = checked(
        _libc.syscall(_CREATE_RULESET, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0)), "landlock"
    )
    try:
        for path, allowed in rights:
            _allow(descriptor, path, allowed & handled)
        no_new_privileges()
        checked(_libc.syscall(_RESTRICT_SELF, descriptor, ctypes.c_uint32(0)), "landlock")
    finally:
        os.close(descriptor)


def _allow(ruleset: int, path: str, allowed: int) -> None:
    try:
        beneath = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        folder = stat.S_ISDIR(os.fstat(beneath).st_mode)
        rule = _PathBeneath(allowed if folder else allowed & _OF_A_FILE, beneath)
        checked(
            _libc.syscall(_ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), ctypes.c_uint32(0)), "landlock"
        )
    finally:
        os.close(beneath)


def no_new_privileges() -> None:
    """No program run from here on gains rights by a set-user-id bit."""
    checked(_libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")


def undumpable() -> None:
    """No core file, and no other process of the same user reads this one's memory."""
    checked(_libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0), "dumpable")
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def adopt_orphans() -> None:
    """Become the parent of every descendant whose parent has ended, so that none stays a zombie."""
    checked(_libc.prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0), "subreaper")


def call_itself(name: str) -> None:
    """The name that `ps` and `top` show (its first 15 bytes)."""
    _libc.prctl(_PR_SET_NAME, name.encode()[:15], 0, 0, 0)


def raise_open_files() -> None:
    """As many open files as the machine's administrator allows; the usual limit is meant for small programs."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def leave_network() -> bool:
    """Into a network namespace with nothing in it; sockets already open keep their own.  False where it is refused."""
    if os.geteuid() == 0 and _libc.unshare(_CLONE_NEWNET) == 0:
        return True
    try:
        _enter_namespaces(_CLONE_NEWUSER | _CLONE_NEWNET, os.geteuid(), os.getegid())
    except OSError:
        return False
    return True


def have_alias(number: int) -> None:
    """Into a user namespace of its own, in which this process's user and group have that number.

    Nothing it starts can leave it without a call that `seccomp` refuses, so `belonging_to` finds all of that, and a
    limit on processes counts that alone.  Raises OSError.
    """
    checked(_libc.prctl(_PR_SET_DUMPABLE, 1, 0, 0, 0), "dumpable")  # else the two maps are root's
    _enter_namespaces(_CLONE_NEWUSER, number, number)


def works(deed: Callable[[], object]) -> bool:
    """Whether it can be done here, tried in a process that ends at once.  For a process with a single thread."""
    pid = os.fork()
    if pid == 0:
        try:
            deed()
            os._exit(0)
        except BaseException:
            os._exit(1)
    return os.waitpid(pid, 0)[1] == 0


def _enter_namespaces(kinds: int, uid: int, gid: int) -> None:
    """Among them one of users, in which the present user and group have these numbers."""
    known_outside = os.geteuid(), os.getegid()
    checked(_libc.unshare(kinds), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    for name, inside, outside in zip(("uid_map", "gid_map"), (uid, gid), known_outside, strict=True):
        Path(f"/proc/self/{name}").write_text(f"{inside} {outside} 1")


def counts_processes_by_namespace() -> bool:
    """Whether a limit on processes counts within a user namespace (Linux 5.14) and not the user's whole machine."""
    return _linux() >= (5, 14)


def merge_equal_memory() -> None:
    """Have Linux keep pages of equal content once, those of this process and of all that it forks.  Raises OSError."""
    checked(_libc.prctl(_PR_SET_MEMORY_MERGE, 1, 0, 0, 0), "memory merge")


def merging_trouble(switch: Path = Path("/sys/kernel/mm/ksm/run")) -> str | None:
    """Why `merge_equal_memory` has no effect on this machine; None where it has."""
    try:
        looks = switch.read_text().strip() == "1"
    except OSError:
        looks = None
    if looks is None or _linux() < (6, 4):
        return "this Linux cannot merge equal memory of processes: it needs 6.4 or newer, built with KSM"
    return None if looks else "Linux is not looking for equal memory; as root: echo 1 > /sys/kernel/mm/ksm/run"


def _linux() -> tuple[int, ...]:
    release = re.match(r"(\d+)\.(\d+)", os.uname().release)
    return tuple(map(int, release.groups())) if release is not None else (0, 0)


def may_give_uids(lowest: int, highest: int) -> bool:
    """Whether this process can give files and processes to users of that range."""
    if not _has(1 << _CAP_CHOWN | 1 << _CAP_SETGID | 1 << _CAP_SETUID | 1 << _CAP_DAC_READ_SEARCH):
        return False
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        first, _, count = (int(part) for part in line.split())
        if first <= lowest and highest < first + count:
            return True
    return False


def _has(capabilities: int) -> bool:
    status = Path("/proc/self/status").read_text()
    effective = int(status.partition("CapEff:")[2].split(None, 1)[0], 16)
    return effective & capabilities == capabilities


def become(uid: int, *, keep_search: bool, across_exec: bool = False) -> None:
    """Be that user (and group) and nobody else.

    With `keep_search` the one right to pass through folders and read stays, for where Python or the projects lie in
    a folder that only root may enter: only sound when `confine` says what is readable.
    """
    if keep_search:
        checked(_libc.prctl(_PR_SET_KEEPCAPS, 1, 0, 0, 0), "keepcaps")
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    keep_capabilities(1 << _CAP_DAC_READ_SEARCH if keep_search else 0, across_exec=across_exec)


def keep_capabilities(mask: int = 0, *, across_exec: bool = False) -> None:
    """Give up every capability but those of the mask."""
    header = _CapHeader(0x20080522, 0)
    sets = (_CapSet * 2)()
    sets[0] = _CapSet(mask, mask, mask if across_exec else 0)
    checked(_libc.capset(ctypes.byref(header), ctypes.byref(sets)), "capset")
    if mask and across_exec:
        for capability in range(32):
            if mask >> capability & 1:
                checked(_libc.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, capability, 0, 0), "ambient")


def thread_count() -> int:
    """How many threads this process has, those of C libraries included."""
    return sum(1 for _ in Path("/proc/self/task").iterdir())


def memory_in_use() -> tuple[int, int]:
    """The bytes of this process's address space, and of the writable part that is its own."""
    pages = Path("/proc/self/statm").read_text().split()
    return int(pages[0]) * resource.getpagesize(), int(pages[5]) * resource.getpagesize()


def started_at(pid: int) -> str | None:
    """When a process started, as the kernel counts it: with the pid and the boot it names one process for ever.

    None where there is no such process, or only its remains are left.
    """
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def boot_id() -> str:
    """The name of the machine's present boot."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def belonging_to(
    sessions: Collection[int] = (),
    users: Collection[int] = (),
    *,
    aliases: Collection[int] = (),
    parents: Collection[int] = (),
    zombies: bool = False,
) -> list[int]:
    """The pids of every process in one of those sessions, of one of those users, under one of those aliases, or started
    by one of those parents; ended ones only if asked for."""
    found = []
    for entry in os.scandir("/proc"):
        if not entry.name.isdigit():
            continue
        try:
            with open(f"/proc/{entry.name}/status", encoding="utf-8", errors="replace") as file:  # noqa: PTH123 – hot path
                status = file.read()
        except OSError:
            continue
        if not zombies and ("\nState:\tZ" in status or "\nState:\tX" in status):
            continue
        if (
            _number(status, "NSsid") in sessions
            or _number(status, "Uid") in users
            or _number(status, "PPid") in parents
            or (aliases and _alias(entry.name) in aliases)
        ):
            found.append(int(entry.name))
    return found


def _alias(pid: str) -> int:
    """The number that a process's user has in its namespace; -1 where all users are what they are outside."""
    try:
        with open(f"/proc/{pid}/uid_map", encoding="ascii") as file:  # noqa: PTH123 – hot path
            numbers = file.read().split()
    except OSError:
        return -1
    return int(numbers[0]) if len(numbers) == 3 and numbers[2] == "1" else -1


def _number(status: str, name: str) -> int:
    """The first number of that line of a process's status; -1 where there is no such line."""
    words = status.partition(f"\n{name}:")[2].split(None, 1)
    return int(words[0]) if words else -1
