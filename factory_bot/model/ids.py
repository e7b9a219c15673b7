"""Safe names made from people's words in any script: folders, host labels, usernames, ids, commands."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from itertools import count

from factory_bot.model.agents import AgentId

RESERVED = frozenset({"app", "api", "www", "localhost", "health", "healthz", "static", "play"})
"""Labels that mean something else in an address."""

_AGENT_ID = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")  # a host label may have 63


def is_agent_id(text: str) -> bool:
    """Whether the text may be a folder, a host label and part of an address at once."""
    return _AGENT_ID.fullmatch(text) is not None and "--" not in text


def agent_id_for(name: str, taken: Collection[str] = (), *, username: str = "") -> AgentId:
    """A free id for a bot: from its name, or from its username where the name has no letters we can spell."""
    stem = (_ascii_words(name, "-") or _without_bot(_ascii_words(username, "-"), "-"))[:32].strip("-")
    if not stem or not stem[0].isalpha():
        stem = f"bot-{stem}".strip("-")
    return AgentId(_free(stem, "-", {*taken, *RESERVED}))


def suggested_username(name: str, salt: str) -> str:
    """A username of 5 to 32 characters of [a-z0-9_], ending in `_bot`, that is most likely free.

    `salt`: a few letters and digits that make it unlike others of the same name.
    """
    stem = _without_bot(_ascii_words(name, "_"), "_")[:20].strip("_")
    if not stem or not stem[0].isalpha():
        stem = f"my_{stem}".strip("_")
    return f"{stem}_{salt}_bot"


def slug(words: str, otherwise: str, taken: Collection[str] = ()) -> str:
    """A free id `[a-z][a-z0-9_]*` of at most 32 characters; `otherwise` where there are no letters we can spell."""
    stem = _ascii_words(words, "_").lstrip("0123456789_")[:24].rstrip("_")
    return _free(stem or otherwise, "_", taken)


def _ascii_words(text: str, separator: str) -> str:
    """The text's letters and digits in plain ASCII, lower case, words joined by `separator`; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return separator.join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def _without_bot(words: str, separator: str) -> str:
    return words.removesuffix(f"{separator}bot").removesuffix("bot")


def _free(stem: str, separator: str, taken: Collection[str]) -> str:
    """The stem, numbered from 2 on where it is taken."""
    if stem not in taken:
        return stem
    return next(name for number in count(2) if (name := f"{stem}{separator}{number}") not in taken)
