"""The types of python-telegram-bot's generics as this package uses them, in one place."""

from __future__ import annotations

from contextvars import ContextVar
from typing import Any, TypeAlias

from telegram.ext import Application, CallbackContext, ContextTypes

from bot_runtime.caller import BotCaller
from bot_runtime.work import Work

Bag: TypeAlias = dict[Any, Any]


class BotContext(CallbackContext[BotCaller, Bag, Bag, Bag]):
    """The context of a handler: it carries the unit of work."""

    current: ContextVar[Work]

    @property
    def work(self) -> Work:
        """What this update does."""
        return self.current.get()


BotApplication: TypeAlias = Application[BotCaller, BotContext, Bag, Bag, Bag, Any]


def context_types(current: ContextVar[Work]) -> ContextTypes[BotContext, Bag, Bag, Bag]:
    """Contexts that find the unit of work in `current`."""
    BotContext.current = current
    return ContextTypes(context=BotContext, bot_data=dict, chat_data=dict, user_data=dict)
