"""Groups, supergroups and channels: making them, and who is what in them."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from playground.world.people import USERNAME, person, user_of
from playground.world.posting import post
from playground.world.records import Account, Room, Thing
from playground.world.refusals import WrongCall
from playground.world.rooms import bots_in, chat_of, is_admin, is_present, member_of
from playground.world.world import World

TYPES = ("group", "supergroup", "channel")
STATUSES = ("creator", "administrator", "member", "restricted", "left", "kicked")
SENDING = (
    "can_send_messages", "can_send_audios", "can_send_documents", "can_send_photos", "can_send_videos",
    "can_send_video_notes", "can_send_voice_notes", "can_send_polls", "can_send_other_messages",
    "can_add_web_page_previews",
)  # fmt: skip
PERMISSIONS = (
    *SENDING, "can_react_to_messages", "can_edit_tag", "can_change_info", "can_invite_users", "can_pin_messages",
    "can_manage_topics",
)  # fmt: skip
RIGHTS = (
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members",
    "can_promote_members", "can_change_info", "can_invite_users", "can_post_stories", "can_edit_stories",
    "can_delete_stories", "can_send_welcome_messages",
)  # fmt: skip
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages", "can_manage_direct_messages")
GROUP_RIGHTS = ("can_pin_messages", "can_manage_topics", "can_manage_tags")
USUAL = {
    "can_manage_chat", "can_delete_messages", "can_manage_video_chats", "can_restrict_members", "can_change_info",
    "can_invite_users", "can_post_messages", "can_edit_messages", "can_pin_messages", "can_post_stories",
    "can_edit_stories", "can_delete_stories",
}  # fmt: skip


def add_chat(
    world: World,
    type: str,
    title: str,
    creator_id: int,
    member_ids: Iterable[int] = (),
    username: str | None = None,
) -> Thing:
    """A new group or channel with its creator and first members; bots in it are told."""
    if type not in TYPES:
        raise WrongCall(f"a chat is a group, supergroup or channel, not {type!r}")
    if not 1 <= len(title.strip()) <= 128:
        raise WrongCall("a title has 1 to 128 characters")
    if username is not None:
        username = username.removeprefix("@")
        if type == "group":
            raise WrongCall("a basic group has no username")
        if not USERNAME.fullmatch(username) or username.lower() in world.usernames:
            raise WrongCall(f"the username {username!r} is taken or not allowed")
    creator = person(world, creator_id)
    number = next_chat_id(world, type)
    room = Room(name=str(number), type=type, id=number, title=title.strip(), username=username)
    room.permissions = dict.fromkeys(PERMISSIONS, True)
    room.members[str(creator.id)] = {"status": "creator", "is_anonymous": False}
    world.add(room)
    post(world, room, None if room.is_channel else creator, _birth(room), tell=False)
    for member_id in member_ids:
        if member_id != creator_id:
            set_member(
                world,
                room.id,
                member_id,
                "administrator" if _is_channel_bot(world, room, member_id) else "member",
                creator_id,
            )
    world.announce(room)
    return chat_of(world, room)


def _birth(room: Room) -> Thing:
    return {"supergroup": {"supergroup_chat_created": True}, "channel": {"channel_chat_created": True}}.get(
        room.type, {"group_chat_created": True}
    )


def _is_channel_bot(world: World, room: Room, member_id: int) -> bool:
    account = world.accounts.get(member_id)
    return room.is_channel and account is not None and account.is_bot


def next_chat_id(world: World, kind: str) -> int:
    """An id of the range Telegram uses for this kind of chat."""
    ids = [room.id for room in world.rooms.values() if not room.is_private]
    if kind == "group":
        return min((number for number in ids if number > -1_000_000_000_000), default=-4_000_000_000) - 1
    return min((number for number in ids if number < -1_000_000_000_000), default=-1_002_000_000_000) - 1


def set_member(world: World, chat_id: int, user_id: int, status: str, by: int | None = None) -> Thing:
    """Somebody joins, leaves, is promoted or banned; answers the `ChatMember`."""
    room = world.rooms.get(str(chat_id))
    if room is None:
        raise WrongCall(f"there is no group {chat_id}", 404)
    account = world.accounts.get(user_id)
    if account is None:
        raise WrongCall(f"there is nobody with the id {user_id}", 404)
    if status not in STATUSES:
        raise WrongCall(f"a member is {', '.join(STATUSES)}, not {status!r}")
    if account.is_bot and not account.can_join_groups and status not in ("left", "kicked"):
        raise WrongCall(f"@{account.username} may not be added to groups")
    change_member(world, room, account, member_entry(room, status), by=by)
    return member_of(world, room, user_id)


def member_entry(room: Room, status: str) -> Thing:
    """What is kept of a member with this status and its usual rights."""
    entry: Thing = {"status": status}
    if status == "creator":
        entry["is_anonymous"] = False
    elif status == "administrator":
        rights = (*RIGHTS, *(CHANNEL_RIGHTS if room.is_channel else GROUP_RIGHTS))
        entry.update(can_be_edited=False, is_anonymous=False, **{right: right in USUAL for right in rights})
    elif status == "restricted":
        entry.update(is_member=True, until_date=0, **dict.fromkeys(PERMISSIONS, False))
    elif status == "kicked":
        entry["until_date"] = 0
    return entry


def change_member(
    world: World, room: Room, account: Account, entry: Thing, *, by: int | None = None, quiet: bool = False
) -> None:
    """Put somebody into a new state: updates, and the service message of joining or leaving."""
    before, was_in = member_of(world, room, account.id), is_present(room, account.id)
    actor = world.accounts[by if by is not None else account.id]
    room.members[str(account.id)] = entry
    if room not in world.rooms_of[account.id]:
        world.rooms_of[account.id].append(room)
    after, is_in = member_of(world, room, account.id), is_present(room, account.id)
    if not is_in:
        room.keyboards.pop(str(account.id), None)
    world.announce(room)
    world.wake(account.id)
    if before != after:
        _tell(world, room, account, actor, before, after)
    if was_in != is_in and not room.is_channel and not quiet:
        _service(world, room, account, actor, joined=is_in)


def _tell(world: World, room: Room, account: Account, actor: Account, before: Thing, after: Thing) -> None:
    payload = {
        "chat": chat_of(world, room),
        "from": user_of(actor),
        "date": world.clock.date(),
        "old_chat_member": before,
        "new_chat_member": after,
    }
    if account.is_bot:
        world.queues.push(account.id, "my_chat_member", payload)
    for bot in bots_in(world, room):
        if bot.id != account.id and is_admin(room, bot.id):
            world.queues.push(bot.id, "chat_member", payload)


def _service(world: World, room: Room, account: Account, actor: Account, *, joined: bool) -> None:
    shown = user_of(account)
    if joined:
        content: Thing = {
            "new_chat_member": shown,
            "new_chat_members": [shown],
            "new_chat_participant": shown,
        }
    else:
        content = {"left_chat_member": shown, "left_chat_participant": shown}
    post(world, room, actor, content)


def upgrade(world: World, chat_id: int) -> Thing:
    """The basic group becomes a supergroup with an id of its own; answers its `Chat`."""
    old = world.rooms.get(str(chat_id))
    if old is None or old.type != "group":
        raise WrongCall(f"{chat_id} is no basic group", 404)
    if old.migrated_to is not None:
        raise WrongCall(f"{old.title} is a supergroup already")
    creator = next(world.accounts[int(key)] for key, entry in old.members.items() if entry["status"] == "creator")
    number = next_chat_id(world, "supergroup")
    room = Room(name=str(number), type="supergroup", id=number, title=old.title, description=old.description)
    room.permissions, room.members = dict(old.permissions), {key: dict(entry) for key, entry in old.members.items()}
    world.add(room)
    post(world, old, creator, {"migrate_to_chat_id": number})
    old.migrated_to = number
    post(world, room, creator, {"migrate_from_chat_id": old.id})
    return chat_of(world, room)


def invite_link(world: World, room: Room) -> str:
    """The primary link of the chat."""
    if room.invite_link is None:
        room.invite_link = f"https://t.me/+{secrets.token_urlsafe(12)}"
        world.changed(room)
    return room.invite_link
