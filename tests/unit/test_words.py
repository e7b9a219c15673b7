"""Lists, fields and short answers in words."""

from __future__ import annotations

import pytest

from bot_runtime.dna import FieldKind, Tone
from factory_bot.model.words.answers import navigation, one_or_several, tone_of, yes_or_no
from factory_bot.model.words.fields import field_of, fields_of
from factory_bot.model.words.lists import items_of

LISTS = [
    ("A, B and C", ["A", "B", "C"]),
    ("A, B, or C.", ["A", "B", "C"]),
    ("A B or C D", ["A B", "C D"]),
    ("between A, B and C", ["A", "B", "C"]),
    ("either tea or coffee", ["tea", "coffee"]),
    ("options: x; y; z", ["x", "y", "z"]),
    ("Mac and Cheese, Pizza", ["Mac and Cheese", "Pizza"]),
    ("Pizza, Pasta, and Mac and Cheese", ["Pizza", "Pasta", "Mac and Cheese"]),
    ("- one\n- two\n- three and a half", ["one", "two", "three and a half"]),
    ("* one\n* two", ["one", "two"]),
    ("1. one\n2. two", ["one", "two"]),
    ("1) one 2) two 3) three", ["one", "two", "three"]),
    ("Options:\n• Rex\n• Bella", ["Rex", "Bella"]),
    ("one\ntwo\nthree", ["one", "two", "three"]),
    ("S / M / L", ["S", "M", "L"]),
    ("yes/no", ["yes", "no"]),
    ("a|b|c", ["a", "b", "c"]),
    ("name, size (small, medium), phone", ["name", "size (small, medium)", "phone"]),
    ('"Yes, please", "No, thanks"', ["Yes, please", "No, thanks"]),
    ("under 1,000, over 1,000", ["under 1,000", "over 1,000"]),
    ("9:00, 10:00 or 11:00", ["9:00", "10:00", "11:00"]),
    ("temperature between 34 and 43", ["temperature between 34 and 43"]),
    ("Ja, Nein oder Vielleicht", ["Ja", "Nein", "Vielleicht"]),
    ("just one", ["just one"]),
    ("The options are red, green and blue, please!", ["red", "green", "blue"]),
    ("people can choose between tea and coffee", ["tea", "coffee"]),
    ("maybe Monday, Tuesday or Friday", ["Monday", "Tuesday", "Friday"]),
    ("Option A, Option B", ["Option A", "Option B"]),
    ("Maybe", ["Maybe"]),
    ("(unclosed, brackets", ["(unclosed", "brackets"]),
    ("", []),
    ("…", ["…"]),
]


@pytest.mark.parametrize(("text", "items"), LISTS, ids=[text[:30] for text, _ in LISTS])
def test_a_list_in_words_becomes_its_items(text: str, items: list[str]) -> None:
    assert items_of(text) == items


FIELDS = [
    ("name", "Name", FieldKind.TEXT, ()),
    ("their phone number", "Phone number", FieldKind.PHONE, ()),
    ("an e-mail address", "E-mail address", FieldKind.EMAIL, ()),
    ("date of birth", "Date of birth", FieldKind.DATE, ()),
    ("number of guests", "Number of guests", FieldKind.NUMBER, ()),
    ("how many people?", "How many people?", FieldKind.NUMBER, ()),
    ("rating", "Rating", FieldKind.RATING, ()),
    ("mood 1-5 stars", "Mood", FieldKind.RATING, ()),
    ("a photo of the damage", "Photo of the damage", FieldKind.PHOTO, ()),
    ("size", "Size", FieldKind.TEXT, ()),
    ("size (small, medium or large)", "Size", FieldKind.CHOICE, ("small", "medium", "large")),
    ("size: small/large", "Size", FieldKind.CHOICE, ("small", "large")),
    ("coming yes/no", "Coming", FieldKind.CHOICE, ("yes", "no")),
    ("toppings (multiple choice: ham, olives)", "Toppings", FieldKind.CHOICES, ("ham", "olives")),
    ("colour (choice)", "Colour", FieldKind.CHOICE, ()),
    ("days (several)", "Days", FieldKind.CHOICES, ()),
    ("birthday (text)", "Birthday", FieldKind.DATE, ()),
    ("📞 phone", "Phone", FieldKind.PHONE, ()),
    ("page", "Page", FieldKind.TEXT, ()),
    ("名前", "名前", FieldKind.TEXT, ()),
]


