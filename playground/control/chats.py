"""The calls that read: chat list, search, one chat, its messages, files; and what a person does to a chat itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from playground.control.calls import body_of, number, waiting
from playground.world import acts, people, rooms, sight
from playground.world.posting import shown
from playground.world.records import Room
from playground.world.refusals import Refusal, WrongCall
from playground.world.world import World

SHOWABLE = ("image/", "video/", "audio/")  # what a browser may show on its own; everything else is only downloaded
SEARCH_LIMIT = 20
MEMBERS = 100  # listed with a chat


def spot(request: Request) -> tuple[int, str]:
    """Who acts and where: the person's id and the peer as written."""
    return request.path_params["user"], request.path_params["peer"]


class Chats:
    """What a person sees, and their own side of a chat."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def all(self, request: Request) -> Any:
        user = request.path_params["user"]
        seq = await sight.watch_chats(self.world, user, number(request, "after"), waiting(request))
        return {"seq": seq, "chats": sight.chats_of(self.world, user)}

    async def search(self, request: Request) -> Any:
        """Bots, groups and channels whose @name or title begins with, or holds, the words."""
        words = request.query_params.get("search", "").strip().lstrip("@").casefold()
        user = request.path_params["user"]
        people.user(self.world, user)
        if not words:
            return {"peers": []}
        state = people.state(self.world)
        public = [chat for chat in state["chats"] if chat.get("username")]
        found = [(rank(peer, words), peer) for peer in [*state["bots"], *public]]
        hits = sorted((hit for hit in found if hit[0] is not None), key=lambda hit: (hit[0], hit[1]["id"]))
        return {"peers": [peer for _, peer in hits[:SEARCH_LIMIT]]}

    async def one(self, request: Request) -> Any:
        return about(self.world, *spot(request))

    async def messages(self, request: Request) -> Any:
        view = await sight.watch(self.world, *spot(request), number(request, "after"), waiting(request))
        person_id, room = request.path_params["user"], rooms.room_of_peer(self.world, *spot(request))
        return {**view, "messages": [self._as_seen(person_id, room, one) for one in view["messages"]]}

    def _as_seen(self, person_id: int, room: Room, message: dict[str, Any]) -> dict[str, Any]:
        """The message with what a person sees and no bot is told: their own choice in a poll, everybody's reactions."""
        seen = dict(message)
        if "poll" in message:
            ballots = self.world.note(f"poll {message['poll']['id']}", {})
            seen["poll"] = {**message["poll"], "chosen_option_ids": ballots.get(str(person_id), [])}
        if "reactions" in message:
            written = self.world.posts[room.name][message["message_id"]]
            own = self.world.note(f"reactions {written.key}", {}).get(str(person_id), [])
            mine = {reaction.get("emoji") for reaction in own}
            seen["reactions"] = [{**one, "mine": one["emoji"] in mine} for one in message["reactions"]]
        return seen

    async def file(self, request: Request) -> Any:
        """A file's bytes.  Nothing a bot sent can run as a page of the playground."""
        people.user(self.world, request.path_params["user"])
        try:
            record = self.world.files.of(request.path_params["file_id"])
        except Refusal as error:
            raise WrongCall("There is no such file.", 404) from error
        kind = record.mime_type or "application/octet-stream"
        viewable = kind.startswith(SHOWABLE) and "svg" not in kind
        name = quote(record.name or "file")
        headers = {
            "Content-Disposition": f"{'inline' if viewable else 'attachment'}; filename*=UTF-8''{name}",
            "Content-Security-Policy": "default-src 'none'; sandbox",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, max-age=86400, immutable",
        }
        content = self.world.files.content(request.path_params["file_id"])
        return Response(content, media_type=kind if viewable else "application/octet-stream", headers=headers)

    async def new_bot(self, request: Request) -> Any:
        """What confirming the form of a `t.me/newbot/<manager>/<username>?name=…` link does."""
        body = await body_of(request, {"manager": str, "name": str, "username": str})
        user, manager = request.path_params["user"], body["manager"]
        return acts.follows_newbot_link(self.world, user, manager, name=body["name"], username=body["username"])

    async def read(self, request: Request) -> Any:
        body = await body_of(request, {"message_id": int})
        sight.mark_read(self.world, *spot(request), body["message_id"])

    async def block(self, request: Request) -> Any:
        await body_of(request, {})
        acts.blocks(self.world, *spot(request))

    async def unblock(self, request: Request) -> Any:
        await body_of(request, {})
        acts.unblocks(self.world, *spot(request))

    async def clear(self, request: Request) -> Any:
        await body_of(request, {})
        acts.clears(self.world, *spot(request))


def rank(peer: dict[str, Any], words: str) -> int | None:
    """How well a peer answers a search, 0 best; None when it does not."""
    username = str(peer.get("username") or "").casefold()
    name = str(peer.get("title") or peer.get("first_name") or "").casefold()
    checks = [username == words, username.startswith(words), name.startswith(words), words in username, words in name]
    return checks.index(True) if True in checks else None


def about(world: World, person_id: int, peer: str) -> dict[str, Any]:
    """What the head and the writing field of a chat need to know."""
    other = people.find(world, peer)
    view = sight.look(world, person_id, peer, after=2**62)
    facts: dict[str, Any] = {
        "blocked": view["blocked"],
        "started": view["started"],
        "commands": sight.commands_for(world, person_id, peer),
        "read_up_to": sight.fetched_up_to(world, person_id, peer),
    }
    room = rooms.room_of_peer(world, person_id, peer)
    if room.pinned:
        facts["pinned"] = shown(world, world.posts[room.name][room.pinned[0]])
    if isinstance(other, Room):
        return facts | room_facts(world, person_id, other)
    if not other.is_bot:
        raise WrongCall("In the playground people talk to bots and in groups, not to each other in private.")
    profile = sight.bot_profile(world, person_id, other.id)
    button = sight.menu_button(world, person_id, other.id)
    return facts | {
        "kind": "bot",
        "chat": profile["user"],
        "can_write": True,
        "menu_button": button,
        "profile": profile,
    }


def room_facts(world: World, person_id: int, room: Room) -> dict[str, Any]:
    """The same for a group or channel."""
    statuses = {int(key): str(member["status"]) for key, member in room.members.items()}
    own = statuses.get(person_id, "left")
    present = [number for number in statuses if rooms.is_present(room, number)]
    chat = {"id": room.id, "type": room.type, "title": room.title, "username": room.username}
    return {
        "kind": "channel" if room.is_channel else "group",
        "chat": {name: value for name, value in chat.items() if value is not None},
        "can_write": rooms.may_write(room, person_id),
        "status": own,
        "member_count": len(present),
        "members": [{"user": people.user(world, number), "status": statuses[number]} for number in present[:MEMBERS]],
        "description": room.description,
    }
