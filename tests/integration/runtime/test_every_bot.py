"""What every made bot does: greeting, help, privacy, forgetting, spreadsheets, limits, access, an orderly end."""

from __future__ import annotations

import csv
import io
import sqlite3
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bot_runtime.dna import Access, AgentDNA, FieldKind, FormFeature, FormField, PollFeature, RateLimits, Retention
from playground.people import Person, Playground
from playground.seen import Message
from tests.integration.runtime.made import Made, made_bot, plain_client
from tests.playground.pixel import PIXEL

FORM = FormFeature(
    title="Contact",
    fields=(
        FormField(id="words", label="Your words"),
        FormField(id="photo", label="Picture", kind=FieldKind.PHOTO, required=False),
    ),
)
POLL = PollFeature(question="Tea or coffee?", options=("Tea", "Coffee"))
DNA = AgentDNA(name="Desk", purpose="Takes messages", features=(FORM, POLL), retention=Retention(answers_days=30))


@pytest.fixture
async def desk(playground: Playground, project: Path) -> AsyncIterator[Made]:
    async with made_bot(playground, DNA, project) as made:
        yield made


async def send_form(person: Person, made: Made, words: str, photo: bytes | None = None) -> None:
    await person.says(made.account, "/form")
    await person.hears(made.account, "Your words")
    await person.says(made.account, words)
    await person.hears(made.account, "Picture")
    if photo is None:
        await person.presses(made.account, "Skip")
    else:
        await person.sends_photo(made.account, photo)
    await person.presses(made.account, "Send")
    await person.hears(made.account, "have been sent")


async def test_start_help_privacy_and_lost_words_are_answered_with_what_there_is(
    playground: Playground, desk: Made
) -> None:
    ann = await playground.person("Ann")
    await ann.starts(desk.account)
    greeting = await ann.hears(desk.account, "Hi Ann! I am Desk.")
    assert greeting.labels == ["Contact", "Tea or coffee?"]
    assert "Here you can:\n• fill in “Contact”\n• vote: Tea or coffee?" in greeting
    assert "Takes messages" not in greeting  # the maker's words to the factory
    await ann.says(desk.account, "what is this")
    assert (await ann.hears(desk.account, "I did not get that")).labels == ["Contact", "Tea or coffee?"]
    await ann.says(desk.account, "/help")
    helped = await ann.hears(desk.account, "Desk: this is what I can do")
    for command in ("/form", "/poll", "/privacy", "/forget"):
        assert command in helped
    assert "/answers" not in helped
    await ann.says(desk.account, "/privacy")
    told = await ann.hears(desk.account, "What Desk stores about you")
    assert "Your words, Picture" in told
    assert "your vote in “Tea or coffee?”" in told
    assert "30 days" in told
    await ann.says(desk.account, "/app")
    await ann.hears(desk.account, "no app yet")
    await ann.says(desk.account, "/nonsense")
    await ann.hears(desk.account, "I did not get that")
    await ann.says(desk.account, "/answers")
    await ann.hears(desk.account, "Only the owner")


async def test_forgetting_asks_once_more_and_then_leaves_nothing_of_the_person(
    playground: Playground, desk: Made
) -> None:
    ann, ben = await playground.person("Ann"), await playground.person("Ben")
    await send_form(ann, desk, "remember-me-not", PIXEL)
    await send_form(ben, desk, "keep this")
    await ann.says(desk.account, "/poll")
    await ann.presses(desk.account, "Tea")
    await ann.says(desk.account, "/forget")
    asked = await ann.hears(desk.account, "Shall I remove everything")
    assert "1 answer to “Contact”" in asked
    assert "your vote in “Tea or coffee?”" in asked
    await ann.presses(desk.account, "No, keep it")
    await ann.hears(desk.account, "nothing was removed")
    await ann.says(desk.account, "/forget")
    await ann.presses(desk.account, "Yes, remove it")
    done = await ann.hears(desk.account, "Done. I removed your name")
    assert "1 answer to “Contact”" in done
    assert await desk.stop() == 0
    with sqlite3.connect(desk.project / "data" / "bot.db") as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in (name for name in tables if name not in {"inbox", "outbox", "labels", "sqlite_sequence"}):
            for row in database.execute(f"SELECT * FROM {table}"):
                assert ann.id not in row, table
        [(left,)] = database.execute("SELECT count(*) FROM submissions")
    assert left == 1
    kept = b"".join(path.read_bytes() for path in (desk.project / "data").iterdir())
    assert b"remember-me-not" not in kept
    assert b"keep this" in kept


async def documents(owner: Person, made: Made, count: int) -> list[tuple[str, bytes]]:
    """The documents the owner gets, name and content."""
    found: list[Message] = []
    async with plain_client() as client:
        while len(found) < count:
            message = await owner.hears(made.account)
            if message.get("document"):
                found.append(message)
        files = []
        for message in found:
            base = f"{made.api_url}/bot{made.account.token}"
            answer = await client.post(f"{base}/getFile", json={"file_id": message["document"]["file_id"]})
            path = answer.json()["result"]["file_path"]
            content = (await client.get(f"{made.api_url}/file/bot{made.account.token}/{path}")).content
            files.append((message["document"]["file_name"], content))
    return files


