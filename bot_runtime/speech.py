"""The sentences of made bots, from `texts/`, and how a bot's tone chooses among them."""

from __future__ import annotations

import html
import re
from functools import cache
from pathlib import Path

from bot_runtime.catalogue import Catalogue, Markup
from bot_runtime.dna import AgentDNA, FormFeature, PollFeature, Tone


@cache
def catalogue() -> Catalogue:
    """Every sentence a made bot can say."""
    return Catalogue(Path(__file__).with_name("texts"))


def language_for(wanted: str | None, dna: AgentDNA) -> str:
    """The language spoken to somebody who wants `wanted`: theirs, else the bot's own, else English."""
    for tried in (wanted or "", (wanted or "").partition("-")[0], *dna.languages):
        if tried in catalogue().languages:
            return tried
    return "en"


def toned(key: str, tone: Tone) -> str:
    """The key of that sentence in that tone, where there is one of its own."""
    own, known = f"{key}_{tone.value}", catalogue().keys()
    return own if own in known else key


def title_of(feature: FormFeature | PollFeature) -> str:
    """What a button or a heading calls the feature."""
    return feature.question if isinstance(feature, PollFeature) else feature.title


def shortened(text: str, most: int) -> str:
    """The text in at most that many characters."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def escaped(text: str) -> Markup:
    """Somebody's plain words as Telegram HTML."""
    return Markup(html.escape(text, quote=False))


def visible_length(markup: str) -> int:
    """How many characters Telegram counts of that HTML."""
    return len(html.unescape(re.sub(r"<[^>]*>", "", markup)))
