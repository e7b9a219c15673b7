"""News of the workshop as messages to the person they concern."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Call
from factory_bot.chat import bots, creation, operator, reports
from factory_bot.chat.speaking import Speech
from factory_bot.model.agents import PersonId
from factory_bot.model.persons import Person
from factory_bot.storage.database import Transaction
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.workshop.news import (
    BotIsLive,
    BotTrouble,
    CreationExpired,
    CreationMoved,
    CreationStuck,
    DailyReport,
    MessagesAside,
    News,
    SpareBotMade,
    TokenOurs,
    TokenRefused,
    TokenRenewed,
    TokenShared,
    TokenTried,
)
from factory_bot.workshop.ports import Owing


class Newsroom:
    """`workshop.ports.Teller` over our outbox: what is told before the chat is open is sent when it is."""

    def __init__(self, journal: FactoryJournal, persons: PersonStore, catalogue: Catalogue) -> None:
        self._journal = journal
        self._persons = persons
        self._catalogue = catalogue
        self.sender: Callable[[], None] | None = None  # wakes whoever sends what is owed, while there is somebody

    async def owing(self, news: News) -> Owing:
        """Put the message about it together; the result owes it to its person within a transaction."""
        person_id = concerned(news)
        person = await self._persons.get(person_id) or Person(id=person_id, first_name="")
        calls = messages(news, person, self._catalogue)

        async def owe(tx: Transaction) -> None:
            await self._journal.owe(calls, connection=tx)

        return owe

    async def tell(self, news: News, tx: Transaction) -> None:
        """Owe the person the message about it, within the transaction."""
        await (await self.owing(news))(tx)

    def wake(self) -> None:
        """Send what is owed."""
        if self.sender is not None:
            self.sender()


def concerned(news: News) -> PersonId:
    """Whom it concerns."""
    match news:
        case CreationMoved() | TokenTried() | TokenRefused() | CreationStuck() | CreationExpired() | BotIsLive():
            return news.creation.user_id
        case BotTrouble() | TokenRenewed():
            return news.record.owner_id
        case SpareBotMade():
            return news.bot.user_id
        case TokenShared() | TokenOurs() | MessagesAside():
            return news.operator_id
        case DailyReport():
            return news.report.person_id


def messages(news: News, person: Person, catalogue: Catalogue) -> Sequence[Call]:
    """What that person is told."""
    speech = Speech(catalogue=catalogue, chat_id=person.id, language=person.language)
    match news:
        case CreationMoved():
            return [creation.moved(speech, news)]
        case TokenTried():
            return [creation.token_tried(speech, news)]
        case TokenRefused():
            return creation.token_refused(speech, news)
        case CreationStuck():
            return [creation.stuck(speech, news)]
        case CreationExpired():
            return creation.expired(speech, news)
        case BotIsLive():
            return creation.live(speech, news)
        case SpareBotMade():
            return [creation.spare_made(speech, news)]
        case BotTrouble():
            return [bots.trouble(speech, news)]
        case TokenShared():
            return [operator.token_shared(speech)]
        case TokenOurs():
            return [operator.token_ours(speech, news, person)]
        case MessagesAside():
            return [operator.messages_aside(speech, news, person)]
        case TokenRenewed():
            return [bots.token_renewed(speech, news)]
        case DailyReport():
            return [reports.told(speech, news.report, person)]
