"""System calls that a bot never needs and that would reach around the other walls: refused by the kernel (seccomp).

Landlock does not cover a file's mode and attributes; processes of one user may change each other's limits and
schedules; some memory counts against no limit of a process; new namespaces give new rights to attack the kernel with;
io_uring does its work past every filter.  The filter is a list of refusals: what is not named is allowed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _JUMP_IF_ANY, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _CONVENTION, _FIRST_ARGUMENT = 0, 4, 16  # where the kernel puts them; of an argument, the lower half
_ALLOW, _REFUSE, _MISSING = 0x7FFF0000, 0x00050000 | errno.EPERM, 0x00050000 | errno.ENOSYS
_X32 = 0x40000000  # the second numbering of x86-64, which would walk past a filter of the first
_NEW_NAMESPACES = 0x7E020000  # every CLONE_NEW… that `clone` takes

# by machine: `clone`, refused for new namespaces; `prlimit64`, refused for other processes
_BY_ARGUMENT = {"x86_64": (56, 302), "aarch64": (220, 261)}
_CLONE3 = 435  # of every machine; its flags are out of the filter's sight, and without it libc uses `clone`

# by machine: the name of its calling convention, then the numbers
_REFUSED: dict[str, tuple[int, dict[str, int]]] = {
    "x86_64": (
        0xC000003E,
        {
            "chmod": 90,
            "fchmodat": 268,
            "fchmodat2": 452,
            "chown": 92,
            "lchown": 94,
            "fchownat": 260,
            "setxattr": 188,
            "lsetxattr": 189,
            "setxattrat": 463,
            "utimensat": 280,
            "utime": 132,
            "utimes": 235,
            "ptrace": 101,
            "process_vm_readv": 310,
            "process_vm_writev": 311,
            "process_madvise": 440,
            "pidfd_getfd": 438,
            "kcmp": 312,
            "perf_event_open": 298,
            "bpf": 321,
            "userfaultfd": 323,
            "unshare": 272,
            "setns": 308,
            "mount": 165,
            "umount2": 166,
            "pivot_root": 155,
            "chroot": 161,
            "open_tree": 428,
            "move_mount": 429,
            "fsopen": 430,
            "fsmount": 432,
            "mount_setattr": 442,
            "add_key": 248,
            "request_key": 249,
            "keyctl": 250,
            "open_by_handle_at": 304,
            "io_uring_setup": 425,
            "swapon": 167,
            "reboot": 169,
            "init_module": 175,
            "finit_module": 313,
            "kexec_load": 246,
            "setpriority": 141,
            "ioprio_set": 251,
            "sched_setparam": 142,
            "sched_setscheduler": 144,
            "sched_setattr": 314,
            "sched_setaffinity": 203,
            "migrate_pages": 256,
            "move_pages": 279,
            "memfd_create": 319,
            "memfd_secret": 447,
            "shmget": 29,
            "msgget": 68,
            "semget": 64,
            "mq_open": 240,
        },
    ),
    "aarch64": (
        0xC00000B7,
        {
            "fchmodat": 53,
            "fchmodat2": 452,
            "fchownat": 54,
            "setxattr": 5,
            "lsetxattr": 6,
            "setxattrat": 463,
            "utimensat": 88,
            "ptrace": 117,
            "process_vm_readv": 270,
            "process_vm_writev": 271,
            "process_madvise": 440,
            "pidfd_getfd": 438,
            "kcmp": 272,
            "perf_event_open": 241,
            "bpf": 280,
            "userfaultfd": 282,
            "unshare": 97,
            "setns": 268,
            "mount": 40,
            "umount2": 39,
            "pivot_root": 41,
            "chroot": 51,
            "open_tree": 428,
            "move_mount": 429,
            "fsopen": 430,
            "fsmount": 432,
            "mount_setattr": 442,
            "add_key": 217,
            "request_key": 218,
            "keyctl": 219,
            "open_by_handle_at": 265,
            "io_uring_setup": 425,
            "swapon": 224,
            "reboot": 142,
            "init_module": 105,
            "finit_module": 273,
            "kexec_load": 104,
            "setpriority": 140,
            "ioprio_set": 30,
            "sched_setparam": 118,
            "sched_setscheduler": 119,
            "sched_setattr": 274,
            "sched_setaffinity": 122,
            "migrate_pages": 238,
            "move_pages": 239,
            "memfd_create": 279,
            "memfd_secret": 447,
            "shmget": 194,
            "msgget": 186,
            "semget": 190,
            "mq_open": 180,
        },
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _program(machine: str) -> bytes:
    if machine not in _REFUSED:
        return b""
    convention, calls = _REFUSED[machine]
    clone, prlimit = _BY_ARGUMENT[machine]
    numbers = sorted(set(calls.values()))
    steps = [  # an operation, how many steps to jump if so and if not, a value
        (_LOAD, 0, 0, _CONVENTION),
        (_JUMP_IF_EQUAL, 1, 0, convention),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, _NUMBER),
        (_JUMP_IF_AT_LEAST, 0, 1, _X32),
        (_RETURN, 0, 0, _REFUSE),
        (_JUMP_IF_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _MISSING),
        (_JUMP_IF_EQUAL, 0, 4, clone),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_IF_ANY, 0, 1, _NEW_NAMESPACES),
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
        (_JUMP_IF_EQUAL, 0, 4, prlimit),
        (_LOAD, 0, 0, _FIRST_ARGUMENT),
        (_JUMP_IF_EQUAL, 1, 0, 0),  # the process itself
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
        *((_JUMP_IF_EQUAL, len(numbers) - place, 0, number) for place, number in enumerate(numbers)),
        (_RETURN, 0, 0, _ALLOW),
        (_RETURN, 0, 0, _REFUSE),
    ]
    return b"".join(struct.pack("=HBBI", *step) for step in steps)


_libc = ctypes.CDLL(None, use_errno=True)
_FILTER = _program(os.uname().machine)  # made before a fork, so that no child has to


def can_refuse() -> bool:
    """Whether there is a filter for this machine."""
    return bool(_FILTER)


def refuse() -> bool:
    """Refuse those calls from now on, to this process and all it starts.  False where that is not possible.

    Needs `no_new_privileges` first.
    """
    if not _FILTER:
        return False
    program = _Program(len(_FILTER) // 8, _FILTER)
    return int(_libc.prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(program), 0, 0)) == 0
