"""Words on the review card: what is clear is changed, and nothing else; what is not clear is asked about."""

from __future__ import annotations

from typing import Any

import pytest

from bot_runtime.dna import FieldKind
from factory_bot.model.interview import Wrote, advance
from factory_bot.model.reading import ReadField, ReadForm, Reading
from factory_bot.model.steps import Step

from .talk import Talk, kit

FULL = (
    "A bot for my pizzeria Bella Napoli: take orders with name, phone, size (small, medium, large), delivery date and "
    "notes (optional), and let people vote for the pizza of the week between Margherita, Diavola and Marinara"
)
SIZES = "• Size (one choice: S, M, L)"
VOTES = "Margherita, Diavola, Marinara"


def card(words: str) -> tuple[Talk, list[str], list[str]]:
    """The review card after the words, the lines that went and the lines that came."""
    talk = Talk().says(FULL)
    before = talk.text.splitlines()
    after = talk.says(words).text.splitlines()
    return talk, [line for line in before if line not in after], [line for line in after if line not in before]


CLEAR: list[Any] = [
    # what there is to choose
    ("change the size options to S, M, L", [SIZES]),
    ("change the options of size to S, M, L", [SIZES]),
    ("the options for size should be S, M and L", [SIZES]),
    ("the sizes should be S, M, L", [SIZES]),
    ("size: S, M or L", [SIZES]),
    ("set size to S, M, L please", [SIZES]),
    ("people can choose between S, M, L for the size", [SIZES]),
    ("make size a choice of S, M, L", [SIZES]),
    ("change the size options to:\n- S\n- M\n- L", [SIZES]),
    ("change the size options to:\nS\nM\nL", [SIZES]),
    ("add XL to the sizes", ["• Size (one choice: small, medium, large, XL)"]),
    ("add an option XL to size", ["• Size (one choice: small, medium, large, XL)"]),
    ("add extra large as a size", ["• Size (one choice: small, medium, large, extra large)"]),
    ("remove large from the sizes", ["• Size (one choice: small, medium)"]),
    ("make the size multiple choice", ["• Size (several choices: small, medium, large)"]),
    ("let people choose several sizes", ["• Size (several choices: small, medium, large)"]),
    ("let people type the size", ["• Size"]),
    ("the poll options should be Funghi and Tonno", ["Funghi, Tonno (one vote each)"]),
    ("add Funghi to the poll", [f"{VOTES}, Funghi (one vote each)"]),
    ("remove Diavola from the poll", ["Margherita, Marinara (one vote each)"]),
    ("replace Marinara with Quattro Stagioni", ["Margherita, Diavola, Quattro Stagioni (one vote each)"]),
    # fields
    ("make the phone optional", ["• Phone (phone, optional)"]),
    ("the phone is not required", ["• Phone (phone, optional)"]),
    (
        "make phone and size optional",
        ["• Phone (phone, optional)", "• Size (one choice, optional: small, medium, large)"],
    ),
    ("notes must be filled in", ["• Notes"]),
    ("make the name optional", ["• Name (text, optional)"]),
    ("could the phone be optional?", ["• Phone (phone, optional)"]),
    ("add a field for the address", ["• Address"]),
    ("what about a field for the address?", ["• Address"]),
    ("add a field for the address and one for the zip", ["• Address", "• Zip"]),
    ("change the fields to name, phone and address", ["• Address"]),
    ("put Funghi in the poll", [f"{VOTES}, Funghi (one vote each)"]),
    ("Phone (optional)", ["• Phone (phone, optional)"]),
    ("let them vote between Funghi and Tonno", ["Funghi, Tonno (one vote each)"]),
    ("change name to first and last name", ["• First and last name"]),
    ("add a yes/no question: Are you a member?", ["• Are you a member? (one choice: Yes, No)"]),
    ("ask for their address too", ["• Address"]),
    ("add an optional field for the address", ["• Address (text, optional)"]),
    ("I also want their e-mail", ["• E-mail (e-mail)"]),
    ("add a question: Do you have allergies?", ["• Do you have allergies?"]),
    ("add a choice between pickup and delivery", ["• Pickup or delivery (one choice: pickup, delivery)"]),
    ("add toppings as multiple choice: ham, olives", ["• Toppings (several choices: ham, olives)"]),
    ("rename phone to Mobile", ["• Mobile (phone)"]),
    ("call the phone field Telephone", ["• Telephone"]),
    ("replace phone with e-mail", ["• E-mail (e-mail)"]),
    ("instead of the phone ask for the e-mail", ["• E-mail (e-mail)"]),
    ("change the name field to Full name", ["• Full name"]),
    ("make the date a text field", ["• Delivery date (text)"]),
    # the bot, its form, its poll
    ("rename the bot to Pizza Palace", ["Pizza Palace"]),
    ("the form should be called Pizza order", ["Form “Pizza order” asks:"]),
    ("the question should be Which pizza is best?", ["Poll “Which pizza is best?”"]),
    ('the poll should ask "Which pizza is best?"', ["Poll “Which pizza is best?”"]),
    ("the purpose is pizza for everybody", ["pizza for everybody"]),
    ("let people choose more than one pizza", [f"{VOTES} (several may be chosen)"]),
    ("close the poll after 3 days", [f"{VOTES} (one vote each, open for 3 days)"]),
    ("change the personality to warm and patient", ["Personality: friendly (warm, patient)"]),
    ("the command for the poll should be /vote", ["Commands: /start /order /vote /help /app /privacy /forget"]),
    # several wishes at once
    ("call it Bella and make the phone optional", ["Bella", "• Phone (phone, optional)"]),
    ("remove phone, add e-mail", ["• E-mail (e-mail)"]),
    ("set the title to Pizza and the name to Roma", ["Roma", "Form “Pizza” asks:"]),
    ("name: Roma, title: Pizza", ["Roma", "Form “Pizza” asks:"]),
    ("change phone to mobile and notes to remarks", ["• Mobile (phone)", "• Remarks (text, optional)"]),
    ("change the size options to S, M, L and the poll options to X, Y", [SIZES, "X, Y (one vote each)"]),
    ("add a field for the address and make it optional", ["• Address (text, optional)"]),
    ("add a photo and make it formal", ["• Photo", "Personality: formal"]),
    (
        "Rename the form to Pizza order. Add funghi to the poll!",
        ["Form “Pizza order” asks:", f"{VOTES}, funghi (one vote each)"],
    ),
]


