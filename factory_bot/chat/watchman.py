"""Watches the factory's own poll loop, and tells its operators what they should know of it.

Two pollers with one token end each other's polls in turn, and in between either may get a batch.  So a conflict counts
as over only when polling has gone well for a while.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot_runtime.catalogue import Catalogue
from bot_runtime.polling import Trouble, TroubleKind
from factory_bot.errors import StorageError
from factory_bot.workshop import Workshop
from factory_bot.workshop.ports import Teller

log = logging.getLogger(__name__)

T = TypeVar("T")

CALM = 60.0  # seconds without a conflict after which nobody else polls any more
AGAIN = 3.0  # seconds until a database that could not be used is tried again


class Watchman:
    """Hears of trouble and of its end, and sees to it that it is told once."""

    def __init__(
        self, workshop: Workshop, teller: Teller, catalogue: Catalogue, console: Callable[[str], None], *, calm: float
    ) -> None:
        self._workshop = workshop
        self._teller = teller
        self._catalogue = catalogue
        self._console = console
        self._calm = calm
        self._refused = False
        self._heard: asyncio.Queue[TroubleKind | None] = asyncio.Queue()  # None: polling goes well

    def trouble(self, trouble: Trouble) -> None:
        """The poll loop met trouble."""
        if trouble.kind is TroubleKind.UNAUTHORIZED:
            self._say_refused()  # there is no other way to say it
        else:
            log.error("polling: %s: %s", trouble.kind, trouble.message)
        if trouble.kind is TroubleKind.POISON:
            self._teller.wake()  # the journal owes what is told of it
        else:
            self._heard.put_nowait(trouble.kind)

    def well(self) -> None:
        """It polls well, for the first time or again."""
        if self._refused:
            self._refused = False
            self._console(self._catalogue.plain("operator.console_accepted"))
        self._heard.put_nowait(None)

    async def watch(self) -> None:
        """Tell what there is to tell; never returns."""
        wellbeing = self._workshop.wellbeing
        believed: float | None = None  # the moment from which on the token is believed to be ours alone
        while True:
            try:
                async with asyncio.timeout_at(believed):
                    heard = await self._heard.get()
            except TimeoutError:
                believed = None
                await _surely(lambda: wellbeing.ours_again(self._teller))
                continue
            believed = None
            if heard is TroubleKind.CONFLICT:
                await _surely(lambda: wellbeing.shared(self._teller))
            elif heard is None and await _surely(wellbeing.shared_since) is not None:
                believed = asyncio.get_running_loop().time() + self._calm

    def _say_refused(self) -> None:
        if not self._refused:
            self._refused = True
            at_home = self._workshop.settings.playground
            key = "operator.console_refused_playground" if at_home else "operator.console_refused"
            self._console(self._catalogue.plain(key))


async def _surely(deed: Callable[[], Awaitable[T]]) -> T | None:
    """Do it as soon as the database can be used; None where a fault of ours keeps it from being done."""
    while True:
        try:
            return await deed()
        except StorageError as exc:
            log.warning("operators cannot be told yet: %s", exc)
        except Exception:
            log.exception("operators cannot be told")
            return None
        await asyncio.sleep(AGAIN)
