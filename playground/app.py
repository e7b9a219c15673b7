"""The playground as one ASGI application: Bot API, control API and page over one world."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from playground.botapi.server import BotApi
from playground.control import control_routes, page_routes
from playground.world.people import add_person
from playground.world.world import World


def application(world: World) -> ASGIApp:
    """Everything the playground answers.  What a call changed is stored before its answer leaves."""
    routes: list[BaseRoute] = [Mount("/play/v1", routes=control_routes(world)), *page_routes()]
    return _Doors(world, BotApi(world), Starlette(routes=routes))


def settle_in(world: World) -> None:
    """An empty world gets the person who sits at the machine."""
    if not any(not account.is_bot for account in world.accounts.values()):
        add_person(world, "You", username="you")
    world.commit()


class _Doors:
    """Bots to the one door, people to the other."""

    def __init__(self, world: World, bots: ASGIApp, people: ASGIApp) -> None:
        self._world, self._bots, self._people = world, bots, people

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith(("/bot", "/file/bot")):
            await self._bots(scope, receive, send)
            return

        async def stored_first(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._world.commit()
            await send(message)

        await self._people(scope, receive, stored_first)
