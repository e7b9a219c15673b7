"""An answer is read like the same words in a description: there is one reader of lists, options and rules."""

from __future__ import annotations

import pytest

from factory_bot.model.draft import FormDraft, PollDraft
from factory_bot.model.steps import Step

from .talk import Talk, to

THREE = ("Red", "Green", "Blue")


def described(words: str) -> Talk:
    """The words behind the announcement of what they list."""
    return Talk().says(words)


@pytest.mark.parametrize(
    ("answer", "several"),
    [
        ("Red, Green and Blue", False),
        ("Red; Green; Blue", False),
        ("Red|Green|Blue", False),
        ("Red / Green / Blue", False),
        ("1. Red 2. Green 3. Blue", False),
        ("- Red\n- Green\n- Blue", False),
        ("Red\nGreen\nBlue", False),
        ("the options are Red, Green and Blue", False),
        ("people can choose between Red, Green and Blue please", False),
        ("How about Red, Green and Blue?", False),
        ("from Red, Green, Blue", False),
        ("just Red, Green and Blue", False),
        ("Red, Green and Blue, several allowed", True),
        ("Red, Green, Blue (multiple choice)", True),
        ("Red, Green, Blue. People can choose several", True),
        ("Red, Green and Blue, only one vote each", False),
    ],
)
def test_options_are_read_the_same_way_wherever_they_are_said(answer: str, several: bool) -> None:
    asked = Talk().says("poll: Which colour?")
    assert asked.step is Step.POLL_OPTIONS
    joint = "\n" if "\n" in answer else " "
    for talk in (asked.says(answer), described(f"A poll: Which colour?{joint}{answer}")):
        poll = talk.draft.poll("poll")
        assert (poll.options, poll.multiple) == (THREE, several)


def test_an_answer_may_say_when_the_poll_closes() -> None:
    poll = Talk().says("poll: Which colour?").says("Red, Green and Blue, it closes in 3 days").draft.poll("poll")
    assert (poll.options, poll.open_hours) == (THREE, 72)


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        ("name, phone and size", ["Name text", "Phone phone", "Size text"]),
        ("Name\nPhone\nSize: S/M/L", ["Name text", "Phone phone", "Size choice S/M/L"]),
        ("just the name", ["Name text"]),
        ("name and size: small, medium or large", ["Name text", "Size choice small/medium/large"]),
        ("their name and phone number so that we can call", ["Name text", "Phone number phone"]),
        ("What is your name? How old are you?", ["What is your name? text", "How old are you? number"]),
        (
            "How was it? (1-5 stars), What was best? (food/drinks), comments (optional)",
            ["How was it? rating", "What was best? choice food/drinks", "Comments text"],
        ),
    ],
)
def test_fields_are_read_the_same_way_wherever_they_are_said(answer: str, fields: list[str]) -> None:
    asked = Talk().says("an order form")
    assert asked.step is Step.FORM_FIELDS
    joint = "\n" if "\n" in answer else " "
    for talk in (asked.says(answer), described(f"An order form with:{joint}{answer}")):
        form = talk.draft.form("form")
        assert [" ".join([field.label, field.kind, "/".join(field.options)]).strip() for field in form.fields] == fields


def test_what_is_asked_again_is_also_changed_in_words() -> None:
    talk = to(Step.REVIEW).taps("Poll: ").taps("The options").says("add Pear")
    assert _poll(talk).options == ("Apple", "Cherry", "Plum", "Pear")
    talk = to(Step.REVIEW).taps("Form: ").taps("Choices of Cake").says("add nut")
    assert _form(talk).fields[2].options == ("chocolate", "carrot", "lemon", "nut")
    talk.taps("Form: ").taps("Choices of Cake").says("remove carrot")
    assert _form(talk).fields[2].options == ("chocolate", "lemon", "nut")
    talk.taps("Form: ").taps("What it asks").says("make the phone optional")
    assert [field.required for field in _form(talk).fields] == [True, False, True, False]


def _poll(talk: Talk) -> PollDraft:
    return talk.draft.poll("poll")


def _form(talk: Talk) -> FormDraft:
    return talk.draft.form("form")
