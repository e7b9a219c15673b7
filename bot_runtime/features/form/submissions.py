"""The answers people sent, with their photos, in the bot's own tables; and the message that tells the owner."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot_runtime.catalogue import Markup
from bot_runtime.dna import FormFeature
from bot_runtime.features import Picture
from bot_runtime.features.form.values import shown
from bot_runtime.polling import Attachment
from bot_runtime.speech import shortened, visible_length
from bot_runtime.store import Row, Transaction
from bot_runtime.work import Work

DAY = 86_400.0
MOST_A_DAY = 50  # of one person, of one form
CAPTION = 1000  # characters; Telegram takes 1024
AS_DOCUMENT = "document "  # before the kind of a picture that was sent as a file


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One answered field, as the form was then."""

    id: str
    label: str
    kind: str
    value: Any  # a Value, {"photo": number}, or None


@dataclass(frozen=True, kw_only=True)
class Submission:
    """A form that somebody sent."""

    number: int
    person_id: int
    sent_at: float
    answers: tuple[Answer, ...]

    @property
    def when(self) -> str:
        """The moment as the chat shows it."""
        return f"{datetime.fromtimestamp(self.sent_at, UTC):%d %b %Y, %H:%M} UTC"


def photo_of(value: Any) -> int | None:
    """The number of the photo, where the value is one."""
    return value.get("photo") if isinstance(value, dict) else None


def answers_of(form: FormFeature, values: Mapping[str, Any]) -> tuple[Answer, ...]:
    """The values with the form's labels, in its order."""
    return tuple(
        Answer(id=field.id, label=field.label, kind=field.kind.value, value=values.get(field.id))
        for field in form.fields
    )


def worded(work: Work, answer: Answer) -> str:
    """The value as a person reads it."""
    if answer.value is None:
        return work.plain("form.no_answer")
    return work.plain("form.a_photo") if photo_of(answer.value) is not None else shown(answer.kind, answer.value)


