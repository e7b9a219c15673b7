"""The designer: asks the configured model, falls back to the offline one, and keeps only what the words really say."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from factory_bot.designer.honesty import honest
from factory_bot.model.draft import Draft
from factory_bot.model.merging import shortened_purpose
from factory_bot.model.reading import Reading
from factory_bot.model.steps import Place
from factory_bot.settings import Settings

if TYPE_CHECKING:  # pydantic-ai takes a second to import: only a first reading pays for it
    from factory_bot.designer.agent import Reader

log = logging.getLogger(__name__)

OFFLINE = "offline"


class Designer:
    """Reads a maker's words.  It always answers: where the model fails, the offline one reads."""

    def __init__(self, name: str, opening: Callable[[str], Reader], *, timeout: float) -> None:
        self._name = name
        self._opening = opening
        self._timeout = timeout  # seconds
        self._readers: dict[str, Reader] = {}
        self._lock = asyncio.Lock()
        self._failing = False  # said once, until it works again

    async def read(self, words: str, draft: Draft, asked: Place | None = None) -> Reading:
        """What the words say about the bot, as an answer to what was `asked`; nothing that they do not say."""
        if self._name != OFFLINE:
            reading = await self._tried(words, draft, asked)
            if reading is not None:
                return honest(reading, words, draft)
        try:
            reader = await self._reader(OFFLINE)
            return honest(await reader.read(words, draft, asked, self._timeout), words, draft)
        except Exception:
            log.exception("the offline reader failed; the maker is asked everything")
            return Reading(purpose=shortened_purpose(words) if draft.purpose is None else None)

    async def warm(self, *, after: float = 0.0) -> None:
        """Import what reading needs, `after` some seconds, so that the first maker does not wait for it."""
        await asyncio.sleep(after)
        try:
            await self._reader(OFFLINE)
            if self._name != OFFLINE:
                await self._reader(self._name)
        except Exception as exc:
            log.warning("the designer could not be prepared (%s); it is tried again at the first reading", _kind(exc))

    async def close(self) -> None:
        """Close the connections to the provider."""
        readers, self._readers = self._readers, {}
        for reader in readers.values():
            await reader.close()

    async def _tried(self, words: str, draft: Draft, asked: Place | None) -> Reading | None:
        """The model's reading; None where the provider failed, took too long or answered nonsense."""
        try:
            reader = await self._reader(self._name)
            reading = await reader.read(words, draft, asked, self._timeout)
        except Exception as exc:  # whatever a provider's client raises: the maker must not be stuck
            if not self._failing:
                self._failing = True
                log.warning("the model %s does not read (%s); reading offline until it does", self._name, _kind(exc))
            return None
        if self._failing:
            self._failing = False
            log.info("the model %s reads again", self._name)
        return reading

    async def _reader(self, name: str) -> Reader:
        async with self._lock:
            if name not in self._readers:
                self._readers[name] = await _aside(partial(self._opening, name))
            return self._readers[name]


async def _aside(work: Callable[[], Reader]) -> Reader:
    """The result of `work`, done in a daemon thread: a factory that is asked to end does not wait for an import."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Reader] = loop.create_future()

    def settle(set_it: Callable[[], None]) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(lambda: None if done.done() else set_it())

    def run() -> None:
        try:
            reader = work()
        except Exception as exc:
            settle(partial(done.set_exception, exc))
        else:
            settle(partial(done.set_result, reader))

    threading.Thread(target=run, name="designer imports", daemon=True).start()
    return await done


def open_designer(settings: Settings) -> Designer:
    """The designer of these settings; nothing heavy is imported before its first reading."""

    def opening(name: str) -> Reader:
        from factory_bot.designer.agent import open_reader

        key = settings.model_api_key.get_secret_value() if settings.model_api_key else None
        return open_reader(name, base_url=settings.model_base_url, api_key=key, timeout=settings.model_timeout)

    return Designer(settings.model, opening, timeout=settings.model_timeout)


def _kind(error: Exception) -> str:
    """What went wrong without the provider's own words: those can hold a key."""
    status = getattr(error, "status_code", None)
    return f"{type(error).__name__} {status}" if isinstance(status, int) else type(error).__name__
