"""What a poll needs: its question, its options, and whether several may be chosen."""

from __future__ import annotations

from datetime import datetime

from bot_runtime.dna import one_line
from factory_bot.model.draft import POLL_OPTIONS_LIMIT, QUESTION_LIMIT, Draft, PollDraft, distinct
from factory_bot.model.merging import closing_changes
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, button, phrase, worded
from factory_bot.model.questions.form import options_in
from factory_bot.model.questions.opening import meaningful
from factory_bot.model.questions.when import doubt_of
from factory_bot.model.reading import Reading, ReadPoll
from factory_bot.model.saying import Phrase
from factory_bot.model.steps import Place, Step
from factory_bot.model.words.answers import one_or_several, yes_or_no
from factory_bot.model.words.closing import Closing, closing_in, completed
from factory_bot.model.words.moments import Unclear
from factory_bot.model.zones import zone_title


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

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        poll = draft.poll(place.feature)
        asked = worded(draft, kit, "poll_options", phrase("poll_options", question=poll.question or ""))
        if not poll.options:
            return Asked(phrases=(asked,))
        return Asked(phrases=(asked, phrase("poll_options_now", options=", ".join(poll.options))))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        poll = draft.poll(place.feature)
        read = reading.polls[0] if reading is not None and reading.polls else ReadPoll()
        before = poll.options if len(poll.options) == 1 else ()  # one was named before: what comes now joins it
        options = distinct([*before, *read.options])
        if not 2 <= len(options) <= POLL_OPTIONS_LIMIT:  # says why
            options = distinct(options_in("\n".join([*before, text]), POLL_OPTIONS_LIMIT))
        multiple = poll.multiple if read.multiple is None else read.multiple
        return _with(draft, place, options=options, multiple=multiple, **closing_changes(read, kit.present))


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


SPANS = {"day": 24, "days": 72, "week": 168, "open": None}


class PollClosing(_AboutPoll):
    """When the poll closes: at a moment, or some time after the bot's birth."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        poll = draft.poll(place.feature)
        buttons = [button(f"open_{name}", f"c:{name}") for name in SPANS]
        asked = phrase("poll_closing", question=poll.question or "", zone=zone_title(kit.present.zone))
        doubts = _doubts(poll.unclear_closing, kit) if poll.unclear_closing else ()
        return Asked(phrases=(*doubts, asked), rows=(tuple(buttons[:3]), (buttons[3],)))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        before = draft.poll(place.feature).unclear_closing
        try:
            closing = completed(text, before, kit.present) if before else closing_in(text, kit.present)
        except Unclear as unclear:
            if before:  # the question says what is unclear: of these words now
                return _with(draft, place, unclear_closing=text)
            raise Rejected.saying(doubt_of(unclear, text)) from unclear
        return _with(draft, place, **closing.changes())

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        name = action.removeprefix("c:")
        if name == action or name not in SPANS:
            raise Rejected("unknown_button")
        return _with(draft, place, **Closing(open_hours=SPANS[name]).changes())

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return _with(draft, place, unclear_closing="")

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")


def _doubts(words: str, kit: Kit) -> tuple[Phrase, ...]:
    """What is unclear in the words, today."""
    try:
        closing_in(words, kit.present)
    except Unclear as unclear:
        return (doubt_of(unclear, words),)
    return ()


def closed_at_birth(draft: Draft, now: datetime) -> Place | None:
    """The question when a poll closes whose closing has passed meanwhile; None where there is none."""
    for poll in draft.features:
        if isinstance(poll, PollDraft) and poll.closes_at is not None and poll.closes_at <= now:
            return Place(step=Step.POLL_CLOSING, feature=poll.id)
    return None


def _with(draft: Draft, place: Place, **update: object) -> Heard:
    return Heard(draft=draft.replacing(draft.poll(place.feature).changed(update)))
