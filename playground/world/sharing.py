"""People share people, bots and chats with a bot that asks for them by a key."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from playground.world.groups import change_member, member_entry
from playground.world.media import shown_media
from playground.world.people import display_name, person
from playground.world.records import Account, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import is_present
from playground.world.world import World
from playground.world.writing import write

# --- people and bots ---


def fitting_users(world: World, person_id: int, asked: Thing) -> list[Account]:
    """Everybody else whom a `request_users` key takes."""
    return [
        account for account in world.accounts.values() if account.id != person_id and unfit_user(account, asked) is None
    ]


def unfit_user(account: Account, asked: Thing) -> str | None:
    """Why this key does not take them, or None."""
    name = display_name(account)
    if "user_is_bot" in asked and asked["user_is_bot"] is not account.is_bot:
        return f"{name} is a {_kind(account.is_bot)}, but this key asks for {_kind(not account.is_bot)}s"
    if "user_is_premium" in asked and asked["user_is_premium"] is not account.is_premium:
        has, wanted = ("Premium", "without it") if account.is_premium else ("no Premium", "who have it")
        return f"{name} has {has}, but this key asks for people {wanted}"
    return None


def _kind(is_bot: bool) -> str:
    return "bot" if is_bot else "person"


def shares_users(world: World, person_id: int, peer: int | str, asked: Thing, user_ids: Sequence[object]) -> Thing:
    """The person sends the chosen users; answers the `Message` with `users_shared`."""
    most = asked["max_quantity"]
    if not 1 <= len(user_ids) <= most:
        raise WrongCall(f"this key takes {'one user' if most == 1 else f'1 to {most} users'}, not {len(user_ids)}")
    if len(set(map(str, user_ids))) < len(user_ids):
        raise WrongCall("nobody is shared twice at once")
    chosen = [_account(world, number) for number in user_ids]
    for account in chosen:
        if reason := unfit_user(account, asked):
            raise WrongCall(reason)
    shared = {
        "user_ids": [account.id for account in chosen],
        "users": [_shared_user(world, account, asked) for account in chosen],
        "request_id": asked["request_id"],
    }
    content: Thing = {"users_shared": shared}
    if len(chosen) == 1:  # what bots of an older Bot API look at
        content["user_shared"] = {"user_id": chosen[0].id, "request_id": asked["request_id"]}
    return write(world, person_id, peer, content)


def _account(world: World, number: object) -> Account:
    account = world.accounts.get(number) if isinstance(number, int) else None
    if account is None:
        raise WrongCall(f"there is nobody with the id {number}", 404)
    return account


def _shared_user(world: World, account: Account, asked: Thing) -> Thing:
    told: Thing = {"user_id": account.id}
    if asked.get("request_name"):
        told["first_name"] = display_name(account)
        if account.last_name:
            told["last_name"] = account.last_name
    if asked.get("request_username") and account.username:
        told["username"] = account.username
    if asked.get("request_photo") and account.photos:
        told.update(shown_media(world.files.of(account.photos[0])))
    return told


# --- chats ---


def fitting_chats(world: World, person_id: int, bot: Account, asked: Thing) -> list[Room]:
    """The person's groups or channels that a `request_chat` key takes."""
    own = (room for room in world.rooms_of[person_id] if not room.is_private and room.migrated_to is None)
    return [room for room in own if unfit_chat(world, room, person_id, bot, asked) is None]


def unfit_chat(world: World, room: Room, person_id: int, bot: Account, asked: Thing) -> str | None:
    """Why this key does not take the chat, or None."""
    return next(_faults(world, room, person_id, bot, asked), None)


