"""What a bot says of itself to the people who use it, made from its features.

The DNA's purpose is what the maker told the factory ("take orders with name and phone"): no words for a guest, so it
is not said here.  A greeting that the maker gave is said as it stands.
"""

from __future__ import annotations

from bot_runtime.catalogue import Markup
from bot_runtime.dna import AgentDNA
from bot_runtime.speech import catalogue, shortened, title_of

LINE = 80  # characters of one feature, so that the twelve a bot may have stay readable


def here_you_can(dna: AgentDNA, language: str) -> Markup:
    """What one can do here, a line for each feature; empty where there is none."""
    texts = catalogue()
    lines = [
        texts.text(f"{feature.kind}.can", language, title=shortened(title_of(feature), LINE))
        for feature in dna.features
    ]
    return Markup("\n".join([texts.text("bot.can", language), *lines]) if lines else "")


def description(dna: AgentDNA, language: str) -> str:
    """What people see in the empty chat, before they press Start.  Plain text."""
    if dna.greeting:
        return dna.greeting
    texts = catalogue()
    lines = [
        texts.plain(f"{feature.kind}.can", language, title=shortened(title_of(feature), LINE))
        for feature in dna.features
    ]
    return "\n".join([texts.plain("bot.can", language), *lines]) if lines else dna.name


def short_description(dna: AgentDNA) -> str:
    """What stands on the bot's page and beside its link.  Plain text in one line."""
    return " · ".join(" ".join(title_of(feature).split()) for feature in dna.features) or dna.name
