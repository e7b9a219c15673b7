"""`python -m factory_bot.supervision.confined`: confines itself and then becomes `python bot.py`.

Standard library only, since every start of a plain process goes through it.
"""

from __future__ import annotations

import fcntl
import json
import os
import sys
from dataclasses import asdict

from factory_bot.processes import kernel
from factory_bot.processes.own_root import have_own_root
from factory_bot.supervision.confinement import BOOT_FD, HTTP_FD, Confinement, Namespaces, confine


def main() -> None:
    """Become the bot; with nothing but a sight it says what such a process is walled off from, and ends."""
    if len(sys.argv) == 2:
        namespaces = Namespaces.found_out(json.loads(sys.argv[1]), network=kernel.leave_network())
        sys.stdout.write(json.dumps(asdict(namespaces)))
        return
    boot, http = (int(text) for text in sys.argv[1:3])
    told = json.loads(sys.argv[3])
    moved = [fcntl.fcntl(descriptor, fcntl.F_DUPFD, HTTP_FD + 1) for descriptor in (boot, http)]
    for number, descriptor in zip((BOOT_FD, HTTP_FD), moved, strict=True):
        os.dup2(descriptor, number, inheritable=True)
    os.closerange(HTTP_FD + 1, os.sysconf("SC_OPEN_MAX"))
    kernel.leave_network()
    os.environ["PYTHONPATH"] = told["library"]
    if told["sight"] is not None:
        have_own_root(told["sight"])
        os.chdir(told["confinement"]["project"])
    confine(Confinement.from_json(told["confinement"]), library=told["library"])
    os.execv(sys.executable, [sys.executable, "-P", "bot.py"])  # noqa: S606 – our own interpreter, no shell


if __name__ == "__main__":
    main()
