"""Banning, restricting and promoting members."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.botapi.chats import ruled
from playground.world.groups import CHANNEL_RIGHTS, GROUP_RIGHTS, RIGHTS, change_member, member_entry
from playground.world.records import Account, Room, Thing
from playground.world.refusals import Refusal
from playground.world.rooms import is_present

FOREVER = (30, 366 * 86400)  # a ban shorter or longer than this lasts forever


@deed("banChatMember")
def ban_chat_member(call: Call) -> Any:
    room, account = _target(call, "can_restrict_members", "restrict/unrestrict chat member")
    entry = member_entry(room, "kicked" if room.type != "group" else "left")
    if entry["status"] == "kicked":
        entry["until_date"] = _until(call)
    change_member(call.world, room, account, entry, by=call.bot.id)
    return True


@deed("unbanChatMember")
def unban_chat_member(call: Call) -> Any:
    room, account = _target(call, "can_restrict_members", "restrict/unrestrict chat member")
    if room.type == "group":
        raise Refusal("method is available for supergroup and channel chats only")
    banned = room.members.get(str(account.id), {}).get("status") == "kicked"
    if banned or not call.get("only_if_banned"):
        change_member(call.world, room, account, member_entry(room, "left"), by=call.bot.id)
    return True


@deed("restrictChatMember")
def restrict_chat_member(call: Call) -> Any:
    room, account = _target(call, "can_restrict_members", "restrict/unrestrict chat member")
    if room.type != "supergroup":
        raise Refusal("method is available only for supergroups")
    permissions = call["permissions"]
    if all(permissions.values()):
        change_member(call.world, room, account, member_entry(room, "member"), by=call.bot.id)
        return True
    entry = {**member_entry(room, "restricted"), **permissions, "until_date": _until(call)}
    entry["is_member"] = is_present(room, account.id)
    change_member(call.world, room, account, entry, by=call.bot.id)
    return True


@deed("promoteChatMember")
def promote_chat_member(call: Call) -> Any:
    room, account = _target(call, "can_promote_members", "promote a chat member")
    if not is_present(room, account.id) and not room.is_channel:
        raise Refusal("USER_NOT_PARTICIPANT")
    own = room.members[str(call.bot.id)]
    names = (*RIGHTS, *(CHANNEL_RIGHTS if room.is_channel else GROUP_RIGHTS))
    granted = {name: bool(call.get(name)) for name in names}
    if any(granted[name] and not own.get(name) for name in names):
        raise Refusal("RIGHT_FORBIDDEN")
    if not any(granted.values()):
        change_member(call.world, room, account, member_entry(room, "member"), by=call.bot.id)
        return True
    granted["can_manage_chat"] = True
    entry: Thing = {**member_entry(room, "administrator"), **granted, "can_be_edited": True}
    entry["is_anonymous"] = bool(call.get("is_anonymous"))
    change_member(call.world, room, account, entry, by=call.bot.id)
    return True


def _target(call: Call, right: str, words: str) -> tuple[Room, Account]:
    """The group and the member, if the bot has the right and the member is not above it."""
    account = call.world.accounts.get(call["user_id"])
    if account is None:
        raise Refusal("user not found")
    room = call.room()
    if room.is_private:
        raise Refusal(
            "can't restrict members in private chats"
            if right == "can_restrict_members"
            else "can't promote members in private chats"
        )
    ruled(call, right, words)
    if room.members[str(call.bot.id)]["status"] != "administrator":
        raise Refusal(f"not enough rights to {words}")
    status = room.members.get(str(account.id), {}).get("status")
    if account.id == call.bot.id:
        raise Refusal("can't restrict self" if right == "can_restrict_members" else "can't promote self")
    if status == "creator":
        raise Refusal("can't remove chat owner")
    if status == "administrator" and not room.members[str(account.id)].get("can_be_edited"):
        raise Refusal(
            "user is an administrator of the chat" if right == "can_restrict_members" else "CHAT_ADMIN_REQUIRED"
        )
    return room, account


def _until(call: Call) -> int:
    date = int(call.get("until_date", 0))
    left = date - call.world.clock.now()
    return date if FOREVER[0] <= left <= FOREVER[1] else 0
