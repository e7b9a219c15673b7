"""What the process of a made bot may touch, and the deed of giving up everything else.

Standard library only: the plain launcher runs this before the bot's own interpreter starts.
"""

from __future__ import annotations

import mimetypes
import os
import resource
import sys
import sysconfig
from collections.abc import Collection
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from factory_bot.processes import kernel, seccomp
from factory_bot.processes.own_root import have_own_root

BOOT_FD, HTTP_FD = 3, 4  # the numbers under which a child finds its boot pipe and its listening socket
LOWEST_UID, HIGHEST_UID = 91_000, 98_999  # of no distribution's, no container engine's and no login's range
LARGEST_FILE = 1 << 30  # bytes
RESERVED = 1 << 30  # bytes; threads reserve address space that they never fill
PROCESSES = 64  # and threads, of one bot's own user


@dataclass(frozen=True, kw_only=True)
class Confinement:
    """One bot's share of the machine."""

    project: str
    runtime: str  # the folder of bot_runtime
    memory: int  # bytes it may take beyond what it starts with
    open_files: int
    uid: int | None  # a user of its own; None where the factory cannot give one
    alias: int | None = None  # then: what the factory's user is called in a namespace of the bot's own, where possible
    search: bool  # something it needs lies in a folder that only root may enter

    @property
    def known_by(self) -> int | None:
        """The number that all its processes have in common with nobody else, as a user or an alias."""
        return self.alias if self.uid is None else self.uid

    def to_json(self) -> dict[str, Any]:
        """For the way to the launcher's process."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: dict[str, Any]) -> Confinement:
        """The other way."""
        return cls(**raw)


@dataclass(frozen=True, kw_only=True)
class Namespaces:
    """What the kernel lets us wall off where bots are started; found out by trying."""

    network: bool
    files: bool
    users: bool  # one for each bot

    @classmethod
    def found_out(cls, sight: Collection[str], *, network: bool) -> Namespaces:
        """What works here, besides leaving the network.  For a process with a single thread."""
        return cls(
            network=network,
            files=kernel.works(lambda: have_own_root(sight)),
            users=os.geteuid() != 0 and kernel.works(lambda: kernel.have_alias(LOWEST_UID)),
        )


def layers(*, own_users: bool, namespaces: Namespaces, merged: bool) -> list[str]:
    """What protects the machine from a bot here, and plainly what does not; one short phrase each."""
    abi = kernel.landlock_abi()
    counted = own_users or (namespaces.users and kernel.counts_processes_by_namespace())
    return [
        "own user for each bot" if own_users else "NO own users (only where the factory is root)",
        *(() if own_users else ("own user namespace for each bot" if namespaces.users else "NO user namespaces",)),
        f"Landlock {abi}: own files only" + (", no TCP" if abi >= 4 else "") if abi else "NO Landlock",
        "signals stay inside" if abi >= 6 else "signals limited by user only" if own_users else "NO limit on signals",
        "no calls that reach around that" if seccomp.can_refuse() else "NO filter of system calls",
        "no network" if namespaces.network else "NO network namespace",
        "no sockets of others in sight" if namespaces.files else "NO mount namespace (sockets of others are in sight)",
        "limits on memory, files and processes" if counted else "limits on memory and files, NO limit on processes",
        *(["NO memory quite of its own (equal memory is merged: timing may tell what others hold)"] if merged else []),
    ]


def confine(to: Confinement, *, library: str | None = None) -> None:
    """Give up everything but that.  With a `library` an interpreter may still be started (by exec), and looks there."""
    os.umask(0o077)
    if to.alias is not None:
        kernel.have_alias(to.alias)  # before the limits, which would hold for the namespace around it otherwise
    _limit(to)
    landlock = kernel.landlock_abi() > 0
    if to.uid is not None:
        kernel.become(to.uid, keep_search=landlock and to.search, across_exec=library is not None)
    else:
        kernel.keep_capabilities(0)
    kernel.no_new_privileges()
    if landlock:
        kernel.confine(_rights(to) if library is None else [*_rights(to, kernel.RUN), (library, kernel.READ)])
    kernel.undumpable()
    seccomp.refuse()


def _limit(to: Confinement) -> None:
    space, own = kernel.memory_in_use()
    for which, most in (
        (resource.RLIMIT_DATA, own + to.memory),
        (resource.RLIMIT_AS, space + to.memory + RESERVED),  # what the other limit does not count: shared memory
        (resource.RLIMIT_NOFILE, to.open_files),
        (resource.RLIMIT_FSIZE, LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(which, (most, most))
    # Counted by user: without one of its own it would count the factory's.
    if to.uid is not None or (to.alias is not None and kernel.counts_processes_by_namespace()):
        resource.setrlimit(resource.RLIMIT_NPROC, (PROCESSES, PROCESSES))


def sight(runtime: str, *places: str) -> list[str]:
    """All that has to exist for bots that lie in those places."""
    return [
        *python_places(),
        sys.executable,
        runtime,
        *places,
        "/proc",
        "/dev/null",
        "/dev/urandom",
        *_FACTS_OF_THE_MACHINE,
    ]


def _rights(to: Confinement, python: int = kernel.READ) -> list[tuple[str, int]]:
    return [
        *((place, python) for place in python_places()),
        (to.runtime, kernel.READ),
        (to.project, kernel.READ),
        (f"{to.project}/data", kernel.OWN),
        ("/proc/self", kernel.READ),
        ("/dev/null", kernel.USE),
        ("/dev/urandom", kernel.READ),
        *((place, kernel.READ) for place in _FACTS_OF_THE_MACHINE),
    ]


_FACTS_OF_THE_MACHINE = ("/etc/localtime", "/usr/share/zoneinfo", "/etc/ld.so.cache", *map(str, mimetypes.knownfiles))


@cache  # the fork server asks once, before it forks
def python_places() -> tuple[str, ...]:
    """Where Python and its packages lie, without the folders around them."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix)}
    places = {prefix / part for prefix in prefixes for part in ("lib", "lib64", "pyvenv.cfg")}
    places |= {Path(sysconfig.get_path(name)) for name in ("stdlib", "platstdlib", "purelib", "platlib")}
    places |= {Path("/lib"), Path("/lib64"), Path("/usr/lib"), Path("/usr/local/lib")}
    places |= {Path(sys.executable).parent, Path(sys.executable).resolve()}
    return tuple(sorted(str(place) for place in places if place.exists()))
