"""System calls that a bot never needs and that would reach around the other walls: refused by the kernel (seccomp).

Landlock does not cover a file's mode and attributes, new namespaces give new rights to attack the kernel with, and
io_uring does its work past every filter.  The filter is a list of refusals: what is not named is allowed.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_AT_LEAST, _RETURN = 0x20, 0x15, 0x35, 0x06
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
_X32 = 0x40000000  # the second numbering of x86-64, which would walk past a filter of the first

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
        },
    ),
}


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_char_p)]


def _program(machine: str) -> bytes:
    if machine not in _REFUSED:
        return b""
    convention, calls = _REFUSED[machine]
    numbers = sorted(set(calls.values()))
    steps = [
        (_LOAD, 0, 0, 4),  # the calling convention
        (_JUMP_IF_EQUAL, 1, 0, convention),
        (_RETURN, 0, 0, _REFUSE),
        (_LOAD, 0, 0, 0),  # the number of the call
        (_JUMP_IF_AT_LEAST, len(numbers) + 1, 0, _X32),
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
