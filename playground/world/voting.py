"""Polls are voted in and close, wherever they stand."""

from __future__ import annotations

from playground.world.people import user_of
from playground.world.posting import shown
from playground.world.records import Post, Thing
from playground.world.refusals import WrongCall
from playground.world.touching import touched
from playground.world.world import World
from playground.world.writing import opened, seen_message


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
    show_everywhere(world, written)
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
    first = places(world, written)[0]  # where it was forwarded to, its bot is told just the same
    bot_id = first.sender or first.content.get("author_bot", 0)
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


def places(world: World, written: Post) -> list[Post]:
    """The messages that hold the poll of this one: the first, and those it was forwarded into."""
    noted = world.note(f"poll places {written.content['poll']['id']}", [])
    keys = (key.rsplit("/", 1) for key in dict.fromkeys([*noted, written.key]))
    posts = (world.posts[room].get(int(number)) for room, number in keys)
    return [one for one in posts if one is not None]


def show_everywhere(world: World, written: Post) -> None:
    """The votes, and whether it is closed, are the same wherever the poll stands."""
    poll = written.content["poll"]
    counts = {option["persistent_id"]: option["voter_count"] for option in poll["options"]}
    for one in places(world, written):
        if one.gone:
            continue
        same = one.content["poll"]
        same.update(total_voter_count=poll["total_voter_count"], is_closed=poll["is_closed"])
        for option in same["options"]:
            option["voter_count"] = counts[option["persistent_id"]]
        touched(world, world.rooms[one.room], one)


def close_when_due(world: World, poll: Thing) -> None:
    """A poll with a closing date closes by the playground's clock."""
    if poll.get("close_date", float("inf")) <= world.clock.now():
        poll["is_closed"] = True


def shown_poll(poll: Thing) -> Thing:
    """The poll as it stands now, apart from the message it is in."""
    return {**poll, "options": [dict(option) for option in poll["options"]]}