def listed(work: Work, answers: Sequence[Answer], most: int = 3000) -> Markup:
    """The answers as lines, each cut so that all fit into `most` characters."""
    room = max(40, most // max(1, len(answers)) - 70)
    lines = [
        work.text("form.answered", label=answer.label, value=shortened(worded(work, answer), room))
        for answer in answers
    ]
    return Markup("\n".join(lines))


async def known(work: Work, form: FormFeature, key: str) -> Submission | None:
    """What the person already sent under that key."""
    assert work.person is not None
    row = await work.tx.one(
        "SELECT * FROM submissions WHERE feature_id = ? AND person_id = ? AND key = ?", (form.id, work.person.id, key)
    )
    return _submission(row) if row else None


async def add(work: Work, form: FormFeature, values: Mapping[str, Any], *, key: str) -> Submission:
    """Keep a submission whose key is not known yet, and tell the owner."""
    assert work.person is not None
    answers = answers_of(form, values)
    number = await work.tx.insert(
        "INSERT INTO submissions (feature_id, person_id, key, answers, sent_at) VALUES (?, ?, ?, ?, ?)",
        (form.id, work.person.id, key, json.dumps([vars(one) for one in answers], ensure_ascii=False), work.now),
    )
    submission = Submission(number=number, person_id=work.person.id, sent_at=work.now, answers=answers)
    photos = [photo for answer in answers if (photo := photo_of(answer.value)) is not None]
    for photo in photos:
        work.tx.later("UPDATE photos SET submission = ? WHERE number = ?", (submission.number, photo))
    await work.count("submissions")
    await _tell_owner(work, form, submission, photos)
    return submission


async def is_too_many(work: Work, form: FormFeature) -> bool:
    """The person sent this form so often today that more is not taken."""
    assert work.person is not None
    row = await work.tx.one(
        "SELECT count(*) AS number FROM submissions WHERE person_id = ? AND feature_id = ? AND sent_at > ?",
        (work.person.id, form.id, work.now - DAY),
    )
    return row is not None and row["number"] >= MOST_A_DAY


async def of_person(tx: Transaction, feature_id: str, person_id: int) -> list[Submission]:
    """What that person sent, the newest first."""
    rows = await tx.all(
        "SELECT * FROM submissions WHERE person_id = ? AND feature_id = ? ORDER BY number DESC", (person_id, feature_id)
    )
    return [_submission(row) for row in rows]


async def number_of(tx: Transaction, feature_id: str, person_id: int) -> int:
    """How many that person sent."""
    row = await tx.one(
        "SELECT count(*) AS number FROM submissions WHERE person_id = ? AND feature_id = ?", (person_id, feature_id)
    )
    return int(row["number"]) if row else 0


async def withdraw(work: Work, form: FormFeature, number: int) -> bool:
    """Remove one's own submission and tell the owner; False if there is none of that number."""
    assert work.person is not None
    removed = await work.tx.run(
        "DELETE FROM submissions WHERE number = ? AND feature_id = ? AND person_id = ?",
        (number, form.id, work.person.id),
    )
    if removed and work.house.owner_id and not work.is_owner:
        told = work.for_owner()
        told.say(told.text("form.told_withdrawn", person=work.mention(), number=number, title=form.title))
    return removed > 0


async def with_people(tx: Transaction, feature_id: str) -> list[tuple[Submission, Row]]:
    """Every submission with the name and username of who sent it, the oldest first."""
    rows = await tx.all(
        "SELECT submissions.*, coalesce(first_name, '') AS first_name, last_name, username FROM submissions"
        " LEFT JOIN people ON people.id = person_id WHERE feature_id = ? ORDER BY number",
        (feature_id,),
    )
    return [(_submission(row), row) for row in rows]


async def keep_photo(
    work: Work, *, file_id: str | None = None, content: bytes | None = None, kind: str = "image/jpeg"
) -> dict[str, int]:
    """Keep a photo; the value that stands for it among the answers."""
    assert work.person is not None
    number = await work.tx.insert(
        "INSERT INTO photos (person_id, file_id, content, kind, taken_at) VALUES (?, ?, ?, ?, ?)",
        (work.person.id, file_id, content, kind, work.now),
    )
    return {"photo": number}


async def picture(tx: Transaction, number: int, name: str) -> Picture | None:
    """The photo for an archive; None where it is no longer kept."""
    row = await tx.one("SELECT file_id, content, kind FROM photos WHERE number = ?", (number,))
    if row is None:
        return None
    kind = row["kind"].removeprefix(AS_DOCUMENT)
    ending = {"image/png": "png", "image/webp": "webp"}.get(kind, "jpg")
    is_document = kind != row["kind"]
    return Picture(name=f"{name}.{ending}", file_id=row["file_id"], content=row["content"], is_document=is_document)


async def _tell_owner(work: Work, form: FormFeature, submission: Submission, photos: Sequence[int]) -> None:
    if not work.house.owner_id:
        return
    told = work.for_owner()
    text = told.text(
        "form.told",
        title=form.title,
        number=submission.number,
        person=work.mention(),
        answers=listed(told, submission.answers),
    )
    pictures = [found for photo in photos if (found := await picture(work.tx, photo, f"photo{photo}")) is not None]
    if len(pictures) == 1 and visible_length(text) <= CAPTION:
        _send_picture(told, pictures[0], {"caption": text, "parse_mode": "HTML"})
        return
    told.say(text)
    for one in pictures:
        _send_picture(told, one, {})


def _send_picture(told: Work, one: Picture, params: dict[str, Any]) -> None:
    """Owe it to the owner: as a photo where it was one in Telegram, else as a file, which no shape makes invalid."""
    if one.content is not None:
        attachment = Attachment(field="document", filename=one.name, content=one.content)
        told.call("sendDocument", params, attachments=(attachment,))
    elif one.is_document:
        told.call("sendDocument", {"document": one.file_id, **params})
    else:
        told.call("sendPhoto", {"photo": one.file_id, **params})


def _submission(row: Row) -> Submission:
    return Submission(
        number=row["number"],
        person_id=row["person_id"],
        sent_at=row["sent_at"],
        answers=tuple(Answer(**answer) for answer in json.loads(row["answers"])),
    )
