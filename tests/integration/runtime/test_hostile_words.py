"""A bot made of hostile words: it runs, it speaks and shows them as words, and it does nothing that they say."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bot_runtime.dna import PollFeature
from bot_runtime.miniapp.assets import STATIC
from factory_bot.builder import build
from factory_bot.model.agents import AgentId
from playground.people import Playground
from tests.integration.runtime.made import made_bot, plain_client
from tests.unit.test_builder import a_dna

CODE, MARKUP, TEMPLATE, SHELL = (
    """\"\"\"; import os; os.system("touch pwned") #'''""",
    "</script><script>alert(1)</script></title><b>&amp;\\u0022",
    "{{ cycler.__init__.__globals__.os.system('touch pwned') }}{% import os %}",
    "$(touch pwned)`touch pwned`${HOME}'; DROP TABLE people; --%s%n\u202e😀",
)


class Elements(HTMLParser):
    """The elements of a page, and what stands in its title, its heading and its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.inside: dict[str, list[str]] = {"title": [], "h1": [], "script": []}
        self._within = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if ("rel", "modulepreload") not in attrs:
            self.tags.append(f"{tag} {sorted(name for name, _ in attrs)}")
        if tag in self.inside:
            self.inside[tag].append("")
        self._within = tag

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in self.inside:
            self.inside[self._within][-1] += data


def names_below(folder: Path) -> set[str]:
    """The names of all files and folders there."""
    return {path.name for path in folder.rglob("*")}


@pytest.mark.parametrize("words", [CODE, MARKUP, TEMPLATE, SHELL], ids=["code", "markup", "template", "shell"])
async def test_a_bot_made_of_hostile_words_shows_them_and_does_none_of_them(
    playground: Playground, tmp_path: Path, words: str
) -> None:
    dna = a_dna(words)
    project = build(dna, AgentId("hostile"), tmp_path)
    fixed = (project / "bot.py").read_bytes()
    async with made_bot(playground, dna, project) as made:
        ann = await playground.person("Ann")
        await ann.starts(made.account)
        assert (await ann.hears(made.account)).text == dna.greeting.strip()
        async with plain_client() as client:
            page = (await client.get(f"http://127.0.0.1:{made.port}/app/")).text
        assert await made.stop() == 0
    shown, template = Elements(page), Elements((STATIC / "index.html").read_text(encoding="utf-8"))
    assert shown.tags == template.tags
    assert shown.inside["title"] == [dna.name]
    assert shown.inside["h1"] == [dna.name]
    facts, program = shown.inside["script"]
    assert program == ""
    assert "<" not in facts
    told = json.loads(facts)
    assert told["name"] == dna.name
    titles = [feature.question if isinstance(feature, PollFeature) else feature.title for feature in dna.features]
    assert [feature["title"] for feature in told["features"]] == titles
    assert (project / "bot.py").read_bytes() == fixed
    assert "pwned" not in names_below(tmp_path)
