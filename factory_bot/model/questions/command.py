"""What people type to open a feature: the maker may change it on the review card."""

from __future__ import annotations

import re

from bot_runtime.dna import COMMANDS_OF_EVERY_BOT, one_line
from factory_bot.model.draft import Draft
from factory_bot.model.making import complete
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, phrase
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Button, Phrase
from factory_bot.model.steps import Place, Step

COMMAND = re.compile(r"/?([a-z][a-z0-9_]{0,31})")  # Bot API: lower-case letters, digits, underscores, 1-32


class Command(Question):
    """The command of one feature; with several features, first of which."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        now = commands_of(draft, kit)
        if place.feature:
            return Asked(phrases=(phrase("command", now=now[place.feature]),))
        rows = tuple((Button(action=f"k:{id}", text=f"/{command}"),) for id, command in now.items())
        return Asked(phrases=(phrase("command_which"),), rows=rows)

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        feature = draft.feature(place.feature)
        if feature is None:
            raise Rejected("command_which_first")
        found = COMMAND.fullmatch(one_line(text).lower().rstrip("."))
        if not found:
            raise Rejected("command_bad")
        others = {command for id, command in commands_of(draft, kit).items() if id != feature.id}
        if found[1] in COMMANDS_OF_EVERY_BOT or found[1] in others:
            raise Rejected("command_taken", command=found[1])
        return Heard(draft=draft.replacing(feature.changed({"command": found[1]})))

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        id = action.removeprefix("k:")
        if id == action or draft.feature(id) is None:
            raise Rejected("unknown_button")
        return Heard(draft=draft, to=Place(step=Step.COMMAND, feature=id))

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return Heard(draft=draft)


def commands_of(draft: Draft, kit: Kit) -> dict[str, str]:
    """The command of each feature of a complete draft, by the feature's id in the draft."""
    made = complete(draft, kit.texts).features
    return {feature.id: dna.command for feature, dna in zip(draft.features, made, strict=True)}
