"""Polls: sending one and closing it."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.editing import editable
from playground.botapi.sending import keyboard, known_entities, ready_room, send
from playground.entities import formatted
from playground.world.polls import (
    KINDS,
    LONGEST_EXPLANATION,
    LONGEST_QUESTION,
    MOST_OPTIONS,
    new_poll,
    with_answer,
)
from playground.world.records import Thing
from playground.world.refusals import Refusal
from playground.world.voting import close_when_due, show_everywhere, shown_poll

OPEN_PERIOD = (5, 2_628_000)  # seconds


@deed("sendPoll")
def send_poll(call: Call) -> Any:
    room = ready_room(call)
    if room.is_channel and call.get("is_anonymous") is False:
        raise Refusal("non-anonymous polls can't be sent to channel chats")
    return send(call, {"poll": poll_of(call)})


def poll_of(call: Call) -> Thing:
    """The `Poll` that the values tell."""
    question, entities = formatted(
        call["question"], parse_mode=call.get("question_parse_mode"), entities=call.get("question_entities"), limit=4096
    )
    if len(question) > LONGEST_QUESTION:
        raise Refusal("poll question length must not exceed 300")
    kind = call.get("type") or "regular"
    if kind not in KINDS:
        raise Refusal("unsupported poll type specified")
    poll = new_poll(
        question,
        known_entities(call, entities),
        _options(call),
        kind=kind,
        anonymous=call.get("is_anonymous", True) is not False,
        multiple=bool(call.get("allows_multiple_answers")),
        revoting=call.get("allows_revoting"),
    )
    poll.update(is_closed=bool(call.get("is_closed")), **_period(call))
    return _quiz(call, poll) if kind == "quiz" else poll


def _options(call: Call) -> list[Thing]:
    given: list[Thing] = call["options"]
    if not given:
        raise Refusal("poll must have at least one answer option")
    if len(given) > MOST_OPTIONS:
        raise Refusal(f"poll can't have more than {MOST_OPTIONS} options")
    return given


def _period(call: Call) -> Thing:
    now = call.world.clock.date()
    period, date = call.get("open_period"), call.get("close_date")
    if not period and not date:
        return {}
    period = period or date - now
    if not OPEN_PERIOD[0] <= period <= OPEN_PERIOD[1]:
        raise Refusal("POLL_CLOSE_DATE_INVALID" if date else "poll open period must be between 5 and 2628000 seconds")
    return {"open_period": period, "close_date": now + period}


def _quiz(call: Call, poll: Thing) -> Thing:
    correct = call.get("correct_option_ids")
    if not correct or any(not 0 <= number < len(poll["options"]) for number in correct):
        raise Refusal("wrong correct option ID specified")
    text, entities = formatted(
        call.get("explanation", ""),
        parse_mode=call.get("explanation_parse_mode"),
        entities=call.get("explanation_entities"),
        what="caption",
        may_be_empty=True,
    )
    if len(text) > LONGEST_EXPLANATION:
        raise Refusal("explanation length must not exceed 200")
    return with_answer(poll, correct, text, known_entities(call, entities))


@deed("stopPoll")
def stop_poll(call: Call) -> Any:
    written = editable(call, gone="message with poll to stop not found")
    if "poll" not in written.content:
        raise Refusal("message with poll to stop not found")
    poll = written.content["poll"]
    close_when_due(call.world, poll)
    if poll["is_closed"]:
        raise Refusal("poll has already been closed")
    poll["is_closed"] = True
    written.content.pop("reply_markup", None)
    markup = keyboard(call, call.world.rooms[written.room])
    if markup and markup.get("inline_keyboard"):
        written.content["reply_markup"] = markup
    show_everywhere(call.world, written)
    return shown_poll(poll)
