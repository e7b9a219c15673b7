"""An ordinary aiogram dispatcher lives with the playground as with Telegram, though it speaks a newer Bot API."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Any

import pytest
from aiogram import Bot, Dispatcher, F
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError, TelegramUnauthorizedError
from aiogram.filters import Command, CommandObject, CommandStart
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    KeyboardButton,
    Message,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from playground.people import BotAccount, Person, Playground
from tests.playground.clients.story import COMMANDS, tell
from tests.playground.pixel import PIXEL


def counter(count: int) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(text=f"Count: {count}", callback_data=str(count))
    return InlineKeyboardMarkup(inline_keyboard=[[button]])


async def start(message: Message, command: CommandObject) -> None:
    assert message.from_user is not None
    await message.answer(f"Hello {message.from_user.first_name}, you come {command.args}", reply_markup=counter(0))


async def pressed(query: CallbackQuery) -> None:
    assert query.data is not None
    assert isinstance(query.message, Message)
    count = int(query.data) + 1
    if count > 1:
        await query.answer("That is enough", show_alert=True)
        return
    await query.answer(f"Counted to {count}")
    await query.message.edit_text(f"Counted to {count}", reply_markup=counter(count))


async def drinks(message: Message) -> None:
    keys = ReplyKeyboardMarkup(keyboard=[[KeyboardButton(text="Tea"), KeyboardButton(text="Coffee")]])
    await message.answer("Which drink?", reply_markup=keys)


async def drink(message: Message) -> None:
    await message.answer(f"{message.text} it is", reply_markup=ReplyKeyboardRemove())


async def picture(message: Message) -> None:
    await message.answer_photo(BufferedInputFile(PIXEL, "pixel.png"), caption="A _pixel_", parse_mode="MarkdownV2")


async def reverse(message: Message, bot: Bot) -> None:
    assert message.document is not None
    file = await bot.download(message.document)
    assert file is not None
    content = file.read()
    await message.answer_document(BufferedInputFile(content[::-1], "reversed.txt"), caption=f"{len(content)} bytes")


async def echo(message: Message) -> None:
    await message.reply(f"<b>{message.html_text}</b>", parse_mode="HTML")


def dispatcher() -> Dispatcher:
    dispatcher = Dispatcher()
    dispatcher.message.register(start, CommandStart())
    dispatcher.message.register(drinks, Command("drinks"))
    dispatcher.message.register(picture, Command("picture"))
    dispatcher.message.register(reverse, F.document)
    dispatcher.message.register(drink, F.text.in_({"Tea", "Coffee"}))
    dispatcher.message.register(echo, F.text)
    dispatcher.callback_query.register(pressed)
    return dispatcher


@pytest.fixture
async def bot(playground_url: str, account: BotAccount) -> Any:
    session = AiohttpSession(api=TelegramAPIServer.from_base(playground_url))
    async with Bot(account.token, session=session) as bot:
        yield bot


async def test_a_polling_dispatcher_lives_through_the_story(
    bot: Bot, account: BotAccount, alice: Person, playground_url: str
) -> None:
    await bot.set_my_commands([BotCommand(command=one["command"], description=one["description"]) for one in COMMANDS])
    handlers = dispatcher()
    polling = asyncio.create_task(handlers.start_polling(bot, handle_signals=False, close_bot_session=False))
    try:
        await tell(alice, account, playground_url)
    finally:
        with suppress(RuntimeError):  # it had not begun yet
            await handlers.stop_polling()
        await polling


async def test_the_objects_of_the_library_come_back_whole(bot: Bot, account: BotAccount, alice: Person) -> None:
    await alice.starts(account)
    media: Any = [InputMediaDocument(media=BufferedInputFile(b"x", f"{number}.txt")) for number in range(2)]
    album = await bot.send_media_group(alice.id, media)
    assert len({message.media_group_id for message in album}) == 1
    poll = await bot.send_poll(alice.id, "Which?", ["a", "b"], is_anonymous=False)
    assert poll.poll is not None
    assert [option.text for option in poll.poll.options] == ["a", "b"]
    place = await bot.send_location(alice.id, 52.5, 13.4)
    assert place.location is not None
    assert (await bot.get_chat(alice.id)).first_name == "Alice"
    member = await bot.get_chat_member(alice.id, alice.id)
    assert member.status == "member"


async def test_errors_become_the_librarys_exceptions(
    bot: Bot, account: BotAccount, alice: Person, playground: Playground
) -> None:
    with pytest.raises(TelegramForbiddenError):
        await bot.send_message(alice.id, "x")
    await alice.starts(account)
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await bot.send_message(alice.id, "")
    await playground.revoke(account)
    with pytest.raises(TelegramUnauthorizedError):
        await bot.get_me()
