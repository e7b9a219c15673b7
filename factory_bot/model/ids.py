"""Safe names made from people's words: folders, host labels, usernames."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

from factory_bot.model.agents import AgentId

LONGEST = 40  # characters; a host label may have 63

_AGENT_ID = re.compile(r"[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?")


def is_agent_id(text: str) -> bool:
    """Whether the text may be a folder, a host label and part of an address at once."""
    return _AGENT_ID.fullmatch(text) is not None and "--" not in text


def ascii_words(text: str, separator: str) -> str:
    """The text's letters and digits in plain ASCII, lower case, words joined by `separator`; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return separator.join(re.findall(r"[a-z0-9]+", plain.replace("'", "")))


def agent_id_for(name: str, taken: Container[str] = ()) -> AgentId:
    """An id for a bot called `name`, in any script, that is not in `taken`."""
    stem = ascii_words(name, "-")[:32].strip("-")
    if not stem or not stem[0].isalpha():
        stem = f"bot-{stem}".strip("-")
    number, candidate = 1, stem
    while candidate in taken:
        number += 1
        candidate = f"{stem}-{number}"
    return AgentId(candidate)


def username_for(name: str) -> str:
    """A Telegram username to suggest: 5 to 32 characters of [a-z0-9_], ending in `_bot` (the maker may change it)."""
    stem = ascii_words(name, "_").removesuffix("_bot").removesuffix("bot")[:28].strip("_")
    if not stem or not stem[0].isalpha():
        stem = f"my_{stem}".strip("_")
    return f"{stem}_bot"
