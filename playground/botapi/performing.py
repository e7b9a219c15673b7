"""Carrying out one call: which method is meant, are its values right, who does it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from playground.botapi import families
from playground.botapi.call import DEEDS, Call
from playground.parameters import Upload, canonical, check
from playground.world.records import Account
from playground.world.refusals import Refusal, too_many
from playground.world.world import World

families.load()

MESSAGES = ("send", "forward", "copy")  # what the limits count


def method_named(name: str) -> str:
    """The method as the documentation spells it; raises Telegram's 404 for a name that is none."""
    method = canonical(name)
    if method is None:
        raise Refusal("Not Found", 404)
    return method


async def perform(
    world: World, bot: Account, method: str, raw: Mapping[str, Any], uploads: Mapping[str, Upload] | None = None
) -> Any:
    """The result of the call; raises Refusal or WireFault."""
    function = DEEDS.get(method)
    if function is None:
        raise Refusal(f"Not Implemented: the playground does not know how to do {method}", 501)
    values = check(method, raw, uploads or {}, plain_http_apps=world.http_apps)
    if method.startswith(MESSAGES) and "chat_id" in values:
        wait = world.faults.of_message(bot.id, values["chat_id"], world.clock.now())
        if wait:
            raise too_many(wait)
    result = function(Call(world=world, bot=bot, method=method, values=values))
    if inspect.isawaitable(result):
        result = await result
    return result
