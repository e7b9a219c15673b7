"""One Bot API call on its way to the world, and the list of those who carry calls out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from playground.world.records import Account, Room
from playground.world.rooms import room_of_bot
from playground.world.world import World


@dataclass(frozen=True, kw_only=True)
class Call:
    """Who calls what with which values; the values are checked and typed already."""

    world: World
    bot: Account
    method: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Any:
        return self.values[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)

    def __contains__(self, name: object) -> bool:
        return name in self.values

    def room(self, name: str = "chat_id") -> Room:
        """The chat that is meant, as far as the bot may know it."""
        return room_of_bot(self.world, self.bot, self.values[name])


@dataclass(frozen=True)
class Said:
    """A result with the description that Telegram adds to some."""

    result: Any
    description: str


Deed = Callable[[Call], Any | Awaitable[Any]]
DEEDS: dict[str, Deed] = {}

F = TypeVar("F", bound=Deed)


def deed(*methods: str) -> Callable[[F], F]:
    """Name the methods that this function carries out."""

    def register(function: F) -> F:
        for method in methods:
            DEEDS[method] = function
        return function

    return register
