"""Keys that ask for something: people and bots, chats, polls, one's own number and place."""

from __future__ import annotations

from typing import Any

import pytest

from playground.people import Person, Playground, PlaygroundError
from tests.playground.calling import CallingBot
from tests.playground.pixel import PIXEL

BOT = "@echo_bot"
RIGHTS = {"can_manage_chat": True, "can_delete_messages": True}


async def asks(bot: CallingBot, alice: Person, *keys: dict[str, Any], **markup: Any) -> None:
    """The bot shows these keys to Alice, who has started it; what she wrote until then is read."""
    await alice.starts(BOT)
    await bot.update("message")
    keyboard = {"keyboard": [[{"text": "Pick", **key} for key in keys]], **markup}
    await bot.sendMessage(chat_id=alice.id, text="Whom?", reply_markup=keyboard)


def users_key(**asked: Any) -> dict[str, Any]:
    return {"request_users": {"request_id": 7, **asked}}


def chat_key(**asked: Any) -> dict[str, Any]:
    return {"request_chat": {"request_id": 8, "chat_is_channel": False, **asked}}


async def choices(alice: Person) -> list[str]:
    """The names of those the key can be given."""
    answer = await alice.presses(BOT, "Pick")
    return [choice.get("title") or choice["first_name"] for choice in answer["choices"]]


# --- people and bots ---


async def test_a_person_is_shared_with_what_the_key_asks_for(bot: CallingBot, alice: Person, bob: Person) -> None:
    await asks(bot, alice, users_key(request_name=True, request_username=True))
    message = await alice.shares_users(BOT, "Pick", bob)
    shared = {
        "user_ids": [bob.id],
        "users": [{"user_id": bob.id, "first_name": "Bob", "last_name": "Builder"}],
        "request_id": 7,
    }
    got = await bot.update("message")
    assert got["users_shared"] == message["users_shared"] == shared
    assert got["user_shared"] == {"user_id": bob.id, "request_id": 7}
    assert (got["from"]["id"], "text" in got) == (alice.id, False)


async def test_only_the_ids_are_shared_unless_more_is_asked_for(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    other = await playground.bot(bob, "Coffee", "coffee_bot")
    await asks(bot, alice, users_key(max_quantity=2))
    await alice.shares_users(BOT, "Pick", bob, other)
    got = await bot.update("message")
    assert got["users_shared"]["users"] == [{"user_id": bob.id}, {"user_id": other.id}]
    assert "user_shared" not in got


async def test_a_picture_is_shared_when_it_is_asked_for(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    await playground.photo(bob, PIXEL)
    await asks(bot, alice, users_key(request_photo=True))
    await alice.shares_users(BOT, "Pick", bob)
    (shared,) = (await bot.update("message"))["users_shared"]["users"]
    assert shared["photo"] == (await bot.getUserProfilePhotos(user_id=bob.id))["photos"][0]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        pytest.param({}, ["You", "Bob", "Rita", "Echo"], id="anybody"),
        pytest.param({"user_is_bot": True}, ["Echo"], id="bots"),
        pytest.param({"user_is_bot": False}, ["You", "Bob", "Rita"], id="people"),
        pytest.param({"user_is_premium": True}, ["Rita"], id="premium"),
        pytest.param({"user_is_bot": False, "user_is_premium": False}, ["You", "Bob"], id="no premium"),
    ],
)
async def test_only_those_who_fit_can_be_chosen(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground, asked: dict[str, Any], names: list[str]
) -> None:
    await playground.person("Rita", is_premium=True)
    await asks(bot, alice, users_key(**asked))
    assert sorted(await choices(alice)) == sorted(names)


async def refused(alice: Person, **choice: Any) -> str:
    """The sentence with which a choice is refused."""
    with pytest.raises(PlaygroundError) as error:
        await alice.playground.call("POST", f"/users/{alice.id}/chats/{BOT}/press", json={"text": "Pick", **choice})
    return str(error.value)


