"""Whatever a person says and taps, in whatever order: no crash, nothing invented, and a created bot is a valid one."""

from __future__ import annotations

import random
import re

import pytest

from bot_runtime.dna import FormFeature, PollFeature, dump, load
from factory_bot.model.draft import Draft, FormDraft, PollDraft
from factory_bot.model.interview import OutcomeKind
from factory_bot.model.steps import Step, open_places

from .talk import Talk, kit

HOSTILE = (
    "{{ 7*7 }}",
    "</script><script>alert(1)</script>",
    '"; DROP TABLE agents; --',
    "../../etc/passwd",
    "\u202egnp.exe\u202c",
    "\x00\x01\x02",
    "ﷺ" * 40,
    "🍕" * 100,
    "<b>bold</b> & <i>",
    "%s %d {name} {0}",
    "a" * 4000,
    "\n".join(f"- item {number}" for number in range(200)),
    "名前、電話、サイズ",
    "אבג, דהו",
)
PLAIN = (
    "a form and a poll",
    "orders with name, phone and size",
    "name, e-mail, rating, photo, date, how many (1-5), colour (red, green or blue), day (choice)",
    "vote between red and blue",
    "red, green and blue",
    "one",
    "several",
    "friendly and short",
    "Bella Napoli",
    "make the name Bella",
    "add a question for the phone number",
    "remove the poll",
    "drop name",
    "skip",
    "back",
    "cancel",
    "no",
    "yes",
    "next",
    "create",
    "the weather and a quiz",
    "vote between red and blue until Friday",
    "close the poll on 12/24",
    "until 1 November",
    "in three days",
    "a form with name, only 20 places",
)


def made_of(draft: Draft) -> list[str]:
    """Every necessary detail in the draft: labels, options, questions."""
    texts: list[str] = []
    for feature in draft.features:
        if isinstance(feature, FormDraft):
            for field in feature.fields:
                texts += [field.label, *field.options]
        else:
            texts += [feature.question or "", *feature.options]
    return texts


def words_of(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


@pytest.mark.parametrize("seed", range(60))
def test_any_walk_is_safe_and_honest(seed: int) -> None:
    chance = random.Random(seed)
    talk = Talk()
    said = words_of(" ".join(starter.draft.model_dump_json() for starter in kit().starters))
    for _ in range(60):
        if talk.interview.over:
            break
        deed = chance.random()
        if deed < 0.5 and talk.labels:
            label = chance.choice([label for label in talk.labels if label != "Cancel" or chance.random() < 0.1])
            talk.taps(label)
        elif deed < 0.55:
            talk.presses(
                f"i:{chance.randint(0, talk.interview.turn + 1)}:{chance.choice(['go', 'create', 'e:name', 'o:3'])}"
            )
        elif deed < 0.58:
            talk.sends_a_sticker()
        else:
            words = chance.choice(PLAIN if chance.random() < 0.75 else HOSTILE)
            said |= words_of(words)
            talk.says(words)
        invented = set().union(*(words_of(text) for text in made_of(talk.draft))) - said
        assert not {word for word in invented if not any(known.startswith(word) for known in said)}
        if talk.step is Step.REVIEW:
            assert not open_places(talk.draft)
    if talk.ended is OutcomeKind.CREATE:
        assert talk.dna is not None
        assert load(dump(talk.dna)) == talk.dna


@pytest.mark.parametrize("seed", range(30))
def test_whoever_only_taps_and_answers_reaches_a_valid_bot(seed: int) -> None:
    """Answering every question with something fitting always ends in a bot, from every template."""
    chance = random.Random(seed)
    talk = Talk(chance.choice([None, *(starter.id for starter in kit().starters)]))
    answers = {
        Step.START: "orders with name, phone and size",
        Step.PURPOSE: "for our club",
        Step.FEATURES: chance.choice(["a form", "a poll", "a form and a poll"]),
        Step.FORM_TITLE: "Sign-up",
        Step.FORM_FIELDS: "name, team (choice), date",
        Step.FIELD_OPTIONS: "red, blue",
        Step.POLL_QUESTION: "Which day?",
        Step.POLL_OPTIONS: "Mon, Tue",
        Step.POLL_CHOICE: "several",
        Step.PERSONALITY: "calm and kind",
        Step.NAME: "Roma",
        Step.REVIEW: "create",
    }
    for _ in range(30):
        if talk.ended:
            break
        skippable = [label for label in talk.labels if label in {"Skip", "Let people type it"}]
        if skippable and chance.random() < 0.4:
            talk.taps(skippable[0])
        else:
            talk.says(answers[talk.step])
    assert talk.dna is not None
    assert load(dump(talk.dna)) == talk.dna
    assert all(isinstance(feature, FormFeature | PollFeature) for feature in talk.dna.features)
    assert all(isinstance(feature, FormDraft | PollDraft) for feature in talk.draft.features)
