"""Running a program as an ordinary user of this machine, although it and Python lie where only root may enter.

Nothing is changed and nothing is copied: the program sees the machine through mounts of its own, in which the folders
that are closed to others are empty but for what it needs.
"""

from __future__ import annotations

import os
import pwd
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from factory_bot.processes import kernel

ROOT = Path(__file__).resolve().parents[1]

_READ_AND_ENTER = 0o005


def unused_user() -> int:
    """A user of this machine (and a group) that has no name and no process."""
    taken = {one.pw_uid for one in pwd.getpwall()} | {one.pw_gid for one in pwd.getpwall()}
    return next(uid for uid in range(60_100, 60_200) if uid not in taken and not kernel.belonging_to(users={uid}))


def may_stage() -> bool:
    """Whether this process may make mounts of its own and give up its rights; root of a container often may not."""
    tools = all(shutil.which(tool) for tool in ("unshare", "mount", "setpriv"))
    return tools and subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode == 0


def as_ordinary_user(uid: int, command: Sequence[str], *, stage: Path) -> list[str]:
    """The command to be run by root so that the given one runs as that user, with no right beyond those of anybody.

    `stage` is an empty folder, for the mounts.
    """
    dropped = [
        *("setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups"),
        *("--inh-caps=-all", "--bounding-set=-all", "--", *command),
    ]
    needed = [ROOT, Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()]
    closed = {folder for place in needed if (folder := _closed(place)) is not None}
    if not closed:
        return dropped
    places = [shown for place in needed if _closed(place) is not None for shown in _shown(place)]
    steps = [*_mounts(places, closed, stage), ["exec", *dropped]]
    return ["unshare", "--mount", "--propagation=private", "sh", "-euc", "\n".join(map(shlex.join, steps))]


def _mounts(places: Sequence[Path], closed: Iterable[Path], stage: Path) -> Iterable[list[str]]:
    """Set the places aside, lay an open and empty folder over each closed one, and put them back."""
    empty = ["mount", "-t", "tmpfs", "-o", "mode=0755", "mini-mancer-test"]
    yield [*empty, str(stage)]
    for number, place in enumerate(places):
        yield from _bound(place, stage / str(number), folder=place.is_dir())
    for folder in closed:
        yield [*empty, str(folder)]
    for number, place in enumerate(places):
        yield from _bound(stage / str(number), place, folder=place.is_dir())


def _bound(source: Path, target: Path, *, folder: bool) -> Iterable[list[str]]:
    yield ["mkdir", "-p", str(target if folder else target.parent)]
    if not folder:
        yield ["touch", str(target)]
    yield ["mount", "--bind", str(source), str(target)]


def _closed(place: Path) -> Path | None:
    """The outermost folder on the way to it (itself included) that is closed to others."""
    for folder in (*reversed(place.parents), place):
        if folder.stat().st_mode & _READ_AND_ENTER != _READ_AND_ENTER:
            return folder
    return None


def _shown(place: Path) -> list[Path]:
    """What is mounted so that it is seen: the place, or where that is closed itself all that lies in it."""
    if place.stat().st_mode & _READ_AND_ENTER == _READ_AND_ENTER:
        return [place]
    return [entry for entry in place.iterdir() if entry.is_dir() or entry.is_file()]


def clean_environment(home: Path) -> dict[str, str]:
    """What such a program is given."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "CI", "VIRTUAL_ENV") if name in os.environ}
    return {**kept, "HOME": str(home), "TMPDIR": str(home), "PYTHONDONTWRITEBYTECODE": "1"}
