"""Whatever a model reads into the words, however odd: the interview goes on and ends in a valid bot."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot_runtime.dna import FieldKind, Tone, dump, load
from factory_bot.model.interview import Interview, OutcomeKind, Started, Tapped, Wrote, advance
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Say
from factory_bot.model.steps import Step

from .talk import NOW, kit, well_formed

WORDS = ["", " ", "Name", "name", "NAME", "x" * 300, "Größe", "{evil}", "<b>", "a\nb", "\u202e", "🍕", "/start", "1"]


def odd_reading(chance: random.Random) -> Reading:
    """Something a model could answer that has the right shape and little sense."""

    def words() -> str:
        return chance.choice(WORDS)

    def maybe(value: Any) -> Any:
        return value if chance.random() < 0.6 else None

    def field() -> dict[str, Any]:
        return {
            "label": words(),
            "kind": chance.choice(list(FieldKind)).value,
            "required": chance.random() < 0.5,
            "options": [words() for _ in range(chance.choice([0, 1, 2, 30]))],
            "minimum": maybe(chance.uniform(-1e12, 1e12)),
            "maximum": maybe(chance.uniform(-1e12, 1e12)),
        }

    return Reading.model_validate(
        {
            "name": maybe(words()),
            "purpose": maybe(words() * chance.choice([1, 50])),
            "tone": maybe(chance.choice(list(Tone)).value),
            "traits": [words() for _ in range(chance.choice([0, 1, 12]))],
            "language": maybe(chance.choice(["en", "de", "zh"])),
            "forms": [
                {"title": maybe(words()), "fields": [field() for _ in range(chance.choice([0, 1, 3, 70]))]}
                for _ in range(chance.choice([0, 1, 2, 9]))
            ],
            "polls": [
                {
                    "question": maybe(words()),
                    "options": [words() for _ in range(chance.choice([0, 1, 3, 40]))],
                    "multiple": maybe(chance.random() < 0.5),
                    "closes": maybe(chance.choice(["until Friday", "in 3 days", "12/24", "", "x" * 300, *WORDS])),
                }
                for _ in range(chance.choice([0, 1, 2, 9]))
            ],
            "adds": chance.random() < 0.4,
            "removes": [words() for _ in range(chance.choice([0, 0, 2]))],
            "left_out": [words() for _ in range(chance.choice([0, 0, 2]))],
            "unavailable": [words() for _ in range(chance.choice([0, 0, 3]))],
        }
    )


ANSWERS = {
    Step.FORM_TITLE: "Entry",
    Step.FIELD_OPTIONS: "red, blue",
    Step.POLL_QUESTION: "Which day?",
    Step.POLL_OPTIONS: "Mon, Tue",
    Step.POLL_CHOICE: "one",
    Step.POLL_CLOSING: "24 December",
    Step.PERSONALITY: "calm",
    Step.NAME: "Roma",
}


@pytest.mark.parametrize("seed", range(40))
def test_odd_readings_never_break_an_interview(seed: int) -> None:
    chance = random.Random(seed)
    interview = advance(Interview(), Started(), kit=kit(), now=NOW).interview
    for turn_number in range(60):
        said = ANSWERS.get(interview.step, "a sentence about everything")
        if interview.step is Step.FORM_FIELDS and turn_number > 30:
            said = "name, phone"
        if interview.step is Step.FEATURES and turn_number > 30:
            turn = advance(interview, Tapped(interview.turn, "f:poll"), kit=kit(), now=NOW)
            turn = advance(turn.interview, Tapped(turn.interview.turn, "go"), kit=kit(), now=NOW)
        elif interview.step is Step.REVIEW and turn_number > 40:
            turn = advance(interview, Tapped(interview.turn, "create"), kit=kit(), now=NOW)
        else:
            reading = odd_reading(chance) if turn_number <= 40 else None
            turn = advance(interview, Wrote(said), reading, kit=kit(), now=NOW)
        for message in turn.rendered(kit().texts):
            well_formed(message)
        assert all(isinstance(say, Say) for say in turn.says)
        interview = Interview.from_json(turn.interview.to_json())
        assert not interview.lost
        if turn.outcome is not None:
            assert turn.outcome.kind is OutcomeKind.CREATE
            assert turn.outcome.dna is not None
            assert load(dump(turn.outcome.dna)) == turn.outcome.dna
            return
    raise AssertionError(f"no bot after sixty answers, stuck at {interview.step}")
