"""The review card: every line is changed by a tap or in words, and only plain agreement creates."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot_runtime.dna import PollFeature, Tone
from factory_bot.model.interview import OutcomeKind
from factory_bot.model.steps import Step

from .talk import PIZZERIA, THREE, Talk, to


def test_create_twice_makes_one_bot() -> None:
    talk = to(Step.REVIEW)
    data = talk.data_of("✅ Create")
    talk.presses(data)
    assert talk.ended is OutcomeKind.CREATE
    talk.ended = None
    talk.presses(data)
    assert talk.ended is None
    talk.presses("i:1:create")
    assert talk.ended is None
    assert talk.notice is not None


EDITS: list[Any] = [
    ("make the name Bella", "name", "Bella"),
    ("call it Bella", "name", "Bella"),
    ("rename it to Bella Roma", "name", "Bella Roma"),
    ("make it more formal", "tone", Tone.FORMAL),
    ("please be playful and short", "tone", Tone.PLAYFUL),
    ("add a question for the e-mail", "fields", ["Name", "Phone", "Size", "E-mail"]),
    ("add address and a photo (optional)", "fields", ["Name", "Phone", "Size", "Address", "Photo"]),
    ("remove the phone number", "fields", ["Name", "Size"]),
    ("drop size and phone", "fields", ["Name"]),
    ("rename the form to Pizza order", "title", "Pizza order"),
    ("add Capricciosa to the poll", "options", ["Margherita", "Diavola", "Marinara", "Capricciosa"]),
    ("remove Marinara", "options", ["Margherita", "Diavola"]),
    ("the options should be red, white", "options", ["red", "white"]),
    ("change the question to What do you want?", "question", "What do you want?"),
    ("people can choose several in the poll", "multiple", True),
    ("close the poll after 3 days", "open_hours", 72),
    ("the poll should be open for a week", "open_hours", 168),
    ("close the poll on Friday at 8 pm", "closes_at", datetime(2026, 11, 27, 20, tzinfo=UTC)),
    ("let people vote until 24 December", "closes_at", datetime(2026, 12, 24, 23, 59, tzinfo=UTC)),
    ("extend it until tomorrow noon", "closes_at", datetime(2026, 11, 22, 12, tzinfo=UTC)),
    ("I want the poll to end on 1 Dec at noon", "closes_at", datetime(2026, 12, 1, 12, tzinfo=UTC)),
    ("close the pizza poll tomorrow at 9 pm", "closes_at", datetime(2026, 11, 22, 21, tzinfo=UTC)),
    ("make the form close on Friday", "closes_at", None),
    ("set the deadline to 1 December", "closes_at", datetime(2026, 12, 1, 23, 59, tzinfo=UTC)),
    ("drop the poll", "features", ["form"]),
    ("remove the form", "features", ["poll"]),
    ("make size a choice between small and large", "size", ("small", "large")),
    ("make the purpose Orders for everybody", "purpose", "Orders for everybody"),
    ("add a poll about the best drink: wine or beer", "features", ["form", "poll", "poll"]),
]


@pytest.mark.parametrize(("words", "what", "expected"), EDITS, ids=[row[0] for row in EDITS])
def test_the_review_card_is_changed_by_words(words: str, what: str, expected: object) -> None:
    talk = Talk().says(PIZZERIA + THREE).says(words)
    assert talk.step is Step.REVIEW
    draft = talk.draft
    form = draft.form("form") if draft.feature("form") else None
    poll = draft.poll("poll") if draft.feature("poll") else None
    got: dict[str, object] = {
        "name": draft.name,
        "tone": draft.tone,
        "purpose": draft.purpose,
        "features": [feature.kind for feature in draft.features],
    }
    if form:
        sizes = [field.options for field in form.fields if field.label == "Size"]
        got |= {
            "fields": [field.label for field in form.fields],
            "title": form.title,
            "size": sizes[0] if sizes else (),
        }
    if poll:
        got |= {
            "options": list(poll.options),
            "question": poll.question,
            "multiple": poll.multiple,
            "open_hours": poll.open_hours,
            "closes_at": poll.closes_at,
        }
    assert got[what] == expected


@pytest.mark.parametrize(
    ("taps", "answer", "line"),
    [
        (["Name"], "Roma", "Roma"),
        (["Purpose"], "We make cakes", "We make cakes"),
        (["Personality"], "🎩 Formal", "Personality: formal"),
        (["Form: "], "", "What should I change"),
        (["Form: ", "Its title"], "Order here", "Form “Order here”"),
        (["Form: ", "What it asks"], "name, rating of us, party date", "• Party date"),
        (["Form: ", "Choices of Cake"], "nut, plum", "nut, plum"),
        (["Form: ", "Leave it out"], "", "opens your bot's app with the poll"),
        (["Poll: ", "The question"], "Best?", "Poll “Best?”"),
        (["Poll: ", "The options"], "yes, no", "yes, no (several may be chosen)"),
        (["Poll: ", "One or several"], "Just one", "(one vote each)"),
        (["Poll: ", "When it closes"], "A week", "open for a week"),
        (["Poll: ", "When it closes"], "36 hours", "open for 36 hours"),
        (["Poll: ", "When it closes"], "Until I close it", "Apple, Cherry, Plum (several may be chosen)"),
        (["Poll: ", "When it closes"], "someday", "I can't tell when “someday” is"),
        (["Poll: ", "When it closes"], "9 years", "longer than a year"),
        (["Poll: ", "Leave it out"], "", "opens your bot's app with the form"),
    ],
)
def test_every_line_of_the_review_card_can_be_changed(taps: list[str], answer: str, line: str) -> None:
    talk = to(Step.REVIEW)
    for label in taps:
        talk.taps(label)
    if answer in talk.labels:
        talk.taps(answer)
    elif answer:
        talk.says(answer)
    assert line in talk.text
    while talk.step is not Step.REVIEW:
        talk.taps("‹ Back")
    assert talk.taps("✅ Create").dna is not None


def test_a_feature_switched_on_from_the_review_card_is_asked_about() -> None:
    talk = Talk().says(PIZZERIA + THREE).says("drop the poll").taps("Features").taps("◻️ Poll").taps("Continue")
    assert talk.step is Step.POLL_QUESTION
    assert talk.says("Best?").says("a, b").taps("Just one").step is Step.REVIEW


def test_back_from_a_change_leads_to_the_review_card() -> None:
    talk = to(Step.REVIEW).taps("Form: ").taps("What it asks").taps("‹ Back")
    assert talk.step is Step.FEATURE
    assert talk.taps("‹ Back").step is Step.REVIEW


def test_fields_are_added_and_removed_by_words_at_their_question() -> None:
    talk = to(Step.REVIEW).taps("Form: ").taps("What it asks").says("add e-mail and remove nothing")
    assert "E-mail" in [field.label for field in talk.draft.form("form").fields]
    talk.taps("Form: ").taps("What it asks").says("name, cake, day")
    fields = talk.draft.form("form").fields
    assert [field.label for field in fields] == ["Name", "Cake", "Day"]
    assert fields[1].options == ("chocolate", "carrot", "lemon")  # named again, it keeps its choices


def test_a_giant_bot_still_fits_one_message() -> None:
    talk = Talk().taps("Start blank").says("p" * 500).taps("◻️ Form").taps("◻️ Poll").taps("Continue").says("T" * 64)
    fields = ", ".join(
        f"{'q' * 40} {number} ({'/'.join('o' * 40 + str(n) for n in range(20))})" for number in range(30)
    )
    talk.says(fields).says("Q" * 300).says(", ".join("x" * 60 + str(number) for number in range(12))).says("several")
    talk.says("🎩, nice").says("N" * 64)
    assert talk.step is Step.REVIEW
    assert "more" in talk.text
    talk.taps("✅ Create")
    assert talk.dna is not None


@pytest.mark.parametrize(
    "words", ["yes", "OK!", "looks good", "Looks good, create it", "make it", "go ahead", "perfect"]
)
def test_agreeing_on_the_review_card_creates(words: str) -> None:
    assert to(Step.REVIEW).says(words).ended is OutcomeKind.CREATE


@pytest.mark.parametrize("words", ["yes but make it formal", "ok, call it Bella", "please", "no", "create a poll"])
def test_more_than_agreeing_never_creates(words: str) -> None:
    assert to(Step.REVIEW).says(words).ended is None


def test_a_poll_closes_as_long_after_its_birth_as_was_said() -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE}. The poll closes after 2 days.")
    assert "open for 2 days" in talk.text
    talk.now += timedelta(hours=5)
    talk.says("create")
    assert talk.dna is not None
    poll = talk.dna.features[1]
    assert isinstance(poll, PollFeature)
    assert poll.closes_at == talk.now + timedelta(days=2)


def test_who_goes_back_from_the_card_can_keep_everything_and_return() -> None:
    talk = to(Step.REVIEW)
    draft = talk.draft
    talk.taps("‹ Back").taps("‹ Back")
    assert "Cancel" not in talk.labels
    while talk.step is not Step.REVIEW:
        talk.taps("Keep it")
    assert talk.draft == draft


@pytest.mark.parametrize(
    ("words", "step"),
    [
        ("name", Step.NAME),
        ("change the name", Step.NAME),
        ("I want to change its personality", Step.PERSONALITY),
        ("edit the form", Step.FEATURE),
        ("other options", Step.POLL_OPTIONS),
        ("Fields!", Step.FORM_FIELDS),
    ],
)
def test_naming_a_line_asks_its_question(words: str, step: Step) -> None:
    assert to(Step.REVIEW).says(words).step is step


def commands(talk: Talk) -> list[str]:
    """The features' commands as the card shows them."""
    line = next(line for line in talk.text.splitlines() if line.startswith("Commands:"))
    return [
        command for command in line.split()[1:] if command not in {"/start", "/help", "/app", "/privacy", "/forget"}
    ]


