"""The interview in the chat: each turn, its reply and its update commit together."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from bot_runtime.polling import Call
from factory_bot.chat import creation, hours, pasting
from factory_bot.chat.answers import Answer, Desk
from factory_bot.chat.speaking import Speech
from factory_bot.chat.visits import Pressed, SentSomething, Visit, Wrote
from factory_bot.model import interview as words
from factory_bot.model.interview import Event, Interview, Outcome, OutcomeKind, Rendered, Started, Tapped
from factory_bot.model.reading import Reading
from factory_bot.storage.database import Transaction
from factory_bot.workshop.interviewing import Taken, fresh_words

LABEL = "interview"
TYPING_AFTER = 0.4  # seconds of thinking before the person sees "typing"


async def newbot(desk: Desk, visit: Visit) -> Answer:
    """/newbot: begin, what stands behind it being the first answer; in the midst of an interview, ask first."""
    await desk.workshop.interviewing.require_room(visit.person)
    stored = await desk.workshop.interviewing.open_of(visit.person)
    described = visit.argument if isinstance(visit, Wrote) else ""
    if stored is None or not stored.interview.trail:
        return await _described(desk, visit, described)
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        await desk.workshop.facts.set(fresh_words(visit.person.id), described or None, connection=tx)
        rows = [[speech.key("chat.button_go_on", "m:resume"), speech.key("chat.button_fresh", "m:fresh")]]
        return [speech.say("chat.in_interview", rows)]

    return Answer(within=within)


async def newbot_from(desk: Desk, visit: Visit, template: str) -> Answer:
    """A link with a template in it."""
    await desk.workshop.interviewing.require_room(visit.person)
    return _beginning(desk, visit, Started(template))


async def cancel(desk: Desk, visit: Wrote) -> Answer:
    """/cancel: the interview, else the creation, else nothing."""
    if await desk.workshop.interviewing.open_of(visit.person) is not None:
        return await _turn(desk, visit, words.Wrote("/cancel"))
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        await hours.forget(desk, visit.person, tx)
        await pasting.forget(desk, visit, tx)
        ended = await desk.workshop.creating.cancel(visit.person.id, None, tx)
        return creation.cancelled(speech, ended) if ended else [speech.say("chat.nothing_to_cancel")]

    return Answer(within=within)


async def menu(desk: Desk, visit: Pressed, rest: list[str]) -> Answer:
    """The buttons that begin an interview."""
    toast = desk.speech(visit).toast(visit.tap_id)
    match rest:
        case ["new"]:
            answer = await newbot(desk, visit)
        case ["fresh"]:
            await desk.workshop.interviewing.require_room(visit.person)
            answer = await _described(desk, visit, await desk.workshop.facts.get(fresh_words(visit.person.id)) or "")
        case ["resume"]:
            answer = await _turn(desk, visit, Tapped(0, "resume"))  # a button of no turn: the question comes again
        case _:
            raise ValueError(rest)

    async def within(tx: Transaction) -> Sequence[Call]:
        calls = await answer.within(tx) if answer.within is not None else []
        if rest != ["new"]:
            await desk.workshop.facts.set(fresh_words(visit.person.id), None, connection=tx)
        return calls

    return Answer(calls=[toast, *answer.calls], within=within)


async def wrote(desk: Desk, visit: Wrote) -> Answer | None:
    """Words within an interview; None outside."""
    if await desk.workshop.interviewing.open_of(visit.person) is None:
        return None
    return await _turn(desk, visit, words.Wrote(visit.text))


async def sent_something(desk: Desk, visit: SentSomething) -> Answer | None:
    """What is no text, within an interview; None outside."""
    if await desk.workshop.interviewing.open_of(visit.person) is None:
        return None
    return await _turn(desk, visit, words.SentSomething())


async def tapped(desk: Desk, visit: Pressed, rest: list[str]) -> Answer:
    """A button of an interview's question."""
    tap = Tapped.parse(visit.data)
    if tap is None:
        raise ValueError(rest)
    return await _turn(desk, visit, tap)


