"""Every sentence that is asked for exists, and every sentence that exists is asked for."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import factory_bot
from bot_runtime.catalogue import Catalogue

ROOT = Path(factory_bot.__file__).parent
OURS = ("chat", "creation", "bots", "report", "operator")
KEY = re.compile(rf"""["']((?:{"|".join(OURS)})\.[a-z][a-z0-9_]*)["']""")
FAMILY = re.compile(rf"""f["']((?:{"|".join(OURS)})\.[a-z0-9_]+_)\{{""")


def sources() -> str:
    return "\n".join(path.read_text() for path in ROOT.rglob("*.py"))


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue(ROOT / "texts")


def test_every_key_that_is_used_exists(catalogue: Catalogue) -> None:
    assert set(KEY.findall(sources())) <= catalogue.keys()


def test_every_key_that_exists_is_used(catalogue: Catalogue) -> None:
    text = sources()
    used, families = set(KEY.findall(text)), tuple(FAMILY.findall(text))
    ours = {key for key in sorted(catalogue.keys()) if key.split(".")[0] in OURS}
    assert {key for key in ours - used if not key.startswith(families)} == set()


def test_every_value_of_a_family_has_its_sentence(catalogue: Catalogue) -> None:
    from factory_bot.chat.bots import COUNTED
    from factory_bot.chat.profile import COMMANDS
    from factory_bot.model.agents import RunState
    from factory_bot.model.creation import CreationStep
    from factory_bot.model.persons import AccessMode
    from factory_bot.model.steps import Step
    from factory_bot.workshop.news import Trouble

    wanted = {
        *(f"bots.state_{state}" for state in RunState),
        *(f"bots.trouble_{trouble}" for trouble in Trouble),
        *(f"chat.command_{command}" for command in COMMANDS),
        *(f"chat.mode_{mode}" for mode in AccessMode),
        *(f"chat.standing_{standing}" for standing in ("guest", "asking", "invited", "blocked")),
        *(f"creation.step_{step}" for step in CreationStep if step is not CreationStep.LAUNCHED),
        *(f"report.step_{step}" for step in Step),
        *(f"report.total_{name}" for name in COUNTED),
    }
    assert wanted <= catalogue.keys()


@pytest.mark.parametrize("name", OURS)
def test_sentences_are_sound(name: str) -> None:
    texts = tomllib.loads((ROOT / "texts" / "en" / f"{name}.toml").read_text())
    for key, text in texts.items():
        tags = re.findall(r"</?([a-z]+)>", text)
        assert set(tags) <= {"b", "i", "code", "pre"}, key
        assert all(text.count(f"<{tag}>") == text.count(f"</{tag}>") for tag in tags), key
        emoji = re.findall(r"[\U0001F300-\U0001FAFF]", text)
        assert len(emoji) <= 1, f"{key} has more than one emoji"
        plain = key.startswith(("button_", "mode_", "command_", "span_", "console_"))
        assert not (plain and tags), f"{key} is a label and takes no markup"
