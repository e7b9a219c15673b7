"""What a poll needs: its question, its options, and whether several may be chosen."""

from __future__ import annotations

import re

from bot_runtime.dna import one_line
from factory_bot.model.draft import LONGEST_OPEN, POLL_OPTIONS_LIMIT, QUESTION_LIMIT, Draft, PollDraft, distinct
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, button, phrase, worded
from factory_bot.model.questions.form import options_in
from factory_bot.model.questions.opening import meaningful
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Phrase
from factory_bot.model.steps import Place
from factory_bot.model.words.answers import duration_in, one_or_several, yes_or_no


class _AboutPoll(Question):
    """A question about one poll: skipping it leaves the poll out while a necessary detail is missing."""

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_leave_poll") if self._lacking(draft.poll(place.feature)) else phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        lacking = self._lacking(draft.poll(place.feature))
        return Heard(draft=draft.without(place.feature) if lacking else draft)

    def _lacking(self, poll: PollDraft) -> bool:
        return poll.question is None or len(poll.options) < 2


class PollQuestion(_AboutPoll):
    """What people vote on."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        return Asked(phrases=(worded(draft, kit, "poll_question", phrase("poll_question")),))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        question = one_line(meaningful(text, "question_empty"))
        if len(question) > QUESTION_LIMIT:
            raise Rejected("question_long", limit=QUESTION_LIMIT)
        return _with(draft, place, question=question)


class PollOptions(_AboutPoll):
    """What people choose between."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        poll = draft.poll(place.feature)
        asked = worded(draft, kit, "poll_options", phrase("poll_options", question=poll.question or ""))
        if not poll.options:
            return Asked(phrases=(asked,))
        return Asked(phrases=(asked, phrase("poll_options_now", options=", ".join(poll.options))))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        poll = draft.poll(place.feature)
        if len(poll.options) == 1:  # one was named before: what comes now joins it
            text = f"{poll.options[0]}, {text}" if "\n" not in text else f"{poll.options[0]}\n{text}"
        return _with(draft, place, options=distinct(options_in(text, POLL_OPTIONS_LIMIT)))


class PollChoice(_AboutPoll):
    """Whether a person chooses one option or several."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        row = (button("one", "one"), button("several", "several"))
        return Asked(phrases=(phrase("poll_choice", question=draft.poll(place.feature).question or ""),), rows=(row,))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        several = one_or_several(text)
        several = yes_or_no(text) if several is None else several
        if several is None:
            raise Rejected("poll_choice_unknown")
        return _with(draft, place, multiple=several)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        if action not in {"one", "several"}:
            raise Rejected("unknown_button")
        return _with(draft, place, multiple=action == "several")

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return _with(draft, place, multiple=bool(draft.poll(place.feature).multiple))


OPEN_END = re.compile(
    r"\b(?:until i (?:close|stop|end)|open[- ]end(?:ed)?|no (?:end|limit)|never|always|forever|not)\b", re.I
)
SPANS = {"day": 24, "days": 72, "week": 168, "open": None}


class PollClosing(_AboutPoll):
    """How long the poll is open, counted from the bot's birth."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        buttons = [button(f"open_{name}", f"c:{name}") for name in SPANS]
        asked = phrase("poll_closing", question=draft.poll(place.feature).question or "")
        return Asked(phrases=(asked,), rows=(tuple(buttons[:3]), (buttons[3],)))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        hours = duration_in(text)
        if hours is None and not OPEN_END.search(text):
            raise Rejected("poll_closing_unknown")
        if hours is not None and hours > LONGEST_OPEN:
            raise Rejected("poll_closing_long")
        return _with(draft, place, open_hours=hours)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        name = action.removeprefix("c:")
        if name == action or name not in SPANS:
            raise Rejected("unknown_button")
        return _with(draft, place, open_hours=SPANS[name])


def _with(draft: Draft, place: Place, **update: object) -> Heard:
    return Heard(draft=draft.replacing(draft.poll(place.feature).changed(update)))
