"""The package as it is installed from a wheel: everything it needs at run time is in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("factory_bot", "bot_runtime", "bot_templates", "playground", "migrations")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from a copy, so that the checkout stays clean."""
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    source.mkdir()
    for name in CODE:
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    built = subprocess.run(
        [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, source],
        capture_output=True, text=True, timeout=110, check=False,
    )  # fmt: skip
    assert built.returncode == 0, built.stderr[-2000:]
    (found,) = folder.glob("*.whl")
    return found


def test_the_wheel_holds_every_file_that_is_not_a_test(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    outside = {
        path.relative_to(ROOT).as_posix()
        for name in CODE
        for path in (ROOT / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert outside <= inside


def test_the_console_script_starts_from_the_wheel_alone(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    zipfile.ZipFile(wheel).extractall(site)
    code = f"import sys; sys.path.insert(0, {str(site)!r}); from factory_bot.cli import main; sys.exit(main())"
    asked = subprocess.run(
        # -P and a foreign folder: nothing of the checkout may be found by chance
        [sys.executable, "-P", "-c", code, "--check"], cwd=tmp_path, capture_output=True, text=True, timeout=60,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(site)}, check=False,
    )  # fmt: skip
    assert (asked.returncode, asked.stdout.strip(), asked.stderr) == (0, "Everything is in order.", "")