async def test_the_owner_gets_spreadsheets_that_run_nothing_and_the_photos(playground: Playground, desk: Made) -> None:
    ann = await playground.person("Ann", last_name="Bee")
    await send_form(ann, desk, '=HYPERLINK("http://evil.example","x")', PIXEL)
    await send_form(ann, desk, "Grüße, “ciao”")
    await desk.owner.says(desk.account, "/answers")
    await desk.owner.presses(desk.account, "Contact")
    files = dict(await documents(desk.owner, desk, 3))
    [sheet] = [content for name, content in files.items() if name.endswith(".xlsx")]
    rows: list[Any] = list(openpyxl.load_workbook(io.BytesIO(sheet)).active.iter_rows())
    assert [cell.value for cell in rows[0]] == [
        "No.",
        "When (UTC)",
        "Person",
        "Username",
        "Telegram id",
        "Your words",
        "Picture",
    ]
    assert rows[1][2].value == "Ann Bee"
    assert rows[1][4].value == ann.id
    assert rows[1][5].value == '=HYPERLINK("http://evil.example","x")'
    assert rows[1][5].data_type == "s"
    assert rows[2][5].value == "Grüße, “ciao”"
    [table] = [content for name, content in files.items() if name.endswith(".csv")]
    assert table.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(table.decode("utf-8-sig"))))
    assert read[1][5].startswith("'=")
    [archive] = [content for name, content in files.items() if name.endswith(".zip")]
    with zipfile.ZipFile(io.BytesIO(archive)) as packed:
        assert [packed.read(name) for name in packed.namelist()] == [PIXEL]
    await ann.says(desk.account, "/poll")
    await ann.presses(desk.account, "Coffee")
    await desk.owner.says(desk.account, "/answers")
    await desk.owner.presses(desk.account, "Tea or coffee?")
    files = dict(await documents(desk.owner, desk, 2))
    [sheet] = [content for name, content in files.items() if name.endswith(".xlsx")]
    sums = list(openpyxl.load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows(values_only=True))
    assert sums[1:] == [("Tea", 0, 0), ("Coffee", 1, 100)]


async def test_nobody_answered_yet_is_said(desk: Made) -> None:
    await desk.owner.says(desk.account, "/answers")
    await desk.owner.presses(desk.account, "Contact")
    await desk.owner.hears(desk.account, "Nobody has answered yet")


async def test_a_private_bot_serves_only_its_owner(playground: Playground, project: Path) -> None:
    dna = DNA.model_copy(update={"access": Access.OWNER})
    async with made_bot(playground, dna, project) as made:
        ann = await playground.person("Ann")
        await ann.starts(made.account)
        await ann.hears(made.account, "only its owner")
        await ann.says(made.account, "/form")
        assert "only its owner" in await ann.hears(made.account)
        await made.owner.starts(made.account)
        await made.owner.hears(made.account, "I am Desk.")


async def test_somebody_too_fast_is_told_once_and_others_are_served(playground: Playground, project: Path) -> None:
    dna = DNA.model_copy(update={"rate_limits": RateLimits(messages_per_minute=3)})
    async with made_bot(playground, dna, project) as made:
        ann, ben = await playground.person("Ann"), await playground.person("Ben")
        for _ in range(8):
            await ann.says(made.account, "/help")
        await ann.hears(made.account, "That was a lot at once")
        await ben.starts(made.account)
        await ben.hears(made.account, "I am Desk.")
        said = [message.text for message in await ann.sees(made.account)]
        assert sum("That was a lot" in text for text in said) == 1
        assert sum("this is what I can do" in text for text in said) == 3


async def test_an_update_that_cannot_be_read_is_stepped_over_and_reported(playground: Playground, desk: Made) -> None:
    ann = await playground.person("Ann")
    await ann.starts(desk.account)
    await ann.hears(desk.account, "Hi Ann!")
    await playground.fault("poison", bot=desk.account)
    await ann.says(desk.account, "one")
    await ann.says(desk.account, "two")
    await ann.hears(desk.account, "I did not get that")
    await desk.comes_to(poisoned=1, aside=1)


async def test_a_revoked_token_shows_in_health_within_five_seconds(playground: Playground, desk: Made) -> None:
    await playground.revoke(desk.account)
    await desk.comes_to(state="unauthorized")
    assert desk.account.token not in desk.said()


async def test_a_child_ends_orderly_when_asked(playground: Playground, desk: Made) -> None:
    ann = await playground.person("Ann")
    await ann.starts(desk.account)
    await ann.hears(desk.account, "Hi Ann!")
    assert await desk.stop() == 0
    assert "has stopped" in desk.said()
