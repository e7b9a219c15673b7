"""A poll's closing from the maker's words to the made bot: on the card, in the DNA, and when the time has come."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot_runtime.dna import PollFeature
from factory_bot.model.agents import PersonId
from factory_bot.storage.persons import PersonStore
from tests.clocks import HandClock
from tests.integration.chat.conftest import PIZZERIA, Hall

BERLIN = ZoneInfo("Europe/Berlin")


async def test_a_poll_closes_when_its_maker_said_in_their_zone(hall: Hall) -> None:
    clock = HandClock(datetime.now(UTC))
    async with hall.open(clock=clock):
        anna = await hall.maker()
        await PersonStore(hall.database, clock).set_report(PersonId(anna.id), hour=None, time_zone="Europe/Berlin")
        await hall.describes(anna, f"{PIZZERIA}, closing tomorrow at 8 pm")
        closing = datetime.combine(
            clock.now().astimezone(BERLIN).date() + timedelta(days=1), datetime.min.time(), BERLIN
        )
        closing = closing.replace(hour=20)
        card = (await anna.sees(hall.bot))[-1].text
        assert f"closes {closing:%A}, {closing.day} {closing:%B %Y}, 20:00 (Berlin time)" in card
        assert "Margherita, Diavola, Marinara" in card
        record = await hall.creates(anna)
        poll = record.dna.features[1]
        assert isinstance(poll, PollFeature)
        assert poll.closes_at == closing
        await anna.starts(f"@{record.username}", "poll")
        await anna.hears(f"@{record.username}", f"Open until {closing.astimezone(UTC):%d %b %Y, %H:%M} UTC")


async def test_what_is_no_plain_day_is_asked_and_what_passes_meanwhile_too(hall: Hall) -> None:
    clock = HandClock(datetime(2026, 11, 21, 8, 30, tzinfo=UTC))
    async with hall.open(clock=clock):
        bert = await hall.maker("Bert")
        await bert.says(hall.bot, "/newbot")
        await bert.says(hall.bot, f"{PIZZERIA} until 12/24, only 20 orders")
        asked = await bert.hears(hall.bot, "When does “Pizza of the week” close?")
        assert "I left out “only 20 orders”" in asked
        assert "“until 12/24” are easily misread" in asked
        await bert.says(hall.bot, "Friday 8 pm")
        await bert.hears(hall.bot, "closes Friday, 27 November 2026, 20:00 (UTC time)")
        clock.advance(timedelta(days=7))
        await bert.presses(hall.bot, "✅ Create")
        await bert.hears(hall.bot, "The time you set for this is over by now")
        await bert.says(hall.bot, "in 3 days")
        await bert.hears(hall.bot, "one vote each, open for 3 days")


async def test_the_made_bot_closes_its_poll_when_the_time_has_come(hall: Hall) -> None:
    clock = HandClock(datetime.now(UTC))
    async with hall.open(clock=clock):
        carla = await hall.maker("Carla")
        await hall.describes(carla, f"{PIZZERIA}. The poll is open for an hour.")
        clock.advance(datetime.now(UTC) - clock.now() - timedelta(hours=1) + timedelta(seconds=8))
        bot = f"@{(await hall.creates(carla)).username}"
        await carla.starts(bot, "poll")
        closed = await carla.hears(bot, "🔒 This poll is closed", timeout=30)  # from the start, on a slow machine
        assert "Diavola" not in closed.labels
