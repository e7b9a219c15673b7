"""Kill the factory, the egress and a made bot again and again while people use them; then count.

    python -m tests.kills --kills 200 --seed 20261121

What must hold at the end: every act that was acknowledged is there exactly once, every act that was begun at most once,
each person's vote is the last one they gave, and every reply that was owed came.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import itertools
import json
import math
import random
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import httpx
import psutil

from playground.people import NotHeard, Person, PlaygroundError
from tests.acceptance.deeds import OpenApp, makes, opens
from tests.factory import RunningFactory, live_factory

WORDS = (
    "A bot called Kill Test: a sign-up form with name, and let people vote for the best colour between Red, Green and "
    "Blue"
)
COLOURS = ("Red", "Green", "Blue")
GIVEN_UP = "ended too often"
TURNS = 10  # of one person; then another one comes, since a bot takes only 40 messages a minute of each
OWED_WITHIN = 90.0  # seconds: back-off and restarts included, a reply must have come by then


@dataclass
class Ledger:
    """What was begun, what was acknowledged, and who was killed."""

    begun: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    votes: dict[int, str] = field(default_factory=dict)  # person → the last vote that was acknowledged
    answers: int = 0  # votes that were acknowledged
    interviews: Counter[str] = field(default_factory=Counter)
    kills: Counter[str] = field(default_factory=Counter)
    given_up: int = 0  # how often the owner was told so, and pressed Start

    _served: asyncio.Event = field(default_factory=asyncio.Event)

    def acknowledges(self, name: str) -> None:
        """A submission was acknowledged."""
        self.acknowledged.add(name)
        self._served.set()

    def voted(self, person: Person, colour: str) -> None:
        """A vote was."""
        self.votes[person.id] = colour
        self.answers += 1
        self._served.set()

    async def somebody_served(self) -> None:
        """Return when the next of these has happened."""
        self._served.clear()
        await self._served.wait()

    def line(self) -> str:
        """All of it in one line."""
        return (
            f"{sum(self.kills.values())} kills ({dict(sorted(self.kills.items()))}), "
            f"{len(self.acknowledged)} of {len(self.begun)} submissions acknowledged, "
            f"{self.answers} votes of {len(self.votes)} voters, {self.interviews.total()} interview turns, "
            f"given up and started again {self.given_up} times"
        )


@dataclass
class Scene:
    """A living bot in a living factory, and the people who use both."""

    factory: RunningFactory
    bot: str
    ledger: Ledger
    dice: random.Random
    over: asyncio.Event

    @property
    def project(self) -> Path:
        return self.factory.folder / "generated_bots" / "kill-test"

    def state(self) -> list[str]:
        """What the factory's own tables say of the bot, for somebody who has to find out what went wrong."""
        with contextlib.closing(sqlite3.connect(self.factory.folder / "data" / "factory.db")) as database:
            agent = database.execute("SELECT state, reason, wanted, pid, port FROM agents").fetchall()
            events = database.execute("SELECT at, before, after, reason FROM agent_events ORDER BY id DESC").fetchmany(
                9
            )
            owed = database.execute("SELECT id, method, attempts FROM outbox WHERE finished_at IS NULL").fetchall()
        return [f"agent {agent}", *(f"moved {event}" for event in events), f"owed {owed}"]

    def commands(self) -> dict[str, str]:
        features = json.loads((self.project / "dna.json").read_text())["features"]
        return {feature["kind"]: f"/{feature['command']}" for feature in features}


async def one_after_another(scene: Scene, name: str, turn: Callable[[Scene, Person, str], Awaitable[None]]) -> None:
    """People of that name, each for some turns, until it is over; `turn` gets what to send."""
    for count in itertools.count(1):
        person = await scene.factory.playground.person(f"{name} {count}")
        await person.starts(scene.bot)
        for number in range(1, TURNS + 1):
            if scene.over.is_set():
                return
            await turn(scene, person, f"{name} {count}/{number}")


async def submits_in_the_chat(scene: Scene, person: Person, mark: str) -> None:
    """Fill in the form in the chat."""
    scene.ledger.begun.add(mark)
    await person.says(scene.bot, scene.commands()["form"])
    await person.hears(scene.bot, "Name", timeout=OWED_WITHIN)
    await person.says(scene.bot, mark)
    await person.hears(scene.bot, f"{mark}\n", timeout=OWED_WITHIN)
    await presses(person, scene.bot, "Send")
    await person.hears(scene.bot, "Thank you", timeout=OWED_WITHIN)
    scene.ledger.acknowledges(mark)


async def presses(person: Person, bot: str, button: str) -> bool:
    """Press once, and say whether it was answered in time; if not, what the press does must come all the same."""
    while True:
        try:
            await person.presses(bot, button, timeout=OWED_WITHIN)
        except PlaygroundError as refused:
            if refused.status == 504:
                return False
            if "has no button" not in str(refused):  # it has: an edit came in between, so nothing was pressed
                raise
        else:
            return True


