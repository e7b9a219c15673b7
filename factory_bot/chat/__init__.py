"""Front door 1: Telegram."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager

from telegram.error import InvalidToken
from telegram.error import TelegramError as RefusedByTelegram

from bot_runtime.caller import BotCaller, caller_with_token
from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Poller, PollerStatus
from factory_bot.chat.answers import Desk
from factory_bot.chat.concealing import concealer, revealer
from factory_bot.chat.face import TelegramFace
from factory_bot.chat.newsroom import Newsroom
from factory_bot.chat.profile import set_profile
from factory_bot.chat.router import Router
from factory_bot.chat.visits import UPDATES
from factory_bot.chat.watchman import CALM, Watchman
from factory_bot.errors import MancerError, SettingsError
from factory_bot.settings import Settings
from factory_bot.storage.journal import FactoryJournal
from factory_bot.workshop import Workshop
from factory_bot.workshop.ports import FactoryBot

log = logging.getLogger(__name__)

FIRST_TRIES = (0.2, 0.5, 1.0, 2.0, 4.0)  # seconds between tries to reach Telegram at start
CUT_OFF_TRIES = 25  # reading words and starting bots take seconds, in which a factory may be killed again and again

__all__ = ["Chat", "Newsroom", "chatting"]


class Chat:
    """The factory bot, polling."""

    def __init__(self, me: FactoryBot, poller: Poller, task: asyncio.Task[None]) -> None:
        self.me = me
        self._poller = poller
        self._task = task

    @property
    def status(self) -> PollerStatus:
        """What the poll loop has seen in this life."""
        return self._poller.status

    async def lost(self) -> None:
        """Return when polling has ended, and raise what ended it."""
        await asyncio.shield(self._task)


@asynccontextmanager
async def chatting(
    *,
    settings: Settings,
    token: str,
    workshop: Workshop,
    catalogue: Catalogue,
    newsroom: Newsroom,
    console: Callable[[str], None],
    calm: float = CALM,
) -> AsyncIterator[Chat]:
    """The factory bot, polling until the block is left; then it finishes what it took in.

    Raises `SettingsError` for a refused token, `MancerError` where Telegram cannot be reached.
    """
    async with AsyncExitStack() as stack:
        caller = caller_with_token(token, settings.api_url)
        stack.push_async_callback(caller.shutdown)
        me = await _introduced(caller)
        face = TelegramFace(me, caller, newsroom)
        journal = FactoryJournal(
            workshop.database,
            workshop.clock,
            conceal=concealer(workshop.vault),
            reveal=revealer(workshop.vault),
            on_aside=lambda reason: workshop.wellbeing.set_aside(reason, face),
        )
        watchman = Watchman(workshop, face, catalogue, console, calm=calm)
        desk = Desk(
            workshop=workshop,
            catalogue=catalogue,
            journal=journal,
            face=face,
            answer_now=face.answer_now,
            typing=face.typing,
        )
        poller = Poller(
            caller,
            journal,
            Router(desk).handle,
            allowed_updates=UPDATES,
            on_trouble=watchman.trouble,
            on_well=watchman.well,
            cut_off_tries=CUT_OFF_TRIES,
        )
        newsroom.sender = poller.wake
        stop = asyncio.Event()
        watching = asyncio.create_task(watchman.watch(), name="watch over the factory's bot")
        stack.push_async_callback(_cancelled, watching)
        task = asyncio.create_task(poller.run(stop), name="factory polling")
        stack.push_async_callback(_ended, task, stop)
        profile = asyncio.create_task(set_profile(caller, catalogue, workshop.facts, me.id), name="factory profile")
        stack.push_async_callback(_cancelled, profile)
        await workshop.attach(face)
        yield Chat(me, poller, task)


async def _introduced(caller: BotCaller) -> FactoryBot:
    """Who we are, and no webhook in the way."""
    for delay in (*FIRST_TRIES, None):
        try:
            await caller.initialize()
            await caller.call("deleteWebhook", {})
        except InvalidToken as exc:
            raise SettingsError("MANCER_TELEGRAM_TOKEN: Telegram refuses this token") from exc
        except RefusedByTelegram as exc:
            if delay is None:
                raise MancerError(f"Telegram cannot be reached ({type(exc).__name__})") from exc
            await asyncio.sleep(delay)
        else:
            me = caller.bot
            return FactoryBot(id=me.id, username=me.username or "", can_manage_bots=bool(me.can_manage_bots))
    raise AssertionError


async def _ended(task: asyncio.Task[None], stop: asyncio.Event) -> None:
    stop.set()
    try:
        await task
    except Exception:
        log.exception("polling had ended with an error")


async def _cancelled(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
