"""kill -9 at random moments while people vote and submit: nothing acknowledged is lost, nothing counts twice."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot_runtime.dna import AgentDNA, FieldKind, FormFeature, FormField, PollFeature, RateLimits
from playground.people import Person, Playground, PlaygroundError
from tests.integration.runtime.made import Made

PATIENCE = 60.0  # seconds until an answer must have come, kills or not
ROUNDS_OF_ONE_PERSON = 15
FORM = FormFeature(
    title="Order",
    fields=(FormField(id="mark", label="Mark"), FormField(id="count", label="Count", kind=FieldKind.NUMBER)),
)
POLL = PollFeature(question="Which one?", options=("Red", "Green", "Blue"))
DNA = AgentDNA(
    name="Sturdy", purpose="Survives", features=(FORM, POLL), rate_limits=RateLimits(messages_per_minute=600)
)


@dataclass
class Tally:
    """What people were told had happened."""

    submissions: list[str] = field(default_factory=list)  # the marks, each acknowledged
    votes: dict[int, str] = field(default_factory=dict)  # person → the vote acknowledged last
    people: list[Person] = field(default_factory=list)
    kills: int = 0


Act = Callable[[Made, Person, random.Random, str, Tally], Awaitable[None]]


async def submit_in_chat(made: Made, person: Person, chance: random.Random, mark: str, tally: Tally) -> None:
    """Fill the form in the chat and send it."""
    bot = made.account
    await person.says(bot, "/form")
    await person.hears(bot, "Mark (1/2)", timeout=PATIENCE)
    await person.says(bot, mark)
    await person.hears(bot, "Count (2/2)", timeout=PATIENCE)
    await person.says(bot, str(chance.randrange(100)))
    while True:
        review = await person.hears(bot, "Shall I send it?", timeout=PATIENCE)
        if f"Mark: {mark}\n" in review.text:
            break
    await press(made, person, "Send", review.id)
    await person.hears(bot, "have been sent", timeout=PATIENCE)
    tally.submissions.append(mark)


async def vote_in_chat(made: Made, person: Person, chance: random.Random, mark: str, tally: Tally) -> None:
    """Vote for another option than before."""
    await person.says(made.account, "/poll")
    poll = await person.hears(made.account, "📊 Which one?", timeout=PATIENCE)
    option = chance.choice([one for one in POLL.options if one != tally.votes.get(person.id)])
    toast = await press(made, person, option, poll.id)
    if toast is None:  # its answer took too long; the message shows what became of it
        while f"✅ {option}" not in (await person.hears(made.account, "📊 Which one?", timeout=PATIENCE)).labels:
            pass
    else:
        assert toast == f"Your vote: {option}", toast
    tally.votes[person.id] = option


async def press(made: Made, person: Person, text: str, message_id: int) -> str | None:
    """What the bot answered to the press; None if it did not within the ten seconds the playground waits."""
    try:
        answer = await person.presses(made.account, text, message_id=message_id, timeout=PATIENCE)
    except PlaygroundError as exc:
        if exc.status != 504:
            raise
        return None
    return str(answer.get("toast") or answer.get("alert") or "")


async def submit_in_app(made: Made, person: Person, chance: random.Random, mark: str, tally: Tally) -> None:
    """Send the form in the Mini App, again with the same key until it is acknowledged."""

    async def deed(app: httpx.AsyncClient) -> bool:
        files = {"answers": (None, f'{{"mark": "{mark}", "count": 1}}'), "key": (None, mark)}
        return (await app.post("/features/form/submissions", files=files)).status_code == 201

    await until_done(made, person, deed)
    tally.submissions.append(mark)


async def vote_in_app(made: Made, person: Person, chance: random.Random, mark: str, tally: Tally) -> None:
    """Vote in the Mini App."""
    index = chance.randrange(len(POLL.options))

    async def deed(app: httpx.AsyncClient) -> bool:
        return (await app.put("/features/poll/vote", json={"options": [index]})).status_code == 200

    await until_done(made, person, deed)
    tally.votes[person.id] = POLL.options[index]


async def until_done(made: Made, person: Person, deed: Callable[[httpx.AsyncClient], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                async with made.app_of(person) as app:
                    if await deed(app):
                        return
            except httpx.TransportError:
                await asyncio.sleep(0.05)


ACTS: tuple[Act, ...] = (submit_in_chat, vote_in_chat, submit_in_app, vote_in_app)


async def survive(playground: Playground, made: Made, *, kills: int, seed: int, actors: int = 4) -> Tally:
    """Kill the running bot that often while people use it, then compare what they were told with what it holds."""
    chance, tally, over = random.Random(seed), Tally(), asyncio.Event()
    await made.owner.starts(made.account)
    async with asyncio.TaskGroup() as group:
        for number in range(actors):
            group.create_task(_act(playground, made, random.Random(seed + number + 1), number, tally, over))
        for number in range(kills):
            if number % 2:  # every other life is cut off wherever it is, the start included
                await asyncio.sleep(chance.uniform(0.1, 1.5))
            else:
                await made.ready()
                await asyncio.sleep(chance.uniform(0.0, 1.0))
            made.kill()
            await made.ended()
            tally.kills += 1
            await made.start()
        await made.ready()
        over.set()
    await _settled(made)
    compare(made.project, tally)
    await _compare_told(made, tally)
    return tally


async def _act(
    playground: Playground, made: Made, chance: random.Random, number: int, tally: Tally, over: asyncio.Event
) -> None:
    round_number = 0
    person: Person | None = None
    while not over.is_set():
        if person is None or round_number % ROUNDS_OF_ONE_PERSON == 0:
            person = await playground.person(f"Actor{number}")
            await person.starts(made.account)
            tally.people.append(person)
        round_number += 1
        await chance.choice(ACTS)(made, person, chance, f"m-{number}-{round_number}", tally)


async def _settled(made: Made) -> None:
    until = asyncio.get_running_loop().time() + PATIENCE
    while True:
        health = await made.get("/health")
        if not health["inbox"] and not health["outbox"]:
            return
        assert asyncio.get_running_loop().time() < until, health
        await asyncio.sleep(0.05)


def compare(project: Path, tally: Tally) -> None:
    """The bot holds exactly what people were told it holds."""
    with closing(sqlite3.connect(project / "data" / "bot.db")) as database:
        kept = Counter(
            mark for (mark,) in database.execute("SELECT json_extract(answers, '$[0].value') FROM submissions")
        )
        votes = dict(database.execute("SELECT person_id, json_extract(options, '$[0]') FROM votes"))
        counts = dict(database.execute("SELECT name, sum(number) FROM counts GROUP BY name"))
        aside = database.execute("SELECT count(*) FROM inbox WHERE state = 'aside'").fetchone()[0]
    assert kept == Counter(tally.submissions), "submissions lost, doubled or made up"
    assert votes == tally.votes, "votes lost or doubled"
    assert counts.get("submissions", 0) == len(tally.submissions)
    assert counts.get("votes", 0) == len(tally.votes)
    assert aside == 0, "an update was given up"


async def _compare_told(made: Made, tally: Tally) -> None:
    told = [message.text for message in await made.owner.sees(made.account) if "new answer no." in message.text]
    marks = Counter(line.removeprefix("Mark: ") for text in told for line in text.splitlines() if "Mark: " in line)
    assert set(marks) == set(tally.submissions), "the owner was not told of every submission"
    repeated = marks.total() - len(marks)
    with closing(sqlite3.connect(made.project / "data" / "bot.db")) as database:
        [(doubts,)] = database.execute("SELECT coalesce(sum(attempts - 1), 0) FROM outbox WHERE attempts > 1")
    assert repeated <= doubts, f"{repeated} messages repeated, {doubts} in doubt"
