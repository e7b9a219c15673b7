"""The form as a feature: what it answers, stores, forgets and gives to its owner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from starlette.requests import Request
from telegram import Message

from bot_runtime.dna import FormFeature
from bot_runtime.features import Cell, Endpoint, Feature, Results, about
from bot_runtime.features.form import submissions
from bot_runtime.features.form.chat import FormChat
from bot_runtime.features.form.routes import FormRoutes
from bot_runtime.features.form.submissions import Answer, photo_of
from bot_runtime.features.form.values import shown
from bot_runtime.speech import shortened
from bot_runtime.store import Transaction
from bot_runtime.work import House, Person, Work

LEFT_LYING = 7 * 86_400.0  # seconds after which a form that nobody finished is dropped


class Form(Feature):
    """One form."""

    def __init__(self, config: FormFeature, house: House) -> None:
        super().__init__(config, house)
        self._form = config
        self._chat = FormChat(config)
        self._routes = FormRoutes(config, house)

    async def open(self, work: Work) -> None:
        """Begin the form, or go on where the person stopped."""
        await self._chat.open(work)

    async def press(self, work: Work, action: Sequence[str]) -> None:
        """A button of this form was pressed."""
        await self._chat.press(work, action)

    async def heard(self, work: Work, message: Message) -> bool:
        """A message came; True if the form waited for it."""
        return await self._chat.heard(work, message)

    async def cancel(self, work: Work) -> bool:
        """Stop filling in."""
        return await self._chat.cancel(work)

    async def mine(self, work: Work) -> bool:
        """Show the person their own answers; False if there are none."""
        assert work.person is not None
        if not await submissions.number_of(work.tx, self.id, work.person.id):
            return False
        await self._chat.mine(work)
        return True

    async def view(self, request: Request, visitor: Person) -> dict[str, Any]:
        """The form and the visitor's own answers."""
        return await self._routes.view(request, visitor)

    def endpoints(self) -> list[Endpoint]:
        """Sending and withdrawing."""
        return [
            Endpoint(method="POST", path="/submissions", answer=self._routes.submit),
            Endpoint(method="DELETE", path="/submissions/{number}", answer=self._routes.withdraw),
        ]

    def stored(self, work: Work) -> str:
        """What is kept: the answers to these fields."""
        fields = shortened(", ".join(field.label for field in self._form.fields), 250)
        return work.text("form.stored", title=self.title, fields=fields)

    async def holds(self, work: Work, person_id: int) -> str | None:
        """How many answers there are of that person."""
        number = await submissions.number_of(work.tx, self.id, person_id)
        return work.text("form.holds", count=_counted(work, number), title=self.title) if number else None

    async def forget(self, work: Work, person_id: int) -> str | None:
        """Remove the person's answers, also those being given."""
        number = await submissions.number_of(work.tx, self.id, person_id)
        for table in ("submissions", "dialogs"):
            sql = f"DELETE FROM {table} WHERE person_id = ? AND feature_id = ?"  # noqa: S608 - two names of ours
            await work.tx.run(sql, (person_id, self.id))
        await work.tx.run("DELETE FROM photos WHERE person_id = ? AND submission IS NULL", (person_id,))
        return work.text("form.removed", count=_counted(work, number), title=self.title) if number else None

    async def gathered(self, work: Work) -> int:
        """How many times the form was sent."""
        row = await work.tx.one("SELECT count(*) AS number FROM submissions WHERE feature_id = ?", (self.id,))
        return int(row["number"]) if row else 0

    async def results(self, work: Work) -> Results:
        """One row per submission, one column per field, fields of earlier versions of the form included."""
        found = await submissions.with_people(work.tx, self.id)
        labels = {field.id: field.label for field in self._form.fields}
        for submission, _ in found:
            labels |= {answer.id: answer.label for answer in submission.answers if answer.id not in labels}
        rows = []
        for submission, who in found:
            answers = {answer.id: answer for answer in submission.answers}
            cells = [await _cell(work.tx, answers.get(name), f"{submission.number}-{name}") for name in labels]
            rows.append([submission.number, *about(submission.sent_at, submission.person_id, who), *cells])
        columns = [work.plain(f"bot.column_{name}") for name in ("number", "when", "person", "username", "person_id")]
        return Results(title=self.title, columns=[*columns, *labels.values()], rows=rows)

    async def sweep(self, tx: Transaction, before: float | None, now: float) -> None:
        """Remove answers older than the owner wants them kept, and forms that nobody finished."""
        if before is not None:
            await tx.run("DELETE FROM submissions WHERE feature_id = ? AND sent_at < ?", (self.id, before))
        await tx.run("DELETE FROM dialogs WHERE touched_at < ?", (now - LEFT_LYING,))
        await tx.run("DELETE FROM photos WHERE submission IS NULL AND taken_at < ?", (now - 2 * LEFT_LYING,))


async def _cell(tx: Transaction, answer: Answer | None, name: str) -> Cell:
    if answer is None or answer.value is None:
        return None
    photo = photo_of(answer.value)
    if photo is not None:
        return await submissions.picture(tx, photo, name)
    if isinstance(answer.value, int | float):
        return answer.value
    return answer.value if answer.kind == "date" else shown(answer.kind, answer.value)


def _counted(work: Work, number: int) -> str:
    return work.plain("bot.answers_count_one" if number == 1 else "bot.answers_count_other", count=number)


def build(config: FormFeature, house: House) -> Form:
    """The feature for that configuration."""
    return Form(config, house)
