"""An ordinary python-telegram-bot application lives with the playground as with Telegram."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from telegram import (
    Bot,
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    KeyboardButtonRequestManagedBot,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    Update,
)
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import (
    Application,
    ApplicationBuilder,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    MessageHandler,
    filters,
)

from playground.people import BotAccount, Person, Playground
from tests.playground.calling import CallingBot
from tests.playground.clients.story import COMMANDS, tell
from tests.playground.pixel import PIXEL

App = Application[Any, Any, Any, Any, Any, Any]
Context = ContextTypes.DEFAULT_TYPE


def counter(count: int) -> InlineKeyboardMarkup:
    return InlineKeyboardMarkup([[InlineKeyboardButton(f"Count: {count}", callback_data=str(count))]])


async def start(update: Update, context: Context) -> None:
    assert update.message is not None
    assert update.effective_user is not None
    words = " ".join(context.args or [])
    await update.message.reply_text(
        f"Hello {update.effective_user.first_name}, you come {words}", reply_markup=counter(0)
    )


async def pressed(update: Update, _: Context) -> None:
    query = update.callback_query
    assert query is not None
    assert query.data is not None
    count = int(query.data) + 1
    if count > 1:
        await query.answer("That is enough", show_alert=True)
        return
    await query.answer(f"Counted to {count}")
    await query.edit_message_text(f"Counted to {count}", reply_markup=counter(count))


async def drinks(update: Update, _: Context) -> None:
    assert update.message is not None
    keys = ReplyKeyboardMarkup([["Tea", "Coffee"]], resize_keyboard=True, one_time_keyboard=True)
    await update.message.reply_text("Which drink?", reply_markup=keys)


async def drink(update: Update, _: Context) -> None:
    assert update.message is not None
    await update.message.reply_text(f"{update.message.text} it is", reply_markup=ReplyKeyboardRemove())


async def picture(update: Update, _: Context) -> None:
    assert update.message is not None
    await update.message.reply_photo(PIXEL, caption="A <i>pixel</i>", parse_mode="HTML")


async def reverse(update: Update, _: Context) -> None:
    assert update.message is not None
    assert update.message.document is not None
    file = await update.message.document.get_file()
    content = bytes(await file.download_as_bytearray())
    await update.message.reply_document(content[::-1], filename="reversed.txt", caption=f"{len(content)} bytes")


async def echo(update: Update, _: Context) -> None:
    assert update.message is not None
    assert update.message.text is not None
    await update.message.chat.send_action("typing")
    await update.message.reply_html(f"<b>{update.message.text_html}</b>", do_quote=True)


@pytest.fixture
def application(playground_url: str, account: BotAccount) -> App:
    application = (
        ApplicationBuilder()
        .token(account.token)
        .base_url(f"{playground_url}/bot")
        .base_file_url(f"{playground_url}/file/bot")
        .job_queue(None)
        .build()
    )
    application.add_handler(CommandHandler("start", start))
    application.add_handler(CommandHandler("drinks", drinks))
    application.add_handler(CommandHandler("picture", picture))
    application.add_handler(CallbackQueryHandler(pressed))
    application.add_handler(MessageHandler(filters.Document.ALL, reverse))
    application.add_handler(MessageHandler(filters.Text(["Tea", "Coffee"]), drink))
    application.add_handler(MessageHandler(filters.TEXT, echo))
    return application


async def test_a_polling_application_lives_through_the_story(
    application: App, account: BotAccount, playground: Playground, playground_url: str
) -> None:
    async with application:
        await application.bot.set_my_commands([BotCommand(one["command"], one["description"]) for one in COMMANDS])
        await application.start()
        assert application.updater is not None
        await application.updater.start_polling(allowed_updates=Update.ALL_TYPES)
        try:
            await tell(await playground.person("Alice"), account, playground_url)
        finally:
            await application.updater.stop()
            await application.stop()


async def test_the_objects_of_the_library_come_back_whole(
    application: App, account: BotAccount, playground: Playground, alice: Person
) -> None:
    await alice.starts(account)
    async with application:
        bot = application.bot
        me = await bot.get_me()
        assert (me.username, me.can_join_groups, me.can_read_all_group_messages) == ("echo_bot", True, False)
        chat = await bot.get_chat(alice.id)
        assert (chat.type, chat.first_name) == ("private", "Alice")
        sent = await bot.send_message(alice.id, "x", reply_markup=ForceReply(input_field_placeholder="say"))
        assert (await bot.forward_message(alice.id, alice.id, sent.message_id)).forward_origin is not None
        assert (await bot.copy_message(alice.id, alice.id, sent.message_id)).message_id > sent.message_id
        poll = await bot.send_poll(alice.id, "Which?", ["a", "b"])
        assert poll.poll is not None
        stopped = await bot.stop_poll(alice.id, poll.message_id)
        assert stopped.is_closed
        assert await bot.delete_message(alice.id, sent.message_id)
        assert (await bot.get_my_name()).name == "Echo"
        assert (await bot.get_webhook_info()).url == ""


async def test_errors_become_the_librarys_exceptions(
    application: App, account: BotAccount, playground: Playground, alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    async with application:
        bot = application.bot
        with pytest.raises(Forbidden, match="bot can't initiate conversation with a user"):
            await bot.send_message(alice.id, "x")
        await alice.starts(account)
        with pytest.raises(BadRequest, match=r"^Can't parse entities: "):
            await bot.send_message(alice.id, "<b>", parse_mode="HTML")
        with pytest.raises(BadRequest, match=r"^Chat not found$"):
            await bot.send_message(999, "x")
        await playground.fault("429", bot=account, method="sendMessage", retry_after=3)
        with pytest.raises(RetryAfter) as limited:
            await bot.send_message(alice.id, "x")
        assert limited.value.retry_after == timedelta(seconds=3)
        waiting = asyncio.create_task(bot.get_updates(offset=-1, timeout=30))
        await alice.says(account, "wake")
        (update,) = await waiting
        first = asyncio.create_task(bot.get_updates(offset=update.update_id + 1, timeout=30))
        async with CallingBot(playground.base_url, account.token) as other:
            await other.getMe()  # by then the first poll has begun
            await other.getUpdates(offset=update.update_id + 2, timeout=1)
        with pytest.raises(Conflict, match="terminated by other getUpdates request"):
            await first
        await alice.blocks(account)
        with pytest.raises(Forbidden, match="bot was blocked by the user"):
            await bot.send_message(alice.id, "x")
        await playground.revoke(account)
        with pytest.raises(InvalidToken):
            await bot.send_message(alice.id, "x")


async def test_a_managed_bot_is_made_through_the_librarys_own_classes(
    playground: Playground, playground_url: str
) -> None:
    manager = await playground.bot(await playground.person("Max"), "Manager", "manager_bot", can_manage_bots=True)
    alice = await playground.person("Alice")
    await alice.starts(manager)
    async with Bot(manager.token, base_url=f"{playground_url}/bot", base_file_url=f"{playground_url}/file/bot") as bot:
        assert (await bot.get_me()).can_manage_bots
        ask = KeyboardButtonRequestManagedBot(request_id=7, suggested_name="Shop", suggested_username="shop_bot")
        keys = ReplyKeyboardMarkup([[KeyboardButton("Create", request_managed_bot=ask)]])
        await bot.send_message(alice.id, "Make it", reply_markup=keys)
        await alice.confirms_managed_bot(manager, username="anns_shop_bot")
        updates = await bot.get_updates(timeout=10, allowed_updates=Update.ALL_TYPES)
        (told,) = [update.managed_bot for update in updates if update.managed_bot]
        (created,) = [one.message for one in updates if one.message and one.message.managed_bot_created]
        assert told.user.id == alice.id
        assert created.managed_bot_created is not None
        assert created.managed_bot_created.bot == told.bot
        token = await bot.get_managed_bot_token(told.bot.id)
        assert await bot.replace_managed_bot_token(told.bot.id) != token
        await bot.set_managed_bot_access_settings(told.bot.id, True)
        assert (await bot.get_managed_bot_access_settings(told.bot.id)).is_access_restricted
