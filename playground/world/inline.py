"""Inline mode: people ask a bot from any chat and send what they choose."""

from __future__ import annotations

import secrets

from playground.world.people import bot_of, find, person, user_of
from playground.world.posting import post, shown
from playground.world.pressing import answered, new_question
from playground.world.records import Account, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import private_room, room_of_peer
from playground.world.world import World
from playground.world.writing import opened

LIFETIME = 30.0  # seconds a bot has to answer


async def inline_query(
    world: World,
    person_id: int,
    bot: int | str,
    query: str,
    *,
    peer: int | str | None = None,
    offset: str = "",
    limit: float = 10.0,
) -> Thing:
    """What the bot offers for these words: `{"query_id", "results", "button"?}`."""
    asked, who = _inline_bot(world, bot), person(world, person_id)
    room = room_of_peer(world, person_id, peer) if peer is not None else private_room(world, person_id, asked.id)
    question = new_question(world, "inline", asked.id, person_id, room, LIFETIME)
    update: Thing = {"id": question.id, "from": user_of(who), "query": query, "offset": offset}
    update["chat_type"] = _chat_type(room, asked)
    question.words = query
    world.queues.push(asked.id, "inline_query", update)
    answer = await answered(world, question, limit)
    if answer is None:
        raise WrongCall(f"@{asked.username} did not answer within {limit:g} seconds", 504)
    return {"query_id": question.id, **answer}


def _inline_bot(world: World, bot: int | str) -> Account:
    account = find(world, bot)
    if not isinstance(account, Account) or not account.supports_inline_queries:
        raise WrongCall(f"{bot} has no inline mode")
    return bot_of(world, account.id)


def _chat_type(room: Room, asked: Account) -> str:
    if not room.is_private:
        return room.type
    return "sender" if room.bot_id == asked.id else "private"


def chooses_inline(
    world: World, person_id: int, bot: int | str, peer: int | str, query_id: str, result_id: str
) -> Thing:
    """The person sends one of the results; answers the `Message`."""
    asked = _inline_bot(world, bot)
    question = world.questions.get(query_id)
    if question is None or question.person != person_id or question.bot != asked.id or not question.answer:
        raise WrongCall("there is no such inline query", 404)
    chosen = next((result for result in question.answer["results"] if result["id"] == result_id), None)
    if chosen is None:
        raise WrongCall(f"the bot offered no result {result_id!r}", 404)
    return send_result(world, person_id, asked, peer, chosen, query=question.words)


def send_result(
    world: World, person_id: int, bot: Account, peer: int | str, chosen: Thing, *, query: str = "", tell: bool = True
) -> Thing:
    """Post an inline result in the person's name, via the bot, which is told what was chosen."""
    who, room = opened(world, person_id, peer)
    content = {**chosen["content"], "via_bot": user_of(bot)}
    written = post(world, room, who, content, keyboard=chosen.get("reply_markup"))
    inline_id = remember_inline(world, written.key)
    if tell:
        payload = {"result_id": chosen["id"], "from": user_of(who), "query": query, "inline_message_id": inline_id}
        world.queues.push(bot.id, "chosen_inline_result", payload)
    return {**shown(world, written), "inline_message_id": inline_id}


def remember_inline(world: World, key: str) -> str:
    """The id by which a bot edits a message that was sent through it."""
    inline_id = "AgAA" + secrets.token_urlsafe(16)
    world.set_note(f"inline message {inline_id}", key)
    world.set_note(f"inline id {key}", inline_id)
    return inline_id