@pytest.mark.parametrize(("words", "lines"), CLEAR, ids=[row[0][:50] for row in CLEAR])
def test_what_is_clear_is_changed_and_nothing_else(words: str, lines: list[str]) -> None:
    talk, gone, come = card(words)
    assert talk.step is Step.REVIEW
    assert [line for line in come if not line.startswith("Commands:") or line in lines] == lines
    assert len(gone) <= len(come) + 2


@pytest.mark.parametrize(
    ("words", "gone"),
    [
        ("remove the date field", "• Delivery date"),
        ("remove the delivery date", "• Delivery date"),
        ("no phone please", "• Phone"),
        ("don't ask for the phone", "• Phone"),
        ("remove the name", "• Name"),
    ],
)
def test_a_field_goes_by_any_clear_name(words: str, gone: str) -> None:
    _, lost, come = card(words)
    assert (lost, come) == ([gone], [])


@pytest.mark.parametrize(
    "words", ["ask only for name and phone", "keep only name and phone", "the form should only ask name and phone"]
)
def test_a_form_asks_only_what_is_said(words: str) -> None:
    fields = card(words)[0].draft.form("form").fields
    assert [(field.label, field.kind) for field in fields] == [("Name", FieldKind.TEXT), ("Phone", FieldKind.PHONE)]


def test_fields_change_their_order() -> None:
    def labels(words: str) -> list[str]:
        return [field.label for field in card(words)[0].draft.form("form").fields]

    assert labels("put the phone first")[:2] == ["Phone", "Name"]
    assert labels("move notes before the date")[-2:] == ["Notes", "Delivery date"]
    assert labels("swap name and phone")[:2] == ["Phone", "Name"]
    assert labels("add address after phone")[1:3] == ["Phone", "Address"]


