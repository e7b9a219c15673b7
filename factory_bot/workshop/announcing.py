"""What the supervisor says of a bot, as news for its owner."""

from __future__ import annotations

from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Transaction
from factory_bot.supervision.announcements import Announcement
from factory_bot.workshop.news import BotTrouble, Trouble
from factory_bot.workshop.ports import Owing, Teller


class Announcing:
    """`supervision.announcements.Announcer`: it only prepares messages, so it is there before the supervisor is."""

    def __init__(self, agents: AgentStore, creations: CreationStore, teller: Teller) -> None:
        self._agents = agents
        self._creations = creations
        self._teller = teller

    async def owing(self, announcement: Announcement) -> Owing:
        """What owes the bot's owner the message; nothing where the bot was deleted."""
        record = await self._agents.get(announcement.agent_id)
        if record is None or record.deleted_at is not None:
            return _nothing
        news = BotTrouble(
            record=record,
            trouble=Trouble(announcement.kind.value),
            reason=announcement.reason,
            lines=announcement.lines,
            can_renew=await self._creations.was_managed(record.bot_id),
        )
        return await self._teller.owing(news)

    def wake(self) -> None:
        """Have it sent."""
        self._teller.wake()


async def _nothing(_tx: Transaction) -> None:
    pass
