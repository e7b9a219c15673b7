"""From an update to its effects: python-telegram-bot's handlers dispatch, one transaction holds all that follows."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextvars import ContextVar

from telegram import Chat, Message, Update, User
from telegram.constants import ChatType
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, MessageHandler, filters

from bot_runtime.answers import KIND as ANSWERS
from bot_runtime.answers import Answers
from bot_runtime.commands import CORE, Commands
from bot_runtime.context import BotApplication, BotContext, context_types
from bot_runtime.dna import Access
from bot_runtime.features import Feature
from bot_runtime.pace import Pace
from bot_runtime.polling import Incoming
from bot_runtime.work import House, Person, Work

log = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "callback_query")

_current: ContextVar[Work] = ContextVar("work")


def person_of(user: User) -> Person:
    """The person as we keep them."""
    return Person(
        id=user.id,
        first_name=user.first_name,
        last_name=user.last_name,
        username=user.username,
        language=user.language_code,
    )


class MadeBot:
    """Handles the updates of one bot."""

    def __init__(self, house: House, features: Sequence[Feature]) -> None:
        self.house = house
        self.features = features
        self.commands = Commands(house, features)
        self.answers = Answers(house, features)
        self._pace = Pace(house.dna.rate_limits.messages_per_minute)
        self._application = self._build()

    async def open(self) -> None:
        """Make ready; the network is not touched where the bot's own identity is known."""
        await self._application.initialize()

    async def close(self) -> None:
        """Let go of the connections."""
        await self._application.shutdown()

    async def handle(self, incoming: Incoming) -> None:
        """Handle one update: its effects, what it owes and its being done commit together."""
        update = Update.de_json(incoming.raw, self.house.caller)
        user, chat = update.effective_user, update.effective_chat
        if user is None or user.is_bot or chat is None or chat.type == ChatType.CHANNEL:
            return  # nothing we asked for: the poll loop marks it as done
        async with self.house.work(
            person=person_of(user),
            chat_id=chat.id,
            private=chat.type == ChatType.PRIVATE,
            query_id=update.callback_query.id if update.callback_query else None,
            pressed=_pressed(update),
        ) as work:
            if not await self.house.journal.finish_in(work.tx, incoming.update_id):
                work.query_id = None
                return
            if not self._is_welcome(work):
                return
            assert work.person is not None
            await work.meet(work.person)
            await work.count("messages")
            token = _current.set(work)
            try:
                await self._application.process_update(update)
            finally:
                _current.reset(token)
            if work.error is not None:  # process_update returns None also when a handler raised
                raise work.error

    def _is_welcome(self, work: Work) -> bool:
        """The bot serves this person now; else they were told why not."""
        assert work.person is not None
        if self.house.dna.access is Access.OWNER and not work.is_owner:
            self._turn_away(work, work.text("bot.private"), work.plain("bot.private"))
            return False
        seconds = self._pace.wait(work.person.id, work.now)
        if seconds:
            sentence = work.text("bot.too_fast", seconds=seconds)
            if work.query_id is not None:
                work.toast(work.plain("bot.too_fast_toast", seconds=seconds))
            elif work.private and self._pace.first_refusal(work.person.id):
                work.say(sentence)
            return False
        return True

    def _turn_away(self, work: Work, text: str, toast: str) -> None:
        if work.query_id is not None:
            work.toast(toast, alert=True)
        elif work.private:
            work.say(text)

    # ---------------------------------------------------------------- dispatch

    def _build(self) -> BotApplication:
        application: BotApplication = (
            Application.builder()
            .bot(self.house.caller)
            .updater(None)
            .job_queue(None)
            .context_types(context_types(_current))
            .build()
        )
        core = {
            "start": self._start,
            "help": self._help,
            "app": self._app,
            "privacy": self._privacy,
            "forget": self._forget,
            "answers": self._answers,
            "cancel": self._cancel,
        }
        for name, callback in core.items():
            application.add_handler(CommandHandler(name, callback))
        for feature in self.features:
            application.add_handler(CommandHandler(feature.command, self._open))
        if all(feature.command != "mine" for feature in self.features):
            application.add_handler(CommandHandler("mine", self._mine))
        application.add_handler(CallbackQueryHandler(self._press))
        application.add_handler(MessageHandler(filters.ChatType.PRIVATE, self._heard))
        application.add_error_handler(_note_error)
        return application

    async def _start(self, update: Update, context: BotContext) -> None:
        payload = context.args[0] if context.args else ""
        if not context.work.private:
            feature = self._feature(payload)
            if feature is None or not await feature.open_in_group(context.work):
                self.commands.come_here(context.work, feature)
            return
        await self.commands.start(context.work, payload)

    async def _open(self, update: Update, context: BotContext) -> None:
        assert isinstance(update.effective_message, Message)
        command = (update.effective_message.text or "")[1:].split(maxsplit=1)[0].partition("@")[0].lower()
        feature = next(one for one in self.features if one.command == command)
        if context.work.private:
            await feature.open(context.work)
        elif not await feature.open_in_group(context.work):
            self.commands.come_here(context.work, feature)

    async def _help(self, update: Update, context: BotContext) -> None:
        if self._is_private(context):
            self.commands.help(context.work)

    async def _app(self, update: Update, context: BotContext) -> None:
        if self._is_private(context):
            self.commands.app(context.work)

    async def _privacy(self, update: Update, context: BotContext) -> None:
        self.commands.privacy(context.work)

    async def _forget(self, update: Update, context: BotContext) -> None:
        if self._is_private(context):
            await self.commands.forget(context.work)

    async def _answers(self, update: Update, context: BotContext) -> None:
        if self._is_private(context):
            await self.answers.ask(context.work)

    async def _cancel(self, update: Update, context: BotContext) -> None:
        if self._is_private(context):
            await self.commands.cancel(context.work)

    async def _mine(self, update: Update, context: BotContext) -> None:
        if self._is_private(context):
            await self.commands.mine(context.work)

    async def _press(self, update: Update, context: BotContext) -> None:
        work = context.work
        query = update.callback_query
        owner, _, rest = ((query.data if query else None) or "").partition(":")
        action = rest.split(":")
        feature = self._feature(owner)
        if owner == CORE and action[0] == ANSWERS and len(action) == 2:
            await self.answers.press(work, action[1])
        elif owner == CORE:
            await self.commands.press(work, action)
        elif feature is not None:
            await feature.press(work, action)
        else:
            work.toast(work.plain("bot.stale"))
            work.strip()

    async def _heard(self, update: Update, context: BotContext) -> None:
        message = update.effective_message
        if message is None or _is_service(message):
            return
        for feature in self.features:
            if not _is_command(message) and await feature.heard(context.work, message):
                return
        self.commands.lost(context.work)

    def _is_private(self, context: BotContext) -> bool:
        if not context.work.private:
            self.commands.come_here(context.work, None)
        return context.work.private

    def _feature(self, feature_id: str) -> Feature | None:
        return next((one for one in self.features if one.id == feature_id), None)


async def _note_error(update: object, context: BotContext) -> None:
    context.work.error = context.error


def _pressed(update: Update) -> int | None:
    query = update.callback_query
    return query.message.message_id if query and query.message and isinstance(query.message.chat, Chat) else None


def _is_command(message: Message) -> bool:
    return bool(message.text and message.text.startswith("/"))


def _is_service(message: Message) -> bool:
    return filters.StatusUpdate.ALL.check_update(Update(0, message=message)) is not False
