"""What must be true of a project before it reaches the disk."""

from __future__ import annotations

from bot_runtime import dna as runtime_dna
from bot_runtime.dna import AgentDNA, DNAError
from factory_bot.builder.rendering import Files
from factory_bot.errors import TemplateError
from factory_bot.model.agents import AgentId
from factory_bot.model.ids import is_agent_id

LARGEST = 1_000_000  # bytes of one file


def check(files: Files, dna: AgentDNA, agent_id: AgentId) -> None:
    """Raise `TemplateError` unless the files are a sound project of this DNA."""
    if not is_agent_id(agent_id):
        raise TemplateError(f"{agent_id!r} is no safe folder name")
    for path, text in files.items():
        if path.is_absolute() or ".." in path.parts:
            raise TemplateError(f"{str(path)!r} leaves the project")
        if len(text.encode("utf-8", "strict")) > LARGEST:
            raise TemplateError(f"{str(path)!r} is larger than {LARGEST} bytes")
        if path.suffix == ".py":
            _compiles(str(path), text)
    _says_the_same(files, dna)


def _compiles(path: str, text: str) -> None:
    try:
        compile(text, path, "exec")
    except (SyntaxError, ValueError) as exc:
        raise TemplateError(f"{path!r} is no valid Python: {exc}") from exc


def _says_the_same(files: Files, dna: AgentDNA) -> None:
    text = next((text for path, text in files.items() if str(path) == "dna.json"), None)
    if text is None:
        raise TemplateError("the project has no dna.json")
    try:
        same = runtime_dna.load(text) == dna
    except DNAError as exc:
        raise TemplateError(f"dna.json does not load: {exc}") from exc
    if not same:
        raise TemplateError("dna.json does not say what the DNA says")
