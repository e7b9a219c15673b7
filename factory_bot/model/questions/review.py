"""The review card, and the choice of what to change in one feature."""

from __future__ import annotations

import re

from bot_runtime.dna import CHOICE_KINDS, FieldKind, FormFeature, PollFeature
from factory_bot.model.draft import Draft, FeatureDraft, FormDraft, PollDraft
from factory_bot.model.making import complete
from factory_bot.model.merging import changed, joined
from factory_bot.model.parts import features_called, fields_called, same
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, button, phrase
from factory_bot.model.questions.command import Command, commands_of
from factory_bot.model.questions.opening import meaningful
from factory_bot.model.questions.when import moment_of, time_of
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Button, Phrase, shortened
from factory_bot.model.steps import Place, Step
from factory_bot.model.words.answers import agreed, bare
from factory_bot.model.words.fields import kind_of

_LINES: dict[str, Step] = {
    "name": Step.NAME,
    "purpose": Step.PURPOSE,
    "personality": Step.PERSONALITY,
    "tone": Step.PERSONALITY,
    "features": Step.FEATURES,
}
_PARTS: dict[str, Step] = {
    "title": Step.FORM_TITLE,
    "fields": Step.FORM_FIELDS,
    "question": Step.POLL_QUESTION,
    "options": Step.POLL_OPTIONS,
    "choice": Step.POLL_CHOICE,
    "closing": Step.POLL_CLOSING,
}
_NAMED = re.compile(
    r"^(?:(?:i want to|i'd like to|let me|please|can i) )?(?:(?:change|edit|fix|correct|another|different|new|other) )?"
    r"(?:(?:the|its|my|a|another|other) )?"
)
_MORE = re.compile(r"add (?:(?:an?|another|one more|some|more|new) )*(question|field|option|choice)s?$")
_CHANGING = re.compile(r"(?:.{0,20}\b)?(?:change|edit|fix|correct|another|different|new|other)\b")
_COMMAND_WISH = re.compile(
    r"^(?:(?:please )?(?:change|rename|make|set|turn) )?(?:the )?(?:command )?(?:(?:of|for) (?:the )?)?(?P<what>/?\w+)?"
    r"(?: command)? (?:to|into|to be|be|should be|is) (?:the command )?/(?P<new>\w+)\W*$",
    re.IGNORECASE,
)
_DETAILS: dict[str, tuple[str, Step]] = {
    "form": ("form", Step.FEATURE),
    "fields": ("form", Step.FORM_FIELDS),
    "questions": ("form", Step.FORM_FIELDS),
    "title": ("form", Step.FORM_TITLE),
    "poll": ("poll", Step.FEATURE),
    "options": ("poll", Step.POLL_OPTIONS),
    "question": ("poll", Step.POLL_QUESTION),
}
SHORT = 3  # words of an answer that may be a mere name
CARD_LIMIT = 2600  # characters of all features on the card


