"""Laying out a fork server's memory so that its children share more of it.

CPython counts references inside the objects: a child that runs a function writes to the page where its code lies, and
gets a copy of that page of its own.  What children will use lies scattered among ten times as much that they will not,
so nearly every page of the heap would be copied.  Two things help, both measured in docs/performance.md: the code that
was seen running is laid side by side, and the gaps in the heap are filled, so that what a child makes for itself comes
to lie on pages of its own instead of one piece on each of many shared ones.
"""

from __future__ import annotations

import gc
import sys
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType, FunctionType
from typing import Any

_POOL = 16_384  # bytes; Objects/obmalloc.c: pools of that size, aligned to it, each of blocks of one size …
_POOL_HEAD = 48  # … behind this header
_SIZES = range(48, 513, 16)  # of the blocks, in bytes; no bytes object fits into a smaller one
_BYTES_HEAD = sys.getsizeof(b"")
_MOST = 65_536  # blocks of one size; there were never so many gaps

_kept: list[Any] = []  # what fills the gaps, and the code that was moved: freed, it would be gaps again


@contextmanager
def watching() -> Iterator[dict[int, CodeType]]:
    """Gathers the code that runs meanwhile, also in threads that begin meanwhile, by `id`: equal code may be two."""
    seen: dict[int, CodeType] = {}

    def note(frame: FrameType, event: str, _argument: object) -> None:
        if event == "call":
            seen[id(frame.f_code)] = frame.f_code

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield seen
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def pack(hot: Collection[int]) -> int:
    """Move the code with these ids, one piece beside the other, wherever functions have it or make functions of it.

    How many pieces were moved.
    """
    moved: dict[int, CodeType] = {}

    def is_hot(code: CodeType) -> bool:
        return id(code) in hot or any(isinstance(one, CodeType) and is_hot(one) for one in code.co_consts)

    def copied(code: CodeType) -> CodeType:
        if id(code) not in moved:
            consts = tuple(copied(one) if isinstance(one, CodeType) and is_hot(one) else one for one in code.co_consts)
            moved[id(code)] = code.replace(co_consts=consts)
        return moved[id(code)]

    functions = [one for one in gc.get_objects() if type(one) is FunctionType and is_hot(one.__code__)]
    _kept.append([one.__code__ for one in functions])
    for function in functions:
        function.__code__ = copied(function.__code__)
    return len(moved)


def fill_gaps() -> int:
    """Occupy the free blocks between others, of each size until a fresh pool is begun.  How many bytes that took."""
    taken = 0
    for size in _SIZES:
        blocks: list[bytes] = []
        in_a_row = 0
        # A pool whose blocks follow each other from its start is a fresh one.
        while in_a_row < 8 and in_a_row * size < _POOL // 4 and len(blocks) < _MOST:
            blocks.append(bytes(size - _BYTES_HEAD))
            address = id(blocks[-1])
            if address % _POOL == _POOL_HEAD:
                in_a_row = 1
            elif in_a_row:
                in_a_row = in_a_row + 1 if address == id(blocks[-2]) + size else 0
        taken += size * len(blocks)
        _kept.append(blocks)
    return taken
