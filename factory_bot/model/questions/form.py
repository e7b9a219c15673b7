"""What a form needs: its title, its fields, and what there is to choose from."""

from __future__ import annotations

from bot_runtime.dna import FieldKind, one_line
from factory_bot.model.draft import (
    FIELD_OPTIONS_LIMIT,
    FIELDS_LIMIT,
    LABEL_LIMIT,
    Draft,
    FieldDraft,
    FormDraft,
    distinct,
)
from factory_bot.model.merging import changed_fields, keeping_options, sound_fields
from factory_bot.model.naming import NO_TITLE, title_of
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, phrase, worded
from factory_bot.model.questions.opening import meaningful
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Button, Phrase
from factory_bot.model.steps import Place
from factory_bot.model.words.fields import fields_of
from factory_bot.model.words.lists import items_of

LONG_LABEL = 7  # words: longer than that it is rather a sentence about several fields


class FormTitle(Question):
    """What the form is called."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        suggestion = title_of(draft.purpose or "")
        row = (Button(action="title", text=suggestion),)
        return Asked(phrases=(phrase("form_title"),), rows=(row,))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        title = one_line(meaningful(text, "title_empty"))
        if len(title) > LABEL_LIMIT:
            raise Rejected("title_long", limit=LABEL_LIMIT)
        return _titled(draft, place, title)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        if action != "title":
            raise Rejected("unknown_button")
        return _titled(draft, place, title_of(draft.purpose or ""))

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return _titled(draft, place, draft.form(place.feature).title or title_of(draft.purpose or ""))


class FormFields(Question):
    """What the form asks."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        form = draft.form(place.feature)
        title = form.title or title_of(draft.purpose or "")
        usual = phrase("form_fields", title=title) if title != NO_TITLE else phrase("form_fields_plain")
        asked = worded(draft, kit, "form_fields", usual)
        if not form.fields:
            return Asked(phrases=(asked,))
        return Asked(phrases=(asked, phrase("form_fields_now", fields=written(form.fields))))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        meaningful(text, "fields_empty")
        form = draft.form(place.feature)
        changed = changed_fields(form.fields, reading) if reading is not None and form.fields else None
        fields = keeping_options(_fields(text, reading), form.fields) if changed is None else changed
        if not fields:
            raise Rejected("fields_empty")
        if len(fields) > FIELDS_LIMIT:
            raise Rejected("fields_many", limit=FIELDS_LIMIT)
        return Heard(draft=draft.replacing(form.changed({"fields": fields})))

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip") if draft.form(place.feature).fields else phrase("button_leave_form")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return Heard(draft=draft if draft.form(place.feature).fields else draft.without(place.feature))


class FieldOptions(Question):
    """What people choose from in one field."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        field = draft.form(place.feature).fields[place.field]
        usual = phrase("field_options", label=field.label)
        return Asked(phrases=(worded(draft, kit, f"field_options:{field.label.casefold()}", usual),))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        form = draft.form(place.feature)
        options = _changed_options(form, place, reading) or options_in(text, FIELD_OPTIONS_LIMIT)
        kind = FieldKind.CHOICES if form.fields[place.field].kind is FieldKind.CHOICES else FieldKind.CHOICE
        return _with_field(draft, place, {"options": options, "kind": kind, "minimum": None, "maximum": None})

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        raise Rejected("unknown_button")

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        lacking = draft.form(place.feature).fields[place.field].lacks_options
        return phrase("button_type_it") if lacking else phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        if not draft.form(place.feature).fields[place.field].lacks_options:
            return Heard(draft=draft)
        return _with_field(draft, place, {"kind": FieldKind.TEXT, "options": ()})


def _changed_options(form: FormDraft, place: Place, reading: Reading | None) -> tuple[str, ...]:
    """The field's choices after "add …" or "remove …"; empty where the reading is no such change."""
    label = form.fields[place.field].label
    fields = [field for read in (reading.forms if reading is not None else ()) if read.whole for field in read.fields]
    return next((field.options for field in fields if field.label == label), ())


def options_in(text: str, limit: int) -> tuple[str, ...]:
    """The choices that the words list.  Raises `Rejected` for fewer than two, too many, or one too long."""
    options = distinct(items_of(meaningful(text, "options_few")))
    if any(len(option) > LABEL_LIMIT for option in options):
        raise Rejected("option_long", limit=LABEL_LIMIT)
    if len(options) < 2:
        raise Rejected("options_few")
    if len(options) > limit:
        raise Rejected("options_many", limit=limit)
    return options


def written(fields: tuple[FieldDraft, ...]) -> str:
    """The fields as a maker could have typed them."""
    return ", ".join(_written(field) for field in fields)


def _written(field: FieldDraft) -> str:
    details = "/".join(field.options) or ("optional" if not field.required else "")
    return f"{field.label} ({details})" if details else field.label


def _titled(draft: Draft, place: Place, title: str) -> Heard:
    return Heard(draft=draft.replacing(draft.form(place.feature).changed({"title": title})))


def _fields(text: str, reading: Reading | None) -> tuple[FieldDraft, ...]:
    """A plain list says it best by itself; a longer description as it was read."""
    listed = tuple(fields_of(text))
    read = sound_fields(reading.forms[0]) if reading is not None and reading.forms else ()
    if not listed or len(read) > len(listed) or (read and any(_wordy(field.label) for field in listed)):
        return read
    known = {field.label.casefold(): field for field in read}
    return tuple(
        known.get(field.label.casefold(), field) if field.kind is FieldKind.TEXT else field for field in listed
    )


def _wordy(label: str) -> bool:
    return len(label.split()) > LONG_LABEL and not label.endswith("?")


def _with_field(draft: Draft, place: Place, update: dict[str, object]) -> Heard:
    form: FormDraft = draft.form(place.feature)
    fields = list(form.fields)
    fields[place.field] = fields[place.field].changed(update)
    return Heard(draft=draft.replacing(form.changed({"fields": tuple(fields)})))