def _faults(world: World, room: Room, person_id: int, bot: Account, asked: Thing) -> Iterator[str]:
    who, member = world.accounts[person_id].first_name, room.members.get(str(person_id), {"status": "left"})
    if not is_present(room, person_id):
        yield f"{who} is not in {room.title}"
    if asked["chat_is_channel"] is not room.is_channel:
        kinds = ("a group", "channels") if asked["chat_is_channel"] else ("a channel", "groups")
        yield f"{room.title} is {kinds[0]}, but this key asks for {kinds[1]}"
    if asked.get("chat_is_forum"):
        yield f"{room.title} has no topics, but this key asks for chats with topics"
    if "chat_has_username" in asked and asked["chat_has_username"] is not bool(room.username):
        has, wanted = ("a username", "without one") if room.username else ("no username", "that have one")
        yield f"{room.title} has {has}, but this key asks for chats {wanted}"
    if asked.get("chat_is_created") and member["status"] != "creator":
        yield f"{who} does not own {room.title}"
    if lacking := _lacking(member, asked.get("user_administrator_rights", {})):
        yield f"{who} lacks the right {lacking} in {room.title}"
    if _must_come_in(room, bot, asked) and not _may_bring_in(room, member, bot, asked):
        yield f"{who} cannot give @{bot.username} the place it asks for in {room.title}"


def _lacking(member: Thing, wanted: Thing) -> str | None:
    """The first wanted right that the member does not have; owners have them all."""
    if member["status"] == "creator":
        return None
    return next((right for right, needed in wanted.items() if needed and not member.get(right)), None)


def _must_come_in(room: Room, bot: Account, asked: Thing) -> bool:
    """Whether the bot is not yet in the chat as it asks to be."""
    member = room.members.get(str(bot.id), {"status": "left"})
    if "bot_administrator_rights" in asked:
        return member["status"] != "administrator" or _lacking(member, asked["bot_administrator_rights"]) is not None
    return bool(asked.get("bot_is_member")) and not is_present(room, bot.id)


def _may_bring_in(room: Room, member: Thing, bot: Account, asked: Thing) -> bool:
    if not bot.can_join_groups:
        return False
    if member["status"] == "creator":
        return True
    if _as_admin(room, asked):  # one gives away only rights one has
        wanted = asked.get("bot_administrator_rights", {})
        return bool(member.get("can_promote_members")) and _lacking(member, wanted) is None
    if member["status"] == "administrator":
        return bool(member.get("can_invite_users"))
    return bool(room.permissions.get("can_invite_users", True))


def _as_admin(room: Room, asked: Thing) -> bool:
    return room.is_channel or "bot_administrator_rights" in asked


def shares_chat(world: World, person_id: int, peer: int | str, bot: Account, asked: Thing, chat_id: int) -> Thing:
    """The person sends the chosen chat, and brings the bot in when it asks so; answers the `Message`."""
    room = world.rooms.get(str(chat_id))
    if room is None or room.is_private:
        raise WrongCall(f"there is no group or channel {chat_id}", 404)
    if reason := unfit_chat(world, room, person(world, person_id).id, bot, asked):
        raise WrongCall(reason)
    if _must_come_in(room, bot, asked):
        change_member(world, room, bot, _place(room, bot, asked), by=person_id)
    told: Thing = {"chat_id": room.id}
    if asked.get("request_title"):
        told["title"] = room.title
    if asked.get("request_username") and room.username:
        told["username"] = room.username
    return write(world, person_id, peer, {"chat_shared": {**told, "request_id": asked["request_id"]}})


def _place(room: Room, bot: Account, asked: Thing) -> Thing:
    """What the bot becomes in the chat: a member, or an administrator with what it had and what it asks for."""
    if not _as_admin(room, asked):
        return member_entry(room, "member")
    entry = member_entry(room, "administrator")
    wanted = asked.get("bot_administrator_rights")
    if wanted is None:
        return entry
    before = room.members.get(str(bot.id), {})
    rights = {name for name, value in entry.items() if isinstance(value, bool)} - {"can_be_edited"}
    return entry | {name: bool(wanted.get(name) or before.get(name)) for name in rights} | {"can_manage_chat": True}
