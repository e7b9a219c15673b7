"""A complete draft becomes the DNA: ids, commands, thanks and system prompt are made here."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot_runtime.dna import (
    CHOICE_KINDS,
    COMMANDS_OF_EVERY_BOT,
    AgentDNA,
    Command,
    Feature,
    FieldKind,
    FormFeature,
    FormField,
    Personality,
    PollFeature,
    Tone,
)
from factory_bot.model.draft import Draft, FieldDraft, FormDraft, PollDraft
from factory_bot.model.ids import slug
from factory_bot.model.naming import suggested_name, title_of
from factory_bot.model.saying import Texts, shortened
from factory_bot.model.steps import open_places

MENU = ("start", "help", "app", "privacy", "forget")
"""Commands in every bot's menu; /answers is its owner's alone and /cancel is only of use inside a form."""


def complete(draft: Draft, texts: Texts, now: datetime | None = None) -> AgentDNA:
    """The DNA of a draft that nothing is missing from, polls closing as long after `now` as the maker said.

    Raises ValueError naming what is missing.
    """
    missing = open_places(draft)
    if missing:
        raise ValueError(f"the draft lacks {', '.join(place.step for place in missing)}")
    name = draft.name or suggested_name(draft)
    purpose = draft.purpose or texts.plain("made.purpose", draft.language, name=name)
    tone = draft.tone or Tone.FRIENDLY
    features = _features(draft, texts, tone, now)
    return AgentDNA(
        name=name,
        purpose=purpose,
        personality=Personality(tone=tone, traits=tuple(trait[:40] for trait in draft.traits[:8])),
        languages=(draft.language,),
        industry=draft.industry,
        features=features,
        system_prompt=_system_prompt(draft, texts, name, purpose, tone),
        commands=_commands(features, texts, draft.language),
        template=draft.template,
    )


def _features(draft: Draft, texts: Texts, tone: Tone, now: datetime | None) -> tuple[Feature, ...]:
    ids: list[str] = []
    commands: list[str] = list(COMMANDS_OF_EVERY_BOT)
    made: list[Feature] = []
    for feature in draft.features:
        ids.append(slug(feature.id, feature.kind, ids))
        name = feature.command or (feature.title if isinstance(feature, FormDraft) else "")
        commands.append(slug(name or feature.kind, feature.kind, commands))
        if isinstance(feature, FormDraft):
            made.append(_form(feature, draft, ids[-1], commands[-1], texts, tone))
        else:
            made.append(_poll(feature, ids[-1], commands[-1], now))
    return tuple(made)


def _form(form: FormDraft, draft: Draft, id: str, command: str, texts: Texts, tone: Tone) -> FormFeature:
    title = form.title or title_of(draft.purpose or "")
    return FormFeature(
        id=id,
        command=command,
        title=title,
        intro=form.intro,
        fields=_fields(form.fields),
        thanks=texts.plain(f"made.thanks_{tone}", draft.language, title=title),
    )


def _fields(fields: tuple[FieldDraft, ...]) -> tuple[FormField, ...]:
    made: list[FormField] = []
    for number, field in enumerate(fields, start=1):
        bounded = field.kind is FieldKind.NUMBER
        made.append(
            FormField(
                id=slug(field.label, f"field_{number}", [other.id for other in made]),
                label=field.label,
                kind=field.kind,
                required=field.required,
                options=field.options if field.kind in CHOICE_KINDS else (),
                minimum=field.minimum if bounded else None,
                maximum=field.maximum if bounded else None,
            )
        )
    return tuple(made)


def _poll(poll: PollDraft, id: str, command: str, now: datetime | None) -> PollFeature:
    return PollFeature(
        id=id,
        command=command,
        question=poll.question or "",
        options=poll.options,
        multiple=bool(poll.multiple),
        closes_at=_closes_at(poll, now),
    )


def _closes_at(poll: PollDraft, now: datetime | None) -> datetime | None:
    if poll.open_hours is None:
        return poll.closes_at
    return now + timedelta(hours=poll.open_hours) if now is not None else None


def _commands(features: tuple[Feature, ...], texts: Texts, language: str) -> tuple[Command, ...]:
    own = [
        Command(
            command=feature.command,
            description=feature.title if isinstance(feature, FormFeature) else shortened(feature.question, 256),
        )
        for feature in features
    ]
    usual = {name: Command(command=name, description=texts.plain(f"made.command_{name}", language)) for name in MENU}
    return (usual.pop("start"), *own, *usual.values())


def _system_prompt(draft: Draft, texts: Texts, name: str, purpose: str, tone: Tone) -> str:
    manner = ", ".join((tone.value, *(trait for trait in draft.traits if trait.casefold() != tone.value)))
    return texts.plain("made.system_prompt", draft.language, name=name, purpose=purpose, manner=manner)
