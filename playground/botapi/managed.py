"""Managed bots: tokens, access and prepared buttons, for the bot that manages them."""

from __future__ import annotations

import secrets
from typing import Any

from playground.botapi.call import Call, deed
from playground.world.people import revoke, user_of
from playground.world.records import Account
from playground.world.refusals import Refusal

PREPARABLE = ("request_users", "request_chat", "request_managed_bot")
MOST_ADDED = 10


@deed("getManagedBotToken")
def get_managed_bot_token(call: Call) -> Any:
    return managed(call).token


@deed("replaceManagedBotToken")
def replace_managed_bot_token(call: Call) -> Any:
    return revoke(call.world, managed(call).id)


@deed("getManagedBotAccessSettings")
def get_managed_bot_access_settings(call: Call) -> Any:
    bot = managed(call)
    settings: dict[str, Any] = {"is_access_restricted": bot.access_restricted}
    if bot.access_restricted and bot.access_users:
        settings["added_users"] = [user_of(call.world.accounts[number]) for number in bot.access_users]
    return settings


@deed("setManagedBotAccessSettings")
def set_managed_bot_access_settings(call: Call) -> Any:
    bot = managed(call)
    added = list(dict.fromkeys(call.get("added_user_ids", [])))
    if len(added) > MOST_ADDED:
        raise Refusal("USERS_TOO_MUCH")
    if any(number not in call.world.accounts for number in added):
        raise Refusal("user not found")
    bot.access_restricted = bool(call["is_access_restricted"])
    bot.access_users = added if bot.access_restricted else []
    call.world.changed(bot)
    return True


def managed(call: Call) -> Account:
    """The bot that is meant, if this one manages it."""
    account = call.world.accounts.get(call["user_id"])
    if account is None:
        raise Refusal("user not found")
    if not account.is_bot or account.manager_id != call.bot.id:
        raise Refusal("BOT_INVALID")
    return account


@deed("savePreparedKeyboardButton")
def save_prepared_keyboard_button(call: Call) -> Any:
    account = call.world.accounts.get(call["user_id"])
    if account is None or account.is_bot:
        raise Refusal("user not found")
    if not any(kind in call["button"] for kind in PREPARABLE):
        raise Refusal("BUTTON_TYPE_INVALID")
    button_id = secrets.token_urlsafe(16)
    prepared = {"bot": call.bot.id, "person": account.id, "button": call["button"]}
    call.world.set_note(f"prepared button {button_id}", prepared)
    return {"id": button_id}
