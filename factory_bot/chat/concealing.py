"""Tokens in updates: sealed on disk, open in memory."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

from factory_bot.errors import MancerError
from factory_bot.workshop.ports import Sealer
from factory_bot.workshop.tokens import TOKEN

_SEALED = re.compile(r"\[sealed:([A-Za-z0-9_=-]+)\]")


def concealer(vault: Sealer) -> Callable[[Any], Any]:
    """Makes of an update one in which every token is sealed."""

    def seal(found: re.Match[str]) -> str:
        return f"[sealed:{base64.urlsafe_b64encode(vault.seal(found[0])).decode()}]"

    return lambda raw: _in_every_text(raw, lambda text: TOKEN.sub(seal, text))


def revealer(vault: Sealer) -> Callable[[Any], Any]:
    """Undoes `concealer`; what a person wrote in its likeness stays as it is."""

    def unseal(found: re.Match[str]) -> str:
        try:
            return vault.unseal(base64.urlsafe_b64decode(found[1]))
        except (MancerError, ValueError):  # sealed by another vault, or by none
            return found[0]

    return lambda raw: _in_every_text(raw, lambda text: _SEALED.sub(unseal, text))


def _in_every_text(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {name: _in_every_text(inner, change) for name, inner in value.items()}
    if isinstance(value, list):
        return [_in_every_text(inner, change) for inner in value]
    return value
