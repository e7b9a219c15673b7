"""Stories of makers: by words, by template, with a pasted token, with changes on the review card, side by side."""

from __future__ import annotations

import asyncio

import pytest

from playground.people import PlaygroundError
from tests.acceptance.deeds import creates, describes, makes, opens
from tests.factory import RunningFactory


async def test_a_person_makes_a_living_bot_by_words(factory: RunningFactory) -> None:
    you = factory.you
    await you.starts(factory.bot)
    await you.hears(factory.bot, "bot")
    bot = await makes(you, factory)
    await you.starts(bot)
    assert "Bella Napoli" in (await you.hears(bot)).text
    app = await opens(you, bot)
    assert [feature["kind"] for feature in app.facts["features"]] == ["form", "poll"]
    form = await app.feature(app.facts["features"][0]["id"])
    assert [field["label"].casefold() for field in form["fields"]] == ["name", "phone", "size"]
    poll = await app.feature(app.facts["features"][1]["id"])
    assert poll["options"] == ["Margherita", "Diavola", "Marinara"]
    assert app.login["visitor"]["is_owner"]


async def test_a_missing_detail_is_asked_for_and_nothing_else(factory: RunningFactory) -> None:
    maker = await factory.playground.person("Asker")
    await maker.starts(factory.bot)
    await maker.says(factory.bot, "/newbot")
    await maker.hears(factory.bot, "What should your bot do")
    await maker.says(
        factory.bot,
        "A bot for my pizzeria Bella Napoli: take orders with name, phone and size, and let people vote for the pizza "
        "of the week",
    )
    await maker.hears(factory.bot, "What can people choose in")
    await maker.says(factory.bot, "Margherita, Diavola, Marinara")
    card = await maker.hears(factory.bot, "All good?")
    assert "Margherita" in card.text


async def test_a_person_makes_a_bot_from_a_template(factory: RunningFactory) -> None:
    maker = await factory.playground.person("Templa")
    await maker.starts(factory.bot)
    await maker.says(factory.bot, "/newbot")
    await maker.hears(factory.bot, "Or start from a template")
    await maker.presses(factory.bot, "Feedback")
    for _ in range(8):
        heard = await maker.hears(factory.bot)
        if "All good?" in heard.text:
            break
        await maker.presses(factory.bot, "Skip")
    bot = await creates(maker, factory)
    await maker.starts(bot)
    await maker.hears(bot)


async def test_a_person_changes_lines_on_the_review_card(factory: RunningFactory) -> None:
    maker = await factory.playground.person("Editha")
    await maker.starts(factory.bot)
    await describes(maker, factory)
    card = (await maker.sees(factory.bot))[-1]
    await maker.presses(factory.bot, "Name")
    assert (await maker.hears(factory.bot, "What is your bot called?")).id == card.id
    await maker.says(factory.bot, "Napoli Express")
    assert "Napoli Express" in (await maker.hears(factory.bot, "All good?")).text
    await maker.says(factory.bot, "add a question for the street")
    assert "Street" in (await maker.hears(factory.bot, "All good?")).text
    await maker.says(factory.bot, "make the phone optional and change the size options to S, M and L")
    assert "Size (one choice: S, M, L)" in (await maker.hears(factory.bot, "All good?")).text
    await maker.says(factory.bot, "make the moon blue")
    assert "Size (one choice: S, M, L)" in (await maker.hears(factory.bot, "did not understand")).text
    bot = await creates(maker, factory)
    await maker.starts(bot)
    assert "Napoli Express" in (await maker.hears(bot)).text
    app = await opens(maker, bot)
    form = await app.feature(app.facts["features"][0]["id"])
    fields = {field["label"]: field for field in form["fields"]}
    assert list(fields) == ["Name", "Phone", "Size", "Street"]
    assert fields["Size"]["options"] == ["S", "M", "L"]
    assert not fields["Phone"]["required"]


async def test_a_pasted_token_makes_a_bot_and_its_message_goes_away(factory: RunningFactory) -> None:
    maker = await factory.playground.person("Paster")
    await maker.starts(factory.bot)
    await describes(maker, factory)
    await maker.presses(factory.bot, "✅ Create")
    await maker.presses(factory.bot, "token")
    account = await factory.playground.bot(maker, "Pasted", "pasted_by_hand_bot")
    await maker.hears(factory.bot, "token")
    await maker.says(factory.bot, "12345:nonsense")
    await maker.hears(factory.bot, "token")
    await maker.says(factory.bot, account.token)
    await maker.hears(factory.bot, "@pasted_by_hand_bot is live", timeout=40)
    assert all(account.token not in message.text for message in await maker.sees(factory.bot))
    await maker.starts("@pasted_by_hand_bot")
    await maker.hears("@pasted_by_hand_bot", "Bella Napoli")


async def test_two_makers_at_once_never_mix(factory: RunningFactory) -> None:
    anna, ben = await factory.playground.person("Anna"), await factory.playground.person("Ben")
    for maker in (anna, ben):
        await maker.starts(factory.bot)
    lunch = "A bot called Lunch Crew: let people vote for lunch between Soup, Salad and Burger"
    yoga = "A bot called Yoga Now: a sign-up form with name and e-mail"
    made_by_anna, made_by_ben = await asyncio.gather(makes(anna, factory, lunch), makes(ben, factory, yoga))
    await asyncio.gather(anna.starts(made_by_anna), ben.starts(made_by_ben))
    assert "Lunch Crew" in (await anna.hears(made_by_anna)).text
    assert "Yoga Now" in (await ben.hears(made_by_ben)).text
    lunch_app, yoga_app = await opens(anna, made_by_anna), await opens(ben, made_by_ben)
    assert [feature["kind"] for feature in lunch_app.facts["features"]] == ["poll"]
    assert [feature["kind"] for feature in yoga_app.facts["features"]] == ["form"]
    await anna.says(factory.bot, "/mybots")
    listed = await anna.hears(factory.bot)
    assert made_by_ben not in str(listed)


async def test_a_cancelled_form_of_telegram_leaves_the_maker_a_way_on(factory: RunningFactory) -> None:
    maker = await factory.playground.person("Hesita")
    await maker.starts(factory.bot)
    await describes(maker, factory)
    await maker.presses(factory.bot, "✅ Create")
    await maker.cancels_managed_bot(factory.bot)
    with pytest.raises(PlaygroundError, match=r"(?i)username"):
        await maker.confirms_managed_bot(factory.bot, username="no")
    made = await maker.confirms_managed_bot(factory.bot, username="hesita_at_last_bot")
    assert made["bot"]["username"] == "hesita_at_last_bot"
    await maker.hears(factory.bot, "@hesita_at_last_bot is live", timeout=30)