class Review(Question):
    """Everything at a glance: change a line, create, or cancel."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        lines = (button("edit_name", "e:name"), button("edit_purpose", "e:purpose"))
        manner = (button("edit_personality", "e:personality"), button("edit_features", "e:features"))
        commands = (button("edit_commands", "e:commands"),)
        features = tuple(
            (
                Button(
                    action=f"e:{feature.id}",
                    label=phrase(f"button_edit_{feature.kind}", title=shortened(_title(feature), 30)),
                ),
            )
            for feature in draft.features
        )
        create = (button("create", "create"),)
        return Asked(phrases=(card(draft, kit),), rows=(create, lines, manner, *features, commands))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        words = meaningful(text, "review_unknown")
        if agreed(words):
            return Heard(draft=draft, create=True)
        command = _COMMAND_WISH.search(words)
        if command:
            return self._renamed(draft, command, kit)
        line = _line_named(draft, words)
        if line is not None:
            return Heard(draft=draft, to=line)
        if reading is None:
            raise Rejected("review_unknown")
        after, notes = changed(draft, reading, kit.present)
        doubts = _doubts(reading)
        if after == draft and not notes:
            raise Rejected.saying(doubts[0] if doubts else phrase("review_unchanged"))
        return Heard(draft=after, notes=(*notes, *doubts))

    def _renamed(self, draft: Draft, wish: re.Match[str], kit: Kit) -> Heard:
        id = _feature_called(draft, wish["what"] or "", kit)
        return Command().hear(draft, Place(step=Step.COMMAND, feature=id), wish["new"], None, kit)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        if action == "create":
            return Heard(draft=draft, create=True)
        kind, _, what = action.partition(":")
        if action == "e:commands":
            return Heard(draft=draft, to=_command_place(draft))
        if kind == "e" and what in _LINES:
            return Heard(draft=draft, to=Place(step=_LINES[what]))
        if kind == "e" and draft.feature(what) is not None:
            return Heard(draft=draft, to=Place(step=Step.FEATURE, feature=what))
        raise Rejected("unknown_button")


def _doubts(reading: Reading) -> tuple[Phrase, ...]:
    """What the maker is told of wishes that are not clear."""
    either = (phrase("review_either", either=joined(reading.either, "or")),) if reading.either else ()
    if not reading.unclear:
        return either
    alone = len(reading.unclear) == 1 and reading.model_copy(update={"unclear": ()}).empty
    unclear = phrase("review_unknown") if alone else phrase("review_unclear", words=joined(reading.unclear))
    return (*either, unclear)


def _command_place(draft: Draft) -> Place:
    """The command of the only feature, else the choice of one."""
    only = draft.features[0].id if len(draft.features) == 1 else ""
    return Place(step=Step.COMMAND, feature=only)


def _line_named(draft: Draft, words: str) -> Place | None:
    """The line that the maker only names ("name", "change the options"): its question is asked."""
    what = _NAMED.sub("", bare(words))
    if what in _LINES:
        return Place(step=_LINES[what])
    if what in {"command", "commands"}:
        return _command_place(draft)
    more = _MORE.match(bare(words))
    if more:
        return _more_of(draft, more[1])
    kind, step = _DETAILS.get(what, ("", Step.FEATURE))
    feature = next((feature for feature in draft.features if feature.kind == kind), None)
    if feature is not None:
        return Place(step=step, feature=feature.id)
    if len(words.split()) <= SHORT and any(same(name, what) for name in _names(draft)):
        return _part_named(draft, what)  # nothing but its name: the answer to "which one do you mean?"
    return _part_named(draft, what) if _CHANGING.match(bare(words)) else None


def _more_of(draft: Draft, what: str) -> Place | None:
    """Where one more field or option is asked for, if there is but one such place."""
    step, kind = (Step.FORM_FIELDS, "form") if what in {"question", "field"} else (Step.POLL_OPTIONS, "poll")
    features = [feature for feature in draft.features if feature.kind == kind]
    return Place(step=step, feature=features[0].id) if len(features) == 1 else None


def _names(draft: Draft) -> list[str]:
    """What the parts of the draft are called on the card."""
    fields = [field.label for form in draft.features if isinstance(form, FormDraft) for field in form.fields]
    return [*fields, *(_title(feature) for feature in draft.features)]


def _part_named(draft: Draft, what: str) -> Place | None:
    """The question about a field's choices, a poll's options, or the feature that has what is named."""
    chosen = re.fullmatch(
        r"(?:the )?(?:(?P<of>.+?)(?:['’]s)? )?(?:options|choices)(?: (?:of|for|in) (?:the )?(?P<for>.+))?", what
    )
    name = (chosen["of"] or chosen["for"] or "") if chosen else what
    fields = fields_called(draft, name)
    features = features_called(draft, name)
    if len(fields) == 1:
        form, field = fields[0].form, fields[0].field
        if field.kind in CHOICE_KINDS:
            return Place(step=Step.FIELD_OPTIONS, feature=form.id, field=form.fields.index(field))
        return None if chosen else Place(step=Step.FEATURE, feature=form.id)
    if len(features) != 1:
        return None
    options = chosen is not None and isinstance(features[0], PollDraft)
    return Place(step=Step.POLL_OPTIONS if options else Step.FEATURE, feature=features[0].id)


def _feature_called(draft: Draft, what: str, kit: Kit) -> str:
    """The id of the feature that is called so: by its command, its kind, or because there is no other."""
    name = what.lstrip("/").casefold()
    by_command = {command: id for id, command in commands_of(draft, kit).items()}
    by_kind: dict[str, str] = {feature.kind: feature.id for feature in reversed(draft.features)}
    return by_command.get(name) or by_kind.get(name) or (draft.features[0].id if len(draft.features) == 1 else "")


class Feature(Question):
    """Which part of one feature to change."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        feature = draft.feature(place.feature)
        asked = phrase(f"feature_{feature.kind}", title=_title(feature)) if feature else phrase("review_unknown")
        return Asked(phrases=(asked,), rows=_part_rows(draft, place))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        return Review().hear(draft, place, text, reading, kit)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        if action not in {button.action for row in _part_rows(draft, place) for button in row}:
            raise Rejected("unknown_button")
        kind, _, what = action.partition(":")
        if kind == "o":
            return Heard(draft=draft, to=Place(step=Step.FIELD_OPTIONS, feature=place.feature, field=int(what)))
        if what == "remove":
            return Heard(draft=draft.without(place.feature))
        return Heard(draft=draft, to=Place(step=_PARTS[what], feature=place.feature))


