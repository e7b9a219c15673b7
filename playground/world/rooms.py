"""Chats: finding the one that is meant, who is in it, and how it looks in the Bot API."""

from __future__ import annotations

from playground.world.people import PERSON_USERNAME, bot_of, display_name, find, person, user_of
from playground.world.records import Account, Room, Thing
from playground.world.refusals import Refusal, WrongCall
from playground.world.world import World

PRESENT = ("creator", "administrator", "member", "restricted")


def private_room(world: World, person_id: int, bot_id: int) -> Room:
    """The private chat of a person and a bot, made empty at first need."""
    name = f"{person_id}:{bot_id}"
    room = world.rooms.get(name)
    if room is None:
        room = unopened_room(person_id, bot_id)
        world.add(room)
    return room


def unopened_room(person_id: int, bot_id: int) -> Room:
    """The private chat of two who never met: it is not kept before the person opens it."""
    name = f"{person_id}:{bot_id}"
    return Room(name=name, type="private", id=person_id, person_id=person_id, bot_id=bot_id)


def room_of_peer(world: World, person_id: int, peer: int | str) -> Room:
    """The chat a person means by an id or @name: a bot's private chat, or a group they are in."""
    person(world, person_id)
    found = find(world, peer)
    if isinstance(found, Account):
        if not found.is_bot:
            raise WrongCall(f"{found.first_name} is a person; people here chat with bots and in groups")
        return private_room(world, person_id, found.id)
    if found.migrated_to is not None:
        found = world.rooms[str(found.migrated_to)]
    if not is_present(found, person_id) and not found.username:
        raise WrongCall(f"{world.accounts[person_id].first_name} is not in {found.title}", 403)
    return found


def room_of_bot(world: World, bot: Account, chat_id: int | str) -> Room:
    """The chat a bot means by `chat_id`; raises the refusal it gets when it may not know it."""
    if isinstance(chat_id, str) and not chat_id.lstrip("-").isdigit():
        if not PERSON_USERNAME.fullmatch(chat_id.removeprefix("@")):
            raise Refusal("chat not found")
        found = world.usernames.get(chat_id.removeprefix("@").lower())
        if not isinstance(found, Room) and not (isinstance(found, Account) and found.is_bot):
            raise Refusal("chat not found")
    else:
        number = int(chat_id)
        if number == 0:
            raise Refusal("chat_id is empty")
        found = world.accounts.get(number) if number > 0 else world.rooms.get(str(number))
    if isinstance(found, Account):
        if found.is_bot:
            raise Refusal("Forbidden: bot can't send messages to bots", 403)
        return world.rooms.get(f"{found.id}:{bot.id}") or unopened_room(found.id, bot.id)
    if found is None or (str(bot.id) not in found.members and not found.username):
        raise Refusal("chat not found")
    expire(world, found)
    return found


def expire(world: World, room: Room) -> None:
    """Bans and restrictions that were for a time end with it."""
    now = world.clock.now()
    for entry in room.members.values():
        if 0 < entry.get("until_date", 0) <= now:
            was_in = entry["status"] == "restricted" and entry.get("is_member")
            entry.clear()
            entry["status"] = "member" if was_in else "left"
            world.changed(room)


def writable(world: World, bot: Account, room: Room) -> None:
    """Raise the 403 of a chat this bot may not write to."""
    if room.is_private:
        if room.blocked:
            raise Refusal("Forbidden: bot was blocked by the user", 403)
        if not (room.started or room.write_allowed):
            raise Refusal("Forbidden: bot can't initiate conversation with a user", 403)
        return
    present(room, bot)
    member = room.members[str(bot.id)]
    if room.is_channel and not (member["status"] == "administrator" and member.get("can_post_messages")):
        raise Refusal("need administrator rights in the channel chat")
    if member["status"] == "restricted" and not member.get("can_send_messages", True):
        raise Refusal("not enough rights to send text messages to the chat")


def present(room: Room, bot: Account) -> None:
    """Raise the refusal of a group this bot is not in, or that is no more."""
    if room.migrated_to is not None:
        moved = {"migrate_to_chat_id": room.migrated_to}
        raise Refusal("group chat was upgraded to a supergroup chat", 400, moved)
    status = room.members.get(str(bot.id), {}).get("status", "left")
    if status == "kicked":
        raise Refusal(f"Forbidden: bot was kicked from the {room.type} chat", 403)
    if status not in PRESENT or (status == "restricted" and not room.members[str(bot.id)].get("is_member", True)):
        raise Refusal(f"Forbidden: bot is not a member of the {room.type} chat", 403)


def is_present(room: Room, account_id: int) -> bool:
    if room.is_private:
        return account_id in (room.person_id, room.bot_id)
    member = room.members.get(str(account_id), {"status": "left"})
    return member["status"] in PRESENT and member.get("is_member", True) is not False


def is_admin(room: Room, account_id: int) -> bool:
    return room.members.get(str(account_id), {}).get("status") in ("creator", "administrator")


def may_write(room: Room, person_id: int) -> bool:
    """Whether the person can write there now; a private chat they would only have to open."""
    if room.is_private:
        return not room.blocked
    member = room.members.get(str(person_id), {"status": "left"})
    if room.is_channel:
        return is_admin(room, person_id)
    return is_present(room, person_id) and member.get("can_send_messages", True) is not False


def bots_in(world: World, room: Room) -> list[Account]:
    """The bots that are in the chat now."""
    if room.is_private:
        return [world.accounts[room.bot_id]]
    members = (world.accounts[int(key)] for key in room.members)
    return [account for account in members if account.is_bot and is_present(room, account.id)]


def people_in(world: World, room: Room) -> list[int]:
    """The ids of the people who are in the chat now."""
    if room.is_private:
        return [room.person_id]
    return [int(key) for key in room.members if not world.accounts[int(key)].is_bot and is_present(room, int(key))]


def chat_of(world: World, room: Room) -> Thing:
    """The chat as it stands in messages."""
    if room.is_private:
        someone = world.accounts[room.person_id]
        chat: Thing = {"id": someone.id, "first_name": someone.first_name}
        if someone.last_name:
            chat["last_name"] = someone.last_name
        if someone.username:
            chat["username"] = someone.username
        return {**chat, "type": "private"}
    chat = {"id": room.id, "title": room.title}
    if room.username:
        chat["username"] = room.username
    return {**chat, "type": room.type}


def chat_seen_by(world: World, room: Room, person_id: int) -> Thing:
    """The chat as that person's client lists it: the private chat with a bot is the bot."""
    if not room.is_private:
        return chat_of(world, room)
    bot = bot_of(world, room.bot_id)
    language = world.accounts[person_id].language_code
    return {
        "id": bot.id,
        "first_name": display_name(bot, language),
        "username": bot.username,
        "type": "private",
        "is_bot": True,
    }


def member_of(world: World, room: Room, account_id: int) -> Thing:
    """The `ChatMember`."""
    entry = room.members.get(str(account_id), {"status": "left"})
    user = user_of(world.accounts[account_id])
    rest = {name: value for name, value in entry.items() if name != "status"}
    return {"user": user, "status": entry["status"], **rest}
