"""Groups and channels: privacy mode, members, rights, service messages."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from playground.people import Person, Playground
from tests.playground.calling import CallingBot, Refused


@pytest.fixture
async def admin(playground: Playground, playground_url: str, alice: Person) -> AsyncIterator[CallingBot]:
    """A second bot, made an administrator where a test wants one."""
    made = await playground.bot(alice, "Guard", "guard_bot")
    async with CallingBot(playground_url, made.token) as bot:
        yield bot


@pytest.fixture
async def group(playground: Playground, alice: Person, bob: Person, bot: CallingBot, admin: CallingBot) -> int:
    """A supergroup with Alice (creator), Bob, @echo_bot as a member and @guard_bot as administrator."""
    chat = await playground.call(
        "POST",
        "/chats",
        json={
            "type": "supergroup",
            "title": "Friends",
            "creator_id": alice.id,
            "member_ids": [bob.id, bot.id, admin.id],
        },
    )
    spot = f"/chats/{chat['id']}/members"
    await playground.call("POST", spot, json={"user_id": admin.id, "status": "administrator", "by": alice.id})
    for one in (bot, admin):
        await one.call("getUpdates", offset=-1, allowed_updates=["message", "chat_member", "my_chat_member"])
        await one.updates(timeout=0)
    number: int = chat["id"]
    return number


async def texts(bot: CallingBot) -> list[str]:
    """What the bot was told since it last looked."""
    return [update["message"].get("text") for update in await bot.updates(timeout=0) if "message" in update]


async def test_privacy_mode_keeps_from_a_bot_what_is_not_for_it(
    bot: CallingBot, admin: CallingBot, bob: Person, alice: Person, group: int
) -> None:
    sent = await bot.sendMessage(chat_id=group, text="I am here")
    for text in ("just talk", "/go", "/go@echo_bot", "/go@guard_bot", "hey @echo_bot", "a@echo_bot.example"):
        await bob.says(group, text)
    await alice.says(group, "answer", reply_to=sent["message_id"])
    assert await texts(bot) == ["/go", "/go@echo_bot", "hey @echo_bot", "answer"]
    assert len(await texts(admin)) == 7


async def test_service_messages_reach_every_bot(
    bot: CallingBot, playground: Playground, alice: Person, bob: Person, group: int
) -> None:
    spot = f"/chats/{group}/members"
    await playground.call("POST", spot, json={"user_id": bob.id, "status": "left"})
    assert (await bot.update("message"))["left_chat_member"]["id"] == bob.id
    await playground.call("POST", spot, json={"user_id": bob.id, "status": "member", "by": alice.id})
    assert [user["id"] for user in (await bot.update("message"))["new_chat_members"]] == [bob.id]


async def test_only_administrators_hear_of_members(
    bot: CallingBot, admin: CallingBot, playground: Playground, bob: Person, group: int
) -> None:
    await playground.call("POST", f"/chats/{group}/members", json={"user_id": bob.id, "status": "left"})
    change = await admin.update("chat_member")
    assert (change["old_chat_member"]["status"], change["new_chat_member"]["status"]) == ("member", "left")
    assert not [update for update in await bot.updates(timeout=0) if "chat_member" in update]


async def test_a_bot_hears_that_it_was_added_and_thrown_out(
    bot: CallingBot, playground: Playground, alice: Person, group: int
) -> None:
    spot = f"/chats/{group}/members"
    await playground.call("POST", spot, json={"user_id": bot.id, "status": "kicked", "by": alice.id})
    change = await bot.update("my_chat_member")
    assert (change["from"]["id"], change["new_chat_member"]["status"]) == (alice.id, "kicked")
    with pytest.raises(Refused, match=r"^Forbidden: bot was kicked from the supergroup chat$"):
        await bot.sendMessage(chat_id=group, text="x")
    await playground.call("POST", spot, json={"user_id": bot.id, "status": "left"})
    with pytest.raises(Refused, match=r"^Forbidden: bot is not a member of the supergroup chat$"):
        await bot.sendMessage(chat_id=group, text="x")


async def test_what_a_chat_tells_of_itself(bot: CallingBot, alice: Person, bob: Person, group: int) -> None:
    assert (await bot.getChat(chat_id=group))["title"] == "Friends"
    assert await bot.getChatMemberCount(chat_id=group) == 4
    admins = await bot.getChatAdministrators(chat_id=group)
    assert [member["status"] for member in admins] == ["creator"]
    assert (await bot.getChatMember(chat_id=group, user_id=bob.id))["status"] == "member"
    with pytest.raises(Refused, match=r"^Bad Request: there are no administrators in the private chat$"):
        await bot.getChatAdministrators(chat_id=alice.id)
    assert (await bot.getChat(chat_id=alice.id))["first_name"] == "Alice"


async def test_only_who_has_the_right_bans_restricts_and_promotes(
    bot: CallingBot, admin: CallingBot, alice: Person, bob: Person, group: int
) -> None:
    with pytest.raises(Refused, match=r"^Bad Request: not enough rights to restrict/unrestrict chat member$"):
        await bot.banChatMember(chat_id=group, user_id=bob.id)
    with pytest.raises(Refused, match=r"^Bad Request: can't remove chat owner$"):
        await admin.banChatMember(chat_id=group, user_id=alice.id)
    await admin.restrictChatMember(chat_id=group, user_id=bob.id, permissions={"can_send_messages": False})
    assert (await bot.getChatMember(chat_id=group, user_id=bob.id))["can_send_messages"] is False
    with pytest.raises(Exception, match="may not write"):
        await bob.says(group, "x")
    await admin.banChatMember(chat_id=group, user_id=bob.id)
    assert (await bot.getChatMember(chat_id=group, user_id=bob.id))["status"] == "kicked"
    await admin.unbanChatMember(chat_id=group, user_id=bob.id)
    assert (await bot.getChatMember(chat_id=group, user_id=bob.id))["status"] == "left"


async def test_titles_descriptions_and_pins(bot: CallingBot, admin: CallingBot, alice: Person, group: int) -> None:
    assert await admin.setChatTitle(chat_id=group, title="Better friends")
    assert await admin.setChatDescription(chat_id=group, description="We")
    said = await alice.says(group, "Pin me")
    assert await admin.pinChatMessage(chat_id=group, message_id=said.id)
    chat = await bot.getChat(chat_id=group)
    assert (chat["title"], chat["description"], chat["pinned_message"]["text"]) == ("Better friends", "We", "Pin me")
    assert (await alice.sees(group))[-1]["pinned_message"]["text"] == "Pin me"
    await admin.unpinChatMessage(chat_id=group)
    assert "pinned_message" not in await bot.getChat(chat_id=group)


async def test_reactions_are_told_to_administrators_that_asked(
    admin: CallingBot, bot: CallingBot, alice: Person, group: int
) -> None:
    said = await alice.says(group, "Nice")
    heart: list[dict[str, Any]] = [{"type": "emoji", "emoji": "👍"}]
    assert await admin.setMessageReaction(chat_id=group, message_id=said.id, reaction=heart)


async def test_a_bot_leaves(bot: CallingBot, alice: Person, group: int) -> None:
    assert await bot.leaveChat(chat_id=group)
    assert (await alice.sees(group))[-1]["left_chat_member"]["id"] == bot.id


@pytest.mark.parametrize(
    ("key", "complaint"),
    [
        ({"request_managed_bot": {"request_id": 1}}, "managed bots can be requested in private chats only"),
        ({"web_app": {"url": "https://a.example/"}}, "web App buttons can be used in private chats only"),
    ],
)
async def test_some_keys_are_for_private_chats(
    bot: CallingBot, group: int, key: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Refused, match=f"^Bad Request: {complaint}$"):
        await bot.sendMessage(chat_id=group, text="x", reply_markup={"keyboard": [[{"text": "k", **key}]]})
    if "web_app" in key:
        with pytest.raises(Refused, match=r"^Bad Request: BUTTON_TYPE_INVALID$"):
            await bot.sendMessage(chat_id=group, text="x", reply_markup={"inline_keyboard": [[{"text": "k", **key}]]})


async def test_a_group_that_is_upgraded_moves_and_says_where_to(
    playground: Playground, alice: Person, bot: CallingBot
) -> None:
    chat = await playground.group("Friends", alice, [], kind="group")
    await playground.call("POST", f"/chats/{chat['id']}/members", json={"user_id": bot.id, "status": "member"})
    await bot.updates(timeout=0)
    new = await playground.call("POST", f"/chats/{chat['id']}/upgrade")
    assert (await bot.update("message"))["migrate_to_chat_id"] == new["id"]
    with pytest.raises(Refused) as refused:
        await bot.sendMessage(chat_id=chat["id"], text="x")
    assert refused.value.parameters == {"migrate_to_chat_id": new["id"]}
    assert (await bot.sendMessage(chat_id=new["id"], text="x"))["chat"]["type"] == "supergroup"


async def test_a_channel_speaks_to_the_bots_in_it(
    playground: Playground, alice: Person, bot: CallingBot, admin: CallingBot
) -> None:
    channel = await playground.group("News", alice, kind="channel", username="the_news")
    for one in (bot, admin):
        await playground.call(
            "POST", f"/chats/{channel['id']}/members", json={"user_id": one.id, "status": "administrator"}
        )
        await one.updates(timeout=0)
    sent = await bot.sendMessage(chat_id="@the_news", text="Today")
    assert sent["sender_chat"]["title"] == "News"
    assert "from" not in sent
    assert (await admin.update("channel_post"))["text"] == "Today"
    edited = await bot.editMessageText(chat_id="@the_news", message_id=sent["message_id"], text="Tomorrow")
    assert edited["edit_date"]
    assert (await admin.update("edited_channel_post"))["text"] == "Tomorrow"


async def test_message_ids_count_per_chat_and_those_of_private_chats_per_bot(
    bot: CallingBot, alice: Person, bob: Person, group: int
) -> None:
    await alice.starts("@echo_bot")
    await bob.starts("@echo_bot")
    first = await bot.sendMessage(chat_id=alice.id, text="1")
    second = await bot.sendMessage(chat_id=bob.id, text="2")
    assert second["message_id"] == first["message_id"] + 1
    third = await bot.sendMessage(chat_id=group, text="3")
    fourth = await bot.sendMessage(chat_id=group, text="4")
    assert fourth["message_id"] == third["message_id"] + 1
