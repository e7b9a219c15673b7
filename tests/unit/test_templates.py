"""Every template is sound, leads to a bot, and a broken one is named in a sentence."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot_runtime.dna import COMMANDS_OF_EVERY_BOT, AgentDNA, FormFeature, dump, load
from bot_templates.loader import TEMPLATES, Template, TemplateFault, load_template, load_templates
from factory_bot.model.interview import OutcomeKind
from factory_bot.model.steps import Step

from .talk import Talk

ANSWERS = {
    Step.PURPOSE: "for our club",
    Step.FEATURES: "a form and a poll",
    Step.FORM_FIELDS: "name, phone",
    Step.FIELD_OPTIONS: "red, green and blue",
    Step.POLL_QUESTION: "Which day suits you best?",
    Step.POLL_OPTIONS: "Friday, Saturday or Sunday",
    Step.POLL_CHOICE: "just one",
    Step.PERSONALITY: "friendly",
    Step.NAME: "Bella",
    Step.REVIEW: "create",
}
ALL = load_templates()


def made_from(template: Template) -> AgentDNA:
    """The DNA that the template's interview leads to."""
    talk = Talk(template.id)
    asked: list[Step] = []
    while talk.ended is None:
        assert len(asked) < 20, f"the interview does not end: {asked}"
        asked.append(talk.step)
        if talk.step is Step.FORM_TITLE:
            talk.taps("Skip")
        else:
            talk.says(ANSWERS[talk.step])
    assert talk.ended is OutcomeKind.CREATE
    assert talk.dna is not None
    return talk.dna


def test_there_is_a_blank_one_and_three_good_ones() -> None:
    ids = [template.id for template in ALL]
    assert len(set(ids)) == len(ids) >= 4
    assert ids[-1] == "blank"
    assert {"orders", "feedback", "event"} <= set(ids)


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_a_template_leads_to_a_valid_bot(template: Template) -> None:
    dna = made_from(template)
    assert load(dump(dna)) == dna
    assert dna.template == template.reference
    assert dna.features
    if template.start.purpose:
        assert dna.purpose == template.start.purpose


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_its_acceptance_chats_fit_the_bot(template: Template) -> None:
    dna = made_from(template)
    commands = {f"/{name}" for name in (*COMMANDS_OF_EVERY_BOT, *(feature.command for feature in dna.features))}
    labels = [field.label for feature in dna.features if isinstance(feature, FormFeature) for field in feature.fields]
    assert template.acceptance
    for chat in template.acceptance:
        first = chat.lines[0]
        assert first.says in commands
        feature = next((feature for feature in dna.features if f"/{feature.command}" == first.says), None)
        if isinstance(feature, FormFeature):
            assert first.hears == feature.fields[0].label
            asked = [line.hears for line in chat.lines if line.hears in labels]
            assert asked == labels[: len(asked)]
        assert all(line.hears for line in chat.lines)
    assert labels or template.id == "blank"


@pytest.mark.parametrize("template", ALL, ids=lambda template: template.id)
def test_its_questions_are_asked_in_its_words(template: Template) -> None:
    for question in template.questions:
        if not question.about.startswith("field_options:"):
            continue
        talk = Talk(template.id)
        while talk.step is not Step.REVIEW and question.ask not in talk.text:
            talk.says(ANSWERS[talk.step])
        assert question.ask in talk.text
        assert question.example in talk.text


GOOD = (TEMPLATES / "orders" / "template.toml").read_text(encoding="utf-8")
FAULTS = [
    ("no TOML", "id = ", "is not TOML"),
    ("an unknown name", GOOD + "\n[extra]\nx = 1\n", "extra: Extra inputs"),
    ("an unknown category", GOOD.replace('category = "business"', 'category = "magic"'), "category: Input should be"),
    ("no title", GOOD.replace('title = "Orders"\n', ""), "title: Field required"),
    ("another id than its folder", GOOD.replace('id = "orders"', 'id = "other"'), "its folder is 'orders'"),
    ("an unknown kind of field", GOOD.replace('kind = "phone"', 'kind = "fax"'), "start.forms.0.fields.1.kind"),
    ("an unknown capability", GOOD.replace('"owner_notice"', '"teleport"'), "no capability 'teleport'"),
    ("a question about nothing", GOOD.replace("field_options:product", "field_options:colour"), "which no form has"),
    ("no version", GOOD.replace("version = 1\n", ""), "version: Field required"),
]


@pytest.mark.parametrize(("text", "sentence"), [row[1:] for row in FAULTS], ids=[row[0] for row in FAULTS])
def test_a_broken_template_is_named_in_one_sentence(tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "orders" / "template.toml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TemplateFault) as fault:
        load_template(path)
    assert str(fault.value).startswith("orders/template.toml")
    assert sentence in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_template_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(TemplateFault, match="cannot be read"):
        load_template(tmp_path / "orders" / "template.toml")


def test_templates_come_in_the_order_of_their_cards(tmp_path: Path) -> None:
    for name, order in (("aa", 2), ("bb", 1)):
        folder = tmp_path / name
        folder.mkdir()
        text = GOOD.replace('id = "orders"', f'id = "{name}"').replace("order = 10", f"order = {order}")
        (folder / "template.toml").write_text(text, encoding="utf-8")
    assert [template.id for template in load_templates(tmp_path)] == ["bb", "aa"]