def test_a_command_is_changed_by_taps() -> None:
    talk = to(Step.REVIEW)
    assert commands(talk) == ["/cake_order", "/poll"]
    talk.taps("Commands").taps("/poll").says("/Vote")
    assert commands(talk) == ["/cake_order", "/vote"]
    talk.taps("Commands").taps("/vote").taps("Keep it")
    assert commands(talk) == ["/cake_order", "/vote"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("change /poll to /vote", ["/cake_order", "/vote"]),
        ("change the command of the form to /bestellen", ["/bestellen", "/poll"]),
        ("rename the poll command to /vote", ["/cake_order", "/vote"]),
    ],
)
def test_a_command_is_changed_in_words(words: str, expected: list[str]) -> None:
    talk = to(Step.REVIEW).says(words)
    assert commands(talk) == expected


@pytest.mark.parametrize(
    ("words", "reason"),
    [("/start", "taken"), ("cake_order", "taken"), ("/größe", "small letters"), ("two words", "small letters")],
)
def test_a_command_that_cannot_be_is_refused(words: str, reason: str) -> None:
    talk = to(Step.REVIEW).taps("Commands").taps("/poll").says(words)
    assert talk.step is Step.COMMAND
    assert reason in talk.text


def test_which_command_is_meant_must_be_said() -> None:
    talk = to(Step.REVIEW).taps("Commands").says("/pizza")
    assert "which one first" in talk.text
    talk = to(Step.REVIEW).says("drop the poll").taps("Commands").says("pizza")
    assert commands(talk) == ["/pizza"]
