"""Filling a form in the chat: where a person stands, kept in the bot's table, and the question for each field."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from bot_runtime.catalogue import Markup
from bot_runtime.dna import FieldKind, FormFeature, FormField
from bot_runtime.features.form.values import STARS, shown
from bot_runtime.work import Button, Work

REVIEW = "review"
CHOOSING = "change"  # which answer to change


@dataclass(frozen=True, kw_only=True)
class Dialog:
    """A form that a person is filling in."""

    number: int
    feature_id: str
    step: str  # the id of the field asked for, or REVIEW, or CHOOSING
    changing: bool = False  # after this answer comes the review again
    answers: Mapping[str, Any] = field(default_factory=dict)  # None: skipped


async def load(work: Work) -> Dialog | None:
    """What the person is filling in in this chat."""
    assert work.person is not None
    row = await work.tx.one("SELECT * FROM dialogs WHERE chat_id = ? AND person_id = ?", (work.chat_id, work.person.id))
    if row is None:
        return None
    return Dialog(
        number=row["number"],
        feature_id=row["feature_id"],
        step=row["step"],
        changing=bool(row["changing"]),
        answers=json.loads(row["answers"]),
    )


async def begin(work: Work, form: FormFeature) -> Dialog:
    """A new dialog at the first field; whatever the person was filling in before is dropped."""
    await end(work)
    assert work.person is not None
    step = form.fields[0].id
    number = await work.tx.insert(
        "INSERT INTO dialogs (chat_id, person_id, feature_id, step, touched_at) VALUES (?, ?, ?, ?, ?)",
        (work.chat_id, work.person.id, form.id, step, work.now),
    )
    return Dialog(number=number, feature_id=form.id, step=step)


async def save(work: Work, dialog: Dialog) -> None:
    """Keep where the person stands now."""
    await work.tx.run(
        "UPDATE dialogs SET step = ?, changing = ?, answers = ?, touched_at = ? WHERE number = ?",
        (dialog.step, dialog.changing, json.dumps(dialog.answers, ensure_ascii=False), work.now, dialog.number),
    )


async def end(work: Work) -> None:
    """The person fills in nothing any more."""
    assert work.person is not None
    await work.tx.run("DELETE FROM dialogs WHERE chat_id = ? AND person_id = ?", (work.chat_id, work.person.id))


def place(form: FormFeature, step: str) -> int | None:
    """Where in the form that field is; None if it is (no longer) one."""
    return next((index for index, one in enumerate(form.fields) if one.id == step), None)


def following(form: FormFeature, dialog: Dialog) -> str:
    """The step after this one."""
    index = place(form, dialog.step)
    if dialog.changing or index is None or index + 1 == len(form.fields):
        return REVIEW
    return form.fields[index + 1].id


def preceding(form: FormFeature, dialog: Dialog) -> str:
    """The step before this one; the first has none and stays."""
    if dialog.changing:
        return REVIEW
    index = len(form.fields) if dialog.step == REVIEW else place(form, dialog.step)
    return form.fields[max(0, (index or 0) - 1)].id


def question(work: Work, form: FormFeature, index: int) -> Markup:
    """What is asked for that field."""
    asked = form.fields[index]
    hint = _hint(work, asked) + ("" if asked.required else work.text("form.optional"))
    return work.text("form.question", label=asked.label, number=index + 1, count=len(form.fields), hint=Markup(hint))


def buttons(work: Work, form: FormFeature, dialog: Dialog, index: int) -> list[list[Button]]:
    """The inline buttons below the question."""
    asked = form.fields[index]

    def button(text: str, *action: object) -> Button:
        return Button(text=text, data=":".join(map(str, (form.id, dialog.number, index, *action))))

    rows: list[list[Button]] = []
    if asked.kind is FieldKind.CHOICE:
        rows = [[button(option, "o", number)] for number, option in enumerate(asked.options)]
    elif asked.kind is FieldKind.CHOICES:
        chosen = dialog.answers.get(asked.id) or []
        rows = [
            [button(("✅ " if option in chosen else "▫️ ") + option, "o", number)]
            for number, option in enumerate(asked.options)
        ]
        rows.append([button(work.plain("form.button_done"), "d")])
    elif asked.kind is FieldKind.RATING:
        rows = [[button(f"{number} ★", "r", number) for number in range(1, STARS + 1)]]
    elif asked.kind is FieldKind.DATE:
        names = ("form.button_today", "form.button_tomorrow")
        rows = [[button(work.plain(name), "t", days) for days, name in enumerate(names)]]
    last = [button(work.plain("form.button_cancel"), "x")]
    if not asked.required:
        last.insert(0, button(work.plain("form.button_skip"), "s"))
    if dialog.changing or index > 0:
        last.insert(0, button(work.plain("form.button_back"), "b"))
    return [*rows, last]


def phone_keyboard(work: Work, form: FormFeature, dialog: Dialog, index: int) -> dict[str, Any]:
    """The reply keyboard of a phone field: only there can Telegram offer to share one's number."""
    last = [{"text": work.plain("form.button_cancel")}]
    if not form.fields[index].required:
        last.insert(0, {"text": work.plain("form.button_skip")})
    if dialog.changing or index > 0:
        last.insert(0, {"text": work.plain("form.button_back")})
    share = {"text": work.plain("form.button_share_phone"), "request_contact": True}
    return {"keyboard": [[share], last], "resize_keyboard": True, "one_time_keyboard": True}


def _hint(work: Work, asked: FormField) -> str:
    kind = asked.kind
    if kind is FieldKind.NUMBER:
        least, most = asked.minimum, asked.maximum
        values = {"least": shown("number", least), "most": shown("number", most)}
        if least is not None and most is not None:
            return work.text("form.hint_number_between", **values)
        if least is not None:
            return work.text("form.hint_number_least", **values)
        if most is not None:
            return work.text("form.hint_number_most", **values)
    if kind is FieldKind.DATE:
        today = datetime.fromtimestamp(work.now, UTC).date().isoformat()
        return work.text("form.hint_date", today=shown("date", today))
    return work.text(f"form.hint_{kind.value}")