async def test_wrong_choices_of_people_get_one_clear_sentence(bot: CallingBot, alice: Person, bob: Person) -> None:
    await asks(bot, alice, users_key(user_is_bot=True, max_quantity=2))
    assert await refused(alice, user_ids=[bob.id]) == "Bob is a person, but this key asks for bots."
    assert await refused(alice, user_ids=[bot.id, bot.id]) == "Nobody is shared twice at once."
    assert await refused(alice, user_ids=[]) == "This key takes 1 to 2 users, not 0."
    assert await refused(alice, user_ids=[1, 2, 3]) == "This key takes 1 to 2 users, not 3."
    assert await refused(alice, user_ids=["x"]) == "There is nobody with the id x."
    assert await refused(alice, chat_id=-5) == "The key 'Pick' takes 'user_ids', not 'chat_id'."
    assert await refused(alice, user_ids="x") == "The field 'user_ids' must be a list."
    assert (await refused(alice, user_ids=[bot.id], chat_id=-5)).startswith("A press names a message_id")
    await asks(bot, alice, users_key(user_is_premium=True))
    assert await refused(alice, user_ids=[bob.id]) == "Bob has no Premium, but this key asks for people who have it."


# --- chats ---


async def test_a_group_is_shared_with_what_the_key_asks_for(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    group = await playground.group("Tea time", alice, username="tea_time")
    await asks(bot, alice, chat_key(request_title=True, request_username=True), one_time_keyboard=True)
    message = await alice.shares_chat(BOT, "Pick", group)
    shared = {"chat_id": group["id"], "title": "Tea time", "username": "tea_time", "request_id": 8}
    assert (await bot.update("message"))["chat_shared"] == message["chat_shared"] == shared
    assert await alice.sees_keyboard(BOT) == []


@pytest.mark.parametrize(
    ("asked", "titles"),
    [
        pytest.param({}, ["Own", "Public", "With the bot", "Bob's"], id="groups"),
        pytest.param({"chat_is_channel": True}, ["News"], id="channels"),
        pytest.param({"chat_is_created": True}, ["Own", "Public", "With the bot"], id="own"),
        pytest.param({"chat_has_username": True}, ["Public"], id="public"),
        pytest.param({"chat_has_username": False}, ["Own", "With the bot", "Bob's"], id="private"),
        pytest.param({"chat_is_forum": True}, [], id="topics"),
        pytest.param({"bot_is_member": True}, ["Own", "Public", "With the bot", "Bob's"], id="bot inside or invited"),
        pytest.param({"user_administrator_rights": RIGHTS}, ["Own", "Public", "With the bot"], id="own rights"),
        pytest.param({"bot_administrator_rights": RIGHTS}, ["Own", "Public", "With the bot"], id="rights of the bot"),
    ],
)
async def test_only_chats_that_fit_can_be_chosen(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground, asked: dict[str, Any], titles: list[str]
) -> None:
    await playground.group("Own", alice)
    await playground.group("Public", alice, username="public_tea")
    await playground.call(
        "POST",
        "/chats",
        json={"type": "group", "title": "With the bot", "creator_id": alice.id, "member_ids": [bot.id]},
    )
    await playground.group("Bob's", bob, [alice])
    await playground.group("Not hers", bob)
    await playground.group("News", alice, kind="channel")
    await asks(bot, alice, chat_key(**asked))
    assert sorted(await choices(alice)) == sorted(titles)


async def test_a_bot_that_must_be_a_member_is_brought_in(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    group = await playground.group("Tea time", alice)
    await asks(bot, alice, chat_key(bot_is_member=True))
    await alice.shares_chat(BOT, "Pick", group)
    joined = await bot.update("my_chat_member")
    assert (joined["new_chat_member"]["status"], joined["from"]["id"]) == ("member", alice.id)
    assert (await bot.update("message"))["new_chat_members"][0]["id"] == bot.id
    assert (await bot.update("message"))["chat_shared"]["chat_id"] == group["id"]


async def test_a_bot_gets_the_rights_it_asks_for_and_keeps_those_it_has(
    bot: CallingBot, alice: Person, playground: Playground
) -> None:
    channel = await playground.group("News", alice, kind="channel")
    await asks(bot, alice, chat_key(chat_is_channel=True, bot_administrator_rights={"can_post_messages": True}))
    await alice.shares_chat(BOT, "Pick", channel)
    first = (await bot.update("my_chat_member"))["new_chat_member"]
    assert (first["status"], first["can_post_messages"], first["can_invite_users"]) == ("administrator", True, False)
    await asks(bot, alice, chat_key(chat_is_channel=True, bot_administrator_rights={"can_invite_users": True}))
    await alice.shares_chat(BOT, "Pick", channel)
    second = (await bot.update("my_chat_member"))["new_chat_member"]
    assert (second["can_post_messages"], second["can_invite_users"]) == (True, True)


async def test_wrong_chats_get_one_clear_sentence(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    hers = await playground.group("Tea time", alice)
    his = await playground.group("Bob's", bob, [alice])
    secret = await playground.group("Secret", bob)
    await asks(bot, alice, chat_key(chat_is_created=True))
    assert await refused(alice, chat_id=his["id"]) == "Alice does not own Bob's."
    assert await refused(alice, chat_id=secret["id"]) == "Alice is not in Secret."
    assert await refused(alice, chat_id=alice.id) == f"There is no group or channel {alice.id}."
    await asks(bot, alice, chat_key(chat_is_channel=True))
    assert await refused(alice, chat_id=hers["id"]) == "Tea time is a group, but this key asks for channels."
    await asks(bot, alice, chat_key(chat_has_username=True))
    sentence = "Tea time has no username, but this key asks for chats that have one."
    assert await refused(alice, chat_id=hers["id"]) == sentence
    await asks(bot, alice, chat_key(user_administrator_rights=RIGHTS))
    assert await refused(alice, chat_id=his["id"]) == "Alice lacks the right can_manage_chat in Bob's."
    await asks(bot, alice, chat_key(bot_administrator_rights=RIGHTS))
    assert await refused(alice, chat_id=his["id"]) == "Alice cannot give @echo_bot the place it asks for in Bob's."
    assert [(await bot.getChat(chat_id=alice.id))["type"], bot.unread] == ["private", []]


# --- polls ---


async def test_a_poll_is_sent_because_a_key_asks_for_one(bot: CallingBot, alice: Person) -> None:
    await asks(bot, alice, {"request_poll": {}}, one_time_keyboard=True)
    assert await alice.presses(BOT, "Pick") == {"request_poll": {}}
    await alice.sends_poll(
        BOT, "Which tea?", ["Green", "Black"], key="Pick", is_anonymous=False, allows_multiple_answers=True
    )
    poll = (await bot.update("message"))["poll"]
    assert (poll["question"], [option["text"] for option in poll["options"]]) == ("Which tea?", ["Green", "Black"])
    assert (poll["type"], poll["is_anonymous"], poll["allows_multiple_answers"]) == ("regular", False, True)
    assert await alice.sees_keyboard(BOT) == []


async def test_a_key_for_a_quiz_makes_the_poll_one(bot: CallingBot, alice: Person) -> None:
    await asks(bot, alice, {"request_poll": {"type": "quiz"}})
    more = {"correct_option_ids": [1], "explanation": "See https://tea.example"}
    await alice.sends_poll(BOT, "Which is black?", ["Sencha", "Assam"], key="Pick", **more)
    poll = (await bot.update("message"))["poll"]
    assert (poll["type"], poll["correct_option_id"], poll["explanation"]) == ("quiz", 1, "See https://tea.example")
    assert [entity["type"] for entity in poll["explanation_entities"]] == ["url"]


async def test_a_person_sends_a_poll_of_their_own_accord_and_others_vote(
    bot: CallingBot, alice: Person, bob: Person, playground: Playground
) -> None:
    group = await playground.group("Tea time", alice, [bob])
    sent = await alice.sends_poll(group, "When?", ["At four", "At five"])
    body = {"message_id": sent.id, "option_ids": [1]}
    voted = await playground.call("POST", f"/users/{bob.id}/chats/{group['id']}/vote", json=body)
    assert [option["voter_count"] for option in voted["poll"]["options"]] == [0, 1]


WRONG_POLLS: list[Any] = [
    ({"question": " "}, "The question of a poll has 1 to 300 characters."),
    ({"question": "x" * 301}, "The question of a poll has 1 to 300 characters."),
    ({"options": []}, "A poll has 1 to 12 options."),
    ({"options": ["x"] * 13}, "A poll has 1 to 12 options."),
    ({"options": ["a", ""]}, "The option of a poll has 1 to 100 characters."),
    ({"options": ["a", "a "]}, "Two options of a poll are never the same."),
    ({"options": ["a", 7]}, "An option of a poll is a text."),
    ({"type": "vote"}, "A poll is regular or a quiz, not 'vote'."),
    ({"type": "quiz"}, "A quiz names its right answer in 'correct_option_ids': 0 to 1."),
    ({"type": "quiz", "correct_option_ids": [2]}, "A quiz names its right answer in 'correct_option_ids': 0 to 1."),
    (
        {"type": "quiz", "correct_option_ids": [0], "explanation": "x" * 201},
        "The explanation of a poll has at most 200 characters.",
    ),
    ({"correct_option_ids": [0]}, "Only a quiz has a right answer and an explanation."),
    ({"secret": True}, "There is no field 'secret' in this call."),
    ({"is_anonymous": "no"}, "The field 'is_anonymous' must be true or false."),
]


@pytest.mark.parametrize(("change", "sentence"), WRONG_POLLS)
async def test_a_wrong_poll_gets_one_clear_sentence(
    bot: CallingBot, alice: Person, change: dict[str, Any], sentence: str
) -> None:
    await asks(bot, alice, {"request_poll": {}})
    assert await refused(alice, poll={"question": "Tea?", "options": ["a", "b"], **change}) == sentence


async def test_a_key_gets_the_kind_of_poll_it_asks_for(bot: CallingBot, alice: Person) -> None:
    await asks(bot, alice, {"request_poll": {"type": "regular"}})
    quiz = {"question": "Tea?", "options": ["a", "b"], "type": "quiz", "correct_option_ids": [0]}
    assert await refused(alice, poll=quiz) == "This key asks for a regular poll."


# --- one's own number and place ---


async def test_ones_own_contact_answers_the_question(bot: CallingBot, bob: Person) -> None:
    await asks(bot, bob, {"request_contact": True}, one_time_keyboard=True)
    await bob.presses(BOT, "Pick")
    got = await bot.update("message")
    number = got["contact"].pop("phone_number")
    assert number.startswith("+9996")
    assert got["contact"] == {"first_name": "Bob", "last_name": "Builder", "user_id": bob.id}
    assert got["reply_to_message"]["text"] == "Whom?"
    assert await bob.sees_keyboard(BOT) == []


async def test_a_place_answers_the_question_and_uses_the_key_up(bot: CallingBot, alice: Person) -> None:
    await asks(bot, alice, {"request_location": True}, one_time_keyboard=True)
    assert await refused(alice, location={"latitude": 91, "longitude": 0}) == (
        "A latitude lies between -90 and 90, a longitude between -180 and 180."
    )
    place = {"latitude": 52.5, "longitude": 13.4}
    await alice.playground.call(
        "POST", f"/users/{alice.id}/chats/{BOT}/press", json={"text": "Pick", "location": place}
    )
    got = await bot.update("message")
    assert (got["location"], got["reply_to_message"]["text"]) == (place, "Whom?")
    assert await alice.sees_keyboard(BOT) == []


async def test_a_plain_key_takes_no_choice(bot: CallingBot, alice: Person) -> None:
    await asks(bot, alice, {})
    assert await refused(alice, user_ids=[1]) == "The key 'Pick' only needs to be pressed, not 'user_ids'."
