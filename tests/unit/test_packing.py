"""What the fork server does to its heap before it forks: code moves and works as before, gaps are filled."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Callable, Iterator
from types import CodeType

from bot_runtime.packing import pack, watching


def adder(more: int) -> Callable[[int], int]:
    def add(number: int) -> int:
        return number + more

    return add


def halves(number: int) -> Iterator[int]:
    while number:
        number //= 2
        yield number


async def later(number: int, *, times: int = 2) -> int:
    """Its docstring."""
    await asyncio.sleep(0)
    return sum([number for _ in range(times)])


def never(number: int) -> int:
    return number


def inner(code: CodeType) -> list[CodeType]:
    return [one for one in code.co_consts if isinstance(one, CodeType)]


def play() -> object:
    return adder(2)(1), list(halves(8)), asyncio.run(later(3))


def test_code_that_ran_is_moved_and_does_what_it_did() -> None:
    with watching() as seen:
        before = play()
    old = [one.__code__ for one in (adder, halves, later, never)]
    made_before = adder(10)

    assert pack(seen) >= 4
    new = [one.__code__ for one in (adder, halves, later, never)]
    assert [one is other for one, other in zip(old, new, strict=True)] == [False, False, False, True]
    assert new[:3] == old[:3]
    assert inner(new[0])[0] is not inner(old[0])[0]
    assert play() == before == (3, [4, 2, 1, 0], 6)
    assert made_before(1) == 11
    assert made_before.__code__ is inner(adder.__code__)[0]
    assert later.__doc__ == "Its docstring."
    assert asyncio.run(later(3, times=3)) == 9


def test_only_what_runs_inside_is_seen() -> None:
    adder(1)
    with watching() as seen:
        list(halves(2))
    never(1)
    assert id(halves.__code__) in seen
    assert not {id(adder.__code__), id(never.__code__)} & seen.keys()
    assert sys.getprofile() is None


GAPS = """
import gc
scattered = [bytes(80) for _ in range(20_000)]
del scattered[::7]
gc.collect()
from bot_runtime.packing import fill_gaps
assert fill_gaps() > 200_000
fresh = [bytes(80) for _ in range(30)]
pages = {id(one) // 4096 for one in fresh}
assert len(pages) <= 3, pages
print("side by side")
"""


def test_after_the_gaps_are_filled_new_things_lie_side_by_side() -> None:
    done = subprocess.run([sys.executable, "-c", GAPS], capture_output=True, text=True, timeout=30)
    assert done.stdout.strip() == "side by side", done.stderr
