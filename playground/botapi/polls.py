"""Polls: sending one and closing it."""

from __future__ import annotations

import secrets
from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.editing import editable
from playground.botapi.sending import keyboard, known_entities, ready_room, send
from playground.entities import formatted
from playground.world.records import Thing
from playground.world.refusals import Refusal
from playground.world.touching import close_when_due, shown_poll, touched

MOST_OPTIONS, LONGEST_QUESTION, LONGEST_EXPLANATION = 12, 300, 200
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
    if kind not in ("regular", "quiz"):
        raise Refusal("unsupported poll type specified")
    poll: Thing = {"id": str(secrets.randbits(62) | 1 << 61), "question": question}
    if entities := known_entities(call, entities):
        poll["question_entities"] = entities
    poll["options"] = _options(call)
    poll["total_voter_count"] = 0
    poll.update(_period(call))
    poll.update(
        is_closed=bool(call.get("is_closed")),
        is_anonymous=call.get("is_anonymous", True) is not False,
        type=kind,
        allows_multiple_answers=bool(call.get("allows_multiple_answers")) and kind == "regular",
        allows_revoting=call.get("allows_revoting", kind == "regular"),
        members_only=False,
    )
    return {**poll, **(_quiz(call, len(poll["options"])) if kind == "quiz" else {})}


def _options(call: Call) -> list[Thing]:
    given = call["options"]
    if not given:
        raise Refusal("poll must have at least one answer option")
    if len(given) > MOST_OPTIONS:
        raise Refusal(f"poll can't have more than {MOST_OPTIONS} options")
    options = []
    for number, option in enumerate(given):
        shown: Thing = {"persistent_id": str(number), "text": option["text"], "voter_count": 0}
        if entities := option.get("text_entities"):
            shown["text_entities"] = entities
        options.append(shown)
    return options


def _period(call: Call) -> Thing:
    now = call.world.clock.date()
    period, date = call.get("open_period"), call.get("close_date")
    if not period and not date:
        return {}
    period = period or date - now
    if not OPEN_PERIOD[0] <= period <= OPEN_PERIOD[1]:
        raise Refusal("POLL_CLOSE_DATE_INVALID" if date else "poll open period must be between 5 and 2628000 seconds")
    return {"open_period": period, "close_date": now + period}


def _quiz(call: Call, options: int) -> Thing:
    correct = call.get("correct_option_ids")
    if not correct or any(not 0 <= number < options for number in correct):
        raise Refusal("wrong correct option ID specified")
    quiz: Thing = {"correct_option_ids": sorted(correct)}
    if len(correct) == 1:
        quiz["correct_option_id"] = correct[0]
    text, entities = formatted(
        call.get("explanation", ""),
        parse_mode=call.get("explanation_parse_mode"),
        entities=call.get("explanation_entities"),
        what="caption",
        may_be_empty=True,
    )
    if len(text) > LONGEST_EXPLANATION:
        raise Refusal("explanation length must not exceed 200")
    if text:
        quiz.update(explanation=text, explanation_entities=known_entities(call, entities))
    return quiz


@deed("stopPoll")
def stop_poll(call: Call) -> Any:
    written = editable(call, gone="message with poll to stop not found")
    if "poll" not in written.content:
        raise Refusal("message with poll to stop not found")
    poll = written.content["poll"]
    close_when_due(call.world, poll)
    if poll["is_closed"]:
        raise Refusal("poll has already been closed")
    room = call.world.rooms[written.room]
    poll["is_closed"] = True
    written.content.pop("reply_markup", None)
    markup = keyboard(call, room)
    if markup and markup.get("inline_keyboard"):
        written.content["reply_markup"] = markup
    touched(call.world, room, written)
    return shown_poll(poll)
