"""Which answers a form takes, and in which one shape it keeps them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from bot_runtime.dna import FieldKind, FormField
from bot_runtime.features.form.values import ValueRefused, accept, shown
from bot_runtime.speech import catalogue

TODAY = date(2026, 11, 21)  # a Saturday
SIZES = ("Small", "Medium", "Large")
TOPPINGS = ("Ham", "Salt and pepper", "Olives")


def field(kind: str, **more: Any) -> FormField:
    options = {"choice": SIZES, "choices": TOPPINGS}.get(kind, ())
    return FormField(id="f", label="F", kind=FieldKind(kind), options=options, **more)


@pytest.mark.parametrize(
    ("kind", "given", "kept"),
    [
        ("text", "  hello \u202e", "hello"),
        ("text", 42, "42"),
        ("number", "3", 3),
        ("number", 2.5, 2.5),
        ("number", "2,5", 2.5),
        ("number", "1,234.5", 1234.5),
        ("number", "1.234,5", 1234.5),
        ("number", "1,234,567", 1234567),
        ("number", "1 000", 1000),
        ("number", "1'000", 1000),
        ("number", "−4", -4),
        ("number", "4.0", 4),
        ("choice", "medium", "Medium"),
        ("choice", "L", "Large"),
        ("choices", ["Olives", "ham"], ["Ham", "Olives"]),
        ("choices", "olives, Ham", ["Ham", "Olives"]),
        ("choices", "Salt and pepper", ["Salt and pepper"]),
        ("choices", "ham and olives", ["Ham", "Olives"]),
        ("date", "2026-12-24", "2026-12-24"),
        ("date", "24.12.2026", "2026-12-24"),
        ("date", "24/12/26", "2026-12-24"),
        ("date", "12/24/2026", "2026-12-24"),
        ("date", "3/4/2027", "2027-04-03"),
        ("date", "24.12.", "2026-12-24"),
        ("date", "1.2", "2027-02-01"),
        ("date", "24 Dec", "2026-12-24"),
        ("date", "December 24th, 2026", "2026-12-24"),
        ("date", "3rd of march 2027", "2027-03-03"),
        ("date", "Today", "2026-11-21"),
        ("date", "tomorrow", "2026-11-22"),
        ("date", "saturday", "2026-11-28"),
        ("date", "next Monday", "2026-11-23"),
        ("date", "29.2.2028", "2028-02-29"),
        ("phone", "+39 333 123-4567", "+393331234567"),
        ("phone", "0039 333 1234567", "+393331234567"),
        ("phone", "(030) 901820", "030901820"),
        ("email", "Ann.B+x@Example.ORG", "Ann.B+x@example.org"),
        ("email", "mailto:a@b.co", "a@b.co"),
        ("rating", "4", 4),
        ("rating", 5, 5),
        ("rating", "⭐⭐⭐", 3),
        ("rating", "★★★☆☆", 3),
        ("rating", "4/5", 4),
        ("rating", "2 stars", 2),
    ],
)
def test_an_answer_is_kept_in_one_shape(kind: str, given: Any, kept: Any) -> None:
    value = accept(field(kind), given, today=TODAY)
    assert value == kept
    assert type(value) is type(kept)
    again = accept(field(kind), value, today=TODAY)
    assert again == kept, "what was kept is accepted again"


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        ("text", "   "),
        ("text", "\u200b"),
        ("text", None),
        ("text", ["x"]),
        ("text", "x" * 2001),
        ("number", "many"),
        ("number", "1e5"),
        ("number", "nan"),
        ("number", "inf"),
        ("number", "٣"),
        ("number", True),
        ("number", float("nan")),
        ("number", "9" * 40),
        ("choice", "Huge"),
        ("choice", ""),
        ("choices", []),
        ("choices", ["Ham", "Stone"]),
        ("choices", [1]),
        ("choices", {"Ham": 1}),
        ("choices", ["Ham"] * 100),
        ("date", "30.2.2027"),
        ("date", "soon"),
        ("date", "2026-13-01"),
        ("date", "1 smarch"),
        ("date", "0001-01-01"),
        ("phone", "12345"),
        ("phone", "call me"),
        ("phone", "1" * 16),
        ("phone", "++123456"),
        ("email", "ann"),
        ("email", "a@b"),
        ("email", "a..b@c.de"),
        ("email", ".a@b.de"),
        ("email", "a@b.de\nBcc: x@y.de"),
        ("email", "a" * 250 + "@b.de"),
        ("rating", "0"),
        ("rating", "6"),
        ("rating", "good"),
        ("rating", "3.5"),
        ("photo", "cat.jpg"),
    ],
)
def test_what_cannot_be_accepted_gets_a_sentence(kind: str, given: Any) -> None:
    with pytest.raises(ValueRefused) as refused:
        accept(field(kind), given, today=TODAY)
    sentence = catalogue().plain(refused.value.key, None, **refused.value.values)
    assert sentence
    assert "{" not in sentence


@pytest.mark.parametrize(
    ("given", "key"),
    [("0", "form.bad_small"), ("11", "form.bad_large"), ("1", None), ("10", None), ("x", "form.bad_number")],
)
def test_numbers_stay_within_their_limits(given: str, key: str | None) -> None:
    limited = field("number", minimum=1, maximum=10)
    if key is None:
        assert accept(limited, given, today=TODAY) == int(given)
        return
    with pytest.raises(ValueRefused) as refused:
        accept(limited, given, today=TODAY)
    assert refused.value.key == key


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("rating", 4, "★★★★☆"),
        ("choices", ["Ham", "Olives"], "Ham, Olives"),
        ("date", "2026-12-24", "24 Dec 2026"),
        ("number", 3.0, "3"),
        ("text", "hi", "hi"),
    ],
)
def test_an_answer_is_shown_as_a_person_reads_it(kind: str, value: Any, text: str) -> None:
    assert shown(kind, value) == text
