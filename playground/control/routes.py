"""The table of contents of the control API: every path of `/play/v1` and what answers it."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import UploadFile
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from playground.control.apps import Apps
from playground.control.calls import Handler, body_of, control
from playground.control.chats import Chats
from playground.control.guard import Guard
from playground.control.writing import Writing
from playground.world import groups, media, people
from playground.world.refusals import WrongCall
from playground.world.world import World

CHAT = "/users/{user:int}/chats/{peer}"
METHODS = ["GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "TRACE"]  # those not in the table hear so as JSON


def control_routes(world: World) -> list[BaseRoute]:
    """All routes of the control API, to be mounted at `/play/v1`."""
    outer, chats, writing, apps = Outer(world), Chats(world), Writing(world), Apps(world)
    table: list[tuple[str, str, Handler]] = [
        ("GET", "/state", outer.state),
        ("POST", "/users", outer.add_person),
        ("POST", "/users/{user:int}/photo", outer.add_photo),
        ("POST", "/bots", outer.add_bot),
        ("POST", "/bots/{bot:int}/revoke", outer.revoke),
        ("POST", "/chats", outer.add_chat),
        ("POST", "/chats/{chat}/members", outer.set_member),
        ("POST", "/chats/{chat}/upgrade", outer.upgrade),
        ("POST", "/faults", outer.add_fault),
        ("DELETE", "/faults", outer.clear_faults),
        ("POST", "/clock", outer.advance),
        ("GET", "/users/{user:int}/chats", chats.all),
        ("GET", "/users/{user:int}/peers", chats.search),
        ("GET", "/users/{user:int}/files/{file_id}", chats.file),
        ("POST", "/users/{user:int}/new_bot", chats.new_bot),
        ("GET", CHAT, chats.one),
        ("GET", CHAT + "/messages", chats.messages),
        ("POST", CHAT + "/read", chats.read),
        ("POST", CHAT + "/block", chats.block),
        ("POST", CHAT + "/unblock", chats.unblock),
        ("POST", CHAT + "/clear", chats.clear),
        ("POST", CHAT + "/send", writing.send),
        ("POST", CHAT + "/edit", writing.edit),
        ("POST", CHAT + "/delete", writing.delete),
        ("POST", CHAT + "/forward", writing.forward),
        ("POST", CHAT + "/press", writing.press),
        ("POST", CHAT + "/vote", writing.vote),
        ("POST", CHAT + "/react", writing.react),
        ("POST", CHAT + "/inline", writing.ask_inline),
        ("POST", CHAT + "/choose", writing.choose_inline),
        ("POST", CHAT + "/managed_bot", writing.managed_bot),
        ("POST", CHAT + "/open_app", apps.open),
        ("POST", CHAT + "/web_app_data", apps.data),
        ("POST", CHAT + "/mini_app/{deed}", apps.deed),
    ]
    guarded = [Middleware(Guard)]
    methods: dict[str, dict[str, Handler]] = {}
    for method, path, handler in table:
        methods.setdefault(path, {})[method] = handler
    routes: list[BaseRoute] = [
        Route(path, control(by_method(handlers)), methods=METHODS, middleware=guarded)
        for path, handlers in methods.items()
    ]
    return [*routes, Route("/{path:path}", nothing_here, methods=METHODS, middleware=guarded)]


def by_method(handlers: dict[str, Handler]) -> Handler:
    """One handler for a path: the one of the request's method, or a sentence that names what is allowed."""

    async def handle(request: Request) -> Any:
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if handler is None:
            raise WrongCall(f"This path takes {' or '.join(handlers)}, not {request.method}.", 405)
        return await handler(request)

    return handle


async def nothing_here(request: Request) -> JSONResponse:
    """Every other path."""
    return JSONResponse({"error": f"There is no call {request.url.path!r} in the control API."}, status_code=404)


class Outer:
    """What is done to the world from outside: people, bots, groups, faults and the clock."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def state(self, request: Request) -> Any:
        return {**people.state(self.world), "webapp_public_key": self.world.public_key_hex}

    async def add_person(self, request: Request) -> Any:
        optional = {"last_name": str, "username": str, "language_code": str, "is_premium": bool}
        return people.add_person(self.world, **await body_of(request, {"first_name": str}, optional))

    async def add_photo(self, request: Request) -> Any:
        """The picture a person shows of themselves: a file in the field `photo` of a form."""
        account = people.person(self.world, request.path_params["user"])
        async with request.form(max_files=1) as form:
            photo = form.get("photo")
            if not isinstance(photo, UploadFile):
                raise WrongCall("The form holds no file 'photo'.")
            media.adds_photo(self.world, account, await photo.read())

    async def add_bot(self, request: Request) -> Any:
        required = {"owner_id": int, "name": str, "username": str}
        bot, token = people.add_bot(self.world, **await body_of(request, required, {"can_manage_bots": bool}))
        return {"bot": bot, "token": token}

    async def revoke(self, request: Request) -> Any:
        await body_of(request, {})
        return {"token": people.revoke(self.world, request.path_params["bot"])}

    async def add_chat(self, request: Request) -> Any:
        required = {"type": str, "title": str, "creator_id": int}
        body = await body_of(request, required, {"username": str, "member_ids": list})
        return groups.add_chat(self.world, **body)

    async def set_member(self, request: Request) -> Any:
        body = await body_of(request, {"user_id": int, "status": str}, {"by": int})
        chat = people.find(self.world, request.path_params["chat"])
        return groups.set_member(self.world, chat.id, body["user_id"], body["status"], body.get("by"))

    async def upgrade(self, request: Request) -> Any:
        """Makes a basic group a supergroup; bots learn the new id when they use the old one."""
        await body_of(request, {})
        return groups.upgrade(self.world, people.find(self.world, request.path_params["chat"]).id)

    async def add_fault(self, request: Request) -> Any:
        optional = {"bot": object, "method": str, "times": int, "retry_after": int}
        body = await body_of(request, {"kind": str}, optional)
        if "bot" in body:
            body["bot"] = people.find(self.world, body["bot"]).id
        try:
            self.world.faults.add(**body)
        except ValueError as error:
            raise WrongCall(f"{error}.") from error

    async def clear_faults(self, request: Request) -> Any:
        self.world.faults.clear()

    async def advance(self, request: Request) -> Any:
        body = await body_of(request, {"advance": float})
        if body["advance"] < 0:
            raise WrongCall("The clock only goes forward.")
        self.world.clock.advance(body["advance"])
        return {"now": self.world.clock.now()}
