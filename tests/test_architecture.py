"""Who may import whom, as data.  The picture and its reasons: docs/architecture.md."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

LEAVES = {"factory_bot.settings", "factory_bot.errors", "factory_bot.clock", "factory_bot.log"}
WORDS = {"bot_runtime.catalogue", "bot_runtime.dna"}
MODEL = {"factory_bot.model", *WORDS}
OWES = {"bot_runtime.polling"}  # the poll loop, inbox and outbox: a leaf, used on both sides

MAY_IMPORT: dict[str, set[str]] = {
    "run_bot": {"factory_bot.cli"},
    "factory_bot.cli": {*LEAVES, "factory_bot.home", "factory_bot.checking", "factory_bot.app"},
    "factory_bot.home": LEAVES,
    "factory_bot.checking": {*LEAVES, "factory_bot.processes", "factory_bot.vault"},
    "factory_bot.app": {"factory_bot", "bot_runtime"},
    "factory_bot.settings": {"factory_bot.errors"},
    "factory_bot.errors": set(),
    "factory_bot.clock": set(),
    "factory_bot.log": set(),
    "factory_bot.processes": LEAVES,
    "factory_bot.vault": LEAVES,
    "factory_bot.model": {"factory_bot.errors", *WORDS},
    "factory_bot.storage": {*LEAVES, *MODEL, *OWES, "migrations"},
    "factory_bot.designer": {*LEAVES, *MODEL, "bot_templates"},
    "factory_bot.builder": {*LEAVES, *MODEL},
    "factory_bot.egress": {*LEAVES, *MODEL, *OWES, "factory_bot.processes", "factory_bot.vault"},
    "factory_bot.supervision": {
        *LEAVES, *MODEL, "factory_bot.processes", "factory_bot.egress", "factory_bot.storage", "bot_runtime.boot",
        "bot_runtime.warm", "bot_runtime.run",
    },
    "factory_bot.workshop": {
        *LEAVES, *MODEL, *OWES, "factory_bot.storage", "factory_bot.designer", "factory_bot.builder",
        "factory_bot.egress", "factory_bot.supervision", "factory_bot.vault", "bot_runtime.profile", "bot_templates",
    },
    "factory_bot.chat": {
        *LEAVES, *MODEL, *OWES, "factory_bot.workshop", "factory_bot.storage", "bot_templates", "bot_runtime.caller",
    },
    "factory_bot.schedule": {*LEAVES, *MODEL, "factory_bot.workshop", "factory_bot.storage"},
    "factory_bot.gateway": {*LEAVES, *MODEL},
    "bot_runtime": set(),
    "bot_runtime.polling": set(),
    "bot_runtime.dna": set(),
    "bot_runtime.catalogue": set(),
    "bot_templates": WORDS,
    "playground": set(),
    "migrations": {"factory_bot.storage"},
}  # fmt: skip

OURS = ("factory_bot", "bot_runtime", "bot_templates", "playground", "migrations", "run_bot")

ONLY_IN: dict[str, set[str]] = {
    "telegram": {"factory_bot.chat", "bot_runtime"},
    "apscheduler": {"factory_bot.schedule"},
    "sqlalchemy": {"factory_bot.storage", "factory_bot.checking", "migrations"},
    "alembic": {"factory_bot.storage", "migrations"},
    "pydantic_ai": {"factory_bot.designer"},
    "jinja2": {"factory_bot.builder"},
    "aiohttp": {"factory_bot.egress", "playground"},
    "aiogram": set(),
}

NOTHING_OF_OURS_AND_NO_BOT_LIBRARY = {"telegram", "aiogram", *OURS} - {"playground"}


def files_of(package: str) -> list[Path]:
    place = ROOT / package.replace(".", "/")
    return sorted(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def imports_of(path: Path) -> set[str]:
    """Every module the file imports, as a full name, wherever in the file the import stands."""
    package = path.relative_to(ROOT).parent.as_posix().replace("/", ".")
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1]) if node.level else ""
            base = ".".join(part for part in (above, node.module) if part)
            # `from package import module` may name a module: the longer name says more.
            names.update(f"{base}.{alias.name}" for alias in node.names)
    return names


def is_within(name: str, packages: set[str]) -> bool:
    return any(f"{name}.".startswith(f"{package}.") for package in packages)


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_it_may(package: str) -> None:
    allowed = {package, *MAY_IMPORT[package]}
    for path in files_of(package):
        stray = {name for name in imports_of(path) if name.startswith(OURS) and not is_within(name, allowed)}
        assert not stray, f"{path.relative_to(ROOT)} imports {sorted(stray)}"


@pytest.mark.parametrize("library", ONLY_IN)
def test_a_library_stays_where_it_belongs(library: str) -> None:
    for top in OURS:
        for path in files_of(top):
            module = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".")
            if not is_within(module, ONLY_IN[library]):
                stray = {name for name in imports_of(path) if is_within(name, {library})}
                assert not stray, f"{path.relative_to(ROOT)} imports {sorted(stray)}"


def test_the_playground_knows_only_the_public_protocol() -> None:
    for path in files_of("playground"):
        stray = {name for name in imports_of(path) if is_within(name, NOTHING_OF_OURS_AND_NO_BOT_LIBRARY)}
        assert not stray, f"{path.relative_to(ROOT)} imports {sorted(stray)}"


def test_every_module_stands_in_the_table() -> None:
    for top in OURS:
        for path in files_of(top):
            parts = path.relative_to(ROOT).with_suffix("").parts
            module = ".".join(part for part in parts if part != "__init__")
            listed = [package for package in MAY_IMPORT if is_within(module, {package})]
            assert listed or module == "factory_bot", f"{module} is in no row of MAY_IMPORT"


def test_no_file_grows_past_reading() -> None:
    long = {
        str(path.relative_to(ROOT)): count
        for top in (*OURS, "tests", "benchmarks")
        for path in files_of(top)
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert not long


@pytest.mark.skipif(sys.platform != "linux", reason="the fork server is for Linux")
def test_a_child_stays_light() -> None:
    """What the fork server warms is what every child carries: the heavy libraries are not among it."""
    import subprocess

    code = "import sys, bot_runtime.warm as w; w.warm(); print(*sorted(sys.modules))"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True, cwd=ROOT
    )
    carried = set(ended.stdout.split())
    # apscheduler is missing here on purpose: telegram.ext imports it wherever it is installed, used or not.
    assert not carried & {"sqlalchemy", "pydantic_ai", "openai", "anthropic", "matplotlib", "aiohttp", "xlsxwriter"}
