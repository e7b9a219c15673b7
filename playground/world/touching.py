"""People change what is there: edit, delete, vote, react."""

from __future__ import annotations

from playground.entities import formatted
from playground.world.people import user_of
from playground.world.posting import deliver, shown
from playground.world.records import Post, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import bots_in, chat_of, is_admin, room_of_peer
from playground.world.world import World
from playground.world.writing import opened, seen_message


def edits(world: World, person_id: int, peer: int | str, message_id: int, text: str) -> Thing:
    """The person changes the words of a message of theirs; the bots get the edited message."""
    _, room = opened(world, person_id, peer)
    written = _own(world, room, person_id, message_id)
    if "forward_origin" in written.content:
        raise WrongCall("what was forwarded stays as it is")
    captioned = "text" not in written.content
    words, entities = formatted(text, what="caption" if captioned else "text", may_be_empty=captioned)
    names = ("caption", "caption_entities") if captioned else ("text", "entities")
    for name, value in zip(names, (words, entities), strict=True):
        written.content.pop(name, None)
        if value:
            written.content[name] = value
    written.edit_date = world.clock.date()
    touched(world, room, written)
    deliver(world, room, written, edited=True)
    return shown(world, written)


def deletes(world: World, person_id: int, peer: int | str, message_id: int) -> None:
    """The person deletes a message for both sides; bots are not told, as Telegram does not tell them."""
    room = room_of_peer(world, person_id, peer)
    written = seen_message(world, room, message_id)
    if not room.is_private and written.sender != person_id and not is_admin(room, person_id):
        raise WrongCall("only its writer or an administrator deletes a message here", 403)
    vanish(world, room, written)


def _own(world: World, room: Room, person_id: int, message_id: int) -> Post:
    written = seen_message(world, room, message_id)
    if written.sender != person_id:
        raise WrongCall(f"message {message_id} is somebody else's", 403)
    return written


def touched(world: World, room: Room, written: Post) -> None:
    """A message is different: whoever sees the chat is told."""
    written.seq = world.next_seq()
    world.changed(written)
    world.announce(room)


def vanish(world: World, room: Room, written: Post) -> None:
    """A message is gone: only its number stays, so that it is never used again."""
    written.gone, written.content, written.reply_to = True, {}, None
    if written.id in room.pinned:
        room.pinned.remove(written.id)
    for person, keyboard in list(room.keyboards.items()):
        if keyboard.get("message_id") == written.id:
            del room.keyboards[person]
    touched(world, room, written)


# --- polls ---


def votes(world: World, person_id: int, peer: int | str, message_id: int, option_ids: list[int]) -> Thing:
    """The person votes, or takes the vote back with no option; answers the `Message`."""
    _, room = opened(world, person_id, peer)
    written = seen_message(world, room, message_id)
    if "poll" not in written.content:
        raise WrongCall(f"message {message_id} is not a poll")
    poll = written.content["poll"]
    close_when_due(world, poll)
    ballots: dict[str, list[int]] = world.note(f"poll {poll['id']}", {})
    _check_ballot(poll, ballots.get(str(person_id)), option_ids)
    ballots[str(person_id)] = sorted(set(option_ids))
    if not option_ids:
        del ballots[str(person_id)]
    world.set_note(f"poll {poll['id']}", ballots)
    for number, option in enumerate(poll["options"]):
        option["voter_count"] = sum(number in chosen for chosen in ballots.values())
    poll["total_voter_count"] = len(ballots)
    touched(world, room, written)
    _tell_of_vote(world, written, poll, person_id, option_ids)
    return shown(world, written)


def _check_ballot(poll: Thing, before: list[int] | None, option_ids: list[int]) -> None:
    if poll["is_closed"]:
        raise WrongCall("this poll is closed")
    if any(not 0 <= number < len(poll["options"]) for number in option_ids):
        raise WrongCall(f"this poll has options 0 to {len(poll['options']) - 1}")
    if len(set(option_ids)) > 1 and not poll["allows_multiple_answers"]:
        raise WrongCall("this poll takes one answer")
    if before and poll["type"] == "quiz":
        raise WrongCall("an answer to a quiz stands")


def _tell_of_vote(world: World, written: Post, poll: Thing, person_id: int, option_ids: list[int]) -> None:
    bot_id = written.sender or written.content.get("author_bot", 0)
    if bot_id not in world.accounts or not world.accounts[bot_id].is_bot:
        return
    world.queues.push(bot_id, "poll", shown_poll(poll), lane=f"p{poll['id']}")
    if not poll["is_anonymous"]:
        answer = {
            "poll_id": poll["id"],
            "user": user_of(world.accounts[person_id]),
            "option_ids": sorted(set(option_ids)),
            "option_persistent_ids": [poll["options"][number]["persistent_id"] for number in sorted(set(option_ids))],
        }
        world.queues.push(bot_id, "poll_answer", answer, lane=f"p{poll['id']}")


def close_when_due(world: World, poll: Thing) -> None:
    """A poll with a closing date closes by the playground's clock."""
    if poll.get("close_date", float("inf")) <= world.clock.now():
        poll["is_closed"] = True


def shown_poll(poll: Thing) -> Thing:
    """The poll as it stands now, apart from the message it is in."""
    return {**poll, "options": [dict(option) for option in poll["options"]]}


# --- reactions ---


def reacts(world: World, person_id: int, peer: int | str, message_id: int, emoji: str | None) -> None:
    """The person reacts to a message, or takes the reaction back."""
    _, room = opened(world, person_id, peer)
    written = seen_message(world, room, message_id)
    react(world, room, written, person_id, [{"type": "emoji", "emoji": emoji}] if emoji else [])


def react(world: World, room: Room, written: Post, account_id: int, wanted: list[Thing]) -> None:
    """Put somebody's reactions under a message; the bots that asked for it are told."""
    name = f"reactions {written.key}"
    everybody: dict[str, list[Thing]] = world.note(name, {})
    before = everybody.pop(str(account_id), [])
    if wanted:
        everybody[str(account_id)] = wanted
    world.set_note(name, everybody)
    touched(world, room, written)
    payload = {
        "chat": chat_of(world, room),
        "message_id": written.id,
        "user": user_of(world.accounts[account_id]),
        "date": world.clock.date(),
        "old_reaction": before,
        "new_reaction": wanted,
    }
    for bot in bots_in(world, room):
        if bot.id != account_id and (room.is_private or is_admin(room, bot.id)):
            world.queues.push(bot.id, "message_reaction", payload)


def reactions_of(world: World, written: Post) -> list[Thing]:
    """What people see under the message: each reaction with its count."""
    counts: dict[str, int] = {}
    for reactions in world.note(f"reactions {written.key}", {}).values():
        for reaction in reactions:
            counts[reaction.get("emoji", "⭐")] = counts.get(reaction.get("emoji", "⭐"), 0) + 1
    return [{"emoji": emoji, "count": count} for emoji, count in counts.items()]
