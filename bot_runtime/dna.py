"""AgentDNA: the complete, typed specification of one bot; the contract between the factory and the child.

Everything a bot does is derived from this one document (`dna.json` in its project).  It is data: nothing in it is ever
run, rendered as code, or used as a path.  `load` reads any version ever written and brings it up to date.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

SCHEMA_VERSION = 1

COMMANDS_OF_EVERY_BOT = ("start", "help", "app", "privacy", "forget", "answers", "cancel")

_INVISIBLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def cleaned(text: str) -> str:
    """The text without control characters, direction marks and broken surrogates, trimmed; line breaks stay."""
    return _INVISIBLE.sub("", text.replace("\r\n", "\n")).strip()


def one_line(text: str) -> str:
    """`cleaned`, with every run of white space made one space."""
    return " ".join(cleaned(text).split())


def _if_text(clean: Callable[[str], str]) -> BeforeValidator:
    # Before the length is checked: what is stored has that length, not what was typed.
    return BeforeValidator(lambda value: clean(value) if isinstance(value, str) else value)


Line = Annotated[str, _if_text(one_line)]
Text = Annotated[str, _if_text(cleaned)]
Slug = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,31}$")]


class DNAError(ValueError):
    """This is not a bot's DNA; the message says in one sentence what is wrong."""


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_max_length=4096)


class Tone(StrEnum):
    """How a bot speaks; chooses the wording of its fixed sentences."""

    FRIENDLY = "friendly"
    FORMAL = "formal"
    PLAYFUL = "playful"
    CONCISE = "concise"


class Access(StrEnum):
    """Who may use the bot."""

    EVERYONE = "everyone"
    OWNER = "owner"


class Tier(StrEnum):
    """How much of the machine a bot may use."""

    BASIC = "basic"
    PLUS = "plus"


class FieldKind(StrEnum):
    """What a form field takes."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    PHONE = "phone"
    EMAIL = "email"
    RATING = "rating"
    PHOTO = "photo"


CHOICE_KINDS = frozenset({FieldKind.CHOICE, FieldKind.CHOICES})

Option = Annotated[Line, Field(min_length=1, max_length=64)]


class FormField(_Part):
    """One question of a form."""

    id: Slug
    label: Line = Field(min_length=1, max_length=64)
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    options: tuple[Option, ...] = Field(default=(), max_length=20)
    minimum: float | None = None  # number: the smallest value accepted
    maximum: float | None = None  # number: the largest value accepted; rating: the number of stars is always 5

    @model_validator(mode="after")
    def _options_fit_the_kind(self) -> FormField:
        if self.kind in CHOICE_KINDS and len(self.options) < 2:
            raise ValueError(f"the field {self.label!r} needs at least two options to choose from")
        if self.kind not in CHOICE_KINDS and self.options:
            raise ValueError(f"the field {self.label!r} is no choice, so it takes no options")
        if len({option.casefold() for option in self.options}) != len(self.options):
            raise ValueError(f"the field {self.label!r} has the same option twice")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError(f"the field {self.label!r} has a minimum above its maximum")
        return self


class FormFeature(_Part):
    """A form: people answer its fields in the chat or in the Mini App, and the owner gets the answers."""

    kind: Literal["form"] = "form"
    id: Slug = "form"
    command: Slug = "form"
    title: Line = Field(min_length=1, max_length=64)
    intro: Text = Field(default="", max_length=500)
    fields: tuple[FormField, ...] = Field(min_length=1, max_length=30)
    thanks: Text = Field(default="", max_length=500)

    @model_validator(mode="after")
    def _field_ids_are_unique(self) -> FormFeature:
        if len({field.id for field in self.fields}) != len(self.fields):
            raise ValueError(f"the form {self.title!r} has two fields with the same id")
        return self


class PollFeature(_Part):
    """A poll: one vote per person, changeable while open."""

    kind: Literal["poll"] = "poll"
    id: Slug = "poll"
    command: Slug = "poll"
    question: Line = Field(min_length=1, max_length=300)
    options: tuple[Option, ...] = Field(min_length=2, max_length=12)
    multiple: bool = False
    closes_at: datetime | None = None  # aware, UTC; None: open until the owner closes it

    @model_validator(mode="after")
    def _options_are_unique(self) -> PollFeature:
        if len({option.casefold() for option in self.options}) != len(self.options):
            raise ValueError(f"the poll {self.question!r} has the same option twice")
        if self.closes_at is not None and self.closes_at.tzinfo is None:
            raise ValueError("closes_at needs a time zone")
        return self


Feature = Annotated[FormFeature | PollFeature, Field(discriminator="kind")]


class Personality(_Part):
    """How the bot comes across."""

    tone: Tone = Tone.FRIENDLY
    traits: tuple[Annotated[Line, Field(min_length=1, max_length=40)], ...] = Field(default=(), max_length=8)


class Command(_Part):
    """One entry of the bot's command menu (Bot API `BotCommand`)."""

    command: Slug
    description: Line = Field(min_length=1, max_length=256)


