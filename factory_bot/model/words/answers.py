"""Short answers: yes, no, back, skip, cancel, one or several."""

from __future__ import annotations

import re
from typing import Literal

from bot_runtime.dna import Tone, one_line

_YES = frozenset(
    re.findall(r"\w+", "yes y yeah yep yup sure ok okay fine please do correct right true create go done ja oui si sí")
)
_NO = frozenset(re.findall(r"\w+", "no n nope nah not never wrong false nein non"))
_SEVERAL = re.compile(
    r"\b(several|multiple|many|more than one|any number|as many|all that|multi|two|three|both)\b", re.I
)
_ONE = re.compile(r"\b(one|single|only one|just one|1|exactly one|once)\b", re.I)
_NAVIGATION: dict[str, Literal["back", "skip", "cancel", "next"]] = {
    "back": "back",
    "go back": "back",
    "previous": "back",
    "skip": "skip",
    "skip it": "skip",
    "skip this": "skip",
    "cancel": "cancel",
    "stop": "cancel",
    "quit": "cancel",
    "exit": "cancel",
    "abort": "cancel",
    "next": "next",
    "continue": "next",
    "done": "next",
}

TONE_WORDS: dict[str, Tone] = {
    "friendly": Tone.FRIENDLY,
    "warm": Tone.FRIENDLY,
    "kind": Tone.FRIENDLY,
    "welcoming": Tone.FRIENDLY,
    "cheerful": Tone.FRIENDLY,
    "nice": Tone.FRIENDLY,
    "cosy": Tone.FRIENDLY,
    "cozy": Tone.FRIENDLY,
    "casual": Tone.FRIENDLY,
    "kindly": Tone.FRIENDLY,
    "warmly": Tone.FRIENDLY,
    "politely": Tone.FORMAL,
    "formally": Tone.FORMAL,
    "professionally": Tone.FORMAL,
    "playfully": Tone.PLAYFUL,
    "briefly": Tone.CONCISE,
    "formal": Tone.FORMAL,
    "polite": Tone.FORMAL,
    "professional": Tone.FORMAL,
    "serious": Tone.FORMAL,
    "businesslike": Tone.FORMAL,
    "business-like": Tone.FORMAL,
    "official": Tone.FORMAL,
    "respectful": Tone.FORMAL,
    "playful": Tone.PLAYFUL,
    "funny": Tone.PLAYFUL,
    "fun": Tone.PLAYFUL,
    "witty": Tone.PLAYFUL,
    "humorous": Tone.PLAYFUL,
    "cheeky": Tone.PLAYFUL,
    "silly": Tone.PLAYFUL,
    "sarcastic": Tone.PLAYFUL,
    "joking": Tone.PLAYFUL,
    "concise": Tone.CONCISE,
    "short": Tone.CONCISE,
    "brief": Tone.CONCISE,
    "terse": Tone.CONCISE,
    "to the point": Tone.CONCISE,
    "matter-of-fact": Tone.CONCISE,
    "no-nonsense": Tone.CONCISE,
    "minimal": Tone.CONCISE,
}


def bare(text: str) -> str:
    """The words in lower case, without the punctuation and slash around them."""
    return one_line(text).casefold().strip(" .,;:!?/'\"“”„()")


def yes_or_no(text: str) -> bool | None:
    """Whether the answer means yes or no; None when it means neither."""
    words = bare(text).replace(",", " ").split()
    if not words or len(words) > 5:
        return None
    if words[0] in _NO or words[:2] in (["do", "not"], ["don't"]):
        return False
    return True if words[0] in _YES or bare(text) in {"looks good", "that's it", "sounds good", "go ahead"} else None


_AGREEING = frozenset(
    re.findall(r"\w+", "yes y yeah yep yup ok okay sure fine create go good great perfect done ja oui si sí")
)
_WITH_IT = _AGREEING | frozenset(
    re.findall(r"[\w']+", "please it make build looks ahead do that's all now this the bot very")
)


def agreed(text: str) -> bool:
    """Whether the whole answer says nothing but yes ("looks good, create it"); "please be short" does not."""
    words = re.findall(r"[\w']+", bare(text))
    whole = bool(words) and len(words) <= 6 and all(word in _WITH_IT for word in words)
    return whole and (
        any(word in _AGREEING for word in words) or words[:2] in (["make", "it"], ["build", "it"], ["do", "it"])
    )


def navigation(text: str) -> Literal["back", "skip", "cancel", "next"] | None:
    """Back, skip, cancel or next, where the whole answer is such a word (with or without a slash)."""
    return _NAVIGATION.get(bare(text))


def one_or_several(text: str) -> bool | None:
    """True for several, False for one, None when the answer says neither."""
    if _SEVERAL.search(text):
        return True
    if _ONE.search(text):
        return False
    return None


def tone_of(text: str) -> Tone | None:
    """The way of speaking that the words name first; "not formal" names none."""
    lowered = f" {one_line(text).casefold()} "
    found = [
        (match.start(), tone)
        for word, tone in TONE_WORDS.items()
        for match in [re.search(rf"(?<!not )(?<!not too )(?<!no )(?<!less )\b{re.escape(word)}\b", lowered)]
        if match
    ]
    return min(found)[1] if found else None


def traits_of(text: str) -> list[str]:
    """The words for a way of speaking, in the order they appear."""
    lowered = f" {one_line(text).casefold()} "
    found = [
        (match.start(), word)
        for word in TONE_WORDS
        for match in [re.search(rf"(?<!not )(?<!not too )(?<!no )(?<!less )\b{re.escape(word)}\b", lowered)]
        if match
    ]
    return [word for _, word in sorted(found)]