def card(draft: Draft, kit: Kit) -> Phrase:
    """The review card of a complete draft."""
    dna = complete(draft, kit.texts)
    room = CARD_LIMIT // len(dna.features)
    blocks = [
        _form_lines(feature, room) if isinstance(feature, FormFeature) else _poll_lines(feature, known, room)
        for feature, known in zip(dna.features, draft.features, strict=True)
    ]
    features = [line for block in blocks for line in (phrase("gap"), block)][1:]
    kinds = sorted({feature.kind for feature in dna.features})
    return phrase(
        "review",
        name=dna.name,
        purpose=shortened(dna.purpose, 300),
        features=tuple(features),
        personality=_manner(draft),
        commands=" ".join(f"/{command.command}" for command in dna.commands),
        menu=phrase(f"menu_{'_and_'.join(kinds)}"),
    )


def _form_lines(form: FormFeature, room: int) -> Phrase:
    lines: list[Phrase] = []
    used = 0
    for field in form.fields:
        details = shortened(", ".join(field.options), 160)
        used += len(field.label) + len(details) + 24
        if used > room:
            lines.append(phrase("review_more", count=len(form.fields) - len(lines)))
            break
        label = field.label.casefold()
        plain = kind_of(label) is FieldKind.TEXT if field.kind is FieldKind.TEXT else field.kind.value in label
        said = field.required and plain
        name = "review_field_options" if details else "review_field_plain" if said else "review_field"
        lines.append(phrase(name, label=field.label, kind=_kind(field.kind, field.required), options=details))
    return phrase("review_form", title=form.title, fields=tuple(lines))


def _kind(kind: FieldKind, required: bool) -> Phrase:
    return phrase(f"kind_{kind}") if required else phrase("kind_optional", kind=phrase(f"kind_{kind}"))


def _poll_lines(poll: PollFeature, known: FeatureDraft, room: int) -> Phrase:
    options = shortened(", ".join(poll.options), max(room - len(poll.question), 100))
    rule = phrase(f"rule_{'several' if poll.multiple else 'one'}")
    if isinstance(known, PollDraft) and known.open_hours:
        rule = phrase("rule_and_time", rule=rule, time=time_of(known.open_hours))
    elif isinstance(known, PollDraft) and known.closes_at:
        rule = phrase("rule_and_moment", rule=rule, moment=moment_of(known.closes_at, known.closes_zone))
    return phrase("review_poll", question=poll.question, options=options, rule=rule)


def _manner(draft: Draft) -> Phrase:
    traits = ", ".join(trait for trait in draft.traits if trait.casefold() != draft.tone)
    tone = phrase(f"tone_{draft.tone}")
    return phrase("personality_with", tone=tone, traits=traits) if traits else tone


def _title(feature: object) -> str:
    if isinstance(feature, FormDraft):
        return feature.title or ""
    return getattr(feature, "question", None) or ""


def _part_rows(draft: Draft, place: Place) -> tuple[tuple[Button, ...], ...]:
    feature = draft.feature(place.feature)
    removal = ((button("remove", "p:remove"),),) if len(draft.features) > 1 else ()
    if not isinstance(feature, FormDraft):
        question, options, choice, closing = (
            button(f"part_{name}", f"p:{name}") for name in ("question", "options", "choice", "closing")
        )
        return ((question, options), (choice, closing), *removal)
    choices = tuple(
        (Button(action=f"o:{position}", label=phrase("button_part_field_options", label=field.label)),)
        for position, field in enumerate(feature.fields)
        if field.kind in CHOICE_KINDS
    )
    parts = tuple(button(f"part_{name}", f"p:{name}") for name in ("title", "fields"))
    return (parts, *choices, *removal)
