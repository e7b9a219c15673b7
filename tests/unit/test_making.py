"""A complete draft becomes a DNA: safe ids and commands from any words, and texts in the bot's manner."""

from __future__ import annotations

import random
import re

import pytest

from bot_runtime.dna import COMMANDS_OF_EVERY_BOT, AgentDNA, FieldKind, FormFeature, TemplateRef, Tone, dump, load
from factory_bot.model.draft import Draft, FieldDraft, FormDraft, PollDraft
from factory_bot.model.ids import slug
from factory_bot.model.making import complete
from factory_bot.model.naming import suggested_name, title_of

from .talk import kit

FORM = FormDraft(title="Order", fields=(FieldDraft(label="Name"),))
POLL = PollDraft(id="poll", question="Best?", options=("a", "b"), multiple=False)
WHOLE = Draft(purpose="orders for us", features=(FORM, POLL), tone=Tone.FRIENDLY, name="Bella")
HOSTILE = [
    "{{ 7*7 }}",
    "{name} {0} %s ${x}",
    '"""; import os',
    "</script><script>alert(1)</script>",
    "../../etc/passwd",
    "a\nb\r\nc",
    "\u202egpj.exe",
    "\x00\x1b[31m",
    "' OR 1=1 --",
    "/start",
    "start",
    "привет мир",
    "名前",
    "مرحبا",
    "🍕🍕🍕",
    "ÄÖÜß éèê",
    "İstanbul ığ",
    "ﬁne ﬂow",
    "9 lives",
    "_" * 40,
    "x" * 64,
]


def made(draft: Draft) -> AgentDNA:
    dna = complete(draft, kit().texts)
    assert load(dump(dna)) == dna
    return dna


def with_form(title: str, *labels: str) -> AgentDNA:
    form = FormDraft(title=title, fields=tuple(FieldDraft(label=label) for label in labels))
    return made(WHOLE.model_copy(update={"features": (form,)}))


@pytest.mark.parametrize(
    "gap",
    [
        {"purpose": None},
        {"features": ()},
        {"tone": None},
        {"name": None},
        {"features": (FormDraft(title="x"),)},
        {"features": (PollDraft(question="x", options=("a",), multiple=True),)},
        {"features": (FormDraft(title="x", fields=(FieldDraft(label="c", kind=FieldKind.CHOICE),)),)},
    ],
)
def test_a_draft_with_a_gap_is_no_bot(gap: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="lacks"):
        complete(WHOLE.model_copy(update=gap), kit().texts)


@pytest.mark.parametrize("words", HOSTILE)
def test_any_words_give_safe_ids_and_stay_as_they_are(words: str) -> None:
    dna = with_form(words, words, words + "!", "Name")
    form = dna.features[0]
    assert isinstance(form, FormFeature)
    for name in (form.id, form.command, *(field.id for field in form.fields)):
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,31}", name)
    assert len({field.id for field in form.fields}) == 3
    assert form.command not in COMMANDS_OF_EVERY_BOT
    named = made(WHOLE.model_copy(update={"name": words, "purpose": words}))
    assert "{" not in words or words.split()[0] in named.name
    assert named.greeting == ""  # what it says to guests is made from its features


def test_three_hundred_random_names_give_three_hundred_valid_bots() -> None:
    chance = random.Random(11)
    alphabet = "abcXYZ019 _-/\\.\"'{}<>%$#&\n\t\u202e\u0000éßЖ中🍕"
    for _ in range(300):
        words = "x" + "".join(chance.choice(alphabet) for _ in range(chance.randint(0, 64)))
        draft = Draft.model_validate(
            {
                "purpose": words,
                "name": words,
                "tone": chance.choice(list(Tone)),
                "features": WHOLE.model_dump()["features"],
            }
        )
        assert made(draft).features


def test_features_of_one_kind_get_ids_and_commands_of_their_own() -> None:
    draft = WHOLE
    for _ in range(2):
        draft = draft.adding(FORM).adding(POLL)
    dna = made(draft)
    assert [feature.command for feature in dna.features] == ["order", "poll", "order_2", "poll_2", "order_3", "poll_3"]
    assert len({feature.id for feature in dna.features}) == 6
    assert len(draft.adding(FORM).features) == 6  # it is full


def test_the_menu_lists_the_features_between_start_and_the_rest() -> None:
    assert [command.command for command in made(WHOLE).commands] == [
        "start", "order", "poll", "help", "app", "privacy", "forget",
    ]  # fmt: skip


@pytest.mark.parametrize("tone", list(Tone))
def test_the_bot_speaks_in_its_manner(tone: Tone) -> None:
    dna = made(WHOLE.model_copy(update={"tone": tone, "traits": ("patient",)}))
    form = dna.features[0]
    assert isinstance(form, FormFeature)
    assert form.thanks
    assert "patient" in dna.system_prompt
    assert dna.personality.tone is tone


def test_the_dna_remembers_its_template_language_and_industry() -> None:
    update = {"template": TemplateRef(id="orders", version=3), "language": "de", "industry": "food"}
    dna = made(WHOLE.model_copy(update=update))
    assert (dna.template.id, dna.template.version, dna.languages, dna.industry) == ("orders", 3, ("de",), "food")


def test_a_skipped_purpose_is_the_name() -> None:
    assert made(WHOLE.model_copy(update={"purpose": ""})).purpose == "Bella"


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("take orders", "Order"),
        ("RSVP for the wedding", "RSVP"),
        ("book a table", "Booking"),
        ("sign-up sheet", "Sign-up"),
        ("tell us about bugs", "Report"),
        ("job applications", "Application"),
        ("customer feedback", "Feedback"),
        ("whatever", "Form"),
        ("a bot to contact us", "Contact"),
    ],
)
def test_a_form_gets_its_title_from_what_it_is_about(words: str, title: str) -> None:
    assert title_of(words) == title


@pytest.mark.parametrize(
    ("purpose", "name"),
    [
        ("A bot for my yoga studio", "Yoga Studio Bot"),
        ("For our book club, with a vote", "Book Club Bot"),
        ("", "Order Bot"),
        ("Collect feedback", "Order Bot"),
    ],
)
def test_a_name_is_suggested(purpose: str, name: str) -> None:
    assert suggested_name(Draft(purpose=purpose, features=(FORM,))) == name


def test_a_name_can_always_be_suggested() -> None:
    assert suggested_name(Draft()) == "My Bot"
    assert len(suggested_name(Draft(purpose="for my " + "x" * 400))) <= 64


def test_slugs_are_unique_and_short() -> None:
    taken: list[str] = []
    for _ in range(50):
        taken.append(slug("Very long label that goes on and on and on", "field", taken))
    assert len(set(taken)) == 50
    assert all(len(name) <= 32 for name in taken)
