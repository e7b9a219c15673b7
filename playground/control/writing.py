"""The calls by which a person writes: text, files, places and contacts, presses, votes, and the managed-bot form."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from playground.control.calls import body_of, checked, is_kind
from playground.control.chats import spot
from playground.world import acts
from playground.world.refusals import WrongCall
from playground.world.world import World

FILE_KINDS = ("photo", "document", "voice", "video", "audio", "animation", "video_note", "sticker")
CHOICES: dict[str, type] = {"user_ids": list, "chat_id": int, "poll": dict, "location": dict}  # what keys ask for
LARGEST_FILE = 100 * 1024 * 1024
ALBUM = range(2, 11)


class Writing:
    """What a person says and presses."""

    def __init__(self, world: World) -> None:
        self.world = world

    async def send(self, request: Request) -> Any:
        """One message of the person; several files in one form are an album, answered as a list."""
        if request.headers.get("content-type", "").startswith("multipart/form-data"):
            async with request.form(max_files=10, max_part_size=LARGEST_FILE) as form:
                return await self._send_files(*spot(request), form)
        kinds = {"text": str, "contact": dict, "location": dict, "dice": str, "poll": dict}
        extra = {"reply_to_message_id": int, "entities": list}
        body = await body_of(request, {}, kinds | extra)
        given = [kind for kind in kinds if kind in body]
        if len(given) != 1:
            raise WrongCall(f"A message is exactly one of {', '.join((*kinds, *FILE_KINDS))} (files as multipart).")
        return self._send(*spot(request), given[0], body)

    def _send(self, person_id: int, peer: str, kind: str, body: dict[str, Any]) -> Any:
        reply_to = body.get("reply_to_message_id")
        if kind == "text":
            return acts.says(
                self.world, person_id, peer, body["text"], entities=body.get("entities"), reply_to=reply_to
            )
        if kind == "contact":
            fields = {"last_name": str, "user_id": int, "vcard": str}
            contact = checked(body["contact"], {"phone_number": str, "first_name": str}, fields)
            return acts.sends_contact(self.world, person_id, peer, contact, reply_to)
        if kind == "location":
            return acts.sends_location(self.world, person_id, peer, place_of(body), reply_to)
        if kind == "poll":
            return acts.sends_poll(self.world, person_id, peer, poll_of(body))
        return acts.sends_dice(self.world, person_id, peer, body["dice"])

    async def _send_files(self, person_id: int, peer: str, form: FormData) -> Any:
        files = [(kind, part) for kind, part in form.multi_items() if isinstance(part, UploadFile)]
        words = {name: str(value) for name, value in form.multi_items() if isinstance(value, str)}
        for name in [kind for kind, _ in files if kind not in FILE_KINDS] or [*(words.keys() - TEXT_FIELDS)]:
            raise WrongCall(f"There is no field {name!r} in this form.")
        if not files:
            raise WrongCall(f"The form holds no file: one of {', '.join(FILE_KINDS)}.")
        items = [(kind, await part.read(), part.filename or kind, part.content_type) for kind, part in files]
        if len(items) in ALBUM:
            album = [(kind, content, name) for kind, content, name, _ in items]
            return acts.sends_album(self.world, person_id, peer, album, caption=words.get("caption"))
        kind, content, name, content_type = items[0]
        details: dict[str, Any] = {field: whole(words, field) for field in NUMBERS if field in words}
        return acts.sends(
            self.world,
            person_id,
            peer,
            kind,
            content,
            name,
            content_type=content_type,
            caption=words.get("caption"),
            reply_to=whole(words, "reply_to_message_id"),
            **details,
        )

    async def edit(self, request: Request) -> Any:
        body = await body_of(request, {"message_id": int, "text": str})
        return acts.edits(self.world, *spot(request), body["message_id"], body["text"])

    async def delete(self, request: Request) -> Any:
        body = await body_of(request, {"message_id": int})
        acts.deletes(self.world, *spot(request), body["message_id"])

    async def forward(self, request: Request) -> Any:
        """Forwards messages of this chat into another of the person's."""
        body = await body_of(request, {"message_ids": list, "to": object})
        numbers = body["message_ids"]
        if not all(is_kind(number, int) for number in numbers):
            raise WrongCall("The field 'message_ids' must be a list of whole numbers.")
        return {"messages": acts.forwards(self.world, *spot(request), numbers, body["to"])}

    async def press(self, request: Request) -> Any:
        place = {"message_id": int, "text": str, "row": int, "column": int}
        body = await body_of(request, {}, place | CHOICES)
        given = {name: body.pop(name) for name in CHOICES if name in body}
        if "message_id" in body and not given:
            number, where = body.pop("message_id"), body
            return await acts.presses(self.world, *spot(request), number, **where)
        if "text" not in body or len(body) > 1 or len(given) > 1:
            raise WrongCall(
                "A press names a message_id with text or row and column, or the text of a reply-keyboard button "
                f"with at most one of {', '.join(CHOICES)}."
            )
        if "poll" in given:
            given["poll"] = poll_of(given)
        if "location" in given:
            given["location"] = place_of(given)
        return acts.presses_key(self.world, *spot(request), body["text"], given)

    async def vote(self, request: Request) -> Any:
        body = await body_of(request, {"message_id": int, "option_ids": list})
        return acts.votes(self.world, *spot(request), body["message_id"], body["option_ids"])

    async def react(self, request: Request) -> Any:
        """Reacts with an emoji, or takes the reaction back when none is named."""
        body = await body_of(request, {"message_id": int}, {"emoji": str})
        acts.reacts(self.world, *spot(request), body["message_id"], body.get("emoji"))

    async def ask_inline(self, request: Request) -> Any:
        """Types `@bot words` into this chat; answers what the bot offers."""
        body = await body_of(request, {"bot": object, "query": str}, {"offset": str})
        person_id, peer = spot(request)
        offset = body.get("offset", "")
        return await acts.inline_query(self.world, person_id, body["bot"], body["query"], peer=peer, offset=offset)

    async def choose_inline(self, request: Request) -> Any:
        """Sends one of the offered results into this chat; answers the message."""
        body = await body_of(request, {"bot": object, "query_id": str, "result_id": str})
        person_id, peer = spot(request)
        return acts.chooses_inline(self.world, person_id, body["bot"], peer, body["query_id"], body["result_id"])

    async def managed_bot(self, request: Request) -> Any:
        """Shows (`form`), confirms or cancels the form that a `request_managed_bot` button opens."""
        optional = {"message_id": int, "name": str, "username": str, "cancel": bool, "form": bool, "text": str}
        body = await body_of(request, {}, optional)
        where = (self.world, *spot(request), body.get("text", ""))
        message_id = body.get("message_id")
        if body.get("cancel"):
            acts.cancels_managed_bot(*where, message_id)
            return {}
        if "text" not in body:
            raise WrongCall("The field 'text' is missing: the button that opens the form.")
        if body.get("form"):
            return acts.managed_bot_form(*where, message_id)
        return acts.confirms_managed_bot(
            *where, name=body.get("name"), username=body.get("username"), message_id=message_id
        )


NUMBERS = ("duration", "width", "height", "length")
TEXT_FIELDS = {"caption", "reply_to_message_id", *NUMBERS}


def place_of(body: dict[str, Any]) -> dict[str, Any]:
    """The checked location of a call."""
    place = checked(body["location"], {"latitude": float, "longitude": float}, {"horizontal_accuracy": float})
    if abs(place["latitude"]) > 90 or abs(place["longitude"]) > 180:
        raise WrongCall("A latitude lies between -90 and 90, a longitude between -180 and 180.")
    return place


def poll_of(body: dict[str, Any]) -> dict[str, Any]:
    """The checked poll of a call."""
    more: dict[str, type] = {"type": str, "explanation": str, "correct_option_ids": list}
    flags = dict.fromkeys(("is_anonymous", "allows_multiple_answers"), bool)
    return checked(body["poll"], {"question": str, "options": list}, more | flags)


def whole(words: dict[str, str], name: str) -> int | None:
    """A whole number of a form, or None when it is not given."""
    if name not in words:
        return None
    try:
        return int(words[name])
    except ValueError as error:
        raise WrongCall(f"The field {name!r} must be a whole number.") from error
