"""The process of a made bot, from its start to its orderly end: read `run` first."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from socket import AF_INET, IPPROTO_TCP, SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, socket

from telegram import User
from telegram.error import InvalidToken, TelegramError

from bot_runtime.boot import Boot, BootError, read_boot
from bot_runtime.bot import ALLOWED_UPDATES, MadeBot
from bot_runtime.caller import BotCaller, caller_through_egress, caller_with_token
from bot_runtime.counting import sweep_counters
from bot_runtime.dna import AgentDNA, DNAError, load
from bot_runtime.features import Feature, build_features
from bot_runtime.journal import BotJournal
from bot_runtime.logs import log_to_stdout
from bot_runtime.miniapp.app import MiniApp
from bot_runtime.polling import Poller, Trouble, TroubleKind
from bot_runtime.speech import catalogue
from bot_runtime.store import StoreError, open_store
from bot_runtime.timer import ANY, Deed, Timer
from bot_runtime.web import Web, serving
from bot_runtime.work import House

log = logging.getLogger(__name__)

DAY = 86_400.0
SWEEP_SECONDS = 3600.0
WITHOUT_SUPERVISOR = 5.0  # seconds a child outlives its supervisor at most


def run(project: Path) -> None:
    """Be the bot of that project until asked to stop; ends the process with 0, or with 2 where it cannot start."""
    log_to_stdout()
    random.seed()
    try:
        boot = read_boot(os.environ)
        dna = _dna(project / "dna.json")
        asyncio.run(live(project, boot, dna))
    except (BootError, DNAError, StoreError) as exc:
        print(f"this bot cannot start: {exc}", file=sys.stderr)  # noqa: T201
        raise SystemExit(2) from exc


async def live(project: Path, boot: Boot, dna: AgentDNA) -> None:
    """Open the parts, wait for the end, close them in reverse."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    if boot.pipe is not None:
        _watch(boot.pipe, stop)
    async with AsyncExitStack() as stack:
        listener = _listener(boot)
        stack.callback(listener.close)
        store = await stack.enter_async_context(open_store(project / "data" / "bot.db"))
        caller = await _caller(boot)
        house = House(
            dna=dna,
            bot_id=caller.id,
            username=caller.username,
            owner_id=boot.owner_id,
            owner_language=boot.owner_language,
            app_url=boot.app_url,
            store=store,
            journal=BotJournal(store),
            caller=caller,
        )
        features = build_features(house)
        bot = MadeBot(house, features)
        await bot.open()
        stack.push_async_callback(bot.close)
        troubles = Troubles(house)
        grace = boot.grace if boot.pipe is None else min(boot.grace, WITHOUT_SUPERVISOR)
        poller = Poller(
            caller,
            house.journal,
            bot.handle,
            allowed_updates=ALLOWED_UPDATES,
            on_trouble=troubles.begin,
            grace=max(0.5, grace - 2.0),
        )
        house.wake = poller.wake
        await stack.enter_async_context(_keeping_time(house, features, bot))
        mini_app = MiniApp(
            dna=dna,
            username=house.username,
            owner_id=boot.owner_id,
            secret=boot.init_data_secret,
            catalogue=catalogue(),
        )
        house.sign_out = mini_app.sessions.end
        web = Web(house, features, mini_app, poller.status, boot.agent_id)
        await stack.enter_async_context(serving(web.application(), listener))
        log.info("%s (@%s) is up with %d features", boot.agent_id, house.username, len(features))
        await poller.run(stop)
        await troubles.done()
    log.info("%s has stopped", boot.agent_id)


class Troubles:
    """Tells the log, the counters and, after a poison update, the person who sent it."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._tasks: set[asyncio.Task[None]] = set()

    def begin(self, trouble: Trouble) -> None:
        """The poll loop met trouble."""
        log.warning("trouble: %s: %s", trouble.kind, trouble.message)
        if trouble.kind is TroubleKind.POISON and trouble.update_id is not None:
            task = asyncio.get_running_loop().create_task(self._apologise(trouble.update_id))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def done(self) -> None:
        """Wait for what was begun."""
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _apologise(self, update_id: int) -> None:
        async with self._house.work() as work:
            await work.count("errors")
            row = await work.tx.one("SELECT chat_key FROM inbox WHERE update_id = ?", (update_id,))
            if row is not None and row["chat_key"].startswith("c") and int(row["chat_key"][1:]) > 0:
                work.say(work.text("bot.failed"), to=int(row["chat_key"][1:]))


@asynccontextmanager
async def _keeping_time(house: House, features: Iterable[Feature], bot: MadeBot) -> AsyncIterator[None]:
    deeds: dict[tuple[str, str], Deed] = {("answers", ANY): bot.answers.give}
    deeds |= {(kind, feature.id): deed for feature in features for kind, deed in feature.deeds().items()}

    async def sweep(key: str) -> None:
        days = house.dna.retention.answers_days
        async with house.work() as work:
            before = work.now - days * DAY if days else None
            for feature in features:
                await feature.sweep(work.tx, before, work.now)
            await house.journal.sweep_in(work.tx)
            await sweep_counters(work.tx, work.now)
            await work.plan("sweep", key, work.now + SWEEP_SECONDS)

    deeds["sweep", ANY] = sweep
    timer = Timer(house, deeds)
    house.replan = timer.wake
    async with house.work() as work:
        for feature in features:
            await feature.begin(work)
        await work.plan("sweep", "", work.now + 60.0, sooner_only=True)
    task = asyncio.create_task(timer.run(), name="timer")
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _caller(boot: Boot) -> BotCaller:
    if boot.token is not None:
        caller = caller_with_token(boot.token, boot.api_url)
        try:
            await caller.initialize()  # asks Telegram who the bot is
        except InvalidToken:
            raise BootError("Telegram refuses BOT_TOKEN; ask @BotFather for the present one") from None  # it names it
        except TelegramError as exc:
            raise BootError(f"Telegram does not answer: {exc.message}") from None
        return caller
    if boot.egress_socket is None:
        raise BootError("neither an egress nor a token was given")
    caller = caller_through_egress(boot.bot_id, boot.egress_socket)
    caller.be(User(id=boot.bot_id, first_name=boot.username, is_bot=True, username=boot.username))
    return caller


def _dna(path: Path) -> AgentDNA:
    try:
        return load(path.read_bytes())
    except OSError as exc:
        raise DNAError(f"its dna.json cannot be read: {exc.strerror}") from exc


def _listener(boot: Boot) -> socket:
    if boot.http_fd is not None:
        return socket(fileno=boot.http_fd)
    listener = socket(AF_INET, SOCK_STREAM, IPPROTO_TCP)  # asyncio sends at once only where it sees the protocol
    listener.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", boot.port))
    listener.listen(128)
    return listener


def _watch(pipe: int, stop: asyncio.Event) -> None:
    """Set `stop` when the other end of the pipe is closed."""
    loop = asyncio.get_running_loop()

    def readable() -> None:
        if not os.read(pipe, 4096):
            loop.remove_reader(pipe)
            log.warning("the supervisor is gone")
            stop.set()

    os.set_blocking(pipe, False)
    loop.add_reader(pipe, readable)
