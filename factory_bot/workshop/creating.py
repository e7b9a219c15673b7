"""Use cases of a maker on the way to a Telegram bot: ask for it, hear of it, paste a token, give up.

Everything here happens within the transaction of the update that asked for it; what takes time is `making`'s.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot_runtime.dna import AgentDNA
from factory_bot.clock import Clock
from factory_bot.errors import PersonError
from factory_bot.model.agents import PersonId
from factory_bot.model.creation import WINDOW, Creation, CreationEnd, CreationStep, SpareBot, Way
from factory_bot.model.ids import suggested_username
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Transaction
from factory_bot.workshop.news import SpareBotMade
from factory_bot.workshop.ports import Sealer
from factory_bot.workshop.tokens import bot_id_of, token_in

_SALT = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, kw_only=True)
class Requested:
    """A creation that waits for its maker."""

    creation: Creation
    spares: tuple[SpareBot, ...]  # bots of the maker that would do


class Creating:
    """Opens creations and takes in what their makers do."""

    def __init__(
        self, store: CreationStore, agents: AgentStore, vault: Sealer, clock: Clock, *, bots_per_maker: int
    ) -> None:
        self._store = store
        self._agents = agents
        self._vault = vault
        self._clock = clock
        self._bots_per_maker = bots_per_maker

    async def open_of(self, person_id: PersonId) -> Creation | None:
        """The creation the person is in."""
        return await self._store.open_of(person_id)

    async def request(
        self, person_id: PersonId, dna: AgentDNA, *, managed: bool, interview_id: int | None, tx: Transaction
    ) -> Requested:
        """Ask for a bot of that DNA.  Raises `PersonError` where there is no room, or another one is being built."""
        if len(await self._agents.of_owner(person_id)) >= self._bots_per_maker:
            raise PersonError("chat.too_many_bots", limit=self._bots_per_maker)
        under_way = await self._store.open_of(person_id, connection=tx)
        if under_way is not None and under_way.under_way:
            raise PersonError("creation.busy", name=under_way.dna.name)
        salt = "".join(secrets.choice(_SALT) for _ in range(4))
        creation = await self._store.request(
            person_id,
            dna,
            suggested_username=suggested_username(dna.name, salt),
            way=Way.MANAGED if managed else Way.PASTED,
            interview_id=interview_id,
            connection=tx,
        )
        spares = await self._store.spares_of(person_id, connection=tx) if managed else []
        return Requested(creation=creation, spares=tuple(spares))

    async def again(self, person_id: PersonId, creation_id: int, *, managed: bool, tx: Transaction) -> Requested:
        """Ask once more with the DNA of a creation that ended early."""
        old = await self._own(person_id, creation_id, tx)
        if old.step is CreationStep.LAUNCHED or old.reason == CreationEnd.REPLACED:
            raise PersonError("creation.over")
        if old.ended_at is None:
            if not old.waits_for_maker:
                raise PersonError("creation.busy", name=old.dna.name)
            way = Way.MANAGED if managed else Way.PASTED
            old = await self._store.change(old.id, connection=tx, way=way.value, expires_at=self._later())
            spares = await self._store.spares_of(person_id, connection=tx) if managed else []
            return Requested(creation=old, spares=tuple(spares))
        return await self.request(person_id, old.dna, managed=managed, interview_id=old.interview_id, tx=tx)

    async def bot_made(
        self, person_id: PersonId, bot_id: int, username: str, tx: Transaction
    ) -> Creation | SpareBotMade | None:
        """A person made a bot for us: the creation it belongs to, or what else to say; None where it is known.

        Telegram names the maker only, so the bot belongs to their one creation that waits, if its time is not over.
        """
        if await self._store.of_bot(bot_id, connection=tx) is not None:
            return None
        creation = await self._store.open_of(person_id, connection=tx)
        waits = creation is not None and creation.waits_for_maker and self._clock.now() < creation.expires_at
        if creation is not None and waits:
            return await self._take(creation.id, bot_id, username, tx)
        known = {spare.bot_id for spare in await self._store.spares_of(person_id, connection=tx)}
        spare = SpareBot(bot_id=bot_id, user_id=person_id, username=username)
        await self._store.keep_spare(spare, connection=tx)
        if bot_id in known:
            return None
        unfinished = await self._store.last_unfinished(person_id, connection=tx)
        return SpareBotMade(bot=spare, unfinished=unfinished)

    async def use_spare(self, person_id: PersonId, creation_id: int, bot_id: int, tx: Transaction) -> Creation:
        """Take a bot the person made before."""
        creation = await self._own(person_id, creation_id, tx)
        spares = {spare.bot_id: spare for spare in await self._store.spares_of(person_id, connection=tx)}
        if not creation.waits_for_maker or bot_id not in spares:
            raise PersonError("creation.over")
        return await self._take(creation.id, bot_id, spares[bot_id].username, tx)

    async def paste_instead(self, person_id: PersonId, creation_id: int, tx: Transaction) -> Creation:
        """The maker wants to paste a token from @BotFather."""
        creation = await self._own(person_id, creation_id, tx)
        if not creation.waits_for_maker:
            raise PersonError("creation.over")
        values = {"way": Way.PASTED.value, "expires_at": self._later()}
        return await self._store.change(creation.id, connection=tx, **values)

    async def paste(self, person_id: PersonId, text: str, tx: Transaction) -> Creation:
        """Take a pasted token in, sealed, to be judged next.  Raises `PersonError` where there is none in the text."""
        creation = await self._store.open_of(person_id, connection=tx)
        if creation is None or creation.step is not CreationStep.REQUESTED:
            raise PersonError("creation.token_unasked")
        token = token_in(text)
        if token is None:
            raise PersonError("creation.token_malformed")
        return await self._store.change(
            creation.id,
            connection=tx,
            way=Way.PASTED.value,
            bot_id=bot_id_of(token),
            sealed_token=self._vault.seal(token),
        )

    async def retry(self, person_id: PersonId, creation_id: int, tx: Transaction) -> Creation:
        """Try the step once more at which it got stuck."""
        creation = await self._own(person_id, creation_id, tx)
        if not creation.under_way:
            raise PersonError("creation.over")
        return await self._store.change(creation.id, connection=tx, reason=None)

    async def cancel(self, person_id: PersonId, creation_id: int | None, tx: Transaction) -> Creation | None:
        """Give up; a bot that was made already is kept for the next one.  None where there is nothing to give up."""
        creation = await self._store.open_of(person_id, connection=tx)
        if creation is None or (creation_id is not None and creation.id != creation_id):
            return None
        if creation.step is CreationStep.CONFIGURED or (creation.under_way and creation.reason is None):
            raise PersonError("creation.too_late", name=creation.dna.name)
        await self._store.end(creation.id, CreationEnd.CANCELLED, connection=tx)
        if creation.way is Way.MANAGED and creation.bot_id is not None and creation.username is not None:
            spare = SpareBot(bot_id=creation.bot_id, user_id=person_id, username=creation.username)
            await self._store.keep_spare(spare, connection=tx)
        return creation

    def _later(self) -> datetime:
        return self._clock.now() + WINDOW

    async def _take(self, creation_id: int, bot_id: int, username: str, tx: Transaction) -> Creation:
        """The bot that its maker made for us is the one for that creation."""
        return await self._store.change(
            creation_id,
            connection=tx,
            step=CreationStep.CREATED.value,
            way=Way.MANAGED.value,
            bot_id=bot_id,
            username=username,
        )

    async def _own(self, person_id: PersonId, creation_id: int, tx: Transaction) -> Creation:
        creation = await self._store.get(creation_id, connection=tx)
        if creation is None or creation.user_id != person_id:
            raise PersonError("creation.over")
        return creation