@pytest.mark.parametrize(("phrase", "label", "kind", "options"), FIELDS, ids=[row[0] for row in FIELDS])
def test_a_field_in_words_has_label_kind_and_options(
    phrase: str, label: str, kind: FieldKind, options: tuple[str, ...]
) -> None:
    field = field_of(phrase)
    assert field is not None
    assert (field.label, field.kind, field.options) == (label, kind, options)


@pytest.mark.parametrize(
    ("phrase", "low", "high"),
    [("age (18-99)", 18, 99), ("guests from 1 to 10", 1, 10), ("price (at most 50)", None, 50), ("amount", None, None)],
)
def test_a_number_has_the_range_that_was_said(phrase: str, low: float | None, high: float | None) -> None:
    field = field_of(phrase)
    assert field is not None
    assert (field.kind, field.minimum, field.maximum) == (FieldKind.NUMBER, low, high)


def test_optional_and_required_are_heard() -> None:
    fields = fields_of("name (required), notes (optional), optional photo, comment if you want")
    assert [(field.label, field.required) for field in fields] == [
        ("Name", True),
        ("Notes", False),
        ("Photo", False),
        ("Comment", False),
    ]


@pytest.mark.parametrize(
    ("text", "labels"),
    [
        (
            "please ask for their name, phone number and the pizza they want",
            ["Name", "Phone number", "Pizza they want"],
        ),
        ("What is your name? How old are you?", ["What is your name?", "How old are you?"]),
        ("name, phone\nsize: small, large\nnotes", ["Name", "Phone", "Size", "Notes"]),
        ("- name\n- e-mail (optional)", ["Name", "E-mail"]),
        ("Would you come again (yes/no)? Why?", ["Would you come again?", "Why?"]),
        ("Vorname, Nachname und Telefon", ["Vorname", "Nachname", "Telefon"]),
    ],
)
def test_fields_come_in_many_shapes(text: str, labels: list[str]) -> None:
    assert [field.label for field in fields_of(text)] == labels


def test_a_field_named_twice_is_one_field() -> None:
    assert [field.label for field in fields_of("name, Name, NAME")] == ["Name"]


@pytest.mark.parametrize("text", ["", "…", "!!!", "()", "(a, b)"])
def test_no_field_is_made_of_nothing(text: str) -> None:
    assert fields_of(text) == []


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("yes", True),
        ("Yes, please!", True),
        ("ok", True),
        ("no", False),
        ("Nope.", False),
        ("don't", False),
        ("red", None),
    ],
)
def test_yes_and_no(text: str, meaning: bool | None) -> None:
    assert yes_or_no(text) is meaning


@pytest.mark.parametrize(
    ("text", "several"),
    [("just one", False), ("several", True), ("as many as they like", True), ("one each", False), ("blue", None)],
)
def test_one_or_several(text: str, several: bool | None) -> None:
    assert one_or_several(text) is several


@pytest.mark.parametrize(
    ("text", "wish"),
    [("/back", "back"), ("Go back!", "back"), ("skip it", "skip"), ("/cancel", "cancel"), ("backpack", None)],
)
def test_navigation_is_a_whole_answer(text: str, wish: str | None) -> None:
    assert navigation(text) == wish


@pytest.mark.parametrize(
    ("text", "tone"),
    [
        ("warm and a little funny", Tone.FRIENDLY),
        ("funny, but warm", Tone.PLAYFUL),
        ("not formal", None),
        ("Business-like", Tone.FORMAL),
        ("to the point", Tone.CONCISE),
    ],
)
def test_the_tone_is_the_first_that_is_named(text: str, tone: Tone | None) -> None:
    assert tone_of(text) is tone
