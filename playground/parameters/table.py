"""The methods of the Bot API and their parameters, read once from `methods.toml`."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

_LINE = re.compile(r"(?P<kind>\w+(?:\[\])?)(?P<required>, required)?(?:, (?P<low>\d+)-(?P<high>\d+))?")


@dataclass(frozen=True, kw_only=True)
class Parameter:
    """One parameter: what kind of value it takes, whether it must be there, and its bounds if it has any."""

    kind: str
    required: bool
    low: int | None
    high: int | None

    @classmethod
    def read(cls, line: str) -> Parameter:
        found = _LINE.fullmatch(line)
        if found is None:
            raise ValueError(f"{line!r} describes no parameter")
        low, high = found["low"], found["high"]
        return cls(
            kind=found["kind"],
            required=bool(found["required"]),
            low=int(low) if low else None,
            high=int(high) if high else None,
        )


def _read() -> dict[str, dict[str, Parameter]]:
    table = tomllib.loads(Path(__file__).with_name("methods.toml").read_text(encoding="utf-8"))
    return {method: {name: Parameter.read(line) for name, line in row.items()} for method, row in table.items()}


METHODS = _read()
_OLD_NAMES = {
    "kickchatmember": "banChatMember",
    "getchatmemberscount": "getChatMemberCount",
    "setstickersetthumb": "setStickerSetThumbnail",
}
_CANONICAL = {**{method.lower(): method for method in METHODS}, **_OLD_NAMES}


def canonical(method: str) -> str | None:
    """The method as the documentation writes it, from any spelling; None if there is no such method."""
    return _CANONICAL.get(method.lower())
