"""The growing DNA: what is known of a bot while its maker is asked, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from bot_runtime.dna import CHOICE_KINDS, FieldKind, TemplateRef, Tone, cleaned, one_line

LABEL_LIMIT = 64
QUESTION_LIMIT = 300
PURPOSE_LIMIT = 500
FIELDS_LIMIT = 30
FIELD_OPTIONS_LIMIT = 20
POLL_OPTIONS_LIMIT = 12
FEATURES_LIMIT = 6
TRAITS_LIMIT = 8
LONGEST_OPEN = 24 * 366  # hours


def _cut(limit: int) -> AfterValidator:
    return AfterValidator(lambda text: one_line(text)[:limit].rstrip())


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """The texts in order, empty ones and repetitions (whatever their case) left out."""
    seen: dict[str, str] = {}
    for text in texts:
        if text and text.casefold() not in seen:
            seen[text.casefold()] = text
    return tuple(seen.values())


Label = Annotated[str, _cut(LABEL_LIMIT)]
Labels = Annotated[tuple[Label, ...], AfterValidator(distinct)]


class Part(BaseModel):
    """A frozen piece of a draft; unknown names are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    def changed(self, update: Mapping[str, object]) -> Self:
        """The same with other values; they are cleaned and checked like the first ones."""
        return self.model_validate({**dict(self), **update})


class FeatureKind(StrEnum):
    """The features a bot can have today.  The values are stored: never rename one."""

    FORM = "form"
    POLL = "poll"


class FieldDraft(Part):
    """One question of a form, as far as it is known."""

    label: Label
    kind: FieldKind = FieldKind.TEXT
    required: bool = True
    options: Labels = ()
    minimum: float | None = None
    maximum: float | None = None

    @property
    def lacks_options(self) -> bool:
        """Whether people could not choose anything yet."""
        return self.kind in CHOICE_KINDS and len(self.options) < 2


class FormDraft(Part):
    """A form, as far as it is known."""

    kind: Literal["form"] = "form"
    id: str = "form"  # within the draft
    title: Label | None = None
    intro: Annotated[str, _cut(500)] = ""
    command: str = ""  # empty: made from the title
    fields: tuple[FieldDraft, ...] = ()


class PollDraft(Part):
    """A poll, as far as it is known."""

    kind: Literal["poll"] = "poll"
    id: str = "poll"  # within the draft
    question: Annotated[str, _cut(QUESTION_LIMIT)] | None = None
    options: Labels = ()
    multiple: bool | None = None  # None: nobody has said
    command: str = ""  # empty: /poll
    open_hours: Annotated[int, Field(ge=1, le=LONGEST_OPEN)] | None = None  # from its birth on
    closes_at: AwareDatetime | None = None  # UTC; with neither it is open until its owner closes it
    closes_zone: str = "UTC"  # that the maker's words for it are of
    unclear_closing: Label = ""  # the maker's words for it, while they do not say when: it is asked


FeatureDraft = Annotated[FormDraft | PollDraft, Field(discriminator="kind")]


class Draft(Part):
    """Everything known of the bot to be; `None` and empty mean: not known yet."""

    template: TemplateRef = TemplateRef()
    purpose: Annotated[str, AfterValidator(lambda text: cleaned(text)[:PURPOSE_LIMIT].rstrip())] | None = None
    features: tuple[FeatureDraft, ...] = ()
    tone: Tone | None = None
    traits: Labels = ()
    name: Label | None = None
    language: str = "en"
    industry: Label = "general"

    def feature(self, id: str) -> FormDraft | PollDraft | None:
        """The feature of that id in this draft."""
        return next((feature for feature in self.features if feature.id == id), None)

    def form(self, id: str) -> FormDraft:
        """The form of that id.  Raises KeyError."""
        found = self.feature(id)
        if not isinstance(found, FormDraft):
            raise KeyError(f"no form {id!r} in this draft")
        return found

    def poll(self, id: str) -> PollDraft:
        """The poll of that id.  Raises KeyError."""
        found = self.feature(id)
        if not isinstance(found, PollDraft):
            raise KeyError(f"no poll {id!r} in this draft")
        return found

    def has(self, kind: FeatureKind) -> bool:
        """Whether a feature of that kind is chosen."""
        return any(feature.kind == kind for feature in self.features)

    def adding(self, feature: FormDraft | PollDraft) -> Draft:
        """This draft with one more feature, under an id of its own; unchanged when it is full."""
        if len(self.features) >= FEATURES_LIMIT:
            return self
        taken = {existing.id for existing in self.features}
        id = next(
            name
            for n in range(1, FEATURES_LIMIT + 2)
            if (name := feature.kind + (str(n) if n > 1 else "")) not in taken
        )
        return self.changed({"features": (*self.features, feature.changed({"id": id}))})

    def replacing(self, feature: FormDraft | PollDraft) -> Draft:
        """This draft with the feature of the same id replaced."""
        return self.model_copy(
            update={"features": tuple(feature if old.id == feature.id else old for old in self.features)}
        )

    def without(self, id: str) -> Draft:
        """This draft without that feature."""
        return self.changed({"features": tuple(feature for feature in self.features if feature.id != id)})

    def without_kind(self, kind: FeatureKind) -> Draft:
        """This draft without any feature of that kind."""
        return self.changed({"features": tuple(f for f in self.features if f.kind != kind)})


def new_feature(kind: FeatureKind) -> FormDraft | PollDraft:
    """An empty feature of that kind."""
    return FormDraft() if kind is FeatureKind.FORM else PollDraft()
