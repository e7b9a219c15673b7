"""What is said to a person: catalogue keys with values and buttons, made by pure code and rendered at the edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from bot_runtime.catalogue import Markup

CALLBACK_PREFIX = "i"
CALLBACK_LIMIT = 64  # bytes of callback_data, Bot API


class Texts(Protocol):
    """The part of the message catalogue that is needed here."""

    def text(self, key: str, language: str | None = None, **values: object) -> str:
        """The sentence as HTML, its values escaped."""
        ...

    def plain(self, key: str, language: str | None = None, **values: object) -> str:
        """The sentence without markup."""
        ...


@dataclass(frozen=True)
class Phrase:
    """One catalogue sentence with its values; a value may itself be a phrase, or several, one per line."""

    key: str
    values: Mapping[str, Value] = field(default_factory=dict)


Value = str | int | Phrase | tuple[Phrase, ...]


@dataclass(frozen=True, kw_only=True)
class Button:
    """An inline button: its label from the catalogue (`label`) or as it stands (`text`), and what a tap means."""

    action: str
    label: Phrase | None = None
    text: str = ""


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, kw_only=True)
class Say:
    """One message: its phrases are its paragraphs.  `edit`: it answers a tap, and replaces what was tapped."""

    phrases: tuple[Phrase, ...]
    buttons: Rows = ()
    edit: bool = False


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """A message ready for Telegram: HTML, and rows of (label, callback_data)."""

    text: str
    buttons: tuple[tuple[tuple[str, str], ...], ...]
    edit: bool


def render(say: Say, texts: Texts, *, turn: int, language: str | None = None) -> Rendered:
    """The message in the person's language; its buttons carry the turn they were shown in."""
    paragraphs = [html(phrase, texts, language) for phrase in say.phrases]
    rows = tuple(
        tuple((label_of(button, texts, language), callback_data(turn, button.action)) for button in row)
        for row in say.buttons
    )
    return Rendered(text="\n\n".join(part for part in paragraphs if part), buttons=rows, edit=say.edit)


def html(phrase: Phrase, texts: Texts, language: str | None = None) -> str:
    """The phrase as HTML, phrases inside it rendered first."""
    values = {name: _value(value, texts, language) for name, value in phrase.values.items()}
    return texts.text(phrase.key, language, **values)


def label_of(button: Button, texts: Texts, language: str | None = None) -> str:
    """The words on a button, without markup."""
    if button.label is None:
        return shortened(button.text, 60)
    return shortened(texts.plain(button.label.key, language, **button.label.values), 60)


def callback_data(turn: int, action: str) -> str:
    """What a button sends back; always within Telegram's 64 bytes, since actions are our own short ASCII words."""
    return f"{CALLBACK_PREFIX}:{turn}:{action}"[:CALLBACK_LIMIT]


def shortened(text: str, limit: int) -> str:
    """The text, cut with an ellipsis where it is longer than `limit`."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _value(value: Value, texts: Texts, language: str | None) -> object:
    if isinstance(value, Phrase):
        return Markup(html(value, texts, language))
    if isinstance(value, tuple):
        return Markup("\n".join(html(phrase, texts, language) for phrase in value))
    return value
