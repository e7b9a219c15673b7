"""getMe, getUpdates and leaving a server."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.world.people import me_of


@deed("getMe")
def get_me(call: Call) -> Any:
    return me_of(call.bot)


@deed("getUpdates")
async def get_updates(call: Call) -> Any:
    queues = call.world.queues
    if not call.bot.webhook.get("url"):
        queues.allow(call.bot.id, call.get("allowed_updates"))
    offset, limit, timeout = call.get("offset", 0), call.get("limit", 100), call.get("timeout", 0)
    return await queues.poll(call.bot, offset, limit, timeout)


@deed("close")
def close(call: Call) -> Any:
    call.world.queues.end_poll(call.bot.id, "Internal Server Error: restart")
    return True
