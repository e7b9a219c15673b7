"""What the Mini App may ask of a bot: form and poll over HTTP, every call checked on the server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot_runtime.dna import AgentDNA, FieldKind, FormFeature, FormField, PollFeature
from playground.people import Playground
from tests.integration.runtime.made import Made, made_bot, plain_client
from tests.playground.pixel import PIXEL

FORM = FormFeature(
    title="Order",
    thanks="Baking!",
    fields=(
        FormField(id="name", label="Name"),
        FormField(id="count", label="How many", kind=FieldKind.NUMBER, minimum=1, maximum=9),
        FormField(id="extras", label="Extras", kind=FieldKind.CHOICES, options=("Ham", "Corn"), required=False),
        FormField(id="photo", label="Photo", kind=FieldKind.PHOTO, required=False),
    ),
)
POLL = PollFeature(question="Which?", options=("This", "That"))
DNA = AgentDNA(name="Bella", purpose="x", features=(FORM, POLL))
GOOD = {"name": "Ann", "count": "2", "extras": ["Corn"]}


@pytest.fixture
async def bella(playground: Playground, project: Path) -> AsyncIterator[Made]:
    async with made_bot(playground, DNA, project) as made:
        await made.owner.starts(made.account)
        yield made


@pytest.fixture(scope="module")
async def stall(playground: Playground, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Made]:
    """A bot for tests whose people are new each time."""
    async with made_bot(playground, DNA, tmp_path_factory.mktemp("stall")) as made:
        yield made


async def send(app: httpx.AsyncClient, answers: Any, key: str = "k1", photo: bytes | None = None) -> httpx.Response:
    files: dict[str, Any] = {"answers": (None, json.dumps(answers)), "key": (None, key)}
    if photo is not None:
        files["photo"] = ("cat.png", photo)
    return await app.post("/features/form/submissions", files=files)


async def test_a_form_sent_in_the_app_is_told_to_the_owner_and_seen_by_its_sender_only(
    playground: Playground, bella: Made
) -> None:
    ann, ben = await playground.person("Ann"), await playground.person("Ben")
    async with bella.app_of(ann) as app, bella.app_of(ben) as other:
        form = (await app.get("/features/form")).json()
        assert form["title"] == "Order"
        assert form["fields"][1] == {
            "id": "count",
            "label": "How many",
            "kind": "number",
            "required": True,
            "options": [],
            "minimum": 1.0,
            "maximum": 9.0,
        }
        answer = await send(app, GOOD, photo=PIXEL)
        assert answer.status_code == 201, answer.text
        assert answer.json()["thanks"] == "Baking!"
        number = answer.json()["submission"]["id"]
        texts = {one["id"]: one["text"] for one in answer.json()["submission"]["answers"]}
        assert texts == {"name": "Ann", "count": "2", "extras": "Corn", "photo": "photo"}
        told = await bella.owner.hears(bella.account, "new answer no.")
        assert "from Ann" in told
        assert told["document"]
        assert len((await app.get("/features/form")).json()["submissions"]) == 1
        assert (await other.get("/features/form")).json()["submissions"] == []
        assert (await other.delete(f"/features/form/submissions/{number}")).status_code == 404
        gone = await app.delete(f"/features/form/submissions/{number}")
        assert gone.json() == {"submissions": []}
        assert (await app.delete(f"/features/form/submissions/{number}")).status_code == 404
        assert (await app.delete("/features/form/submissions/99999999999999999999")).status_code == 404


async def test_forgetting_a_person_ends_their_open_apps_and_nobody_elses(playground: Playground, stall: Made) -> None:
    ann, ben = await playground.person("Ann"), await playground.person("Ben")
    async with stall.app_of(ann) as phone, stall.app_of(ann) as laptop, stall.app_of(ben) as other:
        assert (await send(phone, GOOD)).status_code == 201
        await ann.says(stall.account, "/forget")
        await ann.presses(stall.account, "Yes, remove it")
        await ann.hears(stall.account, "Done. I removed")
        assert (await phone.get("/features/form")).status_code == 401
        assert (await send(laptop, GOOD, key="k2")).status_code == 401
        assert (await other.get("/features/form")).status_code == 200
    async with stall.app_of(ann) as again:
        assert (await again.get("/features/form")).json()["submissions"] == []


async def test_the_same_form_sent_twice_counts_once(playground: Playground, stall: Made) -> None:
    async with stall.app_of(await playground.person("Ann")) as app:
        answers = await asyncio.gather(*(send(app, GOOD, "same") for _ in range(5)))
        assert {answer.status_code for answer in answers} == {201}
        assert len({answer.json()["submission"]["id"] for answer in answers}) == 1
        await send(app, GOOD, "another")
        assert len((await app.get("/features/form")).json()["submissions"]) == 2


@pytest.mark.parametrize(
    ("change", "faulty"),
    [
        ({"name": ""}, {"name"}),
        ({"count": 10}, {"count"}),
        ({"count": None, "name": None}, {"count", "name"}),
        ({"extras": ["Stone"]}, {"extras"}),
        ({"count": {"x": 1}}, {"count"}),
        ({"photo": "text"}, set()),
    ],
)
async def test_every_field_is_checked_on_the_server(
    playground: Playground, stall: Made, change: dict[str, Any], faulty: set[str]
) -> None:
    async with stall.app_of(await playground.person("Ann")) as app:
        answer = await send(app, GOOD | change)
        assert set(answer.json().get("fields", {})) == faulty
        assert answer.status_code == (422 if faulty else 201)


async def test_what_is_no_picture_or_too_large_is_refused(playground: Playground, stall: Made) -> None:
    async with stall.app_of(await playground.person("Ann")) as app:
        answer = await send(app, GOOD, photo=b"<svg onload=alert(1)>")
        assert "photo" in answer.json()["fields"]
        answer = await send(app, GOOD, photo=PIXEL + b"x" * (5 << 20))
        assert answer.status_code == 422
        answer = await send(app, GOOD, photo=PIXEL + b"x" * (6 << 20))
        assert answer.status_code == 413


@pytest.mark.parametrize(
    "body",
    [
        {"files": {"answers": (None, "nonsense"), "key": (None, "k")}},
        {"files": {"answers": (None, "[]"), "key": (None, "k")}},
        {"files": {"answers": (None, "{}")}},
        {"files": {"answers": (None, "{}"), "key": (None, "k" * 200)}},
        {"content": b"x", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
        {"json": {"answers": {}}},
    ],
)
async def test_a_parcel_that_cannot_be_read_is_refused_with_a_sentence(
    playground: Playground, stall: Made, body: dict[str, Any]
) -> None:
    async with stall.app_of(await playground.person("Ann")) as app:
        answer = await app.post("/features/form/submissions", **body)
        assert answer.status_code == 400, answer.text
        assert answer.json()["error"]


async def test_votes_of_chat_and_app_are_one_vote(playground: Playground, bella: Made) -> None:
    ann = await playground.person("Ann")
    await ann.says(bella.account, "/poll")
    await ann.presses(bella.account, "This")
    async with bella.app_of(ann) as app:
        state = (await app.get("/features/poll")).json()
        assert (state["counts"], state["mine"], state["voters"], state["closed"]) == ([1, 0], [0], 1, False)
        state = (await app.put("/features/poll/vote", json={"options": [1]})).json()
        assert (state["counts"], state["mine"]) == ([0, 1], [1])
        await ann.hears(bella.account, "That\n▓▓▓▓▓▓▓▓▓▓ 100 %")
        state = (await app.request("DELETE", "/features/poll/vote")).json()
        assert (state["counts"], state["mine"], state["voters"]) == ([0, 0], [], 0)
        await bella.owner.says(bella.account, "/poll")
        await bella.owner.presses(bella.account, "Close the poll")
        answer = await app.put("/features/poll/vote", json={"options": [1]})
        assert answer.status_code == 409
        assert answer.json()["state"]["closed"] is True


@pytest.mark.parametrize("options", [[], [2], [-1], [True], ["This"], [0, 1], "0", None, {}])
async def test_a_vote_for_no_option_or_too_many_is_refused(playground: Playground, stall: Made, options: Any) -> None:
    async with stall.app_of(await playground.person("Ann")) as app:
        answer = await app.put("/features/poll/vote", json={"options": options})
        assert answer.status_code == 422
        assert answer.json()["error"]


async def test_nobody_is_served_without_a_session(stall: Made) -> None:
    async with plain_client(f"http://127.0.0.1:{stall.port}/api") as app:
        for method, path in (
            ("GET", "/features/form"),
            ("POST", "/features/form/submissions"),
            ("PUT", "/features/poll/vote"),
        ):
            answer = await app.request(method, path, headers={"Authorization": "Bearer made-up"})
            assert answer.status_code == 401
            assert answer.json()["error"]
        assert (await app.get("/features/nothing")).status_code == 404