@pytest.mark.parametrize(
    ("words", "heard"),
    [
        ("purple monkey", "did not understand"),
        ("I don't like it", "did not understand"),
        ("swap phone", "did not understand"),
        ("make the colour optional", "did not understand"),
        ("delete everything", "did not understand"),
        ("the form is too long", "did not understand"),
        ("make the form shorter", "did not understand"),
        ("is the phone optional?", "did not understand"),
        ("thank you", "did not understand"),
        ("don't be too formal", "did not understand"),
        ("name should be at least 3 letters", "did not understand"),
        ("name -> first name, last name", "did not understand"),
        ("add our logo", "can't build your own logo yet"),
        ("make the poll anonymous", "I left out “anonymous”"),
        ("people like pizza, beer and wine", "did not understand"),
        ("the options should be a, b", "Which one do you mean, Pizza of the week or Size?"),
        ("add another option: Funghi", "Which one do you mean, Pizza of the week or Size?"),
        ("add Funghi", "Which one do you mean"),
        ("only one vote per person", "would change nothing"),
        ("add payments", "can't build payments yet"),
        ("speak German", "can't build texts in German yet"),
        ("change the greeting to Ciao!", "can't build a greeting of your own yet"),
    ],
)
def test_what_is_not_clear_changes_nothing_and_leaves_the_buttons(words: str, heard: str) -> None:
    before = Talk().says(FULL).draft
    talk, _, _ = card(words)
    assert talk.draft == before
    assert heard in talk.text
    assert "✅ Create" in talk.labels


def test_of_several_wishes_the_clear_ones_are_done_and_the_others_said() -> None:
    talk, _, come = card("make the phone optional and make the sky blue")
    assert "• Phone (phone, optional)" in come
    assert "did not understand “make the sky blue”" in talk.text
    assert talk.text.splitlines()[-1].startswith("I did not understand")  # next to the buttons, below the long card


def test_no_wish_is_lost_among_others() -> None:
    talk, _, come = card("rename the poll to Dinner, add sushi and let people vote for several")
    assert "Poll “Dinner”" in come
    assert f"{VOTES} (several may be chosen)" in come
    assert "Which one do you mean, Dinner, Size or Order?" in talk.text
    assert card("call it Cut and Drop")[0].draft.name == "Cut and Drop"
    talk, _, _ = card("call it Bella and make the moon blue")
    assert talk.draft.name == "Bella"
    assert "did not understand “make the moon blue”" in talk.text


@pytest.mark.parametrize(
    ("words", "what"), [("remove Marinara and Diavola from the poll", "Marinara"), ("remove the form and the poll", "")]
)
def test_what_a_bot_needs_stays(words: str, what: str) -> None:
    talk, _, _ = card(words)
    assert f"{what}” stays" in talk.text
    assert talk.draft.features


@pytest.mark.parametrize(
    ("words", "step", "heard"),
    [
        ("change the size options", Step.FIELD_OPTIONS, "“Size”"),
        ("change the size", Step.FIELD_OPTIONS, "“Size”"),
        ("change the phone", Step.FEATURE, "“Order”"),
        ("change the poll options", Step.POLL_OPTIONS, "“Pizza of the week”"),
        ("Size", Step.FIELD_OPTIONS, "“Size”"),
        ("add a question", Step.FORM_FIELDS, "“Order”"),
        ("add another option", Step.POLL_OPTIONS, "“Pizza of the week”"),
        ("the phone", Step.FEATURE, "“Order”"),
    ],
)
def test_a_part_that_is_only_named_is_asked_about(words: str, step: Step, heard: str) -> None:
    talk, _, _ = card(words)
    assert talk.step is step
    assert heard in talk.text


def test_at_a_features_question_its_own_parts_are_meant() -> None:
    talk = Talk().says(FULL).taps("Poll: ").says("the options should be red, white")
    assert talk.draft.poll("poll").options == ("red", "white")
    talk = Talk().says(FULL).taps("Form: ").says("add Funghi")
    assert talk.step is Step.FEATURE
    assert "did not understand" not in talk.says("make the phone optional").text
    assert not talk.draft.form("form").fields[1].required


