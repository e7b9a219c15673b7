"""The factory's Telegram side: who it is, how it speaks up, and the few calls it makes at once."""

from __future__ import annotations

import logging
from contextlib import suppress

from telegram.error import RetryAfter
from telegram.error import TelegramError as RefusedByTelegram

from bot_runtime.caller import BotCaller
from factory_bot.chat.newsroom import Newsroom
from factory_bot.errors import TelegramError
from factory_bot.storage.database import Transaction
from factory_bot.workshop.news import News
from factory_bot.workshop.ports import FactoryBot, Owing

log = logging.getLogger(__name__)

CODES = {"BadRequest": 400, "InvalidToken": 401, "Forbidden": 403, "Conflict": 409, "RetryAfter": 429}


class TelegramFace:
    """`workshop.ports.Face` over the Bot API and our outbox."""

    def __init__(self, me: FactoryBot, caller: BotCaller, newsroom: Newsroom) -> None:
        self.me = me
        self._caller = caller
        self._newsroom = newsroom

    async def managed_token(self, bot_id: int) -> str:
        """The token of a bot that a maker made for us.  Raises `TelegramError`."""
        try:
            return str(await self._caller.call("getManagedBotToken", {"user_id": bot_id}))
        except RefusedByTelegram as exc:
            raise translated(exc) from exc

    async def owing(self, news: News) -> Owing:
        """Put the message about it together; the result owes it to its person within a transaction."""
        return await self._newsroom.owing(news)

    async def tell(self, news: News, tx: Transaction) -> None:
        """Owe the person the message about it, within the transaction."""
        await self._newsroom.tell(news, tx)

    def wake(self) -> None:
        """Send what is owed."""
        self._newsroom.wake()

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
