"""The builder: a DNA becomes a project, and a maker's words stay data whatever they are."""

from __future__ import annotations

import ast
import json
import random
from pathlib import Path, PurePosixPath

import pytest

from bot_runtime.dna import AgentDNA, FieldKind, FormFeature, FormField, PollFeature, load
from factory_bot.builder import build
from factory_bot.builder.publishing import publish
from factory_bot.errors import TemplateError
from factory_bot.model.agents import AgentId
from factory_bot.model.ids import agent_id_for, is_agent_id

PIECES = (
    "{{ 7*7 }}", "{% import os %}", "{{ cycler.__init__.__globals__ }}", '"""; import os; os.system("x")', "'''",
    "</script><script>alert(1)</script>", "../../etc/passwd", "..\\..\\x", "/etc/shadow", "C:\\con", "\x00\x01\x1b[31m",
    "\u202egpj.exe", "\u200f", "a\nb\r\nc", "${HOME}", "$(touch pwned)", "`id`", "%s%n", "x" * 10_000, "😀" * 30,
    "Bücher", "Пицца", "東京", "مطعم", "'; DROP TABLE agents; --", "<b>&amp;", "\\u0022", "{", "}", "#}", "{#",
    "\ud83d",     "-", "--", "con", "nul", ".", "..", "~", "*", "?", "|", ">", "\t",
)  # fmt: skip


def hostile_texts(count: int, seed: int = 20261121) -> list[str]:
    """Names no sane person would give, the same ones for the same seed."""
    dice = random.Random(seed)
    return [*PIECES, *("".join(dice.sample(PIECES, dice.randint(1, 4))) for _ in range(count - len(PIECES)))]


def a_dna(words: str) -> AgentDNA:
    """A DNA with these words in every place that takes a person's words, cut to what each place holds."""
    line = words.replace("\n", " ")[:60] or "x"
    return AgentDNA(
        name=(line.strip() and line) or "x",
        purpose=words[:500] or "x",
        greeting=words[:500],
        system_prompt=words[:4000],
        features=(
            FormFeature(
                title=line,
                intro=words[:500],
                fields=(
                    FormField(id="one", label=line),
                    FormField(
                        id="two", label=line, kind=FieldKind.CHOICE, options=(f"{line[:50]} 1", f"{line[:50]} 2")
                    ),
                ),
            ),
            PollFeature(question=line, options=(f"{line[:50]} a", f"{line[:50]} b")),
        ),
    )


def acceptable(words: str) -> AgentDNA | None:
    """The DNA, or None where the words hold nothing that a name could be made of (they are refused at the border)."""
    try:
        return a_dna(words)
    except ValueError:
        return None


SAMPLE = hostile_texts(300)


def test_hostile_words_stay_data(tmp_path: Path) -> None:
    plain = build(AgentDNA(name="Plain", purpose="Plain"), AgentId("plain"), tmp_path)
    fixed = (plain / "bot.py").read_text()
    built = 0
    taken: set[str] = set()
    for words in SAMPLE:
        dna = acceptable(words)
        if dna is None:
            continue
        agent_id = agent_id_for(words, taken)
        taken.add(agent_id)
        assert is_agent_id(agent_id)
        project = build(dna, agent_id, tmp_path)
        built += 1
        assert project.parent == tmp_path
        assert (project / "bot.py").read_text() == fixed
        assert load((project / "dna.json").read_bytes()) == dna
        others = [path for path in project.rglob("*") if path.is_file() and path.name != "dna.json"]
        expected = {
            path.name: path.read_text().replace("plain", agent_id) for path in plain.iterdir() if path.is_file()
        }
        assert {path.name: path.read_text() for path in others} == {
            name: text for name, text in expected.items() if name != "dna.json"
        }
    assert built > 250
    assert {path.name for path in tmp_path.iterdir()} == taken | {"plain"}


def test_a_bot_is_a_few_fixed_lines(tmp_path: Path) -> None:
    project = build(AgentDNA(name="A", purpose="B"), AgentId("a"), tmp_path)
    source = (project / "bot.py").read_text()
    assert len(source.splitlines()) < 15
    assert [type(node).__name__ for node in ast.parse(source).body] == ["Expr", "ImportFrom", "ImportFrom", "If"]
    assert json.loads((project / "dna.json").read_text())["name"] == "A"


def test_building_again_changes_what_differs_and_keeps_the_data(tmp_path: Path) -> None:
    project = build(AgentDNA(name="A", purpose="B"), AgentId("a"), tmp_path)
    (project / "data" / "bot.db").write_bytes(b"precious")
    untouched = (project / "bot.py").stat().st_mtime_ns
    again = build(AgentDNA(name="New", purpose="B"), AgentId("a"), tmp_path)
    assert again == project
    assert (project / "data" / "bot.db").read_bytes() == b"precious"
    assert load((project / "dna.json").read_text()).name == "New"
    assert (project / "bot.py").stat().st_mtime_ns == untouched
    assert not list(project.glob(".*"))


def test_a_path_that_leaves_the_project_is_refused_and_nothing_stays(tmp_path: Path) -> None:
    with pytest.raises(TemplateError, match="leaves the project"):
        publish({PurePosixPath("ok.txt"): "x", PurePosixPath("../evil.txt"): "x"}, tmp_path / "bots" / "a")
    assert list((tmp_path / "bots").iterdir()) == []


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Bella Napoli", "bella-napoli"), ("Bücher & Tee", "bucher-tee"), ("東京", "bot"), ("42", "bot-42"),
        ("../../etc", "etc"), ("", "bot"), ("Ann's Shop!", "anns-shop"), ("x" * 200, "x" * 32), ("-- --", "bot"),
    ],
)  # fmt: skip
def test_names_in_any_script_give_a_safe_folder(name: str, expected: str) -> None:
    assert agent_id_for(name) == expected
    assert agent_id_for(name, {expected}) == f"{expected}-2"
    assert is_agent_id(agent_id_for(name, {expected}))


@pytest.mark.parametrize("bad", ["", "-a", "a-", "a--b", "A", "a.b", "../a", "a/b", "a" * 41, "1a", "a\n"])
def test_unsafe_ids_are_seen(bad: str) -> None:
    assert not is_agent_id(bad)
