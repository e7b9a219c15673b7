"""What the workshop needs from outside, said as small as possible."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from factory_bot.model.agents import AgentId
from factory_bot.model.draft import Draft
from factory_bot.model.reading import Reading
from factory_bot.model.steps import Place
from factory_bot.storage.database import Transaction
from factory_bot.workshop.news import News


@dataclass(frozen=True, kw_only=True)
class FactoryBot:
    """The factory's own Telegram account."""

    id: int
    username: str
    can_manage_bots: bool


Owing = Callable[[Transaction], Awaitable[None]]


class Teller(Protocol):
    """Puts news into words; they are owed even where Telegram is not there."""

    async def owing(self, news: News) -> Owing:
        """Put the message about it together; the result owes it to its person within a transaction."""
        ...

    async def tell(self, news: News, tx: Transaction) -> None:
        """Owe the person the message about it, within the transaction."""
        ...

    def wake(self) -> None:
        """Send what is owed: a transaction with news was committed."""
        ...


class Face(Teller, Protocol):
    """The factory's Telegram side."""

    @property
    def me(self) -> FactoryBot:
        """Who the factory is on Telegram."""
        ...

    async def managed_token(self, bot_id: int) -> str:
        """The token of a bot that a maker made for us.  Raises `TelegramError`."""
        ...


class Designer(Protocol):
    """Reads a maker's words."""

    async def read(self, words: str, draft: Draft, asked: Place | None = None) -> Reading:
        """What the words say; never raises."""
        ...


class Sealer(Protocol):
    """The vault."""

    def seal(self, secret: str) -> bytes:
        """The secret, encrypted."""
        ...

    def unseal(self, sealed: bytes) -> str:
        """The secret again."""
        ...


class Identity(Protocol):
    """What the egress tells of a token."""

    @property
    def bot_id(self) -> int:
        """The bot's id."""
        ...


class Egress(Protocol):
    """The only place where tokens are used."""

    async def admit(self, agent_id: AgentId, sealed_token: bytes) -> Identity:
        """Take the bot in; again with the same token changes nothing."""
        ...

    async def dismiss(self, agent_id: AgentId) -> None:
        """Forget the bot."""
        ...

    async def call(self, agent_id: AgentId, method: str, params: Mapping[str, Any]) -> Any:
        """Call the Bot API as that bot.  Raises `TelegramError`."""
        ...

    async def try_token(self, sealed_token: bytes, method: str, params: Mapping[str, Any]) -> Any:
        """Call the Bot API with a token that is nobody's yet.  Raises `TelegramError`."""
        ...


class Health(Protocol):
    """What a running bot says of itself."""

    @property
    def memory_bytes(self) -> int:
        """Of its process."""
        ...


class Counters(Protocol):
    """What a running bot counted in a span."""

    @property
    def people(self) -> int: ...
    @property
    def messages(self) -> int: ...
    @property
    def submissions(self) -> int: ...
    @property
    def votes(self) -> int: ...
    @property
    def errors(self) -> int: ...


class Supervisor(Protocol):
    """Starts and stops processes."""

    async def start(self, agent_id: AgentId) -> object:
        """Want the bot running, and wait until it runs or it is clear that it does not."""
        ...

    async def stop(self, agent_id: AgentId) -> object:
        """Want it stopped, and end it in good order."""
        ...

    async def restart(self, agent_id: AgentId) -> object:
        """End it and begin anew."""
        ...

    async def reconcile(self) -> None:
        """Close the gap between what is wanted and what runs."""
        ...

    async def health(self, agent_id: AgentId) -> Health | None:
        """Its own words, if it runs and answers."""
        ...

    async def counters(self, agent_id: AgentId, since: datetime, until: datetime) -> Counters | None:
        """What it counted, if it runs and answers."""
        ...

    async def last_lines(self, agent_id: AgentId, lines: int = 20) -> Sequence[str]:
        """The end of its log, redacted."""
        ...
