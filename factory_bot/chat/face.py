"""The factory's Telegram side: who it is, how it speaks up, and the few calls it makes at once."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress

from telegram.error import RetryAfter
from telegram.error import TelegramError as RefusedByTelegram

from bot_runtime.caller import BotCaller
from bot_runtime.catalogue import Catalogue
from factory_bot.chat.newsroom import concerned, messages
from factory_bot.errors import TelegramError
from factory_bot.model.persons import Person
from factory_bot.storage.database import Transaction
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.workshop.news import News
from factory_bot.workshop.ports import FactoryBot

log = logging.getLogger(__name__)

CODES = {"BadRequest": 400, "InvalidToken": 401, "Forbidden": 403, "Conflict": 409, "RetryAfter": 429}


class TelegramFace:
    """`workshop.ports.Face` over the Bot API and our outbox."""

    def __init__(
        self,
        *,
        me: FactoryBot,
        caller: BotCaller,
        journal: FactoryJournal,
        persons: PersonStore,
        catalogue: Catalogue,
        wake: Callable[[], None],
    ) -> None:
        self.me = me
        self._caller = caller
        self._journal = journal
        self._persons = persons
        self._catalogue = catalogue
        self._wake = wake

    async def managed_token(self, bot_id: int) -> str:
        """The token of a bot that a maker made for us.  Raises `TelegramError`."""
        try:
            return str(await self._caller.call("getManagedBotToken", {"user_id": bot_id}))
        except RefusedByTelegram as exc:
            raise translated(exc) from exc

    async def tell(self, news: News, tx: Transaction) -> None:
        """Owe the person the message about it, within the transaction."""
        person_id = concerned(news)
        person = await self._persons.get(person_id) or Person(id=person_id, first_name="")
        await self._journal.owe(messages(news, person, self._catalogue), connection=tx)

    def wake(self) -> None:
        """Send what is owed."""
        self._wake()

    async def answer_now(self, tap_id: str, text: str) -> None:
        """Answer a tap before the work that it asks for; worth nothing later, so it is tried once."""
        with suppress(RefusedByTelegram):
            await self._caller.call("answerCallbackQuery", {"callback_query_id": tap_id, "text": text}, timeout=5)

    async def typing(self, chat_id: int) -> None:
        """Show that something is being worked on."""
        with suppress(RefusedByTelegram):
            await self._caller.call("sendChatAction", {"chat_id": chat_id, "action": "typing"}, timeout=5)


def translated(exc: RefusedByTelegram) -> TelegramError:
    """python-telegram-bot's error as ours, without the token that one of them quotes."""
    after = exc.retry_after if isinstance(exc, RetryAfter) else None
    seconds = after if after is None or isinstance(after, int) else after.total_seconds()
    code = CODES.get(type(exc).__name__, 0)
    return TelegramError(code, "the token is refused" if code == 401 else exc.message, seconds)
