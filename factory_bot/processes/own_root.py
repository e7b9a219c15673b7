"""A file system in which only a few places exist: what is not in sight cannot be opened, nor connected to.

Landlock says what may be read and written, but not which Unix sockets may be connected to, and those of a desktop
session, of an agent for keys or of a database let in whoever is the right user, or anybody at all.
"""

from __future__ import annotations

import ctypes
import os
import stat
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from factory_bot.processes.kernel import checked

_CLONE_NEWNS = 0x00020000
_MS_NOSUID, _MS_NODEV, _MS_REC, _MS_SLAVE = 2, 4, 1 << 14, 1 << 19
_MNT_DETACH = 2
_OPEN_TREE, _MOVE_MOUNT = 428, 429  # of every machine
_OPEN_TREE_CLONE, _AT_RECURSIVE, _MOVE_MOUNT_F_EMPTY_PATH = 1, 0x8000, 4
_AT_FDCWD = -100
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
_STAGE = "/dev"  # any folder that every machine has; what is needed of it is taken before it is covered

_libc = ctypes.CDLL(None, use_errno=True)


def have_own_root(places: Collection[str]) -> None:
    """Into a mount namespace in which those places exist, under their names, and nothing else.  Raises OSError.

    Half done it cannot be undone: try it in a process that ends.  Needs the right to mount, as one has who is root or
    has just entered a user namespace.  What is mounted into the places later, outside, appears in them.
    """
    checked(_libc.unshare(_CLONE_NEWNS), "unshare")
    checked(_libc.mount(None, b"/", None, _MS_REC | _MS_SLAVE, None), "mount")
    trees = {place: _tree(place) for place in _outermost(places)}
    checked(_libc.mount(b"mini-mancer", _STAGE.encode(), b"tmpfs", _MS_NOSUID | _MS_NODEV, b"mode=0755"), "mount")
    for place, tree in trees.items():
        _show(tree, Path(f"{_STAGE}{place}"))
    for link, target in _links(places):
        _show_link(Path(f"{_STAGE}{link}"), target)
    os.chdir(_STAGE)
    checked(_libc.syscall(_PIVOT_ROOT[os.uname().machine], b".", b"."), "pivot_root")
    checked(_libc.umount2(b".", _MNT_DETACH), "umount")  # the old root, which now lies over the new one
    os.chdir("/")


def _outermost(places: Iterable[str]) -> list[str]:
    """Where they really are, without those that lie in another."""
    kept: list[str] = []
    for place in sorted({os.path.realpath(place) + "/" for place in places if Path(place).exists()}):
        if not kept or not place.startswith(kept[-1]):
            kept.append(place)
    return [place.rstrip("/") for place in kept]


def _links(places: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Every link on the way to one of them, the outer ones first."""
    for place in places:
        way, ahead = Path("/"), list(Path(place).parts[1:])
        while ahead:
            step = way / ahead.pop(0)
            if not step.is_symlink():
                way = step
                continue
            target = str(step.readlink())
            yield str(step), target
            whole = Path(os.path.normpath(way / target))
            way, ahead = Path("/"), [*whole.parts[1:], *ahead]


def _tree(place: str) -> int:
    """That place and all that is mounted in it, detached."""
    flags = _OPEN_TREE_CLONE | _AT_RECURSIVE | os.O_CLOEXEC
    return checked(_libc.syscall(_OPEN_TREE, _AT_FDCWD, place.encode(), ctypes.c_uint(flags)), "open_tree")


def _show(tree: int, at: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    if stat.S_ISDIR(os.fstat(tree).st_mode):
        at.mkdir(exist_ok=True)
    else:
        at.touch()
    flags = ctypes.c_uint(_MOVE_MOUNT_F_EMPTY_PATH)
    checked(_libc.syscall(_MOVE_MOUNT, tree, b"", _AT_FDCWD, str(at).encode(), flags), "move_mount")
    os.close(tree)


def _show_link(at: Path, target: str) -> None:
    if not at.is_symlink():
        at.parent.mkdir(parents=True, exist_ok=True)
        at.symlink_to(target)
