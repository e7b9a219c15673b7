"""The Bot API as the poll loop calls it: python-telegram-bot's own client, with one plain `call`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from telegram import Bot, InputFile, User

from bot_runtime.polling import Attachment
from bot_runtime.transport import SlimRequest

PLACEHOLDER = "egress"  # stands where the token would; the egress puts the token in


class BotCaller(Bot):
    """A `telegram.Bot` that also takes calls as data."""

    def be(self, user: User) -> None:
        """Say who the bot is, so that `initialize` need not ask Telegram."""
        self._bot_user = user
        self._bot_initialized = True
        self._requests_initialized = True

    async def call(
        self,
        method: str,
        params: Mapping[str, Any],
        attachments: Sequence[Attachment] = (),
        *,
        timeout: float | None = None,
    ) -> Any:
        """The `result` of the answer, as JSON; raises `telegram.error.TelegramError` and its kinds."""
        values = dict(params)
        for attachment in attachments:
            values[attachment.field] = InputFile(attachment.content, filename=attachment.filename)
        if timeout is None:
            return await self._post(method, values)
        return await self._post(method, values, read_timeout=timeout)


def caller_through_egress(bot_id: int, socket_path: str) -> BotCaller:
    """Calls over the egress's Unix socket, without a token."""
    return _caller(f"{bot_id}:{PLACEHOLDER}", "http://egress", socket_path)


def caller_with_token(token: str, api_url: str) -> BotCaller:
    """Calls straight to the Bot API, as an exported project makes them."""
    return _caller(token, api_url.rstrip("/"), None)


def _caller(token: str, base: str, socket_path: str | None) -> BotCaller:
    return BotCaller(
        token,
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=SlimRequest(socket_path=socket_path),
        get_updates_request=SlimRequest(socket_path=socket_path, connections=1),
    )
