"""Which user of the machine a bot's process runs as, and what of the project belongs to it.

Where the factory is root every bot has a user (a number without a name) of its own: the folder and `data/` carry it, so
it is the same after every restart with no record elsewhere.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Collection
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
        self._claims: dict[int, socket.socket] = {}

    def prepare(self, project: Path) -> int | None:
        """Make `data/`, hand it to the bot's user, and close the project to all others; that user, or None."""
        data = project / "data"
        data.mkdir(mode=0o700, exist_ok=True)
        if not self.possible:
            data.chmod(0o700)
            return None
        uid = self._given.get(project.name) or self._claimed(data)
        self._given[project.name] = uid
        os.chown(project, 0, uid)
        project.chmod(0o750)
        if data.stat().st_uid != uid:
            _give(data, uid)
        data.chmod(0o700)
        return uid

    def alias(self, project: Path) -> int:
        """A number for the bot's user namespace, shared with no other bot of this machine."""
        if project.name not in self._given:
            self._given[project.name] = self._free(set())
        return self._given[project.name]

    def close(self) -> None:
        """Let other factories of this machine have the users."""
        for claim in self._claims.values():
            claim.close()
        self._claims.clear()
        self._given.clear()

    def _claimed(self, data: Path) -> int:
        """The user that the folder belongs to, or a free one."""
        owner = data.stat().st_uid
        if owner not in self._given.values() and self.claim(owner):
            return owner
        # Deleted projects are kept below a folder of their own for a while; their users are not free yet.
        others = (*self._bots_dir.glob("*/data"), *self._bots_dir.glob(".deleted/*/data"))
        return self._free({other.stat().st_uid for other in others})

    def _free(self, taken: Collection[int]) -> int:
        given = set(self._given.values())
        for uid in range(LOWEST_UID, HIGHEST_UID + 1):
            if uid not in taken and uid not in given and self.claim(uid):
                return uid
        raise ChildError("every user number for bots is taken")

    def claim(self, uid: int) -> bool:
        """Take a user or alias for this factory; False if another one of this machine has it.

        The claim is the name of an abstract socket: the kernel gives it once, and takes it back whatever happens to us.
        """
        if not LOWEST_UID <= uid <= HIGHEST_UID:
            return False
        if uid in self._claims:
            return True
        claim = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        try:
            claim.bind(f"\0mini-mancer/user/{uid}")
        except OSError:
            claim.close()
            return False
        self._claims[uid] = claim
        return True


def _needs_search(*paths: Path) -> bool:
    """Whether one of these, or Python itself, lies in a folder that only its owner may enter."""
    places = [*paths, Path(sys.prefix), Path(sys.base_prefix)]
    folders = {folder for place in places for folder in place.resolve().parents}
    return any(folder.exists() and not folder.stat().st_mode & 0o001 for folder in folders)


def _give(folder: Path, uid: int) -> None:
    """The folder and all in it; links are not followed, since what lies here is not ours to trust."""
    for _, folders, files, descriptor in os.fwalk(folder, follow_symlinks=False):
        for name in [*folders, *files]:
            os.chown(name, uid, uid, dir_fd=descriptor, follow_symlinks=False)
        os.chown(descriptor, uid, uid)
