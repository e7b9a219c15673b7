"""How a feature plugs into a bot: one folder per feature, named like its `kind` in the DNA, with a `build` function.

A feature answers in the chat (`open`, `press`, `heard`), serves the Mini App (`view`, `endpoints`), says what it stores
and forgets it (`stored`, `holds`, `forget`), gives its owner the results, and does what falls due.  Nothing else in the
bot knows a feature by name: a new one is a new folder, and an entry in the DNA's types.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from typing import Any

from starlette.requests import Request
from telegram import Message

from bot_runtime.speech import title_of
from bot_runtime.store import Row, Transaction
from bot_runtime.timer import Deed
from bot_runtime.work import House, Person, Work


@dataclass(frozen=True, kw_only=True)
class Picture:
    """A photo among the results; its content is fetched when it is needed."""

    name: str  # of the file in the archive
    file_id: str | None
    content: bytes | None
    is_document: bool = False  # it was sent as a file, so it can only be sent on as one


Cell = str | int | float | Picture | None


@dataclass(frozen=True, kw_only=True)
class Results:
    """What people gave, as a table for the owner."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    summary: Sequence[Sequence[Cell]] = ()  # shown on a sheet of its own


def about(moment: float, person_id: int, who: Row) -> list[Cell]:
    """The cells that say when and who."""
    name = " ".join(part for part in (who["first_name"], who["last_name"]) if part)
    username = f"@{who['username']}" if who["username"] else ""
    return [f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%d %H:%M:%S}", name, username, person_id]


class FeatureProblem(Exception):
    """A call of the Mini App that cannot be granted: an HTTP status, and JSON with the sentence for the person."""

    def __init__(self, status: int, sentence: str, **more: Any) -> None:
        super().__init__(sentence)
        self.status = status
        self.answer = {"error": sentence, **more}


@dataclass(frozen=True, kw_only=True)
class Endpoint:
    """One call of the Mini App below `api/features/<id>`; `answer` gets the verified visitor and gives JSON."""

    method: str
    path: str  # "" or "/…", with Starlette's {names}
    answer: Any  # async (request: Request, visitor: Person) -> tuple[int, dict] | Response


class Feature:
    """What every feature can do; by default nothing."""

    def __init__(self, config: Any, house: House) -> None:
        self.id: str = config.id
        self.kind: str = config.kind
        self.command: str = config.command
        self.title: str = title_of(config)
        self.house = house

    # ---------------------------------------------------------------- chat

    async def open(self, work: Work) -> None:
        """Begin: the command, the button of the greeting, or a link was used."""

    async def open_in_group(self, work: Work) -> bool:
        """Begin in a group; False where this is a thing for a private chat."""
        return False

    async def press(self, work: Work, action: Sequence[str]) -> None:
        """A button of this feature was pressed; its data was `<feature id>:<action>:<action>…`."""

    async def heard(self, work: Work, message: Message) -> bool:
        """A message came that is no command; True if it was an answer to this feature."""
        return False

    async def cancel(self, work: Work) -> bool:
        """Stop what the person is in the middle of; False if there is nothing."""
        return False

    async def mine(self, work: Work) -> bool:
        """Show the person what they gave; False if there is nothing."""
        return False

    # ---------------------------------------------------------------- Mini App

    async def view(self, request: Request, visitor: Person) -> dict[str, Any]:
        """The state of the feature as the visitor sees it."""
        return {"kind": self.kind, "id": self.id}

    def endpoints(self) -> list[Endpoint]:
        """The calls of the Mini App besides `view`."""
        return []

    # ---------------------------------------------------------------- data

    def stored(self, work: Work) -> str | None:
        """A line of /privacy: what is kept of a person."""
        return None

    async def holds(self, work: Work, person_id: int) -> str | None:
        """What is kept of that person now, as a line."""
        return None

    async def forget(self, work: Work, person_id: int) -> str | None:
        """Remove it, and say what it was."""
        return None

    async def gathered(self, work: Work) -> int:
        """How many answers there are for the owner."""
        return 0

    async def results(self, work: Work) -> Results | None:
        """The owner's table; None where the feature collects nothing."""
        return None

    async def sweep(self, tx: Transaction, before: float | None, now: float) -> None:
        """Remove what is older than the owner wants it kept (`before`), and what was left lying."""

    # ---------------------------------------------------------------- time

    async def begin(self, work: Work) -> None:
        """The bot starts, perhaps with a changed DNA."""

    def deeds(self) -> Mapping[str, Deed]:
        """What can fall due under this feature's id, by kind; kinds begin with the feature's own kind."""
        return {}

    # ----------------------------------------------------------------

    def data(self, *action: object) -> str:
        """Button data that comes back to `press`."""
        return ":".join([self.id, *map(str, action)])


def build_features(house: House) -> list[Feature]:
    """The features the DNA asks for, in its order."""
    features: list[Feature] = []
    for config in house.dna.features:
        module = import_module(f"bot_runtime.features.{config.kind}.feature")
        features.append(module.build(config, house))
    return features
