"""Keeps only what the maker's words really say: a necessary detail is asked for, never invented."""

from __future__ import annotations

import re
import unicodedata

from bot_runtime.dna import CHOICE_KINDS, FieldKind, one_line
from factory_bot.designer.offline.closing import parted
from factory_bot.designer.offline.leftovers import left_out
from factory_bot.designer.offline.prepare import prepared
from factory_bot.model.draft import LABEL_LIMIT, Draft, distinct
from factory_bot.model.reading import ReadField, ReadForm, Reading, ReadPoll

_KIND_WORDS = {
    FieldKind.PHONE: "call phone tel number mobile contact whatsapp",
    FieldKind.EMAIL: "mail email e-mail contact address",
    FieldKind.DATE: "date day when birthday",
    FieldKind.NUMBER: "many much number count amount quantity age old",
    FieldKind.RATING: "rate rating star stars score satisfied",
    FieldKind.PHOTO: "photo picture image screenshot",
}
_LETTERS = re.compile(r"[^\W_]+")


def honest(reading: Reading, words: str, draft: Draft) -> Reading:
    """The reading without options, fields, questions and names that neither the words nor the draft hold."""
    known = _Said(f"{words}\n{draft.model_dump_json(exclude_none=True)}")
    return reading.model_copy(
        update={
            "name": reading.name if reading.name and known.mostly(reading.name) else None,
            "purpose": _purpose(reading, words, known),
            "forms": tuple(_form(form, known) for form in reading.forms),
            "polls": tuple(_poll(poll, words, known) for poll in reading.polls),
            "left_out": _left_out(reading, words, known) if draft.purpose is None else reading.left_out,
        }
    )


class _Said:
    """The words as they can be searched: folded, as a set and as one string."""

    def __init__(self, text: str) -> None:
        self._words = frozenset(_words(text))
        self._text = " ".join(_words(text))

    def mostly(self, text: str) -> bool:
        """Whether at least half the words of `text` were said (it may be worded a little differently)."""
        wanted = _words(text)
        return bool(wanted) and sum(self._has(word) for word in wanted) * 2 >= len(wanted)

    def wholly(self, text: str) -> bool:
        """Whether `text` was said, word by word; what has no letters at all (an emoji, "+") is let pass."""
        return all(self._has(word) for word in _words(text))

    def any_of(self, words: str) -> bool:
        """Whether one of the words was said."""
        return any(word in self._words for word in words.split())

    def _has(self, word: str) -> bool:
        if word in self._words:
            return True
        stem = word[: max(4, len(word) - 2)]
        return (len(word) >= 4 and any(said.startswith(stem) for said in self._words)) or (
            not word.isascii() and word in self._text
        )


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", one_line(text)).casefold()
    return _LETTERS.findall(plain)


def _purpose(reading: Reading, words: str, known: _Said) -> str | None:
    if reading.purpose is None:
        return None
    return reading.purpose if known.mostly(reading.purpose) else words.strip()[:4000] or None


def _form(form: ReadForm, known: _Said) -> ReadForm:
    fields = [_field(field, known) for field in form.fields if _is_said(field, known)]
    return form.model_copy(update={"fields": tuple(fields)})


def _is_said(field: ReadField, known: _Said) -> bool:
    return known.mostly(field.label) or known.any_of(_KIND_WORDS.get(field.kind, ""))


def _field(field: ReadField, known: _Said) -> ReadField:
    if field.kind not in CHOICE_KINDS:
        return field.model_copy(update={"options": ()})
    options = tuple(option for option in field.options if known.wholly(option))
    if field.options and len(options) < 2:  # the choices were invented: people type it, as the maker said
        return field.model_copy(update={"kind": FieldKind.TEXT, "options": ()})
    return field.model_copy(update={"options": options})


def _left_out(reading: Reading, words: str, known: _Said) -> tuple[str, ...]:
    """The details that are in no feature: those the model named, and those it lost."""
    named = [detail for detail in reading.left_out if known.mostly(detail)]
    lost = left_out(prepared(words), (*reading.forms, *reading.polls)) if reading.forms or reading.polls else ()
    new = (detail for detail in lost if not any(detail in one or one in detail for one in named))
    return distinct([*named, *new])


def _poll(poll: ReadPoll, words: str, known: _Said) -> ReadPoll:
    question = poll.question if poll.question and known.mostly(poll.question) else None
    options = tuple(option for option in poll.options if known.wholly(option))
    closes = poll.closes
    if closes and not known.wholly(closes):  # reworded, or invented: what the words themselves say of it
        closes = parted(prepared(words))[0][:LABEL_LIMIT] or None
    return poll.model_copy(update={"question": question, "options": options, "closes": closes})
