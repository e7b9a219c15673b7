"""One story that every client library's echo bot must live through: it is told to a person, seen by a person."""

from __future__ import annotations

from playground.people import BotAccount, Person
from tests.playground.calling import CallingBot

COMMANDS = [
    {"command": "start", "description": "Begin"},
    {"command": "drinks", "description": "Choose a drink"},
]


async def tell(alice: Person, bot: BotAccount, url: str) -> None:
    """Everything an echo bot does, in the order in which a person would try it."""
    await _begins(alice, bot)
    await _is_pressed_and_edits(alice, bot)
    await _echoes_with_formatting(alice, bot)
    await _offers_a_keyboard(alice, bot)
    await _takes_a_file_and_gives_one(alice, bot)
    await _shows_a_picture(alice, bot)
    await _has_a_command_menu(bot, url)


async def _begins(alice: Person, bot: BotAccount) -> None:
    await alice.starts(bot, "from-a-link")
    greeting = await alice.hears(bot, "Hello Alice")
    assert greeting.text == "Hello Alice, you come from-a-link"
    assert greeting.labels == ["Count: 0"]


async def _is_pressed_and_edits(alice: Person, bot: BotAccount) -> None:
    assert await alice.presses(bot, "Count: 0") == {"toast": "Counted to 1"}
    edited = await alice.hears(bot, "Counted")
    assert edited.text == "Counted to 1"
    assert edited.labels == ["Count: 1"]
    answer = await alice.presses(bot, "Count: 1")
    assert answer == {"alert": "That is enough"}


async def _echoes_with_formatting(alice: Person, bot: BotAccount) -> None:
    said = await alice.says(bot, "1 < 2 & 😀 _*[]()")
    echo = await alice.hears(bot, "1 < 2")
    assert echo.text == said.text
    assert echo["reply_to_message"]["message_id"] == said.id
    assert echo["entities"] == [{"type": "bold", "offset": 0, "length": len(said.text) + 1}]


async def _offers_a_keyboard(alice: Person, bot: BotAccount) -> None:
    await alice.says(bot, "/drinks")
    await alice.hears(bot, "Which drink?")
    assert await alice.sees_keyboard(bot) == ["Tea", "Coffee"]
    await alice.presses(bot, "Tea")
    assert (await alice.hears(bot, "Tea")).text == "Tea it is"
    assert await alice.sees_keyboard(bot) == []


async def _takes_a_file_and_gives_one(alice: Person, bot: BotAccount) -> None:
    await alice.sends_document(bot, b"stressed", "word.txt")
    back = await alice.hears(bot, "8 bytes")
    assert back["document"]["file_name"] == "reversed.txt"
    assert back["document"]["file_size"] == 8
    async with CallingBot(alice.playground.base_url, bot.token) as other:
        file = await other.getFile(file_id=back["document"]["file_id"])
        answer = await other.http.get(f"{other.url}/file/bot{bot.token}/{file['file_path']}")
    assert answer.content == b"desserts"


async def _shows_a_picture(alice: Person, bot: BotAccount) -> None:
    await alice.says(bot, "/picture")
    picture = await alice.hears(bot, "A pixel")
    assert picture["photo"][-1]["width"] == 1
    assert picture["caption_entities"] == [{"type": "italic", "offset": 2, "length": 5}]


async def _has_a_command_menu(bot: BotAccount, url: str) -> None:
    async with CallingBot(url, bot.token) as other:
        assert await other.getMyCommands() == COMMANDS
