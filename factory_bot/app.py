"""The composition root: opens the parts in order, waits, closes them in reverse.  Read this first."""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import tempfile
from collections import Counter
from collections.abc import Callable, Coroutine, Iterator
from contextlib import AsyncExitStack, contextmanager
from pathlib import Path

from starlette.applications import Starlette

import factory_bot
from bot_runtime.catalogue import Catalogue
from factory_bot.chat import Newsroom, chatting
from factory_bot.checking import token_faults
from factory_bot.clock import SystemClock
from factory_bot.designer import load_kit, open_designer
from factory_bot.egress.client import open_egress
from factory_bot.errors import SettingsError
from factory_bot.gateway import RateLimit, address_form, bind, gateway_app, serving
from factory_bot.home import Home
from factory_bot.log import hide, set_up_logging
from factory_bot.model.agents import AgentId, PersonId
from factory_bot.model.schedules import Kind
from factory_bot.processes import kernel
from factory_bot.schedule import scheduling
from factory_bot.settings import Settings
from factory_bot.storage.agents import AgentStore
from factory_bot.storage.creations import CreationStore
from factory_bot.storage.database import Database, open_database
from factory_bot.storage.facts import FactStore
from factory_bot.storage.journal import FactoryJournal
from factory_bot.storage.persons import PersonStore
from factory_bot.storage.schedules import ScheduleStore
from factory_bot.supervision.supervisor import Supervisor, supervising
from factory_bot.vault import Vault
from factory_bot.workshop import Workshop
from factory_bot.workshop.announcing import Announcing

log = logging.getLogger(__name__)

CANARY = "vault.canary"


async def run(settings: Settings, home: Home | None, console: Callable[[str], None]) -> int:
    """Run the factory until a signal; the exit code.  What a person at the terminal must read goes to `console`."""
    set_up_logging(settings.log_level)
    hide(*settings.secrets())
    kernel.undumpable()  # no other process of the same user reads the token and the vault key from our memory
    stop = asyncio.Event()
    with _signals(stop):
        async with AsyncExitStack() as stack:
            deaf = await _open(settings, home, stack, stop, console)
            await stop.wait()
            code = 1 if deaf.done() else 0
            log.info("stopping: bots finish what they have begun")
    log.info("stopped")
    return code


async def _open(
    settings: Settings, home: Home | None, stack: AsyncExitStack, stop: asyncio.Event, console: Callable[[str], None]
) -> asyncio.Task[None]:
    catalogue = Catalogue(Path(factory_bot.__file__).parent / "texts")
    listener = bind(settings.gateway_host, settings.gateway_port)
    stack.callback(listener.close)
    if faults := await token_faults(settings):  # before anything is started for it
        raise SettingsError(*faults)
    vault = Vault.open(settings)
    hide(vault.key.decode())
    database = await stack.enter_async_context(open_database(settings.database))
    await _recognise(vault, database)
    agents, persons = AgentStore(database), PersonStore(database, SystemClock())

    async def language_of(person_id: PersonId) -> str:
        person = await persons.get(person_id)
        return (person and person.language) or "en"

    newsroom = Newsroom(FactoryJournal(database), persons, catalogue)
    announcing = Announcing(agents, CreationStore(database, SystemClock()), newsroom)
    egress = await stack.enter_async_context(open_egress(settings, vault.key, stack.enter_context(_run_folder())))
    supervisor = await stack.enter_async_context(
        supervising(
            settings, agents, egress, announcer=announcing, language_of=language_of,
            webapp_public_key=home.webapp_public_key if home else None,
        )
    )  # fmt: skip
    designer = open_designer(settings)
    stack.push_async_callback(designer.close)
    warming = asyncio.create_task(designer.warm(after=2.0), name="prepare the designer")
    stack.callback(warming.cancel)
    workshop = Workshop(
        settings=settings, database=database, vault=vault, egress=egress, supervisor=supervisor, designer=designer,
        kit=load_kit(catalogue), operators=(home.you,) if home else settings.operators,
    )  # fmt: skip
    await stack.enter_async_context(workshop.open())
    await stack.enter_async_context(serving(_gateway(settings, agents, supervisor, catalogue), listener))
    duties = {Kind.REPORT: workshop.daily_report, Kind.SWEEP: workshop.sweep}
    await stack.enter_async_context(
        scheduling(ScheduleStore(database), SystemClock(), duties=duties, round_=supervisor.round)
    )
    chat = await stack.enter_async_context(
        chatting(
            settings=settings, token=_token(settings, home), workshop=workshop, catalogue=catalogue, newsroom=newsroom,
            console=console,
        )
    )  # fmt: skip
    deaf = stack.enter_context(_stopping_when(chat.lost(), stop))
    code = await workshop.claim_code()
    if code is not None:
        log.warning("nobody has claimed this factory yet: send  /start %s  to @%s", code, chat.me.username)
    if not settings.playground and not chat.me.can_manage_bots:
        log.warning(
            "bot management is off for @%s, so makers paste tokens; @BotFather switches it on", chat.me.username
        )
    if not settings.playground and settings.public_url is None:
        log.warning("MANCER_PUBLIC_URL is not set, so bots have no Mini App behind the menu button")
    log.info("the factory is ready: @%s", chat.me.username)
    return deaf


async def _recognise(vault: Vault, database: Database) -> None:
    """Raise `SettingsError` unless the vault's key is the one this database was begun with."""
    facts = FactStore(database)
    canary = await facts.get(CANARY)
    if canary is None:
        await facts.set(CANARY, vault.seal(CANARY).decode())
    else:
        vault.must_open(canary.encode())


def _token(settings: Settings, home: Home | None) -> str:
    if home is not None:
        return home.token
    assert settings.telegram_token is not None
    return settings.telegram_token.get_secret_value()


def _gateway(settings: Settings, agents: AgentStore, supervisor: Supervisor, catalogue: Catalogue) -> Starlette:
    async def known(agent_id: AgentId) -> bool:
        record = await agents.get(agent_id)
        return record is not None and record.deleted_at is None

    async def vitals() -> dict[str, object]:
        states = Counter(record.state.value for record in await agents.all())
        return {"ok": True, "bots": dict(states)}

    form = address_form(settings.public_url)
    return gateway_app(
        form=form, known=known, port_of=supervisor.port, vitals=vitals, catalogue=catalogue, limit=RateLimit()
    )


@contextmanager
def _run_folder() -> Iterator[Path]:
    """A folder for Unix sockets: short, since their paths end at 108 bytes, and open to nobody's listing."""
    folder = Path(tempfile.mkdtemp(prefix="mancer-"))
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _signals(stop: asyncio.Event) -> Iterator[None]:
    """Ctrl-C and SIGTERM set `stop`; a second one ends the program at once."""
    loop = asyncio.get_running_loop()

    def caught() -> None:
        if stop.is_set():
            # The other processes see the end of their pipes and end by themselves.
            os._exit(128 + signal.SIGINT)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, caught)
    try:
        yield
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


@contextmanager
def _stopping_when(lost: Coroutine[object, object, None], stop: asyncio.Event) -> Iterator[asyncio.Task[None]]:
    """Stop the factory loudly when its own polling has died: nobody would hear it any more."""

    async def watch() -> None:
        try:
            await lost
        except Exception:
            log.exception("the factory's polling failed")
        log.error("nobody would hear this factory any more: stopping")
        stop.set()

    task = asyncio.create_task(watch(), name="watch polling")
    try:
        yield task
    finally:
        task.cancel()
