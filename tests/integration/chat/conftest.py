"""A factory without its gateway, in this process: all of it real; the chat comes and goes."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

import factory_bot
from bot_runtime.catalogue import Catalogue
from factory_bot.chat import Newsroom, chatting
from factory_bot.clock import Clock, SystemClock
from factory_bot.designer import load_kit, open_designer
from factory_bot.egress.client import Egress, open_egress
from factory_bot.model.agents import AgentId, AgentRecord, RunState
from factory_bot.settings import Settings
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database, open_database
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.supervision.announcements import Announcement, AnnouncementKind
from factory_bot.supervision.supervisor import Supervisor, supervising
from factory_bot.vault import Vault
from factory_bot.workshop import Workshop, ports
from factory_bot.workshop.announcing import Announcing
from playground.people import BotAccount, Person, Playground
from tests.integration.supervised import QUICK, run_folder
from tests.running import running_playground

CATALOGUE = Catalogue(Path(factory_bot.__file__).parent / "texts")
PIZZERIA = (
    "A bot for my pizzeria Bella Napoli: take orders with name, phone and size, and let people vote for the pizza of "
    "the week between Margherita, Diavola and Marinara"
)


class Hall:
    """What a test works with."""

    def __init__(
        self, playground: Playground, bot: BotAccount, settings: Settings, database: Database, egress: Egress,
        supervisor: Supervisor, vault: Vault, you: Person, newsroom: Newsroom, announcing: Announcing,
    ) -> None:  # fmt: skip
        self.playground = playground
        self.bot = bot
        self.settings = settings
        self.database = database
        self.egress = egress
        self.supervisor = supervisor
        self.vault = vault
        self.you = you  # the operator
        self.name = f"@{bot.username}"
        self.console: list[str] = []
        self.newsroom = newsroom
        self.announcing = announcing

    def unopened(
        self,
        *,
        listen_seconds: int = 0,
        egress: ports.Egress | None = None,
        supervisor: ports.Supervisor | None = None,
        operators: Collection[int] | None = None,
        clock: Clock | None = None,
        **settings: object,
    ) -> Workshop:
        """A workshop without its chat."""
        changed = self.settings.model_copy(update=settings)
        return Workshop(
            settings=changed, database=self.database, vault=self.vault, egress=egress or self.egress,
            supervisor=supervisor or self.supervisor, designer=open_designer(changed), kit=load_kit(CATALOGUE),
            operators={self.you.id} if operators is None else operators, listen_seconds=listen_seconds,
            clock=clock,
        )  # fmt: skip

    @asynccontextmanager
    async def open(
        self, *, workshop: Workshop | None = None, calm: float = 60.0, **options: Any
    ) -> AsyncIterator[Workshop]:
        """The workshop and the chat; leaving the block cuts them off in the midst of whatever they do."""
        workshop = workshop or self.unopened(**options)
        async with (
            workshop.open(),
            chatting(
                settings=workshop.settings, token=self.bot.token, workshop=workshop, catalogue=CATALOGUE,
                newsroom=self.newsroom, console=self.console.append, calm=calm,
            ),
        ):  # fmt: skip
            yield workshop

    async def announces(self, record: AgentRecord, kind: AnnouncementKind, **more: Any) -> None:
        """The supervisor has that to say of a bot."""
        owe = await self.announcing.owing(Announcement(agent_id=record.id, kind=kind, **more))
        async with self.database.transaction() as tx:
            await owe(tx)
        self.announcing.wake()

    async def maker(self, name: str = "Anna", **details: object) -> Person:
        """A new person who has pressed Start."""
        person = await self.playground.person(name, **details)
        await person.starts(self.bot)
        await person.hears(self.bot, "make")
        return person

    async def describes(self, person: Person, words: str = PIZZERIA) -> None:
        """From /newbot to the review card."""
        await person.says(self.bot, "/newbot")
        await person.hears(self.bot, "What should your bot do")
        await person.says(self.bot, words)
        await person.hears(self.bot, "All good?")

    async def makes(self, person: Person, words: str = PIZZERIA) -> AgentRecord:
        """A live bot."""
        await self.describes(person, words)
        return await self.creates(person)

    async def creates(self, person: Person) -> AgentRecord:
        """From the review card to a live bot."""
        await person.presses(self.bot, "✅ Create")
        made = await person.confirms_managed_bot(self.bot)
        await person.hears(self.bot, "is live", timeout=20)
        record = await AgentStore(self.database).by_bot_id(made["bot"]["id"])
        assert record is not None
        return record

    async def state(self, agent_id: AgentId) -> RunState | None:
        """As recorded."""
        record = await AgentStore(self.database).get(agent_id)
        return record.state if record else None

    async def reaches(self, agent_id: AgentId, state: RunState, limit: float = 20.0) -> None:
        """Return when the bot is recorded in that state."""
        async with asyncio.timeout(limit):
            while await self.state(agent_id) is not state:  # noqa: ASYNC110 - the store announces nothing
                await asyncio.sleep(0.02)


_numbers = itertools.count(1)


@asynccontextmanager
async def opened_hall(folder: Path, *, can_manage_bots: bool = True, database_url: str = "") -> AsyncIterator[Hall]:
    """Everything but the chat."""
    async with running_playground(folder / "playground") as url, Playground(url) as playground:
        you = await playground.me()
        bot = await playground.bot(you, "Mini", f"mini{next(_numbers)}_bot", can_manage_bots=can_manage_bots)
        settings = Settings.model_validate(
            {
                "telegram_token": bot.token,
                "telegram_api_url": url,
                "data_dir": folder / "data",
                "bots_dir": folder / "bots",
                "access": "everyone",
                "database_url": database_url,
                "stop_grace": 1.0,
            }
        )
        settings.data_dir.mkdir()
        settings.bots_dir.mkdir()
        vault = Vault.open(settings)
        with run_folder() as run_dir:
            async with (
                open_database(settings.database) as database,
                open_egress(settings, vault.key, run_dir) as egress,
            ):
                agents, clock = AgentStore(database), SystemClock()
                newsroom = Newsroom(FactoryJournal(database), PersonStore(database, clock), CATALOGUE)
                announcing = Announcing(agents, CreationStore(database, clock), newsroom)
                async with supervising(settings, agents, egress, announcer=announcing, policy=QUICK) as supervisor:
                    yield Hall(
                        playground, bot, settings, database, egress, supervisor, vault, you, newsroom, announcing
                    )


@pytest.fixture(scope="package")
async def hall(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Hall]:
    """Shared by all tests here, each with people of its own."""
    async with opened_hall(tmp_path_factory.mktemp("hall")) as opened:
        yield opened


@pytest.fixture
async def workshop(hall: Hall) -> AsyncIterator[Workshop]:
    """The chat, open."""
    async with hall.open() as opened:
        yield opened
    with contextlib.suppress(Exception):
        await hall.playground.clear_faults()
