"""The interview, path by path: each row is a conversation and where it leads."""

from __future__ import annotations

from typing import Any

import pytest

from bot_runtime.dna import FieldKind, FormFeature, PollFeature, Tone
from factory_bot.model.interview import Interview, OutcomeKind, Started, Tapped
from factory_bot.model.steps import Step

from .talk import PIZZERIA, THREE, Talk, kit, to


def test_one_sentence_with_everything_leads_to_the_review_card() -> None:
    talk = Talk().says(PIZZERIA + THREE)
    assert talk.step is Step.REVIEW
    for said in ("Bella Napoli", "Form “Order”", "Name", "Phone", "Size", "Margherita, Diavola, Marinara", "/order"):
        assert said in talk.text
    talk.taps("✅ Create")
    assert talk.ended is OutcomeKind.CREATE
    assert talk.dna is not None
    form, poll = talk.dna.features
    assert isinstance(form, FormFeature)
    assert [(field.label, field.kind) for field in form.fields] == [
        ("Name", FieldKind.TEXT),
        ("Phone", FieldKind.PHONE),
        ("Size", FieldKind.TEXT),
    ]
    assert isinstance(poll, PollFeature)
    assert poll.options == ("Margherita", "Diavola", "Marinara")


def test_without_the_options_only_they_are_asked_for() -> None:
    talk = Talk().says(PIZZERIA)
    assert talk.step is Step.POLL_OPTIONS
    assert "Pizza of the week" in talk.text
    assert talk.says("Margherita, Diavola and Marinara").step is Step.REVIEW


def test_the_blank_way_asks_everything_once() -> None:
    talk = to(Step.REVIEW)
    talk.taps("✅ Create")
    dna = talk.dna
    assert dna is not None
    assert (dna.name, dna.purpose) == ("Cake Corner", "cakes for our bakery")
    assert dna.personality.tone is Tone.PLAYFUL
    form, poll = dna.features
    assert isinstance(form, FormFeature)
    assert isinstance(poll, PollFeature)
    assert (form.title, form.command, form.fields[2].options) == (
        "Cake order",
        "cake_order",
        ("chocolate", "carrot", "lemon"),
    )
    assert [field.required for field in form.fields] == [True, True, True, False]
    assert (poll.question, poll.options, poll.multiple) == ("Which cake next week?", ("Apple", "Cherry", "Plum"), True)
    assert [command.command for command in dna.commands][:3] == ["start", "cake_order", "poll"]


PATHS: list[Any] = [
    pytest.param(["says:hello"], Step.FEATURES, "able to do", id="words without a feature ask for the features"),
    pytest.param(["says:a form and a poll"], Step.FORM_FIELDS, "ask", id="a bare form asks for its fields"),
    pytest.param(["says:Make a poll"], Step.POLL_QUESTION, "vote on", id="a bare poll asks for its question"),
    pytest.param(["says:poll with a, b and c"], Step.POLL_QUESTION, "vote on", id="options without a question"),
    pytest.param(["says:lunch vote", "says:one, two"], Step.PERSONALITY, "speak", id="a named poll is single choice"),
    pytest.param(["says:…!?"], Step.START, "few words", id="no words at all"),
    pytest.param(["says: "], Step.START, "words or with the buttons", id="nothing"),
    pytest.param(["sticker:"], Step.START, "words or with the buttons", id="a sticker"),
    pytest.param(
        ["says:a weather bot"], Step.FEATURES, "can't build a weather report yet", id="weather alone is answered"
    ),
    pytest.param(
        ["says:the weather, a form with name and a lunch vote"],
        Step.POLL_OPTIONS,
        "can't build a weather report yet. I'll make the form and the poll",
        id="weather beside what can be built",
    ),
    pytest.param(["taps:Start blank", "says:" + "x" * 501], Step.PURPOSE, "500 characters", id="a purpose too long"),
    pytest.param(
        ["taps:Start blank", "says:take orders with name and phone"],
        Step.PERSONALITY,
        "speak",
        id="a purpose that says all",
    ),
    pytest.param(["taps:Start blank", "taps:Skip"], Step.FEATURES, "able to do", id="the purpose can be skipped"),
    pytest.param(
        ["taps:Start blank", "says:p", "says:a vote please"], Step.POLL_QUESTION, "vote on", id="features in words"
    ),
    pytest.param(
        ["taps:Start blank", "says:p", "says:bananas"], Step.FEATURES, "forms and polls", id="unknown features"
    ),
    pytest.param(["taps:Start blank", "says:p", "says:done"], Step.FEATURES, "at least one", id="no feature at all"),
    pytest.param(
        ["taps:Start blank", "says:p", "says:a quiz"], Step.FEATURES, "can't build a quiz yet", id="a feature to come"
    ),
    pytest.param(["taps:Start blank", "back"], Step.START, "What should your bot do", id="back to the start"),
    pytest.param(["says:back"], Step.START, "where we began", id="no way back from the start"),
    pytest.param(["says:hello", "says:cancel"], Step.CANCEL, "Stop here", id="cancel is asked"),
    pytest.param(["says:hello", "says:cancel", "says:maybe"], Step.CANCEL, "yes or no", id="cancel needs an answer"),
    pytest.param(["says:hello", "says:cancel", "says:no"], Step.FEATURES, "able to do", id="cancel taken back"),
    pytest.param(
        ["says:hello", "taps:Cancel", "taps:No"], Step.FEATURES, "able to do", id="cancel taken back by button"
    ),
    pytest.param(["says:hello", "says:/cancel", "says:/cancel"], Step.DONE, "Stopped", id="cancel twice"),
    pytest.param(["says:hello", "taps:Cancel", "taps:Yes"], Step.DONE, "Stopped", id="cancel by button"),
    pytest.param(["says:/cancel"], Step.DONE, "Stopped", id="nothing said yet: cancelled at once"),
    pytest.param(
        ["taps:🛍 Orders"], Step.FIELD_OPTIONS, "What can people order?", id="a template asks in its own words"
    ),
    pytest.param(["taps:🛍 Orders", "taps:Let people"], Step.PERSONALITY, "speak", id="a choice may become text"),
    pytest.param(["taps:⭐ Feedback", "says:skip", "says:skip"], Step.REVIEW, "Create", id="defaults all the way"),
]


