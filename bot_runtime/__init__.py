"""The library every made bot runs on.  A project's `bot.py` calls `run`; nothing heavy is imported before."""

from pathlib import Path


def run(project: Path) -> None:
    """Be the bot whose project lies in that folder, until asked to stop."""
    from bot_runtime.lean import be_lean

    be_lean()
    from bot_runtime.child import run as run_child

    run_child(project)
