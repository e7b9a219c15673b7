"""People forward messages: what the other chat sees, what its bot is told, and what cannot go on."""

from __future__ import annotations

import pytest

from playground.people import Person, Playground, PlaygroundError
from tests.playground.calling import CallingBot
from tests.playground.pixel import PIXEL

BOT = "@echo_bot"


async def test_a_message_goes_on_into_a_group_and_tells_where_it_is_from(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    group = await playground.group("Tea time", alice, [bob])
    await alice.starts(BOT)
    keys = {"inline_keyboard": [[{"text": "More", "callback_data": "more"}]]}
    await bot.sendMessage(chat_id=alice.id, text="*Sencha*", parse_mode="MarkdownV2", reply_markup=keys)
    (put,) = await alice.forwards(BOT, await alice.hears(BOT), to=group)
    seen = await bob.hears(group, "Sencha")
    assert seen["forward_origin"] == put["forward_origin"]
    assert (seen["from"]["id"], seen["forward_origin"]["sender_user"]["id"]) == (alice.id, bot.id)
    assert (seen["entities"][0]["type"], seen.labels) == ("bold", [])


async def test_a_bot_gets_what_is_forwarded_to_it_and_the_first_origin_stays(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    one, two = [await playground.group(title, alice, [bob]) for title in ("One", "Two")]
    first = await bob.says(one, "Good tea")
    (second,) = await alice.forwards(one, first, to=two)
    with pytest.raises(PlaygroundError, match=r"^What was forwarded stays as it is\.$"):
        await playground.call(
            "POST", f"/users/{alice.id}/chats/{two['id']}/edit", json={"message_id": second.id, "text": "Mine"}
        )
    await alice.forwards(two, second, to=BOT)
    got = await bot.update("message")
    assert (got["text"], got["forward_origin"]["sender_user"]["id"]) == ("Good tea", bob.id)
    assert (got["forward_from"]["id"], got["forward_date"], got["from"]["id"]) == (bob.id, first["date"], alice.id)


async def test_an_album_stays_one(bot: CallingBot, alice: Person, playground: Playground) -> None:
    group = await playground.group("Tea time", alice)
    files = [("photo", (f"{number}.png", PIXEL)) for number in range(2)]
    path = f"/users/{alice.id}/chats/{group['id']}"
    album = await playground.call("POST", f"{path}/send", files=files)
    await alice.forwards(group, album[1]["message_id"], album[0]["message_id"], to=BOT)
    got = [await bot.update("message") for _ in album]
    assert got[0]["media_group_id"] == got[1]["media_group_id"] != album[0]["media_group_id"]


async def test_a_channel_speaks_for_itself(alice: Person, bob: Person, playground: Playground) -> None:
    channel = await playground.group("News", alice, [bob], kind="channel", username="tea_news")
    group = await playground.group("Tea time", alice, [bob])
    news = await alice.says(channel, "First flush")
    (put,) = await bob.forwards(channel, news, to=group)
    assert put["forward_origin"]["chat"]["username"] == "tea_news"
    assert put["forward_from_message_id"] == news.id
    with pytest.raises(PlaygroundError, match=r"^Only administrators write in News\.$"):
        await bob.forwards(group, put, to=channel)


async def test_what_cannot_go_on_is_said(bot: CallingBot, alice: Person, playground: Playground) -> None:
    group = await playground.group("Tea time", alice)
    await alice.starts(BOT)
    await bot.sendMessage(chat_id=alice.id, text="Secret blend", protect_content=True)
    secret = await alice.hears(BOT)
    with pytest.raises(PlaygroundError, match=f"^Message {secret.id} cannot be forwarded"):
        await alice.forwards(BOT, secret, to=group)
    with pytest.raises(PlaygroundError, match=r"^Message 1 cannot be forwarded"):
        await alice.forwards(group, 1, to=BOT)  # "Alice created the group"
    with pytest.raises(PlaygroundError, match=r"^There is no message 99"):
        await alice.forwards(BOT, 99, to=group)
    with pytest.raises(PlaygroundError, match=r"^1 to 100 messages"):
        await alice.forwards(BOT, to=group)
    assert [message.text for message in await alice.sees(group) if message.text] == []


async def test_the_list_of_chats_says_where_one_can_write(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    await playground.group("News", alice, [bob], kind="channel")
    await playground.group("Tea time", alice, [bob])
    await bob.starts(BOT)

    async def writable() -> dict[str, bool]:
        listed = (await playground.call("GET", f"/users/{bob.id}/chats"))["chats"]
        return {entry["chat"].get("title", "Echo"): entry["can_write"] for entry in listed}

    assert await writable() == {"News": False, "Tea time": True, "Echo": True}
    await bob.blocks(BOT)
    assert (await writable())["Echo"] is False


async def test_a_poll_is_one_wherever_it_was_forwarded_to(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    group = await playground.group("Tea time", alice, [bob])
    await alice.starts(BOT)
    sent = await bot.sendPoll(chat_id=alice.id, question="Which?", options=["Green", "Black"], is_anonymous=False)
    (there,) = await alice.forwards(BOT, sent["message_id"], to=group)

    async def vote(person: Person, chat: object, number: int, option: int) -> None:
        body = {"message_id": number, "option_ids": [option]}
        await playground.call("POST", f"/users/{person.id}/chats/{chat}/vote", json=body)

    await vote(alice, BOT, sent["message_id"], 0)
    await vote(bob, group["id"], there.id, 1)
    for chat in (BOT, group):
        poll = (await alice.sees(chat))[-1]["poll"]
        assert [option["voter_count"] for option in poll["options"]] == [1, 1]
    voters = [(await bot.update("poll_answer"))["user"]["id"] for _ in range(2)]
    assert voters == [alice.id, bob.id]  # its bot hears of every vote
    await bot.stopPoll(chat_id=alice.id, message_id=sent["message_id"])
    assert (await bob.sees(group))[-1]["poll"]["is_closed"] is True
    with pytest.raises(PlaygroundError, match=r"^This poll is closed\.$"):
        await vote(bob, group["id"], there.id, 0)