CLUB = "A bot called Chess Club: sign-up form with name, e-mail and level (beginner, advanced)"
LUNCH = "A bot called Lunch: let people vote for lunch between soup, salad and burger"
OTHERS: list[Any] = [
    (CLUB, "change level to beginner, medium, expert", ["• Level (one choice: beginner, medium, expert)"]),
    (CLUB, "add an option expert", ["• Level (one choice: beginner, advanced, expert)"]),
    (CLUB, "please also collect the phone number", ["• Phone number"]),
    (CLUB, "add a question about allergies with yes or no", ["• Allergies (one choice: yes, no)"]),
    (CLUB, "add a dropdown for the T-shirt size with S, M and L", ["• T-shirt size (one choice: S, M, L)"]),
    (CLUB, "ask them to choose a size: S, M or L", ["• Size (one choice: S, M, L)"]),
    (CLUB, "add a poll: Which day? Monday or Friday", ["Poll “Which day?”", "Monday, Friday (one vote each)"]),
    (CLUB, "add expert", ["Which one do you mean, Level or Sign-up? Say it once more with that name, or tap it."]),
    (LUNCH, "add sushi", ["soup, salad, burger, sushi (one vote each)"]),
    (LUNCH, "multiple choice", ["soup, salad, burger (several may be chosen)"]),
    (LUNCH, "ask for the name and phone", ["Form “Form” asks:", "• Name", "• Phone"]),
]


@pytest.mark.parametrize(("bot", "words", "lines"), OTHERS, ids=[row[1][:50] for row in OTHERS])
def test_what_words_mean_depends_on_what_there_is(bot: str, words: str, lines: list[str]) -> None:
    talk = Talk().says(bot)
    before = talk.text.splitlines()
    after = talk.says(words).text.splitlines()
    come = [line for line in after if line and line not in before and not line.startswith(("Commands:", "Menu"))]
    assert come == lines


def test_a_reading_of_one_field_leaves_the_others() -> None:
    talk = Talk().says(FULL)
    optional = ReadField(label="Phone", kind=FieldKind.PHONE, required=False)

    def after(form: ReadForm) -> dict[str, bool]:
        turn = advance(talk.interview, Wrote("it"), Reading(forms=(form,)), kit=kit(), now=talk.now)
        return {field.label: field.required for field in turn.interview.draft.form("form").fields}

    assert after(ReadForm(fields=(optional,))) == {
        "Name": True, "Phone": False, "Size": True, "Delivery date": True, "Notes": False,
    }  # fmt: skip
    assert after(ReadForm(of="Order", whole=True, fields=(optional,))) == {"Phone": False}


def test_two_of_a_kind_are_told_apart_by_name() -> None:
    talk = Talk().says(FULL).says("add a poll about the best drink: wine or beer")
    assert "Which one do you mean, Pizza of the week or Best drink?" in talk.says("rename the poll to Cheers").text
    talk.says("add water to the drink poll")
    assert [feature.options for feature in talk.draft.features if feature.kind == "poll"] == [
        ("Margherita", "Diavola", "Marinara"),
        ("wine", "beer", "water"),
    ]


RUNNERS = "For our running club: people sign up with name and pace, and vote where we meet: Park, River or Stadium"


def test_a_change_is_understood_while_the_personality_is_asked() -> None:
    talk = Talk().says(RUNNERS)
    assert talk.step is Step.PERSONALITY
    talk.says("change the pace to a choice of slow, medium, fast")
    assert talk.step is Step.PERSONALITY
    assert talk.text.startswith("Done, I changed that.")
    assert talk.text.endswith("Question 2 of 3"), "the same question is not the next one"
    assert talk.draft.tone is None
    assert [field.options for field in talk.draft.form("form").fields] == [(), ("slow", "medium", "fast")]
    assert talk.says("warm and a little funny, like a good coach").step is Step.NAME


def test_a_change_and_a_name_are_understood_while_the_name_is_asked() -> None:
    talk = Talk().says(RUNNERS).says("friendly")
    talk.says("make the name optional and call the bot Sunday Runners")
    assert talk.step is Step.REVIEW
    assert talk.draft.name == "Sunday Runners"
    assert not talk.draft.form("form").fields[0].required


@pytest.mark.parametrize("name", ["Change the World Bot", "Make it so", "Add and Drop Club", "The Poll is Open"])
def test_a_name_that_sounds_like_a_change_is_a_name(name: str) -> None:
    talk = Talk().says(RUNNERS).says("friendly").says(name)
    assert talk.draft.name == name
