"""Use cases: an owner's bots: list, describe, start, stop, restart, logs, delete, a renewed token.

Every one of them begins by checking that the bot is the person's own.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from factory_bot.clock import Clock
from factory_bot.errors import PersonError, TelegramError
from factory_bot.model.agents import AgentId, AgentRecord, PersonId, RunState
from factory_bot.model.creation import SpareBot
from factory_bot.model.persons import Person
from factory_bot.model.reports import DayCounters
from factory_bot.model.schedules import zone_of
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database
from factory_bot.workshop.news import News, TokenRenewed
from factory_bot.workshop.ports import Egress, Face, Sealer, Supervisor
from factory_bot.workshop.tally import Tally
from factory_bot.workshop.tokens import REFUSED, bot_id_of

log = logging.getLogger(__name__)

KEPT = timedelta(days=30)
"""How long the data of a deleted bot stays."""

DELETED = ".deleted"


@dataclass(frozen=True, kw_only=True)
class Card:
    """All that is shown of one bot."""

    record: AgentRecord
    running_since: datetime | None
    memory_bytes: int | None
    today: DayCounters
    app_url: str | None
    can_renew: bool  # its token can be fetched anew


class Bots:
    """What an owner does with bots."""

    def __init__(
        self,
        *,
        database: Database,
        agents: AgentStore,
        creations: CreationStore,
        supervisor: Supervisor,
        egress: Egress,
        vault: Sealer,
        tally: Tally,
        bots_dir: Path,
        app_url: Callable[[str], str | None],
        clock: Clock,
    ) -> None:
        self._database = database
        self._agents = agents
        self._creations = creations
        self._supervisor = supervisor
        self._egress = egress
        self._vault = vault
        self._tally = tally
        self._bots_dir = bots_dir
        self._app_url = app_url
        self._clock = clock

    async def of(self, person_id: PersonId) -> list[AgentRecord]:
        """The person's bots, oldest first."""
        return await self._agents.of_owner(person_id)

    async def own(self, person_id: PersonId, agent_id: AgentId) -> AgentRecord:
        """The person's bot.  Raises `PersonError` if it is not theirs or is gone."""
        record = await self._agents.get(agent_id)
        if record is None or record.owner_id != person_id or record.deleted_at is not None:
            raise PersonError("bots.not_yours")
        return record

    async def card(self, person: Person, agent_id: AgentId) -> Card:
        """All that is shown of the bot."""
        record = await self.own(person.id, agent_id)
        zone = person.time_zone or "UTC"
        day = self._clock.now().astimezone(zone_of(zone)).date()
        health, today = await asyncio.gather(self._supervisor.health(agent_id), self._tally.day(record, day, zone))
        return Card(
            record=record,
            running_since=record.moved_at if record.state is RunState.RUNNING else None,
            memory_bytes=health.memory_bytes if health else None,
            today=today,
            app_url=self._app_url(agent_id),
            can_renew=await self._creations.was_managed(record.bot_id),
        )

    async def start(self, person_id: PersonId, agent_id: AgentId) -> AgentRecord:
        """Run the bot; the record once it is clear whether it does."""
        await self.own(person_id, agent_id)
        await self._supervisor.start(agent_id)
        return await self.own(person_id, agent_id)

    async def stop(self, person_id: PersonId, agent_id: AgentId) -> AgentRecord:
        """End the bot's process; what it counted today is kept."""
        record = await self.own(person_id, agent_id)
        await self._tally.keep(record)
        await self._supervisor.stop(agent_id)
        return await self.own(person_id, agent_id)

    async def restart(self, person_id: PersonId, agent_id: AgentId) -> AgentRecord:
        """End the bot's process and start it anew."""
        record = await self.own(person_id, agent_id)
        await self._tally.keep(record)
        await self._supervisor.restart(agent_id)
        return await self.own(person_id, agent_id)

    async def logs(self, person_id: PersonId, agent_id: AgentId, lines: int = 40) -> Sequence[str]:
        """The end of the bot's log, redacted."""
        await self.own(person_id, agent_id)
        return await self._supervisor.last_lines(agent_id, lines)

    async def delete(self, person_id: PersonId, agent_id: AgentId) -> AgentRecord:
        """Stop the bot and put it away; its data stays 30 days.  The bot on Telegram can be used for another."""
        record = await self.own(person_id, agent_id)
        managed = await self._creations.was_managed(record.bot_id)
        async with self._database.transaction() as tx:
            gone = await self._agents.delete(agent_id, connection=tx)
            if managed:
                spare = SpareBot(bot_id=record.bot_id, user_id=person_id, username=record.username)
                await self._creations.keep_spare(spare, connection=tx)
        await self.put_away(gone)
        log.info("@%s was deleted by its owner", record.username)
        return gone

    async def put_away(self, record: AgentRecord) -> None:
        """End a deleted bot's process and move its folder aside; doing it again changes nothing."""
        await self._supervisor.reconcile()
        folder = self._bots_dir / record.id
        if await asyncio.to_thread(folder.is_dir):
            await asyncio.to_thread(_move_aside, folder, self._bots_dir / DELETED / record.id)

    async def forget(self, record: AgentRecord) -> None:
        """Remove a deleted bot's data for good."""
        await asyncio.to_thread(shutil.rmtree, self._bots_dir / DELETED / record.id, ignore_errors=True)
        await self._agents.forget(record.id)
        log.info("@%s, deleted 30 days ago, is forgotten", record.username)

    # ---------------------------------------------------------------- tokens

    async def renew_token(self, person_id: PersonId, agent_id: AgentId, face: Face) -> AgentRecord:
        """Fetch a managed bot's token anew and start it with that one."""
        record = await self.own(person_id, agent_id)
        if not await self._creations.was_managed(record.bot_id):
            raise PersonError("bots.not_managed")
        try:
            await self._fetch(record, face)
        except TelegramError as exc:
            raise PersonError("bots.token_not_fetched") from exc
        await self._start_with_new_token(record)
        return await self.own(person_id, agent_id)

    async def take_token(self, person_id: PersonId, agent_id: AgentId, token: str) -> AgentRecord:
        """Start a bot with the new token that its owner pasted; doing it again changes nothing.

        Raises `PersonError` where it is no token of that bot, `TelegramError` where Telegram cannot be asked.
        """
        record = await self.own(person_id, agent_id)
        if bot_id_of(token) != record.bot_id:
            raise PersonError("bots.token_of_another", username=record.username)
        sealed = self._vault.seal(token)
        try:
            await self._egress.try_token(sealed, "getMe", {})
        except TelegramError as exc:
            if exc.code in REFUSED:
                raise PersonError("creation.token_refused") from exc
            raise
        await self._agents.set_token(agent_id, sealed)
        await self._egress.admit(agent_id, sealed)
        await self._start_with_new_token(record)
        return await self.own(person_id, agent_id)

    async def token_may_have_changed(self, record: AgentRecord, face: Face) -> None:
        """Telegram spoke of a bot that is ours: fetch its token, compare, take it over.  Raises `TelegramError`.

        Cut off anywhere, it can be done again: the owner is told in the transaction that records the token, and a bot
        that was left without a start is started.
        """
        changed = await self._fetch(record, face, TokenRenewed(record=record))
        now = await self._agents.get(record.id)
        if now is not None and now.wanted and (changed or now.state is RunState.UNAUTHORIZED):
            await self._start_with_new_token(record)

    async def _start_with_new_token(self, record: AgentRecord) -> None:
        await self._supervisor.restart(record.id)
        now = await self._agents.get(record.id)
        if now is not None and now.state is RunState.UNAUTHORIZED:
            # It was just ending because of the old token, so the wish to restart came too late for that life.
            await self._supervisor.start(record.id)

    async def _fetch(self, record: AgentRecord, face: Face, *news: News) -> bool:
        """Take over the token that Telegram has for the bot, and tell the news of that; False if we had it."""
        token = await face.managed_token(record.bot_id)
        if token == self._vault.unseal(await self._agents.sealed_token(record.id)):
            return False
        sealed = self._vault.seal(token)
        async with self._database.transaction() as tx:
            await self._agents.set_token(record.id, sealed, connection=tx)
            for one in news:
                await face.tell(one, tx)
        face.wake()
        await self._egress.admit(record.id, sealed)
        return True


def _move_aside(folder: Path, target: Path) -> None:
    target.parent.mkdir(mode=0o700, exist_ok=True)
    folder.replace(target)
