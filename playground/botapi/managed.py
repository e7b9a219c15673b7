"""Managed bots: tokens and access, for the bot that manages them."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.world.people import revoke
from playground.world.records import Account
from playground.world.refusals import Refusal


@deed("getManagedBotToken")
def get_managed_bot_token(call: Call) -> Any:
    return managed(call).token


@deed("replaceManagedBotToken")
def replace_managed_bot_token(call: Call) -> Any:
    return revoke(call.world, managed(call).id)


def managed(call: Call) -> Account:
    """The bot that is meant, if this one manages it."""
    account = call.world.accounts.get(call["user_id"])
    if account is None:
        raise Refusal("user not found")
    if not call.bot.can_manage_bots:
        raise Refusal("USER_BOT_REQUIRED")
    if not account.is_bot or account.manager_id != call.bot.id:
        raise Refusal("BOT_INVALID")
    return account
