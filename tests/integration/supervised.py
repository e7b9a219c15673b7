"""A supervisor with everything real around it: store, egress, launcher, projects, and a Bot API server."""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot_runtime.dna import AgentDNA, PollFeature
from factory_bot.builder import build
from factory_bot.egress.client import Egress, open_egress
from factory_bot.model.agents import AgentId, AgentRecord, PersonId, RunState
from factory_bot.settings import Settings
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.database import Transaction, open_database
from factory_bot.supervision.announcements import Announcement, Owing
from factory_bot.supervision.policy import RestartPolicy
from factory_bot.supervision.supervisor import Supervisor, supervising
from factory_bot.vault import Vault

ODD_BOT = Path(__file__).parent / "bots" / "odd_bot.py"
QUICK = RestartPolicy(first_delay=0.05, longest_delay=0.2, max_failures=3, answers_within=1.0, look_again=0.1)


class Owners:
    """Those to whom the supervisor announces something: they hear what is committed."""

    def __init__(self) -> None:
        self.heard: list[Announcement] = []
        self._owed: list[Announcement] = []
        self._told = asyncio.Event()

    async def owing(self, announcement: Announcement) -> Owing:
        """There is something to announce."""

        async def owe(_tx: Transaction) -> None:
            self._owed.append(announcement)

        return owe

    def wake(self) -> None:
        """It is committed."""
        self.heard.extend(self._owed)
        self._owed.clear()
        self._told.set()

    async def hear(self, wanted: Callable[[Announcement], Any], limit: float) -> Announcement:
        """The first that fits, as soon as it is there."""
        async with asyncio.timeout(limit):
            while not any(wanted(one) for one in self.heard):
                self._told.clear()
                await self._told.wait()
        return next(one for one in self.heard if wanted(one))


@dataclass
class Town:
    """What a test works with."""

    settings: Settings
    store: AgentStore
    egress: Egress
    supervisor: Supervisor
    vault: Vault
    owners: Owners

    async def add(self, name: str, token: str, *behaviour: str, script: Path = ODD_BOT) -> AgentId:
        """A bot with a project, not started."""
        agent_id = AgentId(name)
        project = self.settings.bots_dir / name
        (project / "data").mkdir(parents=True)
        shutil.copy(script, project / "bot.py")
        (project / "data" / "behaviour").write_text(" ".join(behaviour))
        await self.store.add(record_of(agent_id, int(token.partition(":")[0])), self.vault.seal(token))
        return agent_id

    async def build(self, name: str, token: str) -> AgentId:
        """A bot as the factory makes it, with a poll, not started."""
        poll = PollFeature(question="Which?", options=("This", "That"))
        agent_id = AgentId(name)
        record = record_of(agent_id, int(token.partition(":")[0]))
        record = replace(record, dna=AgentDNA(name=name, purpose="To be asked", features=(poll,)))
        build(record.dna, agent_id, self.settings.bots_dir)
        await self.store.add(record, self.vault.seal(token))
        return agent_id

    async def state(self, agent_id: AgentId) -> RunState:
        """As recorded."""
        record = await self.store.get(agent_id)
        assert record is not None
        return record.state

    @property
    def announced(self) -> list[Announcement]:
        """All that was announced."""
        return self.owners.heard

    async def hears(self, wanted: Callable[[Announcement], Any], limit: float = 10.0) -> Announcement:
        """The first announcement that fits, as soon as it is there."""
        return await self.owners.hear(wanted, limit)

    async def reaches(self, agent_id: AgentId, state: RunState, limit: float = 10.0) -> None:
        """Return when the bot is recorded in that state."""
        async with asyncio.timeout(limit):
            while await self.state(agent_id) is not state:  # noqa: ASYNC110 – the store announces nothing
                await asyncio.sleep(0.02)


def record_of(agent_id: AgentId, bot_id: int) -> AgentRecord:
    now = datetime.now(UTC)
    return AgentRecord(
        id=agent_id,
        owner_id=PersonId(7),
        bot_id=bot_id,
        username=f"{agent_id.replace('-', '_')}_bot",
        dna=AgentDNA(name=agent_id, purpose="To be watched"),
        wanted=False,
        state=RunState.STOPPED,
        reason=None,
        moved_at=now,
        created_at=now,
    )


@contextmanager
def run_folder() -> Iterator[Path]:
    """A short-named folder for sockets, which bots may pass through."""
    with tempfile.TemporaryDirectory(prefix="mm-") as folder:
        Path(folder).chmod(0o711)
        yield Path(folder)


@asynccontextmanager
async def town(
    folder: Path, api_url: str, *, launcher: str = "fork", policy: RestartPolicy = QUICK, **more: Any
) -> AsyncIterator[Town]:
    """Everything up; closed in reverse."""
    settings = Settings.model_validate(
        {
            "data_dir": folder / "data",
            "bots_dir": folder / "bots",
            "telegram_token": "123456:" + "A" * 35,
            "telegram_api_url": api_url,
            "launcher": launcher,
            "stop_grace": 1.0,
            **more,
        }
    )
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    settings.bots_dir.mkdir(exist_ok=True)
    vault = Vault.open(settings)
    with run_folder() as run_dir:
        async with (
            open_database(settings.database) as database,
            open_egress(settings, vault.key, run_dir) as egress,
        ):
            store, owners = AgentStore(database), Owners()
            async with supervising(settings, store, egress, announcer=owners, policy=policy) as supervisor:
                yield Town(settings, store, egress, supervisor, vault, owners)
