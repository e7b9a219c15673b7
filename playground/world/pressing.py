"""People press: inline buttons and the questions they put to bots."""

from __future__ import annotations

import asyncio
import secrets

from playground.world.people import user_of
from playground.world.posting import shown
from playground.world.records import Post, Pressed, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import chat_of, room_of_peer
from playground.world.world import World
from playground.world.writing import seen_message

NOT_ASKED = (  # buttons that do something without their bot
    "url", "web_app", "copy_text", "switch_inline_query", "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
)  # fmt: skip
CALLBACK_LIFETIME = 150.0  # seconds a bot has to answer a pressed button


async def presses(
    world: World,
    person_id: int,
    peer: int | str,
    message_id: int,
    *,
    text: str | None = None,
    row: int | None = None,
    column: int | None = None,
    limit: float = 10.0,
) -> Thing:
    """The person presses a button under a message; answers what the bot answered, or 504 if it did not in time."""
    room = room_of_peer(world, person_id, peer)
    written = seen_message(world, room, message_id)
    button = pressed_button(written, text, row, column)
    for kind in NOT_ASKED:
        if kind in button:
            return {kind: button[kind]["url"] if kind == "web_app" else button[kind]}
    if "login_url" in button:
        return {"url": button["login_url"]["url"]}
    question = ask_callback(world, person_id, room, written, button)
    answer = await answered(world, question, limit)
    if answer is None:
        raise WrongCall(f"the bot did not answer the button {button['text']!r} within {limit:g} seconds", 504)
    return _as_seen(answer)


def pressed_button(written: Post, text: str | None, row: int | None, column: int | None) -> Thing:
    """The inline button with these words or at this place."""
    rows = written.content.get("reply_markup", {}).get("inline_keyboard", [])
    if text is None:
        try:
            chosen: Thing = rows[row or 0][column or 0]
        except IndexError:
            raise WrongCall(f"message {written.id} has no button in row {row}, column {column}", 404) from None
        return chosen
    buttons = [button for line in rows for button in line]
    for button in buttons:
        if button["text"] == text:
            return dict(button)
    labels = ", ".join(repr(button["text"]) for button in buttons) or "none"
    raise WrongCall(f"message {written.id} has no button {text!r}; its buttons: {labels}", 404)


def ask_callback(world: World, person_id: int, room: Room, written: Post, button: Thing) -> Pressed:
    """Send the bot the `callback_query` of a pressed button."""
    bot_id = written.content.get("via_bot", {}).get("id") or written.sender or _channel_bot(world, room, written)
    question = new_question(world, "callback", bot_id, person_id, room, CALLBACK_LIFETIME, written.id)
    query: Thing = {
        "id": question.id,
        "from": user_of(world.accounts[person_id]),
        **_asked_from(world, written),
        "chat_instance": chat_instance(room),
    }
    if "callback_game" in button:
        query["game_short_name"] = written.content.get("game", {}).get("title", "")
    else:
        query["data"] = button["callback_data"]
    world.queues.push(bot_id, "callback_query", query, lane=str(chat_of(world, room)["id"]))
    return question


def _asked_from(world: World, written: Post) -> Thing:
    """The message with the button; what was sent inline is known by its inline id only."""
    if "via_bot" in written.content:
        return {"inline_message_id": world.note(f"inline id {written.key}", "")}
    return {"message": shown(world, written)}


def _channel_bot(world: World, room: Room, written: Post) -> int:
    return int(written.content.get("author_bot") or room.last_bot or room.bot_id)


def chat_instance(room: Room) -> str:
    """The number that names a chat without telling which it is."""
    return str(int.from_bytes(room.name.encode()[-8:].rjust(8, b"\1"), "big", signed=True))


def new_question(
    world: World, kind: str, bot_id: int, person_id: int, room: Room, lifetime: float, message_id: int | None = None
) -> Pressed:
    """Something the bot may answer until it expires."""
    now = world.clock.now()
    for old in [q for q in world.questions.values() if q.expires < now - CALLBACK_LIFETIME]:
        del world.questions[old.id]
        world.dropped(old)
    question = Pressed(
        id=str(secrets.randbits(62) | 1 << 61),
        type=kind,
        bot=bot_id,
        person=person_id,
        room=room.name,
        asked=now,
        expires=now + lifetime,
        message_id=message_id,
    )
    world.add(question)
    return question


async def answered(world: World, question: Pressed, limit: float) -> Thing | None:
    """The bot's answer, or None when none came within `limit` seconds."""
    world.commit()
    until = asyncio.get_running_loop().time() + limit
    while question.answer is None:
        left = until - asyncio.get_running_loop().time()
        if left <= 0 or not await world.news(question.id, left):
            break
    return question.answer


def _as_seen(answer: Thing) -> Thing:
    seen: Thing = {}
    if answer.get("text"):
        seen["alert" if answer.get("show_alert") else "toast"] = answer["text"]
    if answer.get("url"):
        seen["url"] = answer["url"]
    return seen
