"""The unit of work: what one update, one request of the Mini App or one due thing does, committed as a whole.

Whoever handles something gets a `Work`: it reads and writes through the open transaction, and what it says is only
noted.  The effects, the owed messages and the update's "done" commit together; the network is not touched before.
"""

from __future__ import annotations

import html
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from bot_runtime.caller import BotCaller
from bot_runtime.catalogue import Markup
from bot_runtime.dna import AgentDNA
from bot_runtime.journal import BotJournal
from bot_runtime.polling import Attachment, Call
from bot_runtime.speech import catalogue, language_for, toned
from bot_runtime.store import Store, Transaction

HOUR = 3600


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody who uses the bot, as Telegram shows them."""

    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    language: str | None = None

    @property
    def name(self) -> str:
        """First and last name."""
        return f"{self.first_name} {self.last_name}" if self.last_name else self.first_name


def mention(person: Person) -> Markup:
    """The person as a link to their profile, as Telegram HTML."""
    name = f'<a href="tg://user?id={person.id}">{html.escape(person.name, quote=False)}</a>'
    return Markup(f"{name} (@{person.username})" if person.username else name)


@dataclass(frozen=True, kw_only=True)
class Button:
    """An inline button: it presses `data`, or opens an address, or the Mini App."""

    text: str
    data: str | None = None  # at most 64 bytes
    url: str | None = None
    app_url: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The button as `InlineKeyboardButton`."""
        if self.app_url is not None:
            return {"text": self.text, "web_app": {"url": self.app_url}}
        if self.url is not None:
            return {"text": self.text, "url": self.url}
        return {"text": self.text, "callback_data": self.data}


def is_count(text: str) -> bool:
    """The text, which came back with a button, is a number that any column takes."""
    return text.isascii() and text.isdecimal() and len(text) <= 9


Rows = Sequence[Sequence[Button]]


def inline(rows: Rows) -> dict[str, Any]:
    """The rows as `InlineKeyboardMarkup`."""
    return {"inline_keyboard": [[button.to_json() for button in row] for row in rows if row]}


