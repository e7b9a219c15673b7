"""Judging a pasted token: whose it is, whether it works, whether somebody else uses it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from factory_bot.errors import PersonError, TelegramError
from factory_bot.model.agents import PersonId
from factory_bot.storage.agents import AgentStore
from factory_bot.workshop.ports import Egress

TOKEN = re.compile(r"(?<![\w:-])(\d{5,16}):([A-Za-z0-9_-]{30,64})(?![\w-])")
REFUSED = frozenset({400, 401, 403, 404})
"""How Telegram answers to a token that is none."""

LISTEN_SECONDS = 8
"""How long to poll before believing that nobody else does: the older of two pollers is the one that hears of it."""


@dataclass(frozen=True, kw_only=True)
class GoodToken:
    """The bot behind a token that may be used."""

    bot_id: int
    username: str


def token_in(text: str) -> str | None:
    """The token in a text: alone, or within the message @BotFather sends."""
    found = TOKEN.search(text)
    return found[0] if found else None


def bot_id_of(token: str) -> int:
    """The bot's id, which is the first part of its token."""
    return int(token.partition(":")[0])


class TokenJudge:
    """Refuses with the reason, or says whose token it is."""

    def __init__(self, egress: Egress, agents: AgentStore, *, listen_seconds: int = LISTEN_SECONDS) -> None:
        self._egress = egress
        self._agents = agents
        self._listen_seconds = listen_seconds

    async def judge(self, bot_id: int, sealed: bytes, *, person_id: PersonId, own_id: int) -> GoodToken:
        """Raises `PersonError` with the reason, `TelegramError` where Telegram cannot be asked."""
        await self._refuse_known(bot_id, person_id, own_id)
        bot = await self._who(sealed)
        username = str(bot.get("username") or "")
        if bot.get("id") != bot_id or not username:
            raise PersonError("creation.token_refused")
        await self._refuse_webhook(sealed, username)
        await self._refuse_poller(sealed, username)
        return GoodToken(bot_id=bot_id, username=username)

    async def _refuse_known(self, bot_id: int, person_id: PersonId, own_id: int) -> None:
        if bot_id == own_id:
            raise PersonError("creation.token_own")
        known = await self._agents.by_bot_id(bot_id)
        if known is not None and known.owner_id == person_id:
            raise PersonError("creation.token_yours", username=known.username)
        if known is not None:
            raise PersonError("creation.token_taken")

    async def _who(self, sealed: bytes) -> dict[str, object]:
        try:
            bot: dict[str, object] = await self._egress.try_token(sealed, "getMe", {})
        except TelegramError as exc:
            if exc.code in REFUSED:
                raise PersonError("creation.token_refused") from exc
            raise
        return bot

    async def _refuse_webhook(self, sealed: bytes, username: str) -> None:
        webhook = await self._egress.try_token(sealed, "getWebhookInfo", {})
        if webhook.get("url"):
            host = urlsplit(webhook["url"]).hostname or webhook["url"]
            raise PersonError("creation.token_webhook", username=username, host=host)

    async def _refuse_poller(self, sealed: bytes, username: str) -> None:
        try:
            # No offset: nothing that waits for the bot is confirmed by this.
            await self._egress.try_token(sealed, "getUpdates", {"timeout": self._listen_seconds, "limit": 1})
        except TelegramError as exc:
            if exc.code == 409:
                raise PersonError("creation.token_polled", username=username) from exc
            raise
