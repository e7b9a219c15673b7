"""The offline reader against a corpus of what people really write; each row of the data file is a case."""

from __future__ import annotations

import random
import re
import time
import tomllib
from pathlib import Path
from typing import Any

import pytest

from factory_bot.designer.offline import read
from factory_bot.model.reading import ReadField, Reading

ROWS: list[dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("designer_corpus.toml").read_text(encoding="utf-8")
)["row"]
PIZZERIA = (
    "A bot for my pizzeria Bella Napoli: take orders with name, phone and size, "
    "and let people vote for the pizza of the week"
)


def as_row(reading: Reading) -> dict[str, Any]:
    """A reading in the words of the data file, what was not said left out."""
    row: dict[str, Any] = {
        "name": reading.name,
        "tone": reading.tone.value if reading.tone else None,
        "traits": list(reading.traits),
        "language": reading.language,
        "cities": list(reading.cities),
        "formulas": list(reading.formulas),
        "unavailable": list(reading.unavailable),
        "left_out": list(reading.left_out),
        "forms": [
            _said(title=form.title) | {"fields": [as_line(field) for field in form.fields]} for form in reading.forms
        ],
        "polls": [
            _said(question=poll.question, multiple=poll.multiple, closes=poll.closes) | {"options": list(poll.options)}
            for poll in reading.polls
        ],
    }
    return {name: value for name, value in row.items() if value not in (None, [])}


def as_line(field: ReadField) -> str:
    line = f"{field.label} | {field.kind.value}"
    if field.options:
        line += f" = {' / '.join(field.options)}"
    if field.minimum is not None or field.maximum is not None:
        line += f" = {_number(field.minimum)}..{_number(field.maximum)}"
    return line if field.required else f"{line} | optional"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _said(**values: object) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


@pytest.mark.parametrize("row", [pytest.param(row, id=re.sub(r"\W+", "-", row["words"])[:60]) for row in ROWS])
def test_what_people_write_is_understood(row: dict[str, Any]) -> None:
    expected = {name: value for name, value in row.items() if name != "words"}
    assert as_row(read(row["words"])) == expected


def test_the_corpus_is_broad() -> None:
    assert len(ROWS) >= 80


def test_the_pizzeria_of_three_pizzas_leaves_nothing_open() -> None:
    reading = read(f"{PIZZERIA} between Margherita, Diavola and Marinara")
    assert reading.missing == ()
    assert [field.label for field in reading.forms[0].fields] == ["Name", "Phone", "Size"]
    assert reading.polls[0].options == ("Margherita", "Diavola", "Marinara")


def test_the_pizzeria_without_pizzas_leaves_only_the_options_open() -> None:
    assert read(PIZZERIA).missing == ("poll options",)


def test_no_mixture_of_words_breaks_the_reader() -> None:
    chance = random.Random(7)
    scraps = [scrap for row in ROWS for scrap in re.findall(r"\S+\s*", row["words"])]
    marks = [
        ", ",
        ": ",
        "\n- ",
        " and ",
        " or ",
        "? ",
        "(",
        ")",
        '"',
        " with ",
        "; ",
        "\n",
        " / ",
        "\u202e",
        "\x00",
        "🍕",
    ]
    for _ in range(400):
        words = "".join(chance.choice(scraps if chance.random() < 0.7 else marks) for _ in range(chance.randint(1, 60)))
        reading = read(words)
        assert reading == Reading.model_validate_json(reading.model_dump_json())
        assert all(option in words or option.casefold() for poll in reading.polls for option in poll.options)


@pytest.mark.parametrize(
    "words",
    [
        "a " * 5000,
        "and " * 3000,
        ", " * 5000,
        "vote for " * 1200,
        "form with name, " * 700,
        "(" * 10000,
        "a form with " + "name and " * 2000,
        "x" * 10000,
        "call it " * 1500,
        "very very " * 1200 + "friendly",
        "Who? " * 2000,
        "- a\n" * 3000,
        "for my " * 1500,
        "Aa " * 3500,
        "poll: " + "a, " * 3000,
        "be " + "friendly and " * 900,
        "vote until Friday at " * 500,
        "poll: A or B, open for 3 days and " * 300,
        "a form with name, only 20 places, " * 300,
    ],
    ids=lambda words: words[:16].strip(),
)
def test_ten_kilobytes_are_read_quickly(words: str) -> None:
    began = time.process_time()
    read(words)
    assert time.process_time() - began < 2
