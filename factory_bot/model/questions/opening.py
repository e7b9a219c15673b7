"""The opening questions: what the bot should do, what it is for, which features it has."""

from __future__ import annotations

from bot_runtime.dna import cleaned
from factory_bot.model.draft import PURPOSE_LIMIT, Draft, FeatureKind, new_feature
from factory_bot.model.merging import described, joined, wished
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, button, phrase, worded
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Button, Phrase
from factory_bot.model.steps import Place, Step
from factory_bot.model.words.answers import bare

BLANK = "blank"
EVERYTHING = frozenset({"both", "all", "everything", "both of them", "all of them", "both please", "yes both"})


class Start(Question):
    """Free words, a template, or blank."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        starters = [starter for starter in kit.starters if starter.id != BLANK]
        cards = tuple(
            phrase("card", title=starter.title, summary=starter.summary, minutes=starter.minutes)
            for starter in starters
        )
        buttons = [Button(action=f"t:{starter.id}", text=f"{starter.emoji} {starter.title}") for starter in starters]
        rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
        blank = (button("blank", f"t:{BLANK}"),)
        asked = phrase("start", cards=cards) if cards else phrase("start_plain")
        return Asked(phrases=(asked,), rows=(*rows, blank))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        words = meaningful(text, "purpose_empty")
        fresh, notes = described(words, reading, kit.present)
        return Heard(draft=fresh, notes=notes)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        kind, _, id = action.partition(":")
        starter = kit.starter(id) if kind == "t" else None
        if kind != "t" or (starter is None and id != BLANK):
            raise Rejected("unknown_button")
        return Heard(draft=starter.draft if starter else Draft())


class Purpose(Question):
    """What the bot is for, in a sentence; features that the sentence names need not be asked for."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        return Asked(phrases=(worded(draft, kit, "purpose", phrase("purpose")),))

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        words = meaningful(text, "purpose_empty")
        if len(words) > PURPOSE_LIMIT:
            raise Rejected("purpose_long", limit=PURPOSE_LIMIT)
        told = draft.changed({"purpose": words})
        if reading is None or draft.purpose is not None or draft.features:
            return Heard(draft=told)
        fresh, notes = wished(told, reading, kit.present)
        return Heard(draft=fresh.changed({"name": draft.name or reading.name}), notes=notes)

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return Heard(draft=draft.changed({"purpose": draft.purpose or ""}))


class Features(Question):
    """Which features the bot has: a toggle each."""

    needs_reading = True

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        toggles = tuple((button(f"{kind}_{'on' if draft.has(kind) else 'off'}", f"f:{kind}"),) for kind in FeatureKind)
        rows = (*toggles, (button("continue", "go"),)) if draft.features else toggles
        return Asked(phrases=(worded(draft, kit, "features", phrase("features")),), rows=rows)

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        meaningful(text, "features_unknown")
        if bare(text) in EVERYTHING:
            for kind in FeatureKind:
                draft = draft if draft.has(kind) else draft.adding(new_feature(kind))
            return Heard(draft=draft)
        if reading is None or not (reading.forms or reading.polls):
            if reading is not None and reading.unavailable:
                raise Rejected("features_unavailable", wishes=joined(reading.unavailable))
            raise Rejected("features_unknown")
        fresh, notes = wished(draft, reading, kit.present)
        return Heard(draft=fresh, notes=notes)

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        if action == "go":
            if not draft.features:
                raise Rejected("features_none")
            return Heard(draft=draft)
        kind = next((kind for kind in FeatureKind if action == f"f:{kind}"), None)
        if kind is None:
            raise Rejected("unknown_button")
        changed = draft.without_kind(kind) if draft.has(kind) else draft.adding(new_feature(kind))
        return Heard(draft=changed, to=Place(step=Step.FEATURES), redraw=True)


def meaningful(text: str, fault: str) -> str:
    """The text, cleaned.  Raises `Rejected` where nothing readable is in it."""
    words = cleaned(text)
    if not any(character.isalnum() for character in words):
        raise Rejected(fault)
    return words
