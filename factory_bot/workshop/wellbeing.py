"""Use cases: how the factory's own bot does: told to its operators, each trouble once, and part of their report.

What was told is a fact that commits together with the messages, so it holds over kills and restarts.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from factory_bot.clock import Clock
from factory_bot.errors import StorageError
from factory_bot.log import redacted
from factory_bot.model.agents import PersonId
from factory_bot.model.reports import FactoryState
from factory_bot.storage.database import Database, Transaction
from factory_bot.storage.facts import FactStore, write_fact
from factory_bot.storage.journal import FactoryJournal
from factory_bot.workshop.access import Access
from factory_bot.workshop.news import MessagesAside, News, TokenOurs, TokenShared
from factory_bot.workshop.ports import Owing, Teller

log = logging.getLogger(__name__)

SHARED = "own.shared"  # since when another program polls with our token, as far as operators were told
ASIDE = "own.aside"  # {"since", "count"} of the messages set aside that one message to the operators speaks of
ASIDE_TOGETHER = timedelta(hours=1)  # so long the message is edited instead of a new one being sent


class Wellbeing:
    """Tells operators of the factory's own troubles."""

    def __init__(self, database: Database, access: Access, clock: Clock) -> None:
        self._database = database
        self._access = access
        self._clock = clock
        self._facts = FactStore(database)
        self._journal = FactoryJournal(database, clock)

    async def state(self, since: datetime, until: datetime) -> FactoryState:
        """How it does, and what it set aside in that span."""
        return FactoryState(shared_since=await self.shared_since(), aside=await self._journal.aside(since, until))

    async def shared_since(self) -> datetime | None:
        """When another program began to poll with our token, where operators know that and not that it is over."""
        since = await self._facts.get(SHARED)
        return datetime.fromisoformat(since) if since is not None else None

    async def shared(self, teller: Teller) -> None:
        """Another program polls with our token; said before, it is not said again."""
        if await self.shared_since() is not None:
            return
        owings = await self._owings(teller, lambda operator: TokenShared(operator_id=operator))
        async with self._database.transaction() as tx:
            await write_fact(tx, SHARED, self._clock.now().isoformat())
            await _owe(owings, tx)
        teller.wake()

    async def ours_again(self, teller: Teller) -> None:
        """It does not any more."""
        since = await self.shared_since()
        if since is None:
            return
        owings = await self._owings(teller, lambda operator: TokenOurs(operator_id=operator, since=since))
        async with self._database.transaction() as tx:
            await write_fact(tx, SHARED, None)
            await _owe(owings, tx)
        teller.wake()

    async def set_aside(self, reason: str, teller: Teller) -> Owing:
        """Prepare what operators are told of an update that is set aside; to be owed with that."""
        try:
            return await self._set_aside(redacted(reason), teller)
        except StorageError:
            raise
        except Exception:  # a message that cannot be put together must not keep the update in the way
            log.exception("operators cannot be told of an update that was set aside")
            return _nothing

    async def _set_aside(self, reason: str, teller: Teller) -> Owing:
        now, told = self._clock.now(), await self._facts.get(ASIDE)
        since, count = (datetime.fromisoformat(told["since"]), int(told["count"])) if told else (now, 0)
        if now - since >= ASIDE_TOGETHER:
            since, count = now, 0
        owings = await self._owings(
            teller, lambda operator: MessagesAside(operator_id=operator, count=count + 1, since=since, reason=reason)
        )

        async def owe(tx: Transaction) -> None:
            await write_fact(tx, ASIDE, {"since": since.isoformat(), "count": count + 1})
            await _owe(owings, tx)

        return owe

    async def _owings(self, teller: Teller, news: Callable[[PersonId], News]) -> list[Owing]:
        return [await teller.owing(news(operator)) for operator in sorted(await self._access.operators())]


async def _owe(owings: Iterable[Owing], tx: Transaction) -> None:
    for owe in owings:
        await owe(tx)


async def _nothing(_tx: Transaction) -> None:
    pass
