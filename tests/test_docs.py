"""The documents are compared with the program: settings, steps, states, commands."""

from __future__ import annotations

import re
from pathlib import Path

from factory_bot.model.agents import MOVES, RunState
from factory_bot.model.steps import Step

ROOT = Path(__file__).parents[1]


def first_column(document: str, heading: str) -> set[str]:
    """The words in backticks in the first column of the table under that heading."""
    text = (ROOT / "docs" / document).read_text(encoding="utf-8")
    section = text.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"^\| `(\w+)`", section, re.MULTILINE))


def test_every_step_of_the_interview_is_documented() -> None:
    assert first_column("interview.md", "The steps") == {step.value for step in Step}


def test_every_state_is_documented_and_has_its_moves() -> None:
    assert first_column("child-contract.md", "States") == {state.value for state in RunState}
    assert set(MOVES) == set(RunState)


def test_every_dependency_earns_its_place_in_a_line() -> None:
    declared = re.findall(r'^    "([\w-]+)', (ROOT / "pyproject.toml").read_text().partition("[tool.")[0], re.MULTILINE)
    described = (ROOT / "docs" / "dependencies.md").read_text()
    missing = {name for name in declared if name != "mini-mancer" and f"`{name}" not in described}
    assert not missing


def test_links_in_the_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8")):
            assert (document.parent / target).exists(), f"{document.relative_to(ROOT)} links to {target}"


def test_decisions_that_are_cited_are_written_down() -> None:
    for document in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for cited in re.findall(r"`(?:docs/)?(decisions/[^`]*\.md)`", document.read_text(encoding="utf-8")):
            assert (ROOT / "docs" / cited).exists(), f"{document.relative_to(ROOT)} cites {cited}"


def test_nothing_names_a_machine_or_a_registry() -> None:
    suspicious = re.compile(r"/(?:work|farm|home|root)/[a-z]|pypi\.org|registry\.npmjs|files\.pythonhosted")
    for path in ROOT.rglob("*"):
        hidden = any(part in {"node_modules", ".git", "artifacts", ".venv"} for part in path.parts)
        if path.suffix in {".md", ".toml", ".py", ".js", ".json", ".html", ".txt"} and path.is_file() and not hidden:
            text = path.read_text(encoding="utf-8")
            assert path == Path(__file__) or not suspicious.search(text), path.relative_to(ROOT)
