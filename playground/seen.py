"""What a person sees of one chat: its messages, buttons and reply keyboard, and what of it is news to them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

SHOWN = 6  # messages shown when a person waits in vain


class Message:
    """One message as a person sees it: `"live" in message` looks at its words, `message["photo"]` at its fields."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = dict(raw)

    @property
    def id(self) -> int:
        return int(self.raw["message_id"])

    @property
    def text(self) -> str:
        """Its words: the text, or the caption of a picture or file."""
        return str(self.raw.get("text") or self.raw.get("caption") or "")

    @property
    def buttons(self) -> list[list[dict[str, Any]]]:
        """Its inline buttons, row by row."""
        rows: list[list[dict[str, Any]]] = self.raw.get("reply_markup", {}).get("inline_keyboard", [])
        return rows

    @property
    def labels(self) -> list[str]:
        """The words on its inline buttons, in reading order."""
        return [str(button["text"]) for row in self.buttons for button in row]

    def __contains__(self, words: object) -> bool:
        return str(words) in self.text

    def __getitem__(self, name: str) -> Any:
        return self.raw[name]

    def get(self, name: str, default: Any = None) -> Any:
        return self.raw.get(name, default)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Message({self.line()})"

    def line(self) -> str:
        """One line for error texts: who, what, and the buttons."""
        who = self.raw.get("from", self.raw.get("sender_chat", {})).get("first_name", "?")
        known = {"message_id", "from", "chat", "date", "reply_markup", "entities", "edit_date", "seq"}
        what = self.text or ", ".join(sorted(set(self.raw) - known)) or "(empty)"
        keys = "".join(f" [{label}]" for label in self.labels)
        return f"#{self.id} {who}: {what}{keys}"

    def shown(self) -> tuple[Any, ...]:
        """What a reader notices: two versions with the same value are the same to them (buttons apart)."""
        media = ("photo", "document", "video", "animation", "audio", "voice", "sticker", "location", "contact", "dice")
        return (self.text, *(json.dumps(self.raw.get(kind), sort_keys=True) for kind in media))


@dataclass
class View:
    """What one person knows of one chat so far."""

    seq: int = 0
    messages: dict[int, Message] = field(default_factory=dict)
    unheard: list[int] = field(default_factory=list)  # message ids, oldest first
    keyboard: dict[str, Any] | None = None
    typing: bool = False
    draft: str | None = None

    def take_in(self, answer: Mapping[str, Any], own_id: int) -> None:
        """Merge what the playground told: new and changed messages become unheard, deleted ones vanish."""
        self.seq = int(answer["seq"])
        self.typing, self.draft = bool(answer.get("typing")), answer.get("draft")
        self.keyboard = answer.get("keyboard")
        for raw in answer["messages"]:
            message, before = Message(raw), self.messages.get(int(raw["message_id"]))
            self.messages[message.id] = message
            news = before is None or before.shown() != message.shown()
            if news and message.id not in self.unheard and raw.get("from", {}).get("id") != own_id:
                self.unheard.append(message.id)
        for gone in answer.get("deleted", ()):
            self.messages.pop(gone, None)
            if gone in self.unheard:
                self.unheard.remove(gone)

    def newest_first(self) -> Iterator[Message]:
        return (self.messages[number] for number in sorted(self.messages, reverse=True))

    def __str__(self) -> str:
        lines = [message.line() for message in list(self.newest_first())[:SHOWN]]
        keys = [str(key.get("text", key)) for row in (self.keyboard or {}).get("keyboard", []) for key in row]
        tail = [f"reply keyboard: {' '.join(f'[{key}]' for key in keys)}"] if keys else []
        return "\n".join(["the last messages:", *reversed(lines), *tail]) if lines else "the chat is empty"


def wanted_button(
    view: View, text: str | None, row: int | None, column: int | None, message_id: int | None
) -> dict[str, Any] | None:
    """The body of the press that was meant, or None while no such button is in sight."""
    messages = [message for message in view.newest_first() if message_id is None or message.id == message_id]
    if text is None:
        return next(
            (
                {"message_id": message.id, "row": row or 0, "column": column or 0}
                for message in messages
                if message.buttons
            ),
            None,
        )
    keys = [(None, _label(key)) for line in (view.keyboard or {}).get("keyboard", []) for key in line]
    inline = [(message.id, label) for message in messages for label in message.labels]
    candidates = inline if message_id is not None else [*inline, *keys]
    exact = [found for found in candidates if found[1] == text]
    partly = [found for found in candidates if text.casefold() in found[1].casefold()]
    for number, label in exact or partly:
        return {"text": label} if number is None else {"message_id": number, "text": label}
    return None


def _label(key: Any) -> str:
    return str(key["text"] if isinstance(key, Mapping) else key)
