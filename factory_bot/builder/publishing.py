"""From files in memory to a folder on the disk, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from factory_bot.builder.rendering import Files
from factory_bot.errors import TemplateError

FOLDERS = ("data", "mini_app")  # made empty; what lies in them is the bot's own


def publish(files: Files, target: Path) -> Path:
    """Write the files as the folder `target`; where it exists, replace what differs, one file at a time."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_symlink():
        raise TemplateError(f"{target.name!r} is a link, not a project folder")
    if target.exists():
        _refresh(files, target)
    else:
        _stage_and_rename(files, target)
    return target


def _stage_and_rename(files: Files, target: Path) -> None:
    # In the same folder, hence on the same disk: so the rename is atomic.
    staging = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=target.parent))
    try:
        for folder in FOLDERS:
            (staging / folder).mkdir()
        for relative, text in files.items():
            _write(staging, Path(relative), text)
        staging.chmod(0o755)
        staging.rename(target)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise


def _refresh(files: Files, target: Path) -> None:
    for folder in FOLDERS:
        (target / folder).mkdir(exist_ok=True)
    for relative, text in files.items():
        place = target / relative
        if not place.is_file() or place.read_text(encoding="utf-8") != text:
            _write(target, Path(relative), text)


def _write(root: Path, relative: Path, text: str) -> None:
    place = root / relative
    if not place.resolve().is_relative_to(root.resolve()):
        raise TemplateError(f"{str(relative)!r} leaves the project")
    place.parent.mkdir(parents=True, exist_ok=True)
    descriptor, written = tempfile.mkstemp(prefix=".", dir=place.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(written).chmod(0o644)
        Path(written).replace(place)
    except BaseException:
        Path(written).unlink(missing_ok=True)
        raise
