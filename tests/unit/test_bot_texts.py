"""Every sentence a made bot asks for exists, none is left over, and all of them are Telegram's HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot_runtime.dna import FieldKind, Tone
from bot_runtime.speech import catalogue

RUNTIME = Path(__file__).parents[2] / "bot_runtime"
FILES = ("bot", "form", "poll")
ALLOWED_TAGS = {"b", "i", "u", "s", "a", "code", "pre"}
LIMIT = 4096
MADE_UP = {
    *(f"form.hint_{kind.value}" for kind in FieldKind),
    *(f"form.bad_{kind.value}" for kind in FieldKind),
    *(f"bot.command_{name}" for name in ("app", "help", "privacy", "forget", "answers")),
    *(f"bot.column_{name}" for name in ("number", "when", "person", "username", "person_id")),
    *(f"poll.column_{name}" for name in ("option", "votes", "percent", "vote")),
    *(f"{kind}.can" for kind in ("form", "poll")),
}


def asked_for() -> set[str]:
    """The keys that stand in the code."""
    found = set(MADE_UP)
    for path in RUNTIME.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        found |= set(re.findall(r'"((?:bot|form|poll)\.[a-z_]+)"', text))
        found |= {f"form.{name}" for name in re.findall(r'ValueRefused\(\s*"(\w+)"', text)}
    return found - {"bot.db"}  # a file


def existing() -> set[str]:
    return {key for key in catalogue().keys() if key.partition(".")[0] in FILES}  # noqa: SIM118


def test_every_sentence_asked_for_exists() -> None:
    assert asked_for() - existing() == set()


def test_no_sentence_is_left_over() -> None:
    tones = tuple(f"_{tone.value}" for tone in Tone)
    plain = {key for key in existing() if not (key.endswith(tones) and key.rpartition("_")[0] in existing())}
    assert plain - asked_for() == set()


class Tags(HTMLParser):
    """Collects the tags and insists that they nest."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in ALLOWED_TAGS
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("key", sorted(existing()))
def test_a_sentence_is_well_formed_and_short(key: str) -> None:
    text = catalogue().template(key)
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    assert len(text) < LIMIT / 8
    assert len(re.findall(r"[\U0001F300-\U0001FAFF]", text)) <= 1
