"""A form filled in the chat: questions, refusals, review, the owner's news, one's own answers, restarts."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot_runtime.dna import AgentDNA, FieldKind, FormFeature, FormField
from playground.people import Person, Playground
from tests.integration.runtime.made import Made, made_bot
from tests.playground.pixel import PIXEL

FORM = FormFeature(
    id="order",
    command="order",
    title="Order a pizza",
    intro="Hot in 20 minutes.",
    thanks="We are baking!",
    fields=(
        FormField(id="name", label="Your name"),
        FormField(id="size", label="Size", kind=FieldKind.CHOICE, options=("Small", "Large")),
        FormField(id="extras", label="Extras", kind=FieldKind.CHOICES, options=("Ham", "Olives"), required=False),
        FormField(id="phone", label="Phone", kind=FieldKind.PHONE),
        FormField(id="stars", label="Our service", kind=FieldKind.RATING, required=False),
    ),
)
DNA = AgentDNA(name="Bella Napoli", purpose="Takes orders", features=(FORM,))


@pytest.fixture(scope="module")
async def bella(playground: Playground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Made]:
    async with made_bot(playground, DNA, tmp_path_factory.mktemp("bella")) as made:
        await made.owner.starts(made.account)
        await made.owner.hears(made.account, "Nobody has answered yet")
        yield made


async def fill(person: Person, bella: Made, name: str) -> None:
    await person.says(bella.account, "/order")
    await person.hears(bella.account, "Your name")
    await person.says(bella.account, name)
    await person.presses(bella.account, "Large")
    await person.presses(bella.account, "Skip")
    await person.hears(bella.account, "Phone")
    await person.sends_contact(bella.account, "393331234567")
    await person.hears(bella.account, "Our service")
    await person.presses(bella.account, "4 ★")
    await person.hears(bella.account, "Please look it over")


async def test_a_filled_form_reaches_the_owner_with_who_and_what(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann", username=f"ann{bella.account.id}")
    await ann.starts(bella.account)
    greeting = await ann.hears(bella.account)
    assert "Bella Napoli" in greeting
    assert greeting.labels == ["Order a pizza"]
    await ann.presses(bella.account, "Order a pizza")
    first = await ann.hears(bella.account, "Your name")
    assert "Hot in 20 minutes." in first
    assert "(1/5)" in first
    await ann.says(bella.account, "Ann <b>")
    await ann.presses(bella.account, "Large")
    await ann.hears(bella.account, "Size: Large")
    await ann.presses(bella.account, "Olives")
    await ann.presses(bella.account, "Ham")
    await ann.presses(bella.account, "✅ Olives")
    await ann.presses(bella.account, "Done")
    await ann.hears(bella.account, "Extras: Ham")
    await ann.says(bella.account, "call me")
    assert "no phone number" in await ann.hears(bella.account, "phone number")
    await ann.says(bella.account, "+39 333 123 4567")
    await ann.presses(bella.account, "5 ★")
    review = await ann.hears(bella.account, "Please look it over")
    for line in ("Your name: Ann <b>", "Size: Large", "Extras: Ham", "Phone: +393331234567", "Our service: ★★★★★"):
        assert line in review
    await ann.presses(bella.account, "Send")
    await ann.hears(bella.account, "We are baking!")
    told = await bella.owner.hears(bella.account, "new answer no.")
    assert f"from Ann (@ann{bella.account.id})" in told
    assert "Your name: Ann <b>" in told
    counters = await bella.get("/counters", since="2020-01-01T00:00:00+00:00", until="2100-01-01T00:00:00+00:00")
    assert counters["submissions"] >= 1
    assert counters["people"] >= 2
    assert counters["errors"] == 0


async def test_back_and_change_lead_to_earlier_answers(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await fill(ann, bella, "Anne")
    await ann.presses(bella.account, "Change an answer")
    await ann.presses(bella.account, "Your name")
    await ann.hears(bella.account, "Your name (1/5)")
    await ann.says(bella.account, "Anna")
    assert "Your name: Anna" in await ann.hears(bella.account, "Please look it over")
    await ann.presses(bella.account, "Change an answer")
    await ann.presses(bella.account, "Back to the overview")
    await ann.hears(bella.account, "Please look it over")
    await ann.presses(bella.account, "Change an answer")
    await ann.presses(bella.account, "Our service")
    await ann.hears(bella.account, "Our service (5/5)")
    await ann.presses(bella.account, "‹ Back")
    assert "Our service: ★★★★☆" in await ann.hears(bella.account, "Please look it over")
    await ann.presses(bella.account, "Send")
    assert "Your name: Anna" in await bella.owner.hears(bella.account, "new answer")


async def test_back_from_the_phone_keyboard_and_cancel(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await ann.says(bella.account, "/order")
    await ann.says(bella.account, "Ann")
    await ann.presses(bella.account, "Small")
    await ann.presses(bella.account, "Skip")
    await ann.hears(bella.account, "Phone")
    assert await ann.sees_keyboard(bella.account) == ["Share my phone number", "‹ Back", "Cancel"]
    await ann.presses(bella.account, "‹ Back")
    await ann.hears(bella.account, "Extras (3/5)")
    assert await ann.sees_keyboard(bella.account) == []
    await ann.presses(bella.account, "Cancel")
    await ann.hears(bella.account, "Cancelled. Nothing was sent.")
    await ann.says(bella.account, "hello?")
    await ann.hears(bella.account, "I did not get that")
    await ann.says(bella.account, "/cancel")
    await ann.hears(bella.account, "nothing to cancel")


async def test_a_form_goes_on_after_the_bot_was_killed(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await ann.says(bella.account, "/order")
    await ann.hears(bella.account, "Your name")
    bella.kill()
    await bella.ended()
    await ann.says(bella.account, "Ann")
    await bella.start()
    await ann.hears(bella.account, "Size (2/5)")
    await ann.presses(bella.account, "Small")
    await ann.hears(bella.account, "Extras (3/5)")


async def test_people_see_and_withdraw_their_own_answers_and_no_others(playground: Playground, bella: Made) -> None:
    ann, ben = await playground.person("Ann"), await playground.person("Ben")
    for person in (ann, ben):
        await fill(person, bella, person.first_name)
        await person.presses(bella.account, "Send")
        await person.hears(bella.account, "We are baking!")
    await ben.says(bella.account, "/mine")
    mine = await ben.hears(bella.account, "your answers")
    assert "Ben" in mine
    assert "Ann" not in mine
    await ben.presses(bella.account, "Withdraw no.")
    await ben.presses(bella.account, "Yes, withdraw it")
    await ben.hears(bella.account, "was withdrawn")
    await bella.owner.hears(bella.account, "Ben withdrew answer")
    await ben.says(bella.account, "/mine")
    await ben.hears(bella.account, "You have not sent")
    await ann.says(bella.account, "/order")
    await ann.hears(bella.account, "sent this form once")


async def test_old_and_doubled_presses_are_answered_and_do_nothing(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await ann.says(bella.account, "/order")
    await ann.says(bella.account, "Ann")
    await ann.hears(bella.account, "Size (2/5)")
    await ann.presses(bella.account, "Small")
    await ann.hears(bella.account, "Extras (3/5)")
    first = next(message for message in await ann.sees(bella.account) if message.labels == ["Cancel"])
    answer = await ann.presses(bella.account, "Cancel", message_id=first.id)
    assert "already answered" in answer["toast"]
    await ann.presses(bella.account, "Ham")
    await fill_rest(ann, bella)
    assert "Extras: Ham" in await bella.owner.hears(bella.account, "new answer")


async def fill_rest(person: Person, bella: Made) -> None:
    await person.presses(bella.account, "Done")
    await person.hears(bella.account, "Phone")
    await person.says(bella.account, "0301234567")
    await person.presses(bella.account, "Skip")
    await person.presses(bella.account, "Send")
    await person.hears(bella.account, "We are baking!")


async def test_a_photo_is_shown_to_the_owner_and_a_text_is_not_taken_for_one(
    playground: Playground, project: Path
) -> None:
    form = FormFeature(
        title="Lost and found",
        fields=(
            FormField(id="photo", label="What you found", kind=FieldKind.PHOTO),
            FormField(id="day", label="When", kind=FieldKind.DATE),
        ),
    )
    async with made_bot(playground, AgentDNA(name="Finder", purpose="x", features=(form,)), project) as finder:
        await finder.owner.starts(finder.account)
        ann = await playground.person("Ann")
        await ann.starts(finder.account, "form")
        await ann.says(finder.account, "a cat")
        await ann.hears(finder.account, "Please send a photo")
        await ann.sends_photo(finder.account, PIXEL)
        await ann.presses(finder.account, "Today")
        await ann.presses(finder.account, "Send")
        told = await finder.owner.hears(finder.account, "new answer no. 1")
        assert told["photo"]


async def test_a_picture_sent_as_a_file_reaches_the_owner_as_a_file(playground: Playground, project: Path) -> None:
    form = FormFeature(title="Found", fields=(FormField(id="photo", label="What", kind=FieldKind.PHOTO),))
    async with made_bot(playground, AgentDNA(name="Finder", purpose="x", features=(form,)), project) as finder:
        await finder.owner.starts(finder.account)
        ann = await playground.person("Ann")
        await ann.says(finder.account, "/form")
        await ann.hears(finder.account, "What (1/1)")
        await ann.sends_document(finder.account, PIXEL, "scan.png")
        await ann.presses(finder.account, "Send")
        told = await finder.owner.hears(finder.account, "new answer no. 1")
        assert told["document"]["file_name"] == "scan.png"


async def test_the_longest_form_with_the_longest_answers_stays_within_telegrams_limits(
    playground: Playground, project: Path
) -> None:
    fields = tuple(FormField(id=f"f{number}", label=f"{number} " + "<" * 60) for number in range(30))
    form = FormFeature(title="T" * 64, intro="i" * 500, fields=fields)
    async with made_bot(playground, AgentDNA(name="Long", purpose="x", features=(form,)), project) as made:
        await made.owner.starts(made.account)
        ann = await playground.person("Ann")
        async with made.app_of(ann) as app:
            for number in range(3):
                answers = json.dumps({field.id: "&" * 2000 for field in fields})
                files = {"answers": (None, answers), "key": (None, str(number))}
                assert (await app.post("/features/form/submissions", files=files)).status_code == 201
        await made.owner.hears(made.account, "new answer no. 3")
        await ann.says(made.account, "/mine")
        assert "and 2 older ones" in await ann.hears(made.account, "your answers")
        await ann.says(made.account, "/privacy")
        await ann.hears(made.account, "What Long stores about you")
        await ann.says(made.account, "/form")
        await ann.hears(made.account, "(1/30)")
        for field in fields:
            await ann.says(made.account, f"{field.id} " + "x" * 500)
        await ann.hears(made.account, "Please look it over")
        await ann.presses(made.account, "Change an answer")
        await ann.hears(made.account, "Which answer would you like to change?")
        health = await made.get("/health")
        assert health["errors"] == 0
