"""From a project to a running process, and to its end: everything a child is given, and everything taken back."""

from __future__ import annotations

import asyncio
import contextlib
import importlib.util
import json
import logging
import os
import signal
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from factory_bot.egress.client import Egress, Identity
from factory_bot.errors import ChildError
from factory_bot.model.agents import AgentId, AgentRecord, PersonId
from factory_bot.settings import Settings
from factory_bot.supervision.confinement import HTTP_FD, Confinement, layers
from factory_bot.supervision.launcher import Launch, Launcher, Spawned
from factory_bot.supervision.leftovers import Leftovers
from factory_bot.supervision.logs import AgentLog, Drain
from factory_bot.supervision.sweeping import Sweeper
from factory_bot.supervision.users import Users

log = logging.getLogger(__name__)

LanguageOf = Callable[[PersonId], Awaitable[str]]


class Child:
    """The running process of one bot."""

    def __init__(self, agent_id: AgentId, spawned: Spawned, *, known_by: int | None, boot: int, drain: Drain) -> None:
        self.agent_id = agent_id
        self.process = spawned.process
        self.began = asyncio.get_running_loop().time()
        self._status = spawned.status
        self.known_by = known_by
        self._boot = boot  # our end of its boot pipe: while it is open, the child knows that we live
        self._drain = drain

    async def ended(self) -> int | None:
        """Its exit status once it has ended, negative for a signal; None where nobody knows."""
        return await self._status()

    async def stop(self, grace: float) -> None:
        """Ask, wait, insist: SIGTERM, then SIGKILL to its whole session.  Never leaves it running."""
        self.process.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(grace):
                await self.process.ended()
                return
        except TimeoutError:
            log.warning("%s ignored SIGTERM for %.1f s, killing it", self.agent_id, grace)
        finally:
            self.process.signal(signal.SIGKILL)  # a no-op once it is dead; needed if we are cancelled here
        await self.process.ended()

    def close(self) -> None:
        """Take back what it had, once it has ended."""
        self._drain.close()
        os.close(self._boot)
        self.process.close()


class Nursery:
    """Starts children."""

    def __init__(
        self, settings: Settings, egress: Egress, launcher: Launcher, *, public_key: str | None, language_of: LanguageOf
    ) -> None:
        self._settings = settings
        self._egress = egress
        self._launcher = launcher
        self._public_key = public_key
        self._language_of = language_of
        self._runtime = runtime_folder()
        self._users = Users(settings.bots_dir.resolve(), self._runtime)
        self._sweeper = Sweeper()
        self.leftovers = Leftovers(settings.data_dir / "children", self._users.claim)

    def isolation(self) -> list[str]:
        """What protects the machine from a bot, and plainly what does not."""
        return layers(
            own_users=self._users.possible, namespaces=self._launcher.namespaces, merged=self._settings.merge_memory
        )

    def log_of(self, agent_id: AgentId) -> AgentLog:
        """Where that bot's output is kept."""
        return AgentLog(self._settings.logs_dir / f"{agent_id}.log")

    def close(self) -> None:
        """Give back what is shared with other factories of this machine, once no child is left."""
        self._users.close()

    async def start(self, record: AgentRecord, identity: Identity, http: socket.socket) -> Child:
        """Start the process of a bot and tell it who it is.  Raises `ChildError`."""
        project = (self._settings.bots_dir / record.id).resolve()
        boot_fact = self._boot_fact(record, identity, await self._language_of(record.owner_id))
        confinement = self._confinement(record, project)
        with contextlib.ExitStack() as ours, contextlib.ExitStack() as theirs:
            boot_out, boot_in = _pipe(theirs, ours)
            log_out, log_in = _pipe(ours, theirs)
            spawned = await self._launcher.spawn(
                Launch(
                    agent_id=record.id,
                    project=project,
                    confinement=confinement,
                    boot=boot_out,
                    output=log_in,
                    http=http.fileno(),
                )
            )
            theirs.close()
            ours.pop_all()
        drain = Drain(log_out, self.log_of(record.id).write)
        child = Child(record.id, spawned, known_by=confinement.known_by, boot=boot_in, drain=drain)
        try:
            self.leftovers.note(record.id, child.process.pid, child.known_by)
            # The egress must know it before it runs: only then is its boot fact, for which it waits, written.
            await self._egress.bind(record.id, child.process.pid, process=child.process, uid=confinement.uid)
            os.write(boot_in, boot_fact)
        except BaseException as exc:
            child.process.signal(signal.SIGKILL)
            await asyncio.shield(child.process.ended())
            await self.put_away(child)
            if not isinstance(exc, BrokenPipeError):
                raise
            raise ChildError(f"{record.id}: its process ended before it was told who it is") from exc
        return child

    async def put_away(self, child: Child) -> None:
        """Its process has ended: end what it may have left behind, and take back what it had."""
        try:
            # Before the next start: that one has the same user.
            await self._sweeper.sweep(child.process.pid, child.known_by)
        finally:
            child.close()
            self.leftovers.strike(child.agent_id)

    def _confinement(self, record: AgentRecord, project: Path) -> Confinement:
        try:
            uid = self._users.prepare(project)
        except OSError as exc:
            raise ChildError(f"{record.id}: its project cannot be used: {exc.strerror}") from exc
        return Confinement(
            project=str(project),
            runtime=str(self._runtime),
            memory=record.dna.resources.memory_mb << 20,
            open_files=record.dna.resources.open_files,
            uid=uid,
            alias=self._users.alias(project) if uid is None and self._launcher.namespaces.users else None,
            search=uid is not None and self._users.search,
        )

    def _boot_fact(self, record: AgentRecord, identity: Identity, language: str) -> bytes:
        facts = {
            "agent_id": record.id,
            "bot_id": identity.bot_id,
            "username": record.username,
            "owner_id": record.owner_id,
            "owner_language": language,
            "init_data_secret": identity.init_data_secret.hex(),
            "webapp_public_key": self._public_key,
            "egress_socket": str(self._egress.socket_path(record.id)),
            "http_fd": HTTP_FD,
            "app_url": self._settings.app_url(record.id),
            "grace": self._settings.stop_grace,
        }
        return json.dumps(facts).encode() + b"\n"


def runtime_folder() -> Path:
    """Where bot_runtime lies."""
    spec = importlib.util.find_spec("bot_runtime")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).resolve().parent


def _pipe(reader: contextlib.ExitStack, writer: contextlib.ExitStack) -> tuple[int, int]:
    out, into = os.pipe()
    reader.callback(os.close, out)
    writer.callback(os.close, into)
    return out, into
