"""What Telegram shows of the factory bot before anybody writes: set at start, and only when it has changed."""

from __future__ import annotations

import hashlib
import json
import logging
from typing import Any

from telegram.error import TelegramError as RefusedByTelegram

from bot_runtime.caller import BotCaller
from bot_runtime.catalogue import Catalogue
from factory_bot.storage.facts import FactStore

log = logging.getLogger(__name__)

COMMANDS = ("newbot", "mybots", "report", "help", "privacy", "cancel", "start")
FACT = "profile.digest"


def profile(catalogue: Catalogue, language: str | None = None) -> list[tuple[str, dict[str, Any]]]:
    """The calls that set commands, menu and texts."""
    commands = [
        {"command": name, "description": catalogue.plain(f"chat.command_{name}", language)} for name in COMMANDS
    ]
    described: dict[str, Any] = {"description": catalogue.plain("chat.description", language).strip()}
    short: dict[str, Any] = {"short_description": catalogue.plain("chat.short_description", language).strip()}
    per_language: list[tuple[str, dict[str, Any]]] = [
        ("setMyCommands", {"commands": commands}),
        ("setMyDescription", described),
        ("setMyShortDescription", short),
    ]
    if language is not None:
        return [(method, {**params, "language_code": language}) for method, params in per_language]
    return [*per_language, ("setChatMenuButton", {"menu_button": {"type": "commands"}})]


async def set_profile(caller: BotCaller, catalogue: Catalogue, facts: FactStore, bot_id: int) -> None:
    """Bring Telegram up to date.  Telegram allows few such changes a day, so nothing is repeated; nothing is raised."""
    others = [language for language in catalogue.languages if language != "en"]
    calls = [call for language in (None, *others) for call in profile(catalogue, language)]
    digest = hashlib.sha256(json.dumps([bot_id, calls]).encode()).hexdigest()
    if await facts.get(FACT) == digest:
        return
    try:
        for method, params in calls:
            await caller.call(method, params)
    except RefusedByTelegram as exc:
        log.warning("the factory bot's profile was not set: %s", type(exc).__name__)
        return
    await facts.set(FACT, digest)
