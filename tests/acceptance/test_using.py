"""Stories of end users: a form and a poll, in the chat and in the Mini App, and what the owner gets of it."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import httpx
import openpyxl
import pytest

from playground.people import Person
from tests.acceptance.deeds import fills_in_the_order, makes, opens
from tests.factory import RunningFactory


@pytest.fixture(scope="module")
async def pizzeria(factory: RunningFactory) -> str:
    await factory.you.starts(factory.bot)
    bot = await makes(factory.you, factory)
    await factory.you.starts(bot)
    await factory.you.hears(bot)
    return bot


async def guest(factory: RunningFactory, bot: str, name: str) -> Person:
    person = await factory.playground.person(name)
    await person.starts(bot)
    await person.hears(bot, "Bella Napoli")
    return person


async def downloads(factory: RunningFactory, message: Any) -> bytes:
    async with httpx.AsyncClient(trust_env=False) as http:
        file_id = message.raw["document"]["file_id"]
        answer = await http.get(f"{factory.playground.base_url}/play/v1/users/{factory.you.id}/files/{file_id}")
    assert answer.status_code == 200
    return answer.content


async def test_a_form_is_filled_in_by_two_people_in_chat_and_mini_app(factory: RunningFactory, pizzeria: str) -> None:
    owner = factory.you
    carla, dario = await guest(factory, pizzeria, "Carla"), await guest(factory, pizzeria, "Dario")
    app = await opens(dario, pizzeria)
    form_id = app.facts["features"][0]["id"]
    fields = {field["label"]: field["id"] for field in (await app.feature(form_id))["fields"]}

    wrong = await app.submits(form_id, {fields["Name"]: "Dario", fields["Phone"]: "nope"}, key="k0")
    assert wrong.status_code == 422
    assert set(wrong.json()["fields"]) == {fields["Phone"], fields["Size"]}

    answers = {fields["Name"]: "Dario", fields["Phone"]: "+39 333 7654321", fields["Size"]: "=HYPERLINK(1)"}
    _, first, again = await asyncio.gather(
        fills_in_the_order(carla, pizzeria, name="Carla Rossi", phone="+39 333 1234567", size="large"),
        app.submits(form_id, answers, key="k1"),
        app.submits(form_id, answers, key="k1"),
    )
    assert (first.status_code, again.status_code) == (201, 201)
    told = [await owner.hears(pizzeria, "new answer"), await owner.hears(pizzeria, "new answer")]
    assert {"Carla Rossi" in message.text for message in told} == {True, False}
    mine = (await app.feature(form_id))["submissions"]
    assert len(mine) == 1  # Dario's own, once, and not Carla's

    await owner.says(pizzeria, "/answers")
    documents: dict[str, bytes] = {}
    while len(documents) < 2:
        message = await owner.hears(pizzeria, timeout=20)
        if "document" in message.raw:
            documents[message.raw["document"]["file_name"].rpartition(".")[2]] = await downloads(factory, message)
        elif "Which answers" in message.text:
            await owner.presses(pizzeria, "Order")
    sheet = openpyxl.load_workbook(io.BytesIO(documents["xlsx"])).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    values = {str(cell.value) for cell in cells}
    assert {"Carla Rossi", "Dario", "large", "=HYPERLINK(1)"} <= values
    assert all(cell.data_type != "f" for cell in cells)
    assert "Carla Rossi" in documents["csv"].decode("utf-8-sig")

    stranger = await guest(factory, pizzeria, "Stranger")
    await stranger.says(pizzeria, "/answers")
    assert "document" not in (await stranger.hears(pizzeria)).raw


async def test_a_poll_is_voted_in_both_and_a_vote_can_be_changed(factory: RunningFactory, pizzeria: str) -> None:
    emma, fritz = await guest(factory, pizzeria, "Emma"), await guest(factory, pizzeria, "Fritz")
    await emma.says(pizzeria, "/poll")
    await emma.hears(pizzeria, "Pizza of the week")
    await emma.presses(pizzeria, "Diavola")
    app = await opens(fritz, pizzeria)
    poll_id = app.facts["features"][1]["id"]
    before = await app.feature(poll_id)
    assert (before["counts"], before["mine"]) == ([0, 1, 0], [])
    voted = (await app.votes(poll_id, 1)).json()
    assert (voted["counts"], voted["voters"], voted["mine"]) == ([0, 2, 0], 2, [1])
    changed = (await app.votes(poll_id, 2)).json()
    assert (changed["counts"], changed["voters"]) == ([0, 1, 1], 2)
    await emma.presses(pizzeria, "Margherita")
    assert (await app.feature(poll_id))["counts"] == [1, 0, 1]
    assert (await app.votes(poll_id, 0, 1)).status_code == 422
    assert (await app.votes(poll_id, 7)).status_code in {404, 422}


async def test_a_person_is_told_what_is_stored_and_can_have_it_removed(factory: RunningFactory, pizzeria: str) -> None:
    greta = await guest(factory, pizzeria, "Greta")
    await fills_in_the_order(greta, pizzeria, name="Greta", phone="+39 333 0000000", size="small")
    await greta.says(pizzeria, "/privacy")
    await greta.hears(pizzeria, "stores about you")
    await greta.says(pizzeria, "/forget")
    await greta.hears(pizzeria, "cannot be undone")
    await greta.presses(pizzeria, "Yes, remove it")
    await greta.hears(pizzeria, "Done.")
    app = await opens(greta, pizzeria)
    assert (await app.feature(app.facts["features"][0]["id"]))["submissions"] == []
