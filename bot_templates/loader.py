"""Loads the templates: starting points for a bot, each a `template.toml` that is checked to the last name."""

from __future__ import annotations

import tomllib
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot_runtime.dna import FieldKind, Line, Option, Slug, TemplateRef, Text, Tone, first_fault

TEMPLATES = Path(__file__).parent / "templates"
CAPABILITIES = frozenset({"form", "poll", "mini_app", "owner_notice", "spreadsheet"})


class TemplateFault(ValueError):
    """A template is not sound; the message says in one sentence where and why."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=1000)


class Category(StrEnum):
    """What kind of need a template serves."""

    BUSINESS = "business"
    EVENT = "event"
    COMMUNITY = "community"
    GENERAL = "general"


class Complexity(StrEnum):
    """How much there is to decide."""

    SIMPLE = "simple"
    MEDIUM = "medium"
    RICH = "rich"


class StartField(_Part):
    """A field of a form; a choice without options is asked for."""

    label: Line = Field(min_length=1, max_length=64)
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    options: tuple[Option, ...] = Field(default=(), max_length=20)
    minimum: float | None = None
    maximum: float | None = None


class StartForm(_Part):
    """A form to start from; without fields they are asked for."""

    title: Line = Field(min_length=1, max_length=64)
    intro: Text = Field(default="", max_length=500)
    fields: tuple[StartField, ...] = Field(default=(), max_length=30)


class StartPoll(_Part):
    """A poll to start from; what is absent is asked for."""

    question: Line | None = Field(default=None, min_length=1, max_length=300)
    options: tuple[Option, ...] = Field(default=(), max_length=12)
    multiple: bool | None = None


class Start(_Part):
    """The default configuration: a DNA with gaps, which the interview asks for."""

    purpose: Text | None = Field(default=None, min_length=1, max_length=500)
    tone: Tone | None = None
    industry: Line | None = Field(default=None, max_length=64)
    forms: tuple[StartForm, ...] = Field(default=(), max_length=3)
    polls: tuple[StartPoll, ...] = Field(default=(), max_length=3)


class Question(_Part):
    """The template's own wording of a question: `about` is a step, or `field_options:<label>`."""

    about: str = Field(
        pattern=r"^(purpose|features|personality|name|form_fields|poll_question|poll_options|field_options:[^A-Z]{1,64})$"
    )
    ask: Line = Field(min_length=1, max_length=200)
    example: Line = Field(min_length=1, max_length=200)


class ChatLine(_Part):
    """One exchange of an acceptance chat: what a person says or taps, and what the answer contains."""

    says: Line = Field(min_length=1, max_length=300)
    hears: Line = Field(min_length=1, max_length=300)


class AcceptanceChat(_Part):
    """A conversation that a bot made from this template must be able to have."""

    name: Line = Field(min_length=1, max_length=100)
    lines: tuple[ChatLine, ...] = Field(min_length=1, max_length=30)


class Resources(_Part):
    """What a bot of this template needs of the machine."""

    memory_mb: int = Field(ge=64, le=4096)


class Capabilities(_Part):
    """What the template makes use of."""

    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _are_known(self) -> Capabilities:
        unknown = sorted({*self.required, *self.optional} - CAPABILITIES)
        if unknown:
            raise ValueError(f"there is no capability {unknown[0]!r}")
        return self


class Template(_Part):
    """A starting point for a bot."""

    id: Slug
    version: int = Field(ge=1)
    title: Line = Field(min_length=1, max_length=40)
    emoji: str = Field(min_length=1, max_length=4)
    summary: Line = Field(min_length=1, max_length=120)
    category: Category
    complexity: Complexity
    minutes: int = Field(ge=1, le=60)  # how long its interview takes
    order: int = Field(ge=1, le=100)  # its place among the cards
    start: Start = Start()
    capabilities: Capabilities = Capabilities()
    resources: Resources = Resources(memory_mb=256)
    questions: tuple[Question, ...] = Field(default=(), max_length=20)
    acceptance: tuple[AcceptanceChat, ...] = Field(default=(), max_length=10)

    @property
    def reference(self) -> TemplateRef:
        """What a DNA remembers of the template it started from."""
        return TemplateRef(id=self.id, version=self.version)

    @model_validator(mode="after")
    def _questions_are_about_something(self) -> Template:
        abouts = [question.about for question in self.questions]
        if len(set(abouts)) != len(abouts):
            raise ValueError("two questions are about the same thing")
        labels = {field.label.casefold() for form in self.start.forms for field in form.fields}
        for about in abouts:
            label = about.removeprefix("field_options:")
            if label != about and label not in labels:
                raise ValueError(f"a question is about the field {label!r}, which no form has")
        return self


def load_templates(folder: Path = TEMPLATES) -> tuple[Template, ...]:
    """Every template, in the order of its cards.  Raises `TemplateFault`."""
    templates = [load_template(path) for path in sorted(folder.glob("*/template.toml"))]
    return tuple(sorted(templates, key=lambda template: (template.order, template.id)))


def load_template(path: Path) -> Template:
    """The template in that file.  Raises `TemplateFault` with one clear sentence."""
    place = f"{path.parent.name}/{path.name}"
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as exc:
        raise TemplateFault(f"{place} cannot be read: {exc.strerror}") from exc
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as exc:
        raise TemplateFault(f"{place} is not TOML: {exc}") from exc
    try:
        template = Template.model_validate(raw)
    except ValidationError as exc:
        raise TemplateFault(f"{place}: {first_fault(exc)}") from exc
    if template.id != path.parent.name:
        raise TemplateFault(f"{place}: its id is {template.id!r}, its folder is {path.parent.name!r}")
    return template