@pytest.mark.parametrize(("deeds", "step", "heard"), PATHS)
def test_paths(deeds: list[str], step: Step, heard: str) -> None:
    talk = Talk()
    for deed in deeds:
        kind, _, what = deed.partition(":")
        if kind == "says":
            talk.says(what)
        elif kind == "taps":
            talk.taps(what)
        elif kind == "back":
            talk.taps("‹ Back")
        else:
            talk.sends_a_sticker()
    assert talk.step is step
    assert heard in talk.text


REFUSED: list[Any] = [
    (Step.FEATURES, "…", "such as"),
    (Step.FORM_TITLE, "!!!", "such as Order"),
    (Step.FORM_TITLE, "t" * 65, "64 characters"),
    (Step.FORM_FIELDS, "???", "List it with commas"),
    (Step.FORM_FIELDS, ", ".join(f"field {number}" for number in range(31)), "up to 30"),
    (Step.FIELD_OPTIONS, "only one", "at least two"),
    (Step.FIELD_OPTIONS, "same, Same, SAME", "at least two"),
    (Step.FIELD_OPTIONS, ", ".join(f"option {number}" for number in range(21)), "more than the 20"),
    (Step.FIELD_OPTIONS, "a, " + "b" * 65, "longer than 64"),
    (Step.POLL_QUESTION, "?", "such as Where"),
    (Step.POLL_QUESTION, "q" * 301, "300 characters"),
    (Step.POLL_OPTIONS, "one", "at least two"),
    (Step.POLL_OPTIONS, ", ".join(f"option {number}" for number in range(13)), "more than the 12"),
    (Step.POLL_CHOICE, "perhaps", "one or several"),
    (Step.PERSONALITY, "☂", "few short words"),
    (Step.PERSONALITY, "x" * 100, "few short words"),
    (Step.NAME, "n" * 65, "64 characters"),
    (Step.NAME, "💥", "letters or digits"),
    (Step.REVIEW, "purple monkey", "did not understand"),
]


@pytest.mark.parametrize(("step", "words", "reason"), REFUSED, ids=lambda value: str(value)[:24])
def test_an_answer_that_cannot_be_accepted_gets_a_reason_and_the_question_again(
    step: Step, words: str, reason: str
) -> None:
    talk = to(step)
    question, draft = talk.text, talk.draft
    talk.says(words)
    assert talk.step is step
    assert talk.draft == draft
    assert reason in talk.text
    assert question in talk.text


WORDS: list[Any] = [
    (Step.FORM_TITLE, "skip", Step.FORM_FIELDS),
    (Step.FORM_FIELDS, "skip", Step.POLL_QUESTION),  # the form is left out
    (Step.FIELD_OPTIONS, "skip", Step.POLL_QUESTION),
    (Step.POLL_QUESTION, "skip", Step.PERSONALITY),  # the poll is left out
    (Step.POLL_OPTIONS, "skip", Step.PERSONALITY),
    (Step.POLL_CHOICE, "just one", Step.PERSONALITY),
    (Step.POLL_CHOICE, "yes", Step.PERSONALITY),
    (Step.POLL_CHOICE, "skip", Step.PERSONALITY),
    (Step.PERSONALITY, "skip", Step.NAME),
    (Step.PERSONALITY, "warm and a little funny", Step.NAME),
    (Step.NAME, "skip", Step.REVIEW),
    (Step.NAME, "back", Step.PERSONALITY),
    (Step.POLL_CHOICE, "go back", Step.POLL_OPTIONS),
    (Step.FEATURES, "next", Step.FEATURES),
]


@pytest.mark.parametrize(("step", "words", "then"), WORDS)
def test_every_step_can_be_answered_skipped_and_left_by_words(step: Step, words: str, then: Step) -> None:
    assert to(step).says(words).step is then


