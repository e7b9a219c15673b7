"""The files of a project, in memory."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import PurePosixPath

from jinja2 import Environment, FunctionLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from bot_runtime import dna as runtime_dna
from bot_runtime.dna import AgentDNA
from factory_bot.model.agents import AgentId

Files = dict[PurePosixPath, str]

_TEMPLATES = files("bot_templates") / "project"


def render(dna: AgentDNA, agent_id: AgentId) -> Files:
    """Every file of the project, by its place in it."""
    environment = _environment()
    values = {
        "agent_id": agent_id,
        "schema_version": runtime_dna.SCHEMA_VERSION,
        "mancer_version": _own_version(),
    }
    rendered: Files = {
        PurePosixPath(entry.name.removesuffix(".j2")): environment.get_template(entry.name).render(values)
        for entry in _TEMPLATES.iterdir()
        if entry.name.endswith(".j2")
    }
    # Not a template: the one file that carries the maker's words is written by the JSON encoder.
    rendered[PurePosixPath("dna.json")] = runtime_dna.dump(dna)
    return rendered


def _environment() -> Environment:
    return ImmutableSandboxedEnvironment(
        loader=FunctionLoader(lambda name: (_TEMPLATES / name).read_text(encoding="utf-8")),
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        autoescape=False,  # the files are no HTML, and only our own ids and numbers are rendered
    )


def _own_version() -> str:
    try:
        return version("mini-mancer")
    except PackageNotFoundError:  # run from a checkout that is not installed
        return "0"
