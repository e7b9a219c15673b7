"""How the bot comes across: its personality and its name."""

from __future__ import annotations

import re

from bot_runtime.dna import Tone, one_line
from factory_bot.model.draft import LABEL_LIMIT, TRAITS_LIMIT, Draft, distinct
from factory_bot.model.merging import changed_meanwhile
from factory_bot.model.naming import suggested_name
from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, button, phrase, worded
from factory_bot.model.questions.opening import meaningful
from factory_bot.model.reading import Reading
from factory_bot.model.saying import Button, Phrase
from factory_bot.model.steps import Place
from factory_bot.model.words.answers import bare, tone_of, traits_of
from factory_bot.model.words.lists import items_of

TRAIT_LIMIT = 40
ANSWER = 3  # words; a wish to change something else takes more


class Aside(Question):
    """A question late in the interview, when makers also say what they want changed in their forms and polls."""

    def reads(self, text: str) -> bool:
        return len(text.split()) > ANSWER

    def hear(self, draft: Draft, place: Place, text: str, reading: Reading | None, kit: Kit) -> Heard:
        wish = changed_meanwhile(draft, reading, kit.present)
        if wish is not None:
            return Heard(draft=wish[0], notes=wish[1])
        return self.answered(draft, text)

    def answered(self, draft: Draft, text: str) -> Heard:
        """Take an answer to the question itself.  Raises `Rejected`."""
        raise TypeError(f"{type(self).__name__} has no answer")


class Personality(Aside):
    """How the bot speaks: one of four ways, or the maker's own words."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        buttons = [button(f"tone_{tone}", f"tone:{tone}") for tone in Tone]
        return Asked(
            phrases=(worded(draft, kit, "personality", phrase("personality")),),
            rows=(tuple(buttons[:2]), tuple(buttons[2:])),
        )

    def answered(self, draft: Draft, text: str) -> Heard:
        words = meaningful(text, "personality_unknown")
        traits = traits_in(words)
        if not traits:
            raise Rejected("personality_unknown")
        tone = tone_of(words) or draft.tone or Tone.FRIENDLY
        return Heard(draft=draft.changed({"tone": tone, "traits": traits}))

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        tone = next((tone for tone in Tone if action == f"tone:{tone}"), None)
        if tone is None:
            raise Rejected("unknown_button")
        return Heard(draft=draft.changed({"tone": tone, "traits": ()}))

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return Heard(draft=draft.changed({"tone": draft.tone or Tone.FRIENDLY}))


class Name(Aside):
    """What the bot is called; a suggestion is one tap away."""

    def ask(self, draft: Draft, place: Place, kit: Kit) -> Asked:
        row = (Button(action="name", text=suggested_name(draft)),)
        return Asked(phrases=(worded(draft, kit, "name", phrase("name")),), rows=(row,))

    def answered(self, draft: Draft, text: str) -> Heard:
        name = name_in(meaningful(text, "name_empty"))
        if len(name) > LABEL_LIMIT:
            raise Rejected("name_long", limit=LABEL_LIMIT)
        return Heard(draft=draft.changed({"name": name}))

    def tap(self, draft: Draft, place: Place, action: str, kit: Kit) -> Heard:
        if action != "name":
            raise Rejected("unknown_button")
        return Heard(draft=draft.changed({"name": suggested_name(draft)}))

    def skip_label(self, draft: Draft, place: Place) -> Phrase | None:
        return phrase("button_skip")

    def skip(self, draft: Draft, place: Place, kit: Kit) -> Heard:
        return Heard(draft=draft.changed({"name": draft.name or suggested_name(draft)}))


def traits_in(words: str) -> tuple[str, ...]:
    """The maker's words for a personality, a few short ones."""
    own = [item for item in items_of(words) if len(item) <= TRAIT_LIMIT]
    return distinct(own or traits_of(words))[:TRAITS_LIMIT]


_NAME_LEAD = re.compile(
    r"^(?:.{0,40}\b)?(?:call it|call him|call her|name it|(?:the|its|his|her|bot) name (?:is|should be|will be)"
    r"|(?:is|it's|be) (?:called|named))\s*:?\s+|^(?:called|named|how about|let's go with|go with)\s+",
    re.IGNORECASE,
)


def name_in(words: str) -> str:
    """The name that an answer gives, without "call it" and quotes around it."""
    name = one_line(words)
    lead = _NAME_LEAD.match(name)
    name = re.sub(r"[\s,]*\bplease\W*$", "", name[lead.end() :], flags=re.I).rstrip(" ?") if lead else name
    stripped = name.rstrip(".! ").strip("\"“”„«»'’‘ ").rstrip(".! ")
    return stripped if bare(stripped) else name
