"""Sentences of the catalogue as calls: messages, edits, toasts, keyboards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bot_runtime.catalogue import Catalogue, Markup
from bot_runtime.polling import Attachment, Call
from factory_bot.model.saying import shortened

TOAST_LIMIT = 200  # characters of answerCallbackQuery, Bot API
LABEL_LIMIT = 60

Key = tuple[str, str]
"""A button: its label, and what it sends back, or the address it opens."""

Rows = Sequence[Sequence[Key]]


@dataclass(frozen=True, kw_only=True)
class Speech:
    """Speaks to one chat in one language."""

    catalogue: Catalogue
    chat_id: int
    language: str | None = None

    @property
    def chat_key(self) -> str:
        """Whose order the calls keep."""
        return f"c{self.chat_id}"

    def text(self, key: str, **values: object) -> Markup:
        """A sentence as HTML, to stand alone or within another one."""
        return Markup(self.catalogue.text(key, self.language, **values).strip())

    def plain(self, key: str, **values: object) -> str:
        """A sentence without markup."""
        return self.catalogue.plain(key, self.language, **values).strip()

    def key(self, key: str, data: str, **values: object) -> Key:
        """A button with a label of the catalogue."""
        return shortened(self.plain(key, **values), LABEL_LIMIT), data

    def message(
        self,
        text: str,
        buttons: Rows = (),
        *,
        label: str | None = None,
        edits: str | None = None,
        markup: dict[str, Any] | None = None,
    ) -> Call:
        """A new message, or an edit of the one remembered under `edits`."""
        params = self._params(text, markup if markup is not None else inline(buttons))
        return Call(method="sendMessage", params=params, chat_key=self.chat_key, label=label, edits=edits)

    def say(self, key: str, buttons: Rows = (), **values: object) -> Call:
        """A new message of one sentence."""
        return self.message(self.text(key, **values), buttons)

    def replace(self, message_id: int, text: str, buttons: Rows = ()) -> Call:
        """Another text in place of a message that had buttons."""
        params = self._params(text, inline(buttons)) | {"message_id": message_id}
        return Call(method="editMessageText", params=params, chat_key=self.chat_key)

    def unbuttoned(self, message_id: int) -> Call:
        """A message without its buttons: they have done their work."""
        params = {"chat_id": self.chat_id, "message_id": message_id}
        return Call(method="editMessageReplyMarkup", params=params, chat_key=self.chat_key, expendable=True)

    def photo(self, content: bytes, filename: str, caption: str, markup: dict[str, Any] | None = None) -> Call:
        """A picture."""
        params: dict[str, Any] = {"chat_id": self.chat_id, "caption": caption, "parse_mode": "HTML"}
        if markup is not None:
            params["reply_markup"] = markup
        attachment = Attachment(field="photo", filename=filename, content=content)
        return Call(method="sendPhoto", params=params, chat_key=self.chat_key, attachments=(attachment,))

    def delete(self, message_id: int) -> Call:
        """A message taken away."""
        params = {"chat_id": self.chat_id, "message_id": message_id}
        return Call(method="deleteMessage", params=params, chat_key=self.chat_key)

    def toast(self, tap_id: str, text: str = "", *, alert: bool = False) -> Call:
        """The answer that every tap gets, with or without words."""
        params: dict[str, Any] = {"callback_query_id": tap_id}
        if text:
            params |= {"text": shortened(text, TOAST_LIMIT), "show_alert": alert}
        return Call(method="answerCallbackQuery", params=params, chat_key=self.chat_key, expendable=True)

    def _params(self, text: str, markup: dict[str, Any] | None) -> dict[str, Any]:
        params: dict[str, Any] = {
            "chat_id": self.chat_id,
            "text": text,
            "parse_mode": "HTML",
            "link_preview_options": {"is_disabled": True},
        }
        if markup is not None:
            params["reply_markup"] = markup
        return params


def inline(buttons: Rows) -> dict[str, Any] | None:
    """Buttons below a message."""
    rows = [[_button(label, data) for label, data in row] for row in buttons if row]
    return {"inline_keyboard": rows} if rows else None


def _button(label: str, data: str) -> dict[str, str]:
    kind = "url" if data.startswith(("https://", "http://")) else "callback_data"
    return {"text": label, kind: data}


NO_KEYBOARD: dict[str, Any] = {"remove_keyboard": True}