@dataclass(kw_only=True)
class Work:
    """One unit of work, its transaction open."""

    house: House
    tx: Transaction
    now: float
    language: str
    person: Person | None = None
    chat_id: int = 0  # where answers go
    private: bool = True  # the chat is one with a person
    pressed: int | None = None  # the message whose button was pressed
    query_id: str | None = None  # of the press, to be answered
    calls: list[Call] = field(default_factory=list)
    error: Exception | None = None  # what a handler raised
    _toast: Call | None = None

    @property
    def is_owner(self) -> bool:
        """The person owns this bot."""
        return self.person is not None and self.person.id == self.house.owner_id

    def for_owner(self) -> Work:
        """The same unit of work, speaking to the owner in their language and chat."""
        language = language_for(self.house.owner_language, self.house.dna)
        return replace(self, language=language, chat_id=self.house.owner_id, private=True)

    def text(self, key: str, /, **values: object) -> Markup:
        """A sentence as Telegram HTML, in the bot's tone and the person's language."""
        return Markup(catalogue().text(toned(key, self.house.dna.personality.tone), self.language, **values))

    def plain(self, key: str, /, **values: object) -> str:
        """A sentence without markup."""
        return catalogue().plain(toned(key, self.house.dna.personality.tone), self.language, **values)

    def say(
        self,
        text: str,
        buttons: Rows = (),
        *,
        to: int | None = None,
        markup: dict[str, Any] | None = None,
        label: str | None = None,
        attachments: tuple[Attachment, ...] = (),
    ) -> None:
        """Owe a message."""
        params: dict[str, Any] = {"text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
        if markup is None and any(buttons):
            markup = inline(buttons)
        if markup is not None:
            params["reply_markup"] = markup
        self.call("sendMessage", params, to=to, label=label, attachments=attachments)

    def rewrite(self, text: str, buttons: Rows = ()) -> None:
        """Owe a new text for the message whose button was pressed; its buttons become these."""
        if self.pressed is None:
            self.say(text, buttons)
            return
        params: dict[str, Any] = {
            "message_id": self.pressed,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
            "reply_markup": inline(buttons),
        }
        self.call("editMessageText", params)

    def toast(self, text: str = "", *, alert: bool = False) -> None:
        """Answer the press of a button, with some words or none; every press is answered, by itself if need be."""
        if self.query_id is not None:
            params: dict[str, Any] = {"callback_query_id": self.query_id}
            if text:
                params |= {"text": text[:200], "show_alert": alert}
            self._toast = Call(method="answerCallbackQuery", params=params, chat_key=self.chat_key, expendable=True)

    def call(
        self,
        method: str,
        params: dict[str, Any],
        *,
        to: int | None = None,
        label: str | None = None,
        attachments: tuple[Attachment, ...] = (),
        expendable: bool = False,
    ) -> None:
        """Owe any call in a chat."""
        chat_id = self.chat_id if to is None else to
        self.calls.append(
            Call(
                method=method,
                params={"chat_id": chat_id, **params},
                chat_key=f"c{chat_id}",
                label=label,
                attachments=attachments,
                expendable=expendable,
            )
        )

    @property
    def chat_key(self) -> str:
        """Whose order the answers belong to."""
        return f"c{self.chat_id}"

    def owed(self) -> list[Call]:
        """Everything to be sent, the answer to the press first."""
        if self.query_id is not None and self._toast is None:
            self.toast()
        return [self._toast, *self.calls] if self._toast else self.calls

    def strip(self) -> None:
        """Owe that the pressed message loses its buttons."""
        if self.pressed is not None:
            self.call("editMessageReplyMarkup", {"message_id": self.pressed, "reply_markup": inline(())})

    def mention(self) -> Markup:
        """The person as a link to their profile, for the owner."""
        assert self.person is not None
        return mention(self.person)

    async def count(self, name: str, number: int = 1) -> None:
        """Add to this hour's counter of that name."""
        self.tx.later(
            "INSERT INTO counts (hour, name, number) VALUES (?, ?, ?)"
            " ON CONFLICT (hour, name) DO UPDATE SET number = number + excluded.number",
            (int(self.now // HOUR), name, number),
        )

    async def meet(self, person: Person) -> None:
        """Remember the person, and that they were here in this hour."""
        self.tx.later(
            "INSERT INTO people (id, first_name, last_name, username, language, first_seen_at, last_seen_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET first_name = excluded.first_name,"
            " last_name = excluded.last_name, username = excluded.username,"
            " language = coalesce(excluded.language, language), last_seen_at = excluded.last_seen_at",
            (person.id, person.first_name, person.last_name, person.username, person.language, self.now, self.now),
        )
        self.tx.later(
            "INSERT INTO visits (hour, person_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
            (int(self.now // HOUR), person.id),
        )

    async def plan(self, kind: str, key: str, at: float, *, sooner_only: bool = False) -> None:
        """Have that thing fall due at that moment, and no longer when it was planned before."""
        moment = "min(at, excluded.at)" if sooner_only else "excluded.at"
        self.tx.later(
            f"INSERT INTO due (kind, key, at) VALUES (?, ?, ?) ON CONFLICT (kind, key) DO UPDATE SET at = {moment}",  # noqa: S608
            (kind, key, at),
        )
        self.house.replan()

    async def unplan(self, kind: str, key: str) -> None:
        """That thing does not fall due any more."""
        self.tx.later("DELETE FROM due WHERE kind = ? AND key = ?", (kind, key))


def _nothing() -> None:
    pass


def _nobody(person_id: int) -> None:
    pass


@dataclass(kw_only=True)
class House:
    """What all parts of a running bot share."""

    dna: AgentDNA
    bot_id: int
    username: str
    owner_id: int
    app_url: str | None
    store: Store
    journal: BotJournal
    caller: BotCaller
    owner_language: str = "en"
    now: Callable[[], float] = time.time
    wake: Callable[[], None] = _nothing  # calls were added to the outbox
    replan: Callable[[], None] = _nothing  # things were added to those that fall due
    sign_out: Callable[[int], None] = _nobody  # every open Mini App of that person

    @asynccontextmanager
    async def work(self, *, person: Person | None = None, chat_id: int = 0, **more: Any) -> AsyncIterator[Work]:
        """A unit of work: what it did commits at the end of the block together with what it owes, or not at all."""
        async with self.store.transaction() as tx:
            language = language_for(person.language if person else None, self.dna)
            work = Work(house=self, tx=tx, now=self.now(), language=language, person=person, chat_id=chat_id, **more)
            yield work
            await self.journal.owe_in(tx, work.owed())
        self.wake()
        self.replan()

    def link(self, payload: str = "", *, group: bool = False) -> str:
        """The bot's address, opening something."""
        parameter = "startgroup" if group else "start"
        return f"https://t.me/{self.username}" + (f"?{parameter}={payload}" if payload else "")