def _beginning(desk: Desk, visit: Visit, event: Started) -> Answer:
    speech = desk.speech(visit)

    async def within(tx: Transaction) -> Sequence[Call]:
        return await _said(desk, speech, visit, await desk.workshop.interviewing.begin(visit.person, event, tx))

    return Answer(within=within)


async def _described(desk: Desk, visit: Visit, description: str) -> Answer:
    """A fresh interview that is told the description at once; without one, it begins with its question."""
    if not description:
        return _beginning(desk, visit, Started())
    speech, event = desk.speech(visit), words.Wrote(description)
    reading = await _read(desk, visit, Interview(), event)

    async def within(tx: Transaction) -> Sequence[Call]:
        taken = await desk.workshop.interviewing.begin(visit.person, Started(), tx)
        taken = await desk.workshop.interviewing.take(visit.person, event, reading, tx) or taken
        return await _said(desk, speech, visit, taken)

    return Answer(within=within)


async def _turn(desk: Desk, visit: Visit, event: Event) -> Answer:
    speech = desk.speech(visit)
    stored = await desk.workshop.interviewing.open_of(visit.person)
    reading = await _read(desk, visit, stored.interview, event) if stored is not None else None

    async def within(tx: Transaction) -> Sequence[Call]:
        taken = await desk.workshop.interviewing.take(visit.person, event, reading, tx)
        toast = _toast(desk, speech, visit, taken)
        if taken is None:
            return toast
        following = await _outcome(desk, visit, speech, taken, taken.turn.outcome, tx) if taken.turn.outcome else []
        return [*toast, *await _said(desk, speech, visit, taken), *following]

    return Answer(within=within)


async def _read(desk: Desk, visit: Visit, interview: Interview, event: Event) -> Reading | None:
    """Let the designer read; a person who waits sees that it is being worked on."""
    reading = asyncio.ensure_future(desk.workshop.interviewing.read(interview, event))
    try:
        done, _ = await asyncio.wait({reading}, timeout=TYPING_AFTER)
        if not done:
            await desk.typing(visit.chat_id)
        return await reading
    finally:
        reading.cancel()


async def _outcome(
    desk: Desk, visit: Visit, speech: Speech, taken: Taken, outcome: Outcome, tx: Transaction
) -> list[Call]:
    if outcome.kind is not OutcomeKind.CREATE or outcome.dna is None:
        return []
    managed = desk.face.me.can_manage_bots
    requested = await desk.workshop.creating.request(
        visit.person.id, outcome.dna, managed=managed, interview_id=taken.interview_id, tx=tx
    )
    return creation.asked(desk, speech, requested)


async def _said(desk: Desk, speech: Speech, visit: Visit, taken: Taken) -> list[Call]:
    """The turn's messages.  A tap is answered in the message that was tapped; where the answer is a new message, the
    buttons of those before it go: they would only be answered as stale."""
    shown = await desk.journal.message_of(speech.chat_key, LABEL)
    tapped = visit.message_id if isinstance(visit, Pressed) else None
    in_place = tapped is not None and tapped == shown
    says = taken.turn.rendered(desk.catalogue, speech.language)
    calls = [_message(speech, rendered, edit=rendered.edit or in_place) for rendered in says]
    if any(call.edits for call in calls):
        return calls
    over = taken.turn.outcome is not None or taken.turn.notice is not None
    old = [number for number in (shown, tapped) if number is not None] if calls or over else []
    return [*calls, *(speech.unbuttoned(number) for number in dict.fromkeys(old))]


def _message(speech: Speech, rendered: Rendered, *, edit: bool) -> Call:
    label, edits = (None, LABEL) if edit else (LABEL, None)
    return speech.message(rendered.text, rendered.buttons, label=label, edits=edits)


def _toast(desk: Desk, speech: Speech, visit: Visit, taken: Taken | None) -> list[Call]:
    if not isinstance(visit, Pressed):
        return []
    notice = taken.turn.notice if taken is not None else None
    if taken is None:
        return [speech.toast(visit.tap_id, speech.plain("chat.stale"))]
    return [speech.toast(visit.tap_id, speech.plain(notice.key, **notice.values) if notice else "")]
