"""An update as what it means to us: who, where, and which of the few things a person can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from telegram import Message, Update, User

from factory_bot.model.agents import PersonId
from factory_bot.model.persons import Person

UPDATES = ("message", "callback_query", "managed_bot", "my_chat_member")


@dataclass(frozen=True, kw_only=True)
class Visit:
    """Somebody did something."""

    update_id: int
    person: Person
    chat_id: int


@dataclass(frozen=True, kw_only=True)
class Wrote(Visit):
    """A person wrote in the private chat; a command stands apart from its argument."""

    message_id: int
    text: str
    command: str = ""  # without slash, small letters
    argument: str = ""


@dataclass(frozen=True, kw_only=True)
class SentSomething(Visit):
    """A person sent a picture, a sticker, a voice message …"""

    message_id: int


@dataclass(frozen=True, kw_only=True)
class Pressed(Visit):
    """A person tapped an inline button."""

    tap_id: str
    data: str
    message_id: int | None  # None: Telegram does not show us the message any more


@dataclass(frozen=True, kw_only=True)
class MadeBot(Visit):
    """A person made a bot for us, or changed one."""

    bot_id: int
    username: str


@dataclass(frozen=True, kw_only=True)
class InGroup(Visit):
    """Something happened in a group."""


def visit_of(raw: dict[str, Any], own_username: str) -> Visit | None:
    """What the update means; None where it means nothing to us.  Raises where it is broken."""
    update = Update.de_json(raw, None)
    if update.managed_bot is not None:
        made = update.managed_bot
        return _made(update, made.user, made.bot)
    if update.callback_query is not None:
        return _pressed(update)
    if update.message is not None and update.message.from_user is not None and not update.message.from_user.is_bot:
        return _message(update, update.message, own_username)
    joined = update.my_chat_member
    if joined is not None and joined.chat.type != "private" and joined.new_chat_member.status in {"member"}:
        return InGroup(update_id=update.update_id, person=_person(joined.from_user), chat_id=joined.chat.id)
    return None


def _message(update: Update, message: Message, own_username: str) -> Visit | None:
    assert message.from_user is not None
    person, chat_id = _person(message.from_user), message.chat.id
    if message.chat.type != "private":
        asked = message.chat.type != "channel" and (message.text or message.caption)
        return InGroup(update_id=update.update_id, person=person, chat_id=chat_id) if asked else None
    if message.managed_bot_created is not None:
        return _made(update, message.from_user, message.managed_bot_created.bot)
    if message.text is None:
        return SentSomething(update_id=update.update_id, person=person, chat_id=chat_id, message_id=message.message_id)
    command, argument = _command(message.text, own_username)
    return Wrote(
        update_id=update.update_id,
        person=person,
        chat_id=chat_id,
        message_id=message.message_id,
        text=message.text,
        command=command,
        argument=argument,
    )


def _command(text: str, own_username: str) -> tuple[str, str]:
    words = text[1:].split(None, 1) if text.startswith("/") else []
    if not words:
        return "", ""
    name, _, addressee = words[0].partition("@")
    if addressee and addressee.casefold() != own_username.casefold():
        return "", ""
    return name.lower(), words[1].strip() if len(words) > 1 else ""


def _pressed(update: Update) -> Visit | None:
    query = update.callback_query
    assert query is not None
    message = query.message
    if message is not None and message.chat.type != "private":
        return InGroup(update_id=update.update_id, person=_person(query.from_user), chat_id=message.chat.id)
    return Pressed(
        update_id=update.update_id,
        person=_person(query.from_user),
        chat_id=query.from_user.id,
        tap_id=query.id,
        data=query.data or "",
        message_id=message.message_id if isinstance(message, Message) else None,
    )


def _made(update: Update, user: User, bot: User) -> MadeBot:
    return MadeBot(
        update_id=update.update_id,
        person=_person(user),
        chat_id=user.id,
        bot_id=bot.id,
        username=bot.username or "",
    )


def _person(user: User) -> Person:
    return Person(
        id=PersonId(user.id),
        first_name=user.first_name,
        username=user.username,
        language=user.language_code,
    )