class Resources(_Part):
    """What the kernel lets the bot's process have."""

    memory_mb: int = Field(default=256, ge=64, le=4096)
    open_files: int = Field(default=256, ge=64, le=4096)


class RateLimits(_Part):
    """How fast one person may write to the bot."""

    messages_per_minute: int = Field(default=40, ge=1, le=600)


class Retention(_Part):
    """How long the bot keeps what people gave it."""

    answers_days: int | None = Field(default=None, ge=1, le=3650)  # None: until the owner or the person removes them


class TemplateRef(_Part):
    """The template the DNA started from."""

    id: Slug = "blank"
    version: int = Field(default=1, ge=1)


class AgentDNA(_Part):
    """The specification of one bot."""

    schema_version: Literal[1] = 1
    version: int = Field(default=1, ge=1)  # counts the maker's changes
    name: Line = Field(min_length=1, max_length=64)  # Bot API: setMyName, 0–64
    purpose: Text = Field(min_length=1, max_length=500)
    personality: Personality = Personality()
    languages: tuple[Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")], ...] = ("en",)
    industry: Line = Field(default="general", max_length=64)
    tier: Tier = Tier.BASIC
    features: tuple[Feature, ...] = Field(default=(), max_length=12)
    greeting: Text = Field(default="", max_length=500)
    system_prompt: Text = Field(default="", max_length=4000)
    commands: tuple[Command, ...] = Field(default=(), max_length=100)
    model: str | None = Field(default=None, max_length=128)
    resources: Resources = Resources()
    rate_limits: RateLimits = RateLimits()
    retention: Retention = Retention()
    access: Access = Access.EVERYONE
    template: TemplateRef = TemplateRef()

    @model_validator(mode="after")
    def _names_are_free(self) -> AgentDNA:
        if len({feature.id for feature in self.features}) != len(self.features):
            raise ValueError("two features have the same id")
        taken = set(COMMANDS_OF_EVERY_BOT)
        for feature in self.features:
            if feature.command in taken:
                raise ValueError(f"the command /{feature.command} is taken twice")
            taken.add(feature.command)
        if not self.languages:
            raise ValueError("a bot speaks at least one language")
        return self


UPGRADES: dict[int, Callable[[dict[str, Any]], dict[str, Any]]] = {}
"""From schema version n to n + 1.  A step that has been released never changes."""


def load(source: str | bytes | dict[str, Any]) -> AgentDNA:
    """The DNA in `source`, brought up to the present schema.  Raises `DNAError` with one clear sentence."""
    if isinstance(source, dict):
        raw: Any = source
    else:
        try:
            raw = json.loads(source)
        except (ValueError, RecursionError) as exc:
            raise DNAError(f"the DNA is not JSON: {exc}") from exc
    if not isinstance(raw, dict):
        raise DNAError("the DNA must be a JSON object")
    version = raw.get("schema_version", 1)
    if not isinstance(version, int) or isinstance(version, bool) or not 1 <= version <= SCHEMA_VERSION:
        raise DNAError(f"the DNA has schema version {version!r}, this program knows 1 to {SCHEMA_VERSION}")
    while version < SCHEMA_VERSION:
        raw = UPGRADES[version](raw)
        version += 1
    try:
        return AgentDNA.model_validate(raw | {"schema_version": version}, strict=False)
    except ValidationError as exc:
        raise DNAError(first_fault(exc)) from exc


def dump(dna: AgentDNA) -> str:
    """The DNA as JSON text, the same for the same DNA."""
    return json.dumps(dna.model_dump(mode="json"), ensure_ascii=False, indent=2) + "\n"


def first_fault(error: ValidationError) -> str:
    """The first fault of a validation as one sentence with its place, without the offending value."""
    fault = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(str(part) for part in fault["loc"])
    message = fault["msg"].removeprefix("Value error, ")
    return f"{place}: {message}" if place else message
