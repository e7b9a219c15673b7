"""getMe, getUpdates and leaving a server."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.world.people import me_of
from playground.world.refusals import too_many

BACK_AFTER = 600.0  # seconds: no return after logOut, no close after a start


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


@deed("logOut")
def log_out(call: Call) -> Any:
    _leave(call)
    call.bot.logged_out_until = call.world.clock.now() + BACK_AFTER
    call.world.changed(call.bot)
    return True


@deed("close")
def close(call: Call) -> Any:
    started = call.world.started
    if call.world.clock.now() - started < BACK_AFTER:
        raise too_many(int(started + BACK_AFTER - call.world.clock.now()) + 1)
    _leave(call)
    return True


def _leave(call: Call) -> None:
    call.world.queues.end_poll(call.bot.id, "Unauthorized")
