"""Chats: what they are, who is in them, their titles and pinned messages, and leaving them."""

from __future__ import annotations

from typing import Any

from playground.botapi.call import Call, deed
from playground.world.groups import change_member, invite_link, member_entry
from playground.world.posting import found, post, shown
from playground.world.records import Room, Thing
from playground.world.refusals import Refusal
from playground.world.rooms import chat_of, is_present, member_of, present
from playground.world.touching import react


@deed("getChat")
def get_chat(call: Call) -> Any:
    room = call.room()
    if room.is_private and not (room.started or room.write_allowed or _met_in_group(call, room.person_id)):
        raise Refusal("chat not found")
    chat: Thing = {**chat_of(call.world, room), "accent_color_id": room.id % 7, "max_reaction_count": 11}
    chat["accepted_gift_types"] = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
    )
    if room.username:
        chat["active_usernames"] = [room.username]
    if room.is_private:
        chat["can_send_gift"] = True
        username = call.world.accounts[room.person_id].username
        if username:
            chat["active_usernames"] = [username]
        return _with_pinned(call, room, chat)
    if room.description:
        chat["description"] = room.description
    if is_present(room, call.bot.id) and room.members[str(call.bot.id)].get("can_invite_users"):
        chat["invite_link"] = invite_link(call.world, room)
    if not room.is_channel:
        chat["permissions"] = room.permissions
    return _with_pinned(call, room, chat)


def _met_in_group(call: Call, person_id: int) -> bool:
    return any(str(person_id) in room.members for room in call.world.rooms_of[call.bot.id])


def _with_pinned(call: Call, room: Room, chat: Thing) -> Thing:
    for number in room.pinned[:1]:
        chat["pinned_message"] = shown(call.world, call.world.posts[room.name][number], nested=True)
    return chat


@deed("getChatMember")
def get_chat_member(call: Call) -> Any:
    room = call.room()
    account = call.world.accounts.get(call["user_id"])
    if account is None:
        raise Refusal("user not found")
    if room.is_private:
        if account.id not in (room.person_id, room.bot_id):
            raise Refusal("member not found")
        return {"user": member_of(call.world, room, account.id)["user"], "status": "member"}
    present(room, call.bot)
    return member_of(call.world, room, account.id)


@deed("getChatAdministrators")
def get_chat_administrators(call: Call) -> Any:
    room = call.room()
    if room.is_private:
        raise Refusal("there are no administrators in the private chat")
    present(room, call.bot)
    admins = [key for key, entry in room.members.items() if entry["status"] in ("creator", "administrator")]
    wanted = [int(key) for key in admins if call.get("return_bots") or not _is_other_bot(call, int(key))]
    return [member_of(call.world, room, account_id) for account_id in wanted]


def _is_other_bot(call: Call, account_id: int) -> bool:
    return call.world.accounts[account_id].is_bot and account_id != call.bot.id


@deed("getChatMemberCount")
def get_chat_member_count(call: Call) -> Any:
    room = call.room()
    if room.is_private:
        return 2
    present(room, call.bot)
    return sum(is_present(room, int(key)) for key in room.members)


@deed("leaveChat")
def leave_chat(call: Call) -> Any:
    room = call.room()
    if room.is_private:
        raise Refusal("chat member status can't be changed in private chats")
    present(room, call.bot)
    change_member(call.world, room, call.bot, member_entry(room, "left"))
    return True


@deed("setChatTitle")
def set_chat_title(call: Call) -> Any:
    title = str(call["title"]).strip()[:128]
    if not title:
        raise Refusal("title must be non-empty")
    room = ruled(call, "can_change_info", "change chat title")
    if room.title == title:
        raise Refusal("CHAT_NOT_MODIFIED")
    room.title = title
    post(call.world, room, None if room.is_channel else call.bot, {"new_chat_title": title})
    return True


@deed("setChatDescription")
def set_chat_description(call: Call) -> Any:
    room = ruled(call, "can_change_info", "set chat description")
    description = str(call.get("description", "")).strip()[:255]
    if description == room.description:
        raise Refusal("chat description is not modified")
    room.description = description
    call.world.announce(room)
    return True


def ruled(call: Call, right: str, deed_words: str) -> Room:
    """The group in which the bot has this right."""
    room = call.room()
    if room.is_private:
        raise Refusal(
            f"can't {deed_words} in private chats"
            if "title" in deed_words
            else "method is not available in private chats"
        )
    present(room, call.bot)
    entry = room.members[str(call.bot.id)]
    general = room.permissions.get(right) and entry["status"] != "restricted"
    if not (entry["status"] == "administrator" and entry.get(right)) and not (general and not room.is_channel):
        raise Refusal(f"not enough rights to {deed_words}")
    return room


# --- pinned messages and reactions ---


@deed("pinChatMessage")
def pin_chat_message(call: Call) -> Any:
    room = _pinning(call)
    written = found(call.world, room, call["message_id"], "message to pin not found")
    if written.id in room.pinned:
        if room.pinned[0] == written.id:
            return True
        room.pinned.remove(written.id)
    room.pinned.insert(0, written.id)
    content = {"pinned_message": {"message_id": written.id}}
    post(call.world, room, None if room.is_channel else call.bot, content)
    return True


@deed("unpinChatMessage")
def unpin_chat_message(call: Call) -> Any:
    room = _pinning(call)
    number = call.get("message_id") or (room.pinned[0] if room.pinned else 0)
    if number not in room.pinned:
        raise Refusal("message to unpin not found")
    room.pinned.remove(number)
    call.world.announce(room)
    return True


@deed("unpinAllChatMessages")
def unpin_all_chat_messages(call: Call) -> Any:
    room = _pinning(call)
    room.pinned.clear()
    call.world.announce(room)
    return True


def _pinning(call: Call) -> Room:
    room = call.room()
    if room.is_private:
        return room
    if room.is_channel:
        return ruled(call, "can_edit_messages", "manage pinned messages in the chat")
    return ruled(call, "can_pin_messages", "manage pinned messages in the chat")


@deed("setMessageReaction")
def set_message_reaction(call: Call) -> Any:
    room = call.room()
    if not room.is_private:
        present(room, call.bot)
    written = found(call.world, room, call["message_id"], "message to react not found")
    wanted = call.get("reaction") or []
    if len(wanted) > 1:
        raise Refusal("REACTIONS_TOO_MANY")
    if any(reaction["type"] != "emoji" for reaction in wanted):
        raise Refusal("REACTION_INVALID")
    react(call.world, room, written, call.bot.id, wanted)
    return True
