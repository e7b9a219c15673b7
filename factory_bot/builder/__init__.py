"""DNA → project: rendered in memory, checked, written to a staging folder, renamed into place.

A maker's words stand in `dna.json` and nowhere else: every other file is the same for every bot but for its id.
"""

from __future__ import annotations

from pathlib import Path

from bot_runtime.dna import AgentDNA
from factory_bot.builder.checking import check
from factory_bot.builder.publishing import publish
from factory_bot.builder.rendering import render
from factory_bot.model.agents import AgentId

__all__ = ["build"]


def build(dna: AgentDNA, agent_id: AgentId, bots_dir: Path) -> Path:
    """The finished project's folder.  Doing it again changes only what differs and never touches `data/`.

    Raises `TemplateError` when the result is not sound; nothing half-done stays behind.
    """
    files = render(dna, agent_id)
    check(files, dna, agent_id)
    return publish(files, bots_dir / agent_id)
