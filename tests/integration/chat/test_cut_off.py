"""What the factory was doing when it was killed, again and again."""

from __future__ import annotations

from bot_runtime.caller import caller_with_token
from bot_runtime.polling import incoming_of
from factory_bot.storage.journal import FactoryJournal
from tests.integration.chat.conftest import Hall


async def test_words_that_were_cut_off_by_a_dozen_kills_are_answered_all_the_same(hall: Hall) -> None:
    async with hall.open():
        anna = await hall.maker()
    await anna.says(hall.bot, "/help")
    caller = caller_with_token(hall.bot.token, hall.settings.api_url)
    batch = await caller.call("getUpdates", {"timeout": 5})
    for request in caller._request:
        await request.shutdown()
    updates = [incoming for raw in batch if (incoming := incoming_of(raw)) is not None]
    journal = FactoryJournal(hall.database)
    await journal.take_in(updates, updates[-1].update_id + 1)
    for update in updates:
        for _ in range(12):
            await journal.failed(update.update_id, "cut off while it was handled")
    async with hall.open():
        await anna.hears(hall.bot, "/newbot")
