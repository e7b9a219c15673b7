"""Managed bots: asked for by button or link, edited or cancelled by the person, handed over by token."""

from __future__ import annotations

from typing import Any

import pytest

from playground.people import Person, Playground, PlaygroundError
from tests.playground.calling import CallingBot, Refused

ASK = {"request_id": 7, "suggested_name": "Ann's Shop", "suggested_username": "ann_shop_bot"}


@pytest.fixture(autouse=True)
async def asked(alice: Person, bot: CallingBot) -> None:
    """Alice sees a key that makes a bot."""
    await alice.starts("@echo_bot")
    await bot.update("message")
    keys = {"keyboard": [[{"text": "Create my bot", "request_managed_bot": ASK}]], "one_time_keyboard": True}
    await bot.sendMessage(chat_id=alice.id, text="Go", reply_markup=keys)


async def kinds(bot: CallingBot) -> list[str]:
    """The kinds of the updates that wait, in order."""
    shown = []
    for update in await bot.updates(timeout=0):
        (kind,) = set(update) - {"update_id"}
        shown.append(kind)
    return shown


async def test_a_confirmed_form_makes_the_bot_and_tells_by_update_and_message(bot: CallingBot, alice: Person) -> None:
    made = (await alice.confirms_managed_bot("@echo_bot"))["bot"]
    assert (made["first_name"], made["username"], made["is_bot"]) == ("Ann's Shop", "ann_shop_bot", True)
    update, message = [next(iter(set(u) - {"update_id"})) for u in await bot.call("getUpdates", offset=bot.offset)]
    assert (update, message) == ("managed_bot", "message")
    assert await alice.sees_keyboard("@echo_bot") == []


async def test_reorder_turns_the_two_around(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await playground.fault("reorder", bot=bot.id)
    await alice.confirms_managed_bot("@echo_bot")
    assert await kinds(bot) == ["message", "managed_bot"]


async def test_duplicate_tells_of_the_bot_twice(bot: CallingBot, alice: Person, playground: Playground) -> None:
    await playground.fault("duplicate", bot=bot.id, method="managed_bot")
    await alice.confirms_managed_bot("@echo_bot")
    assert await kinds(bot) == ["managed_bot", "managed_bot", "message"]


async def test_nobody_is_told_of_a_cancelled_form(bot: CallingBot, alice: Person) -> None:
    await alice.cancels_managed_bot("@echo_bot")
    assert await kinds(bot) == []


@pytest.mark.parametrize(
    ("name", "username", "code"),
    [
        ("X", "short", "USERNAME_SUFFIX_MISSING"),
        ("X", "bot", "USERNAME_INVALID"),
        ("X", "1st_bot", "USERNAME_INVALID"),
        ("X", "a" * 30 + "bot", "USERNAME_INVALID"),
        ("X", "ECHO_BOT", "USERNAME_OCCUPIED"),
        ("n" * 65, "fine_bot", "NAME_INVALID"),
    ],
)
async def test_names_that_the_form_refuses(bot: CallingBot, alice: Person, name: str, username: str, code: str) -> None:
    with pytest.raises(PlaygroundError, match=code):
        await alice.confirms_managed_bot("@echo_bot", name=name, username=username)
    assert await kinds(bot) == []


async def test_a_person_has_twenty_bots_at_most(bot: CallingBot, alice: Person, playground: Playground) -> None:
    for number in range(19):
        await playground.bot(alice, "B", f"number{number}_bot")
    with pytest.raises(PlaygroundError, match="BOT_CREATE_LIMIT_EXCEEDED"):
        await alice.confirms_managed_bot("@echo_bot")


async def test_a_link_makes_a_bot_without_a_message(bot: CallingBot, alice: Person, playground: Playground) -> None:
    body = {"manager": "echo_bot", "name": "By link", "username": "by_link_bot"}
    await playground.call("POST", f"/users/{alice.id}/new_bot", json=body)
    assert await kinds(bot) == ["managed_bot"]


async def test_a_token_is_handed_to_the_manager_only(
    bot: CallingBot, alice: Person, playground: Playground, playground_url: str
) -> None:
    made = (await alice.confirms_managed_bot("@echo_bot"))["bot"]
    token = await bot.getManagedBotToken(user_id=made["id"])
    assert await bot.getManagedBotToken(user_id=made["id"]) == token
    other = await playground.bot(alice, "Other", "other_bot", can_manage_bots=True)
    async with CallingBot(playground_url, other.token) as stranger:
        with pytest.raises(Refused, match=r"^Bad Request: BOT_INVALID$"):
            await stranger.getManagedBotToken(user_id=made["id"])
        with pytest.raises(Refused, match=r"^Bad Request: user not found$"):
            await stranger.getManagedBotToken(user_id=123456)


async def test_a_replaced_token_is_new_and_the_manager_hears_of_it(
    bot: CallingBot, alice: Person, playground_url: str
) -> None:
    made = (await alice.confirms_managed_bot("@echo_bot"))["bot"]
    old = await bot.getManagedBotToken(user_id=made["id"])
    await kinds(bot)
    new = await bot.replaceManagedBotToken(user_id=made["id"])
    assert new != old
    assert await kinds(bot) == ["managed_bot"]
    async with CallingBot(playground_url, old) as child:
        with pytest.raises(Refused, match=r"^Unauthorized$"):
            await child.getMe()


async def test_a_restricted_bot_is_for_its_owner_and_those_added(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    made = (await alice.confirms_managed_bot("@echo_bot"))["bot"]
    assert await bot.getManagedBotAccessSettings(user_id=made["id"]) == {"is_access_restricted": False}
    await bot.setManagedBotAccessSettings(user_id=made["id"], is_access_restricted=True)
    with pytest.raises(PlaygroundError, match="private"):
        await bob.starts(made["id"])
    await alice.starts(made["id"])
    await bot.setManagedBotAccessSettings(user_id=made["id"], is_access_restricted=True, added_user_ids=[bob.id])
    settings = await bot.getManagedBotAccessSettings(user_id=made["id"])
    assert [user["id"] for user in settings["added_users"]] == [bob.id]
    await bob.starts(made["id"])


async def test_the_child_may_not_write_before_start(bot: CallingBot, alice: Person, playground_url: str) -> None:
    made = (await alice.confirms_managed_bot("@echo_bot"))["bot"]
    async with CallingBot(playground_url, await bot.getManagedBotToken(user_id=made["id"])) as child:
        with pytest.raises(Refused, match=r"^Forbidden: bot can't initiate conversation with a user$"):
            await child.sendMessage(chat_id=alice.id, text="Hi")
        await alice.starts(made["id"])
        await child.sendMessage(chat_id=alice.id, text="Hi")


@pytest.mark.parametrize(
    ("button", "complaint"),
    [({"text": "x"}, "BUTTON_TYPE_INVALID"), ({"text": "x", "request_contact": True}, "BUTTON_TYPE_INVALID")],
)
async def test_only_asking_buttons_can_be_prepared(
    bot: CallingBot, alice: Person, button: dict[str, Any], complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        await bot.savePreparedKeyboardButton(user_id=alice.id, button=button)
    prepared = await bot.savePreparedKeyboardButton(user_id=alice.id, button={"text": "x", "request_managed_bot": ASK})
    assert prepared["id"]
