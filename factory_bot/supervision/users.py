"""Which user of the machine a bot's process runs as, and what of the project belongs to it.

Where the factory is root every bot has a user (a number without a name) of its own: the folder and `data/` carry it, so
it is the same after every restart with no record elsewhere.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from factory_bot.errors import ChildError
from factory_bot.processes.kernel import landlock_abi, may_give_uids
from factory_bot.supervision.confinement import HIGHEST_UID, LOWEST_UID


class Users:
    """Gives every project a user of its own, where that is possible."""

    def __init__(self, bots_dir: Path, runtime: Path) -> None:
        self._bots_dir = bots_dir
        # Passing through root's folders without being root takes a right that is only sound under Landlock.
        self.search = _needs_search(bots_dir / "any", runtime)
        self.possible = may_give_uids(LOWEST_UID, HIGHEST_UID) and (landlock_abi() > 0 or not self.search)
        self._given: dict[str, int] = {}

    def prepare(self, project: Path) -> int | None:
        """Make `data/`, hand it to the bot's user, and close the project to all others; that user, or None."""
        data = project / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        if not self.possible:
            data.chmod(0o700)
            return None
        uid = self._user_of(project)
        os.chown(project, 0, uid)
        project.chmod(0o750)
        if data.stat().st_uid != uid:
            _give(data, uid)
        data.chmod(0o700)
        return uid

    def _user_of(self, project: Path) -> int:
        known = self._given.get(project.name) or _bot_user((project / "data").stat().st_uid)
        if known is None or known in self._others(project):
            known = self._free_user()
        self._given[project.name] = known
        return known

    def _others(self, project: Path) -> set[int]:
        return {uid for name, uid in self._given.items() if name != project.name}

    def _free_user(self) -> int:
        taken = set(self._given.values())
        for data in self._bots_dir.glob("*/data"):
            taken.add(data.stat().st_uid)
        for uid in range(LOWEST_UID, HIGHEST_UID + 1):
            if uid not in taken:
                return uid
        raise ChildError("every user number for bots is taken")


def _needs_search(*paths: Path) -> bool:
    """Whether one of these, or Python itself, lies in a folder that only its owner may enter."""
    places = [*paths, Path(sys.prefix), Path(sys.base_prefix)]
    folders = {folder for place in places for folder in place.resolve().parents}
    return any(not folder.stat().st_mode & 0o001 for folder in folders)


def _bot_user(uid: int) -> int | None:
    return uid if LOWEST_UID <= uid <= HIGHEST_UID else None


def _give(folder: Path, uid: int) -> None:
    """The folder and all in it; links are not followed, since what lies here is not ours to trust."""
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        for name in [*folders, *files]:
            os.chown(name, uid, uid, dir_fd=descriptor, follow_symlinks=False)
        os.chown(descriptor, uid, uid)
