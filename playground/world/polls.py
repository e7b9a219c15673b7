"""Polls: a new one as it stands in its message, and a person sending one."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from playground.entities import ParseFault, formatted
from playground.world.records import Thing
from playground.world.refusals import WrongCall
from playground.world.world import World
from playground.world.writing import opened, write

MOST_OPTIONS, LONGEST_QUESTION, LONGEST_OPTION, LONGEST_EXPLANATION = 12, 300, 100, 200
KINDS = ("regular", "quiz")


def new_poll(
    question: str,
    entities: list[Thing],
    options: Sequence[Thing],
    *,
    kind: str,
    anonymous: bool,
    multiple: bool,
    revoting: bool | None = None,
) -> Thing:
    """A `Poll` in which nobody has voted; options are `{"text", "text_entities"?}`."""
    poll: Thing = {"id": str(secrets.randbits(62) | 1 << 61), "question": question}
    if entities:
        poll["question_entities"] = entities
    poll["options"] = [
        {"persistent_id": str(number), "text": option["text"], "voter_count": 0}
        | ({"text_entities": option["text_entities"]} if option.get("text_entities") else {})
        for number, option in enumerate(options)
    ]
    poll.update(
        total_voter_count=0,
        is_closed=False,
        is_anonymous=anonymous,
        type=kind,
        allows_multiple_answers=multiple and kind == "regular",
        allows_revoting=kind == "regular" if revoting is None else revoting,
        members_only=False,
    )
    return poll


def with_answer(poll: Thing, correct: Sequence[int], explanation: str, entities: list[Thing]) -> Thing:
    """The poll as a quiz that knows its right answers."""
    quiz: Thing = {**poll, "correct_option_ids": sorted(correct)}
    if len(correct) == 1:
        quiz["correct_option_id"] = correct[0]
    if explanation:
        quiz.update(explanation=explanation, explanation_entities=entities)
    return quiz


def sends_poll(world: World, person_id: int, peer: int | str, asked: Thing) -> Thing:
    """The person sends a poll; `asked` is question and options, and what of type, is_anonymous,
    allows_multiple_answers, correct_option_ids and explanation is not as usual."""
    _, room = opened(world, person_id, peer)
    if room.is_channel and asked.get("is_anonymous") is False:
        raise WrongCall("a poll in a channel is anonymous")
    return write(world, person_id, peer, {"poll": composed(asked)})


def composed(asked: Thing) -> Thing:
    """The `Poll` a person put together; what is wrong with it is told in one sentence."""
    kind = asked.get("type", "regular")
    if kind not in KINDS:
        raise WrongCall(f"a poll is regular or a quiz, not {kind!r}")
    question, _ = _words(asked["question"], "question", LONGEST_QUESTION)
    options = _options(asked["options"])
    poll = new_poll(
        question,
        [],  # in questions Telegram keeps custom emoji only
        [{"text": option} for option in options],
        kind=kind,
        anonymous=asked.get("is_anonymous", True),
        multiple=asked.get("allows_multiple_answers", False),
    )
    if kind == "regular":
        if "correct_option_ids" in asked or "explanation" in asked:
            raise WrongCall("only a quiz has a right answer and an explanation")
        return poll
    correct = asked.get("correct_option_ids") or []
    if not correct or any(number not in range(len(options)) for number in correct):
        raise WrongCall(f"a quiz names its right answer in 'correct_option_ids': 0 to {len(options) - 1}")
    explanation, found = _words(asked.get("explanation", ""), "explanation", LONGEST_EXPLANATION, empty=True)
    return with_answer(poll, list(set(correct)), explanation, found)


def _options(given: Sequence[object]) -> list[str]:
    if not all(isinstance(option, str) for option in given):
        raise WrongCall("an option of a poll is a text")
    if not 1 <= len(given) <= MOST_OPTIONS:
        raise WrongCall(f"a poll has 1 to {MOST_OPTIONS} options")
    options = [_words(str(option), "option", LONGEST_OPTION)[0] for option in given]
    if len(set(options)) < len(options):
        raise WrongCall("two options of a poll are never the same")
    return options


def _words(text: str, what: str, longest: int, *, empty: bool = False) -> tuple[str, list[Thing]]:
    try:
        words, entities = formatted(text, what="caption", may_be_empty=empty)
    except ParseFault:
        words, entities = "", []
    if not (words or empty) or len(words) > longest:
        raise WrongCall(f"the {what} of a poll has {'at most' if empty else '1 to'} {longest} characters")
    return words, entities