async def votes_in_the_chat(scene: Scene, person: Person, _mark: str) -> None:
    """Press another colour than last time; where the answer was cut off, the poll's message must show the vote."""
    await person.says(scene.bot, scene.commands()["poll"])
    await person.hears(scene.bot, "Red", timeout=OWED_WITHIN)
    last = scene.ledger.votes.pop(person.id, "")
    colour = scene.dice.choice([colour for colour in COLOURS if colour != last])
    if not await presses(person, scene.bot, colour):
        await person.hears(scene.bot, "Red", timeout=OWED_WITHIN)
    scene.ledger.voted(person, colour)


class Page:
    """A Mini App's page: what fails is tried again with the same key, and a lost session is begun anew."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._open: tuple[Person, OpenApp] | None = None

    async def turn(self, scene: Scene, person: Person, mark: str) -> None:
        """Send the form, and vote."""
        scene.ledger.begun.add(mark)
        form = (await self._insists(person, lambda app: app.call("GET", f"api/features/{form_of(app)}"), 200)).json()
        await self._insists(person, partial(sends, answers={form["fields"][0]["id"]: mark}, key=mark), 201)
        scene.ledger.acknowledges(mark)
        choice = scene.dice.randrange(len(COLOURS))
        scene.ledger.votes.pop(person.id, None)
        await self._insists(person, partial(chooses, choice=choice), 200)
        scene.ledger.voted(person, COLOURS[choice])

    async def _insists(
        self, person: Person, call: Callable[[OpenApp], Awaitable[httpx.Response]], wanted: int
    ) -> httpx.Response:
        until = time.monotonic() + OWED_WITHIN
        met: Counter[str] = Counter()
        while True:
            try:
                answer = await call(await self._app(person))
            except (httpx.TransportError, PlaygroundError, AssertionError) as exc:
                met[f"{type(exc).__name__} {str(exc)[:90]!r}"] += 1
            else:
                if answer.status_code == wanted:
                    return answer
                met[f"{answer.status_code} {answer.text[:90]!r}"] += 1
                if answer.status_code == 401:  # the bot is a new process: log in again
                    self._open = None
            assert time.monotonic() < until, f"{person.first_name}'s Mini App got no answer for {OWED_WITHIN} s: {met}"
            await asyncio.sleep(0.1)

    async def _app(self, person: Person) -> OpenApp:
        if self._open is None or self._open[0] is not person:
            opened = await opens(person, self._scene.bot, gateway_port=self._scene.factory.gateway_port)
            self._open = person, opened
        return self._open[1]


async def sends(app: OpenApp, *, answers: dict[str, str], key: str) -> httpx.Response:
    return await app.submits(form_of(app), answers, key=key)


async def chooses(app: OpenApp, *, choice: int) -> httpx.Response:
    return await app.votes(poll_of(app), choice)


def form_of(app: OpenApp) -> str:
    return next(str(feature["id"]) for feature in app.facts["features"] if feature["kind"] == "form")


def poll_of(app: OpenApp) -> str:
    return next(str(feature["id"]) for feature in app.facts["features"] if feature["kind"] == "poll")


async def is_interviewed(scene: Scene, person: Person) -> None:
    """Begin interviews and stop them on the review card; each turn is counted in the transcripts later."""
    number = 0
    while not scene.over.is_set():
        number += 1
        words = f"a bot called Club {person.first_name} {number}: a form with name"
        await person.says(scene.factory.bot, "/newbot")
        await person.hears(scene.factory.bot, "What should your bot do", timeout=OWED_WITHIN)
        await person.says(scene.factory.bot, words)
        await person.hears(scene.factory.bot, f"Club {person.first_name} {number}\n", timeout=OWED_WITHIN)
        scene.ledger.interviews[words] += 1
        await person.says(scene.factory.bot, "/cancel")
        await person.hears(scene.factory.bot, "Stop here?", timeout=OWED_WITHIN)
        await person.says(scene.factory.bot, "yes")
        await person.hears(scene.factory.bot, "Stopped", timeout=OWED_WITHIN)


async def starts_it_again(scene: Scene) -> None:
    """The owner, who starts the bot again whenever the factory has given it up."""
    owner = scene.factory.you
    while not scene.over.is_set():
        with contextlib.suppress(NotHeard):
            told = await owner.hears(scene.factory.bot, GIVEN_UP, timeout=1.0)
            scene.ledger.given_up += 1
            button = next(label for label in told.labels if "Start" in label)
            with contextlib.suppress(PlaygroundError):  # the tap's answer may be cut off: the tap is not
                await owner.presses(scene.factory.bot, button, message_id=told.id, timeout=OWED_WITHIN)


async def kills(scene: Scene, count: int, within: float) -> None:
    """Kill one of the three at a random moment, `count` times; who is down is passed over for another.

    Every other kill waits until somebody was served after the one before; the rest come wherever things are, the middle
    of a start included.
    """
    until = time.monotonic() + within
    for number in range(count):
        if time.monotonic() > until:
            return
        if number % 2:
            await scene.ledger.somebody_served()
        await asyncio.sleep(scene.dice.uniform(0.0, 1.5))
        victims = ["factory", "egress", "child"]
        scene.dice.shuffle(victims)
        victim = next(victim for victim in victims if victim == "factory" or _kill(scene.factory, victim))
        if victim == "factory":
            await scene.factory.kill()
            await scene.factory.start()
        scene.ledger.kills[victim] += 1
        if scene.ledger.kills.total() % 10 == 0:
            print(scene.ledger.line(), file=sys.stderr, flush=True)


def _kill(factory: RunningFactory, victim: str) -> bool:
    process = _process(factory, victim)
    if process is None:
        return False
    with contextlib.suppress(psutil.NoSuchProcess):
        process.kill()
        return True
    return False


def _process(factory: RunningFactory, victim: str) -> psutil.Process | None:
    if victim == "child":
        return next(iter(factory.children()), None)
    with contextlib.suppress(psutil.Error):
        return next((one for one in factory.family() if "factory_bot.egress" in one.cmdline()), None)
    return None


def state_of(factory: RunningFactory) -> str:
    """The recorded state of the only bot there is."""
    with contextlib.closing(sqlite3.connect(factory.folder / "data" / "factory.db")) as database:
        return str(database.execute("SELECT state FROM agents").fetchone()[0])


def faults_of(scene: Scene) -> list[str]:
    """Everything that is not as it must be, in words."""
    faults = []
    with contextlib.closing(sqlite3.connect(scene.project / "data" / "bot.db")) as database:
        rows = database.execute("SELECT answers FROM submissions").fetchall()
        votes = dict(database.execute("SELECT person_id, options FROM votes").fetchall())
        aside = database.execute("SELECT count(*) FROM inbox WHERE state = 'aside'").fetchone()[0]
    names = Counter(str(json.loads(answers)[0]["value"]) for (answers,) in rows)
    faults += [f"{name} was acknowledged and is not there" for name in scene.ledger.acknowledged if not names[name]]
    faults += [f"{name} is there {count} times" for name, count in names.items() if count > 1]
    faults += [f"{name} is there and was never begun" for name in names if name not in scene.ledger.begun]
    for person, colour in scene.ledger.votes.items():
        if json.loads(votes.get(person, "[]")) != [colour]:
            faults.append(f"{person} voted {colour}, and {votes.get(person)} is there")
    if aside:
        faults.append(f"{aside} updates were set aside")
    with contextlib.closing(sqlite3.connect(scene.factory.folder / "data" / "factory.db")) as database:
        said = Counter(
            text for (text,) in database.execute("SELECT text FROM transcripts WHERE speaker = 'person'").fetchall()
        )
    for words, times in scene.ledger.interviews.items():
        if said[words] != times:
            faults.append(f"the turn {words!r} counts {said[words]} times")
    return faults


async def run_kills(folder: Path, *, count: int, seed: int, within: float = math.inf) -> tuple[Ledger, list[str]]:
    """The whole run: what happened, and what is wrong (nothing, it is hoped)."""
    async with live_factory(folder) as factory:
        await factory.you.starts(factory.bot)
        bot = await makes(factory.you, factory, WORDS)
        await factory.you.starts(bot)
        scene = Scene(factory, bot, Ledger(), random.Random(seed), asyncio.Event())
        finn = await factory.playground.person("Finn")
        await finn.starts(factory.bot)
        deeds = (
            starts_it_again(scene),
            one_after_another(scene, "Anna", submits_in_the_chat),
            one_after_another(scene, "Ben", submits_in_the_chat),
            one_after_another(scene, "Cleo", votes_in_the_chat),
            one_after_another(scene, "Dora", Page(scene).turn),
            one_after_another(scene, "Emil", Page(scene).turn),
            is_interviewed(scene, finn),
        )
        try:
            async with asyncio.TaskGroup() as group:
                for deed in deeds:
                    group.create_task(deed)
                await kills(scene, count, within)
                scene.over.set()
        except BaseExceptionGroup:
            print(scene.ledger.line(), *scene.state(), *factory.lines[-60:], sep="\n")
            raise
        assert await factory.stop(limit=10) == 0
        return scene.ledger, faults_of(scene)


def main() -> int:
    """Run it from the command line; the exit code."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=20261121)
    parser.add_argument("--within", type=float, default=math.inf, help="seconds after which nobody more is killed")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        began = time.monotonic()
        run = run_kills(Path(folder), count=arguments.kills, seed=arguments.seed, within=arguments.within)
        ledger, faults = asyncio.run(run)
    print(f"seed {arguments.seed}, {time.monotonic() - began:.0f} s: {ledger.line()}")
    for fault in faults:
        print("FAULT:", fault)
    print("nothing was lost and nothing counted twice" if not faults else f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
