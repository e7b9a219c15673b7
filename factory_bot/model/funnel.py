"""The way of makers through the interview, counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Ending(StrEnum):
    """How an interview ended.  The values are stored: never rename one."""

    CONFIRMED = "confirmed"  # the maker tapped Create
    CANCELLED = "cancelled"
    REPLACED = "replaced"  # by a newer one
    EXPIRED = "expired"  # nothing was heard for days


LEFT = frozenset({Ending.CANCELLED, Ending.REPLACED, Ending.EXPIRED})


@dataclass(frozen=True, kw_only=True)
class Funnel:
    """How many interviews began in a span, and what became of them."""

    started: int
    open: int
    left: Mapping[str, int]  # by the step at which they were left
    confirmed: int
    created: int  # bots launched out of them
