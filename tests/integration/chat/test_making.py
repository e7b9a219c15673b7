"""From words to a live bot in the chat."""

from __future__ import annotations

import asyncio

from factory_bot.model.agents import RunState
from factory_bot.workshop import Workshop
from tests.integration.chat.conftest import Hall


async def test_a_maker_gets_a_live_bot(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    record = await hall.makes(anna)
    assert record.owner_id == anna.id
    assert record.wanted
    assert record.state is RunState.RUNNING
    assert record.dna.name == "Bella Napoli"
    assert (hall.settings.bots_dir / record.id / "bot.py").is_file()
    picture = await anna.hears(hall.bot, f"@{record.username}")
    assert picture.get("photo")


async def test_two_makers_at_once_never_mix(hall: Hall, workshop: Workshop) -> None:
    anna, bert = await hall.maker("Anna"), await hall.maker("Bert")
    words = "A bot called Yoga Corner for my yoga studio: sign-up form with name and e-mail"
    first, second = await asyncio.gather(hall.makes(anna), hall.makes(bert, words))
    assert (first.owner_id, first.dna.name) == (anna.id, "Bella Napoli")
    assert (second.owner_id, second.dna.name) == (bert.id, "Yoga Corner")
