"""Play people: a small async client for the playground's control API.

    async with Playground("http://127.0.0.1:8081") as playground:
        alice = await playground.person("Alice")
        await alice.says("@mini_mancer_bot", "/newbot")
        await alice.presses("@mini_mancer_bot", "Create")
        assert "is live" in await alice.hears("@mini_mancer_bot", containing="live")

Everything waits on the playground, never on the clock of the test, and a person who waits in vain raises
`NotHeard` with the last messages in it.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import httpx

from playground.seen import Message, View, wanted_button

LONGEST_WAIT = 20.0  # seconds one request waits for news; longer waits ask again
PATIENCE = 10.0  # seconds a person waits for a reply when the test says nothing else


class PlaygroundError(Exception):
    """The playground refused a call; the message is its own sentence."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class NotHeard(AssertionError):
    """What a person waited for did not come; the message shows what they see instead."""


@dataclass(frozen=True, kw_only=True)
class BotAccount:
    """A bot of the playground, with the token BotFather would have given."""

    id: int
    username: str
    token: str
    user: dict[str, Any]


Peer = int | str | BotAccount | Mapping[str, Any]


def peer_name(peer: Peer) -> str:
    """The peer as it stands in a path: an id or `@username`."""
    if isinstance(peer, BotAccount):
        return str(peer.id)
    if isinstance(peer, Mapping):
        return str(peer["id"])
    text = str(peer)
    return text if text.lstrip("-").isdigit() or text.startswith("@") else f"@{text}"


class Playground:
    """The whole local Telegram: its people, bots, groups, faults and clock."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url.rstrip("/")
        timeout = httpx.Timeout(LONGEST_WAIT + 15)
        nobody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # plain HTTP only; loading the usual authorities takes 0.1 s
        self._http = httpx.AsyncClient(
            base_url=f"{self.base_url}/play/v1", timeout=timeout, trust_env=False, verify=nobody
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        await self._http.aclose()

    async def call(self, method: str, path: str, **options: Any) -> Any:
        """The JSON answer of one control call; raises `PlaygroundError` with its sentence when refused."""
        answer = await self._http.request(method, path, **options)
        if answer.is_success:
            return answer.json()
        try:
            sentence = answer.json()["error"]
        except (ValueError, KeyError, TypeError):
            sentence = f"{method} {path} answered {answer.status_code}"
        raise PlaygroundError(sentence, answer.status_code)

    async def state(self) -> dict[str, Any]:
        state: dict[str, Any] = await self.call("GET", "/state")
        return state

    async def me(self) -> Person:
        """The person the playground opens its page for."""
        return Person(self, (await self.state())["me"])

    async def person(self, first_name: str, **details: Any) -> Person:
        """A new person."""
        return Person(self, await self.call("POST", "/users", json={"first_name": first_name, **details}))

    async def photo(self, person: Person, content: bytes) -> None:
        """Give a person a picture of themselves."""
        await self.call("POST", f"/users/{person.id}/photo", files={"photo": ("photo.jpg", content)})

    async def bot(self, owner: Person | int, name: str, username: str, can_manage_bots: bool = False) -> BotAccount:
        """A new bot, as BotFather makes it."""
        owner_id = owner.id if isinstance(owner, Person) else owner
        body = {"owner_id": owner_id, "name": name, "username": username, "can_manage_bots": can_manage_bots}
        made = await self.call("POST", "/bots", json=body)
        user = made["bot"]
        return BotAccount(id=user["id"], username=user["username"], token=made["token"], user=user)

    async def revoke(self, bot: BotAccount | int) -> str:
        """The bot's new token; the old one is dead from now on."""
        bot_id = bot.id if isinstance(bot, BotAccount) else bot
        return str((await self.call("POST", f"/bots/{bot_id}/revoke"))["token"])

    async def group(
        self,
        title: str,
        creator: Person,
        members: Sequence[Person | BotAccount] = (),
        *,
        kind: str = "supergroup",
        username: str | None = None,
    ) -> dict[str, Any]:
        """A new group, supergroup or channel, as a `Chat`."""
        body: dict[str, Any] = {"type": kind, "title": title, "creator_id": creator.id}
        body["member_ids"] = [member.id for member in members]
        if username is not None:
            body["username"] = username
        chat: dict[str, Any] = await self.call("POST", "/chats", json=body)
        return chat

    async def member(self, chat: Peer, user: Person | BotAccount, status: str) -> None:
        """Move a member: `member`, `administrator`, `left`, `kicked`, `restricted`."""
        await self.call("POST", f"/chats/{peer_name(chat)}/members", json={"user_id": user.id, "status": status})

    async def fault(
        self,
        kind: str,
        *,
        bot: BotAccount | int | None = None,
        method: str | None = None,
        times: int = 1,
        retry_after: int | None = None,
    ) -> None:
        """Make the next `times` matching Bot API calls fail."""
        bot_id = bot.id if isinstance(bot, BotAccount) else bot
        body = {"kind": kind, "bot": bot_id, "method": method, "times": times, "retry_after": retry_after}
        await self.call("POST", "/faults", json={key: value for key, value in body.items() if value is not None})

    async def clear_faults(self) -> None:
        await self.call("DELETE", "/faults")

    async def advance(self, seconds: float) -> None:
        """Move the playground's clock forward."""
        await self.call("POST", "/clock", json={"advance": seconds})