def test_leaving_out_the_only_feature_asks_for_features_again() -> None:
    talk = Talk().says("a vote").taps("No poll")
    assert talk.step is Step.FEATURES
    assert not talk.draft.features


def test_going_back_and_answering_again_replaces_only_that_answer() -> None:
    talk = to(Step.NAME).taps("‹ Back").taps("‹ Back").taps("‹ Back")
    assert "What can people choose" in talk.text
    talk.says("Rye, Oat")
    assert talk.step is Step.NAME
    assert talk.draft.poll("poll").options == ("Rye", "Oat")
    assert talk.draft.tone is Tone.PLAYFUL


def test_the_progress_counts_what_is_still_open() -> None:
    assert "Question 2 of 4" in Talk().says("hello").text
    assert "Question 2 of 2" in Talk().says(PIZZERIA).text


def test_a_double_tap_is_harmless() -> None:
    talk = to(Step.FEATURES)
    data = talk.data_of("◻️ Form")
    talk.presses(data)
    shown = talk.shown
    talk.presses(data)
    assert talk.shown is shown
    assert [feature.kind for feature in talk.draft.features] == ["form"]


def test_a_stale_button_gets_a_hint_and_the_present_question() -> None:
    talk = to(Step.FEATURES)
    old = talk.data_of("◻️ Poll")
    talk.taps("◻️ Form").taps("Continue").says("Order")
    talk.presses(old)
    assert talk.notice == "That button is from before. Here is where we are."
    assert talk.step is Step.FORM_FIELDS
    assert "What should the form" in talk.text
    assert not any(feature.kind == "poll" for feature in talk.draft.features)


def test_a_button_of_an_earlier_interview_is_stale_in_the_next() -> None:
    talk = Talk()
    old = talk.data_of("Start blank")
    talk.taken(Started())
    talk.presses(old)
    assert talk.notice is not None
    assert talk.step is Step.START


@pytest.mark.parametrize("data", ["i:3", "x:1:a", "i:a:go", "i:1:", "", "i:1:b c", "i:" + "9" * 40 + ":go"])
def test_foreign_callback_data_is_no_tap(data: str) -> None:
    assert Tapped.parse(data) is None


@pytest.mark.parametrize("action", ["t:nothing", "e:form9", "o:99", "p:explode", "tone:evil", "one", "f:game", "yes"])
@pytest.mark.parametrize("step", [Step.START, Step.FEATURES, Step.FORM_FIELDS, Step.NAME, Step.REVIEW])
def test_a_button_that_the_question_does_not_have_is_refused(step: Step, action: str) -> None:
    talk = to(step)
    draft = talk.draft
    talk.presses(f"i:{talk.interview.turn}:{action}")
    assert (talk.step, talk.draft) == (step, draft)
    assert "does not fit" in talk.text


@pytest.mark.parametrize(
    "stored",
    ["", "null", "{}x", '{"version": 99}', '{"version": 1, "place": {"step": "dance"}}', '{"older": true}', "[]"],
)
def test_an_interview_that_cannot_be_read_begins_again_with_a_sentence(stored: str) -> None:
    talk = Talk()
    talk.interview = Interview.from_json(stored)
    talk.interview = Interview.from_json(talk.interview.to_json())
    talk.says("my name is Bond")
    assert talk.step is Step.START
    assert "begin again" in talk.text
    assert "What should your bot do?" in talk.text
    assert talk.says(PIZZERIA + THREE).step is Step.REVIEW


def test_a_template_can_be_named_at_the_start() -> None:
    assert Talk("orders").step is Step.FIELD_OPTIONS
    assert Talk("no such template").step is Step.START


def test_the_start_shows_every_template_as_a_card() -> None:
    talk = Talk()
    for starter in kit().starters:
        assert starter.title in " ".join(talk.labels)
    assert "Start blank" in talk.labels


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Bella", "Bella"),
        ("Call it Bella", "Bella"),
        ("I'd like to call it Bella Roma please", "Bella Roma"),
        ("the name is “Café Zoë”.", "Café Zoë"),
        ("it should be called The Blue Door!", "The Blue Door"),
        ("How about Bella?", "Bella"),
        ("Call of Duty Club", "Call of Duty Club"),
        ("What's Up?", "What's Up?"),
    ],
)
def test_a_name_is_taken_out_of_the_words_around_it(words: str, name: str) -> None:
    assert to(Step.NAME).says(words).draft.name == name


@pytest.mark.parametrize(
    "words",
    [
        "name, feedback, rating",
        "order number, name and survey",
        "their name, feedback and a rating",
    ],
)
def test_a_list_of_fields_is_not_taken_for_a_new_form(words: str) -> None:
    talk = to(Step.FORM_FIELDS).says(words)
    assert len(talk.draft.form("form").fields) == 3
    assert [feature.kind for feature in talk.draft.features] == ["form", "poll"]


def test_both_features_in_one_word() -> None:
    talk = to(Step.FEATURES).says("Both!")
    assert [feature.kind for feature in talk.draft.features] == ["form", "poll"]
