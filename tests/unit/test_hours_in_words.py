"""An hour of the day, as people write it."""

from __future__ import annotations

import pytest

from factory_bot.model.words.hours import never, time_of_day


@pytest.mark.parametrize(
    ("words", "time", "rest"),
    [
        ("7", (7, 0), ""),
        ("07", (7, 0), ""),
        ("0", (0, 0), ""),
        ("at 19", (19, 0), ""),
        ("19:00", (19, 0), ""),
        ("19.30", (19, 30), ""),
        ("1930", (19, 30), ""),
        ("7:30 pm", (19, 30), ""),
        ("7am", (7, 0), ""),
        ("7 a.m.", (7, 0), ""),
        ("12 am", (0, 0), ""),
        ("12 pm", (12, 0), ""),
        ("24:00", (0, 0), ""),
        ("18h", (18, 0), ""),
        ("7 o'clock", (7, 0), ""),
        ("eight", (8, 0), ""),
        ("8 in the morning", (8, 0), ""),
        ("8 in the evening please", (20, 0), ""),
        ("every day at eight in the evening", (20, 0), ""),
        ("9 at night", (21, 0), ""),
        ("2 at night", (2, 0), ""),
        ("12 at night", (0, 0), ""),
        ("3 in the afternoon", (15, 0), ""),
        ("12 in the afternoon", (12, 0), ""),
        ("noon", (12, 0), ""),
        ("12 noon", (12, 0), ""),
        ("at midnight", (0, 0), ""),
        ("half past seven", (7, 30), ""),
        ("quarter to 8 in the evening", (19, 45), ""),
        ("half past 11 pm", (23, 30), ""),
        ("Send it to me at 7, please!", (7, 0), ""),
        ("8 New York time", (8, 0), "New York"),
        ("at 8 in Berlin", (8, 0), "Berlin"),
    ],
)
def test_a_time_of_day_in_words(words: str, time: tuple[int, int], rest: str) -> None:
    found = time_of_day(words)
    assert found is not None
    assert (found.hour, found.minute, found.rest) == (*time, rest)


@pytest.mark.parametrize(
    "words",
    ["", "7 or 8", "25", "13 pm", "7:61", "in the morning", "Berlin", "UTC+2", "+2", "12345", "1.5.2026", "hello"],
)
def test_what_is_no_time_of_day(words: str) -> None:
    assert time_of_day(words) is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [("never", True), ("No, thanks", True), ("no daily report", True), ("off", True), ("noon", False), ("7", False),
     ("No idea what you mean by all of this, my friend", False), ("November", False)],
)  # fmt: skip
def test_wanting_none_at_all(words: str, expected: bool) -> None:
    assert never(words) is expected
