"""The conversation of a form: question by question, review, send; one's own answers and taking them back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from telegram import Message

from bot_runtime.catalogue import Markup
from bot_runtime.dna import FieldKind, FormFeature, FormField
from bot_runtime.features.form import dialog as dialogs
from bot_runtime.features.form import submissions
from bot_runtime.features.form.dialog import CHOOSING, REVIEW, Dialog
from bot_runtime.features.form.submissions import Submission
from bot_runtime.features.form.values import ValueRefused, accept, shown
from bot_runtime.speech import escaped, shortened, visible_length
from bot_runtime.work import Button, Work, is_count

SHOWN_OF_MINE = 5
MESSAGE = 3800  # characters; Telegram takes 4096
REMOVE_KEYBOARD = {"remove_keyboard": True}


class FormChat:
    """Leads people through one form."""

    def __init__(self, form: FormFeature) -> None:
        self._form = form

    async def open(self, work: Work) -> None:
        """Begin the form, or go on where the person stopped."""
        present = await dialogs.load(work)
        if present is not None and present.feature_id == self._form.id and self._is_sound(present):
            await self._ask(work, present, work.text("form.in_progress") + "\n\n")
            return
        assert work.person is not None
        sent = await submissions.number_of(work.tx, self._form.id, work.person.id)
        intro = Markup(f"\n{escaped(self._form.intro)}") if self._form.intro else ""
        lines = [work.text("form.begin", title=self._form.title, intro=intro)]
        if sent:
            lines.append(work.text("form.earlier_one" if sent == 1 else "form.earlier_other", count=sent))
        dialog = await dialogs.begin(work, self._form)
        await self._ask(work, dialog, "\n".join(lines) + "\n\n", mine=sent > 0)

    async def press(self, work: Work, action: Sequence[str]) -> None:
        """A button of this form was pressed."""
        match action:
            case ["open"]:
                await self.open(work)
            case ["mine"]:
                await self.mine(work)
            case ["w", number] if is_count(number):
                self._ask_withdraw(work, int(number))
            case ["wy", number] if is_count(number):
                await self._withdraw(work, int(number))
            case ["keep"]:
                work.rewrite(work.text("bot.forget_kept"))
            case [number, *rest] if is_count(number):
                await self._press_in_dialog(work, int(number), rest)
            case _:
                work.toast(work.plain("bot.stale"))

    async def heard(self, work: Work, message: Message) -> bool:
        """A message came: the answer to the question, if one is open."""
        dialog = await dialogs.load(work)
        if dialog is None or dialog.feature_id != self._form.id:
            return False
        if not self._is_sound(dialog):
            await self._gone(work)
            return True
        index = dialogs.place(self._form, dialog.step)
        if index is None:  # the review waits for a button
            await self._ask(work, dialog, work.text("form.take_back", title=self._form.title) + "\n\n")
            return True
        asked = self._form.fields[index]
        if asked.kind is FieldKind.PHONE and await self._word_of_keyboard(work, dialog, asked, message.text):
            return True
        try:
            value = await self._value(work, asked, message)
        except ValueRefused as exc:
            self._say_question(work, dialog, index, work.text(exc.key, **exc.values))
            return True
        if asked.kind is FieldKind.PHONE:
            work.say(work.text("form.phone_taken"), markup=REMOVE_KEYBOARD)
        await self._accept(work, dialog, value)
        return True

    async def cancel(self, work: Work) -> bool:
        """Stop filling in; False if nothing was open."""
        dialog = await dialogs.load(work)
        if dialog is None or dialog.feature_id != self._form.id:
            return False
        await dialogs.end(work)
        work.say(work.text("form.cancelled_all"), markup=REMOVE_KEYBOARD)
        return True

    async def mine(self, work: Work) -> None:
        """Show the person what they sent, with buttons to withdraw it."""
        assert work.person is not None
        own = await submissions.of_person(work.tx, self._form.id, work.person.id)
        if not own:
            work.say(work.text("form.mine_none"))
            return
        newest: list[Submission] = []
        parts = [work.text("form.mine", title=self._form.title)]
        for one in own[:SHOWN_OF_MINE]:
            answers = submissions.listed(work, one.answers, 3000 // min(len(own), SHOWN_OF_MINE))
            part = work.text("form.mine_one", number=one.number, when=one.when, answers=answers)
            if newest and visible_length("".join([*parts, part])) > MESSAGE:
                break
            newest.append(one)
            parts.append(part)
        if len(own) > len(newest):
            parts.append(work.text("form.mine_more", count=len(own) - len(newest)))
        rows = [
            [self._button(work.plain("form.button_withdraw", number=one.number), "w", one.number)] for one in newest
        ]
        work.say("\n\n".join(parts), rows)

    # ---------------------------------------------------------------- the dialog

    async def _press_in_dialog(self, work: Work, number: int, rest: Sequence[str]) -> None:
        dialog = await dialogs.load(work)
        if dialog is None or dialog.number != number or dialog.feature_id != self._form.id:
            work.toast(work.plain("form.not_open", command=self._form.command))
            work.strip()
            return
        if not self._is_sound(dialog):
            await self._gone(work)
            return
        if not rest or not await self._step(work, dialog, rest[0], rest[1:]):
            work.toast(work.plain("form.already_answered"))
            work.strip()

    async def _step(self, work: Work, dialog: Dialog, where: str, action: Sequence[str]) -> bool:
        """One press within the dialog; False if its button belongs to another step."""
        if where == REVIEW:
            return dialog.step in (REVIEW, CHOOSING) and await self._press_in_review(work, dialog, action)
        index = dialogs.place(self._form, dialog.step)
        if index is None or where != str(index):
            return False
        asked = self._form.fields[index]
        match action:
            case ["x"]:
                await dialogs.end(work)
                work.rewrite(work.text("form.cancelled"))
            case ["b"]:
                await self._go(work, dialog, dialogs.preceding(self._form, dialog))
            case ["s"] if not asked.required:
                work.rewrite(work.text("form.skipped", label=asked.label))
                await self._accept(work, dialog, None)
            case ["o", number] if asked.kind is FieldKind.CHOICES and _within(number, asked.options):
                await self._toggle(work, dialog, index, asked.options[int(number)])
            case ["o", number] if asked.kind is FieldKind.CHOICE and _within(number, asked.options):
                await self._press_value(work, dialog, asked, asked.options[int(number)])
            case ["d"] if asked.kind is FieldKind.CHOICES:
                if dialog.answers.get(asked.id):
                    await self._press_value(work, dialog, asked, dialog.answers[asked.id])
                else:
                    work.toast(work.plain("form.choose_first"))
            case ["r", number] if asked.kind is FieldKind.RATING:
                await self._press_value(work, dialog, asked, number)
            case ["t", ("0" | "1") as number] if asked.kind is FieldKind.DATE:
                await self._press_value(work, dialog, asked, (_today(work) + timedelta(days=int(number))).isoformat())
            case _:
                return False
        return True

    async def _press_value(self, work: Work, dialog: Dialog, asked: FormField, given: Any) -> None:
        try:
            value = accept(asked, given, today=_today(work))
        except ValueRefused as exc:
            work.toast(work.plain(exc.key, **exc.values))
            return
        work.rewrite(work.text("form.answered", label=asked.label, value=shown(asked.kind, value)))
        await self._accept(work, dialog, value)

    async def _toggle(self, work: Work, dialog: Dialog, index: int, option: str) -> None:
        asked = self._form.fields[index]
        chosen = set(dialog.answers.get(asked.id) or []) ^ {option}
        answers = {**dialog.answers, asked.id: [one for one in asked.options if one in chosen] or None}
        dialog = replace(dialog, answers=answers)
        await dialogs.save(work, dialog)
        work.rewrite(dialogs.question(work, self._form, index), dialogs.buttons(work, self._form, dialog, index))

    async def _press_in_review(self, work: Work, dialog: Dialog, action: Sequence[str]) -> bool:
        match action:
            case ["send"]:
                await self._send(work, dialog)
            case ["change"]:
                dialog = replace(dialog, step=CHOOSING)
                await dialogs.save(work, dialog)
                await self._ask(work, dialog, rewrite=True)
            case ["b"]:
                await self._go(work, replace(dialog, changing=False), REVIEW)
            case ["f", number] if _within(number, self._form.fields):
                await self._go(work, replace(dialog, changing=True), self._form.fields[int(number)].id)
            case ["x"]:
                await dialogs.end(work)
                work.rewrite(work.text("form.cancelled"))
            case _:
                return False
        return True

    async def _accept(self, work: Work, dialog: Dialog, value: Any) -> None:
        answers = {**dialog.answers, dialog.step: value}
        after = replace(dialog, answers=answers, step=dialogs.following(self._form, dialog), changing=False)
        await dialogs.save(work, after)
        await self._ask(work, after)

    async def _go(self, work: Work, dialog: Dialog, step: str) -> None:
        dialog = replace(dialog, step=step, changing=dialog.changing and step != REVIEW)
        await dialogs.save(work, dialog)
        await self._ask(work, dialog, rewrite=True)

    async def _send(self, work: Work, dialog: Dialog) -> None:
        missing = next((one for one in self._form.fields if one.required and dialog.answers.get(one.id) is None), None)
        if missing is not None:  # the form was changed meanwhile
            await self._go(work, replace(dialog, changing=True), missing.id)
            return
        if await submissions.is_too_many(work, self._form):
            work.toast(work.plain("form.too_many"), alert=True)
            return
        await dialogs.end(work)
        submission = await submissions.add(work, self._form, dialog.answers, key=f"dialog {dialog.number}")
        answers = submissions.listed(work, submission.answers)
        work.rewrite(work.text("form.begin", title=self._form.title, intro=Markup(f"\n\n{answers}")))
        thanks = escaped(self._form.thanks) if self._form.thanks else work.text("form.thanks")
        again = self._button(work.plain("form.button_again"), "open")
        work.say(thanks, [[self._button(work.plain("form.button_mine"), "mine"), again]])

    # ---------------------------------------------------------------- asking

    async def _ask(
        self, work: Work, dialog: Dialog, preface: str = "", *, rewrite: bool = False, mine: bool = False
    ) -> None:
        index = dialogs.place(self._form, dialog.step)
        if index is not None:
            text = preface + dialogs.question(work, self._form, index)
            if rewrite and self._form.fields[index].kind is not FieldKind.PHONE:
                work.rewrite(text, dialogs.buttons(work, self._form, dialog, index))
                return
            if rewrite:
                work.strip()
            self._say_question(work, dialog, index, text, mine=mine)
            return
        text, rows = self._review(work, dialog)
        (work.rewrite if rewrite else work.say)(preface + text, rows)

    def _say_question(self, work: Work, dialog: Dialog, index: int, text: str, *, mine: bool = False) -> None:
        if self._form.fields[index].kind is FieldKind.PHONE:
            work.say(text, markup=dialogs.phone_keyboard(work, self._form, dialog, index))
            return
        rows = dialogs.buttons(work, self._form, dialog, index)
        if mine:
            rows.append([self._button(work.plain("form.button_mine"), "mine")])
        work.say(text, rows)

    def _review(self, work: Work, dialog: Dialog) -> tuple[Markup, list[list[Button]]]:
        def button(text: str, *action: object) -> Button:
            return self._button(text, dialog.number, REVIEW, *action)

        if dialog.step == CHOOSING:
            rows = [[button(shortened(one.label, 60), "f", index)] for index, one in enumerate(self._form.fields)]
            return work.text("form.which_change"), [*rows, [button(work.plain("form.button_review"), "b")]]
        answers = submissions.answers_of(self._form, dialog.answers)
        text = work.text("form.review", title=self._form.title, answers=submissions.listed(work, answers))
        send, change = work.plain("form.button_send"), work.plain("form.button_change")
        return text, [[button(send, "send")], [button(change, "change"), button(work.plain("form.button_cancel"), "x")]]

    async def _value(self, work: Work, asked: FormField, message: Message) -> Any:
        if asked.kind is FieldKind.PHOTO:
            document = message.document
            if message.photo:
                return await submissions.keep_photo(work, file_id=message.photo[-1].file_id)
            if document is not None and (document.mime_type or "").startswith("image/"):
                kind = f"{submissions.AS_DOCUMENT}{document.mime_type}"
                return await submissions.keep_photo(work, file_id=document.file_id, kind=kind)
            raise ValueRefused("bad_photo")
        if asked.kind is FieldKind.PHONE and message.contact is not None:
            number = message.contact.phone_number
            return accept(asked, number if number.startswith("+") else f"+{number}", today=_today(work))
        if message.text is None:
            raise ValueRefused("bad_text")
        return accept(asked, message.text, today=_today(work))

    async def _word_of_keyboard(self, work: Work, dialog: Dialog, asked: FormField, text: str | None) -> bool:
        """The reply keyboard of a phone field writes its buttons as messages."""
        if text == work.plain("form.button_cancel"):
            return await self.cancel(work)
        if text == work.plain("form.button_back"):
            work.say(work.text("form.phone_back"), markup=REMOVE_KEYBOARD)
            await self._go(work, dialog, dialogs.preceding(self._form, dialog))
            return True
        if text == work.plain("form.button_skip") and not asked.required:
            work.say(work.text("form.skipped", label=asked.label), markup=REMOVE_KEYBOARD)
            await self._accept(work, dialog, None)
            return True
        return False

    # ---------------------------------------------------------------- withdrawing

    def _ask_withdraw(self, work: Work, number: int) -> None:
        yes = self._button(work.plain("form.button_withdraw_yes"), "wy", number)
        keep = self._button(work.plain("form.button_keep"), "keep")
        work.rewrite(work.text("form.withdraw_ask", number=number), [[yes], [keep]])

    async def _withdraw(self, work: Work, number: int) -> None:
        done = await submissions.withdraw(work, self._form, number)
        work.rewrite(work.text("form.withdrawn", number=number) if done else work.text("form.withdrawn_before"))

    async def _gone(self, work: Work) -> None:
        await dialogs.end(work)
        work.strip()
        work.say(work.text("form.gone", command=self._form.command), markup=REMOVE_KEYBOARD)

    def _is_sound(self, dialog: Dialog) -> bool:
        return dialog.step in (REVIEW, CHOOSING) or dialogs.place(self._form, dialog.step) is not None

    def _button(self, text: str, *action: object) -> Button:
        return Button(text=text, data=":".join(map(str, (self._form.id, *action))))


def _today(work: Work) -> date:
    return datetime.fromtimestamp(work.now, UTC).date()


def _within(number: str, things: Sequence[object]) -> bool:
    return is_count(number) and int(number) < len(things)