class Person:
    """One person of the playground and everything they do in their chats."""

    def __init__(self, playground: Playground, user: Mapping[str, Any]) -> None:
        self.playground = playground
        self.user = dict(user)
        self.id = int(user["id"])
        self.first_name = str(user["first_name"])
        self._views: dict[str, View] = {}

    def __repr__(self) -> str:
        return f"Person({self.first_name}, {self.id})"

    async def _do(self, bot: Peer, deed: str, body: Mapping[str, Any] | None = None, **options: Any) -> Any:
        if body is not None:
            options["json"] = body
        return await self.playground.call("POST", f"/users/{self.id}/chats/{peer_name(bot)}/{deed}", **options)

    async def _look(self, bot: Peer, wait: float = 0) -> View:
        """The chat as it is now, after at most `wait` seconds of waiting for something new."""
        view = self._views.setdefault(peer_name(bot), View())
        path = f"/users/{self.id}/chats/{peer_name(bot)}/messages"
        query = {"after": view.seq, "wait": round(min(max(wait, 0), LONGEST_WAIT), 3)}
        view.take_in(await self.playground.call("GET", path, params=query), self.id)
        return view

    # --- writing ---

    async def says(self, bot: Peer, text: str, *, reply_to: int | None = None) -> Message:
        """Write a text."""
        body: dict[str, Any] = {"text": text}
        if reply_to is not None:
            body["reply_to_message_id"] = reply_to
        return Message(await self._do(bot, "send", body))

    async def starts(self, bot: Peer, payload: str | None = None) -> Message:
        """Press Start, or follow `t.me/<bot>?start=<payload>`."""
        return await self.says(bot, "/start" if payload is None else f"/start {payload}")

    async def _sends_file(self, bot: Peer, kind: str, content: bytes, name: str, caption: str | None) -> Message:
        form = {} if caption is None else {"caption": caption}
        return Message(await self._do(bot, "send", data=form, files={kind: (name, content)}))

    async def sends_photo(
        self, bot: Peer, content: bytes, name: str = "photo.jpg", *, caption: str | None = None
    ) -> Message:
        return await self._sends_file(bot, "photo", content, name, caption)

    async def sends_document(self, bot: Peer, content: bytes, name: str, *, caption: str | None = None) -> Message:
        return await self._sends_file(bot, "document", content, name, caption)

    async def sends_voice(self, bot: Peer, content: bytes, name: str = "voice.ogg") -> Message:
        return await self._sends_file(bot, "voice", content, name, None)

    async def sends_contact(
        self, bot: Peer, phone_number: str, first_name: str | None = None, *, user_id: int | None = None
    ) -> Message:
        """Send a contact; one's own (the default) carries one's user id, as a shared phone number does."""
        contact: dict[str, Any] = {"phone_number": phone_number, "first_name": first_name or self.first_name}
        own = first_name is None and user_id is None
        if own or user_id is not None:
            contact["user_id"] = self.id if own else user_id
        return Message(await self._do(bot, "send", {"contact": contact}))

    async def sends_location(self, bot: Peer, latitude: float, longitude: float) -> Message:
        return Message(await self._do(bot, "send", {"location": {"latitude": latitude, "longitude": longitude}}))

    async def forwards(self, bot: Peer, *messages: Message | int, to: Peer) -> list[Message]:
        """Forward messages of one chat into another; answers the new ones."""
        ids = [message if isinstance(message, int) else message.id for message in messages]
        answer = await self._do(bot, "forward", {"message_ids": ids, "to": peer_name(to)})
        return [Message(raw) for raw in answer["messages"]]

    async def sends_poll(
        self, bot: Peer, question: str, options: Sequence[str], *, key: str | None = None, **details: Any
    ) -> Message:
        """Send a poll, of one's own accord or because a `key` asks for it; `details` as in docs/playground.md."""
        poll = {"question": question, "options": list(options), **details}
        if key is None:
            return Message(await self._do(bot, "send", {"poll": poll}))
        return await self._gives(bot, key, {"poll": poll})

    # --- pressing ---

    async def shares_users(self, bot: Peer, key: str, *users: Person | BotAccount | int) -> Message:
        """Choose people and bots for a key that asks for them."""
        ids = [user if isinstance(user, int) else user.id for user in users]
        return await self._gives(bot, key, {"user_ids": ids})

    async def shares_chat(self, bot: Peer, key: str, chat: int | Mapping[str, Any]) -> Message:
        """Choose a group or channel for a key that asks for one."""
        return await self._gives(bot, key, {"chat_id": chat if isinstance(chat, int) else chat["id"]})

    async def _gives(self, bot: Peer, key: str, choice: Mapping[str, Any]) -> Message:
        return Message((await self._do(bot, "press", {"text": key, **choice}))["message"])

    async def presses(
        self,
        bot: Peer,
        text: str | None = None,
        *,
        row: int | None = None,
        column: int | None = None,
        message_id: int | None = None,
        timeout: float = PATIENCE,
    ) -> dict[str, Any]:
        """Press a button: inline on the newest message that has it, else of the reply keyboard; waits for one to come.

        `text` may be a part of the label when no label is exactly that.  The answer is what the bot answered.
        """
        until = time.monotonic() + timeout
        view = await self._look(bot)
        while (press := wanted_button(view, text, row, column, message_id)) is None:
            view = await self._more(bot, until, f"saw no button {text if text is not None else (row, column)!r}")
        answer: dict[str, Any] = await self._do(bot, "press", press)
        return answer

    async def confirms_managed_bot(
        self, bot: Peer, name: str | None = None, username: str | None = None, *, timeout: float = PATIENCE
    ) -> dict[str, Any]:
        """Open the managed-bot form and confirm it, edited or as suggested; answers the new bot."""
        body = {"text": await self._managed_button(bot, timeout), "name": name, "username": username}
        given = {key: value for key, value in body.items() if value is not None}
        answer: dict[str, Any] = await self._do(bot, "managed_bot", given)
        return answer

    async def cancels_managed_bot(self, bot: Peer, *, timeout: float = PATIENCE) -> None:
        """Open the managed-bot form and close it again."""
        await self._do(bot, "managed_bot", {"text": await self._managed_button(bot, timeout), "cancel": True})

    async def _managed_button(self, bot: Peer, timeout: float) -> str:
        until = time.monotonic() + timeout
        view = await self._look(bot)
        while True:
            for row in (view.keyboard or {}).get("keyboard", []):
                for button in row:
                    if isinstance(button, Mapping) and "request_managed_bot" in button:
                        return str(button["text"])
            view = await self._more(bot, until, "saw no button that makes a bot")

    async def opens_app(self, bot: Peer, source: str = "menu", *, timeout: float = PATIENCE) -> str:
        """The address of the Mini App with its launch parameters: from the menu button or a button's text."""
        if source == "menu":
            return str((await self._do(bot, "open_app", {"source": "menu"}))["url"])
        until = time.monotonic() + timeout
        view = await self._look(bot)
        while (press := wanted_button(view, source, None, None, None)) is None:
            view = await self._more(bot, until, f"saw no button {source!r}")
        return str((await self._do(bot, "open_app", press))["url"])

    async def sends_app_data(self, bot: Peer, button_text: str, data: str) -> None:
        """What `sendData` of a keyboard-launched Mini App does."""
        await self._do(bot, "web_app_data", {"button_text": button_text, "data": data})

    # --- reading ---

    async def hears(self, bot: Peer, containing: str | None = None, *, timeout: float = PATIENCE) -> Message:
        """The next message not yet heard (an edit of its words counts); with `containing`, others are passed over."""
        until = time.monotonic() + timeout
        view = await self._look(bot)
        while True:
            while view.unheard:
                message = view.messages[view.unheard.pop(0)]
                if containing is None or containing.casefold() in message.text.casefold():
                    return message
            wanted = "nothing new" if containing is None else f"nothing with {containing!r}"
            view = await self._more(bot, until, f"heard {wanted}")

    async def sees(self, bot: Peer) -> list[Message]:
        """All messages of the chat, oldest first.  Seeing is not hearing: they stay unheard."""
        view = await self._look(bot)
        return [view.messages[number] for number in sorted(view.messages)]

    async def sees_keyboard(self, bot: Peer) -> list[str]:
        """The labels of the current reply keyboard."""
        rows = ((await self._look(bot)).keyboard or {}).get("keyboard", [])
        return [str(key["text"] if isinstance(key, Mapping) else key) for row in rows for key in row]

    async def sees_draft(self, bot: Peer, *, timeout: float = PATIENCE) -> str:
        """The draft the bot is writing, as soon as there is one."""
        until = time.monotonic() + timeout
        view = await self._look(bot)
        while view.draft is None:
            view = await self._more(bot, until, "saw no draft")
        return view.draft

    async def _more(self, bot: Peer, until: float, complaint: str) -> View:
        left = until - time.monotonic()
        if left <= 0:
            raise NotHeard(f"{self.first_name} {complaint} in {peer_name(bot)}; {self._views[peer_name(bot)]}")
        return await self._look(bot, wait=left)

    # --- the chat itself ---

    async def blocks(self, bot: Peer) -> None:
        await self._do(bot, "block")

    async def unblocks(self, bot: Peer) -> None:
        await self._do(bot, "unblock")

    async def clears(self, bot: Peer) -> None:
        """Delete the history on this person's side."""
        await self._do(bot, "clear")
