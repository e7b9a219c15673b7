"""The report now, the daily report, and when it comes."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from factory_bot.model.agents import PersonId
from factory_bot.model.persons import Standing
from factory_bot.model.schedules import Daily, Every, Kind, Schedule
from factory_bot.storage.interviews import InterviewStore
from factory_bot.storage.schedules import ScheduleStore
from factory_bot.workshop import Workshop
from playground.people import Person
from tests.clocks import HandClock
from tests.integration.chat.conftest import Hall

WORDS = "A bot called Chess Club for my chess club: sign-up form with name and phone"


async def arranged(hall: Hall, person: Person) -> Schedule | None:
    return await ScheduleStore(hall.database).get(f"report:{person.id}")


async def test_a_maker_is_asked_once_when_the_report_should_come(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker("Anna", language_code="de")
    await anna.says(hall.bot, "/mybots")
    await anna.hears(hall.bot, "You have no bots yet")
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/mybots")
    assert "Chess Club" in await anna.hears(hall.bot, "Your bots")
    asked = await anna.hears(hall.bot)  # with the first look after a bot, and not where it was made
    assert "When shall I send you a daily report" in asked.text
    assert "Berlin time" in asked.text
    await anna.presses(hall.bot, "08:00")
    noted = await anna.hears(hall.bot, "Noted.")
    assert "08:00, Berlin time" in noted.text
    schedule = await arranged(hall, anna)
    assert schedule is not None
    assert schedule.rule == Daily(hour=8, zone="Europe/Berlin")
    assert schedule.due_at > workshop.clock.now()
    await anna.says(hall.bot, "/report")
    assert "The daily report comes at 08:00" in await anna.hears(hall.bot, "Your bots today")
    await anna.says(hall.bot, "/help")
    await anna.hears(hall.bot, "What I can do")
    asked_again = [each for each in await anna.sees(hall.bot) if "When shall I send" in each.text]
    assert asked_again == []  # the question became its answer, and no second one came


async def test_a_maker_who_only_taps_is_asked_once_and_may_choose_any_full_hour(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/help")
    menu = await anna.hears(hall.bot, "What I can do")
    await anna.presses(hall.bot, "🤖 My bots", message_id=menu.id)
    asked = await anna.hears(hall.bot, "When shall I send you a daily report")
    assert "10:00" not in asked.labels
    await anna.presses(hall.bot, "Other hour", message_id=asked.id)
    every = await anna.hears(hall.bot, "At which hour?")
    assert every.labels[:24] == [f"{hour:02d}:00" for hour in range(24)]
    await anna.presses(hall.bot, "10:00", message_id=asked.id)
    await anna.hears(hall.bot, "10:00, UTC time")
    schedule = await arranged(hall, anna)
    assert schedule is not None
    assert schedule.rule == Daily(hour=10, zone="UTC")
    await anna.says(hall.bot, "/help")
    menu = await anna.hears(hall.bot, "What I can do")
    await anna.presses(hall.bot, "🤖 My bots", message_id=menu.id)
    await anna.hears(hall.bot, "Your bots")
    assert all("When shall I send" not in each.text for each in await anna.sees(hall.bot))


async def test_a_blocked_maker_gets_no_daily_report(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/mybots")
    await anna.presses(hall.bot, "07:00")
    await anna.hears(hall.bot, "Noted.")
    schedule = await arranged(hall, anna)
    assert schedule is not None
    await workshop.persons.set_standing(PersonId(anna.id), Standing.BLOCKED)
    due = replace(schedule, due_at=schedule.due_at - timedelta(days=1))
    await ScheduleStore(hall.database).put(due)
    await workshop.daily_report(due)
    again = await arranged(hall, anna)
    assert again is not None
    assert again.due_at == schedule.due_at  # it comes due again, should they be unblocked
    await workshop.persons.set_standing(PersonId(anna.id), Standing.GUEST)
    await anna.says(hall.bot, "/help")
    await anna.hears(hall.bot, "What I can do")
    assert all("Your bots on" not in each.text for each in await anna.sees(hall.bot))


async def test_the_first_report_asks_when_the_daily_one_should_come(hall: Hall, workshop: Workshop) -> None:
    anna, bert = await hall.maker("Anna"), await hall.maker("Bert")
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/report")
    report = await anna.hears(hall.bot, "Your bots today")
    assert report.labels == []  # the hours are below the question that follows
    assert "no daily report" not in report
    assert "When shall I send you a daily report" in await anna.hears(hall.bot)
    await bert.says(hall.bot, "/report")
    report = await bert.hears(hall.bot, "nothing to report yet")
    assert report.labels == ["✨ Make a bot"]  # an hour is of no use yet


async def test_the_time_zone_is_said_in_words(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/report")
    asked = await anna.hears(hall.bot, "When shall I send you a daily report")
    await anna.presses(hall.bot, "Time zone: UTC")
    zones = await anna.hears(hall.bot, "In which time zone")
    assert zones.id == asked.id  # the question becomes the other one
    await anna.says(hall.bot, "Atlantis")
    await anna.hears(hall.bot, "don't know that place")
    await anna.says(hall.bot, "New York")
    asked = await anna.hears(hall.bot, "New York time")
    await anna.presses(hall.bot, "07:00", message_id=asked.id)
    await anna.hears(hall.bot, "07:00, New York time")
    await anna.presses(hall.bot, "Choose the hour of the daily report", message_id=asked.id)
    again = await anna.hears(hall.bot, "When shall I send you a daily report")
    assert "✓ 07:00" in again.labels
    await anna.presses(hall.bot, "No daily report", message_id=asked.id)
    await anna.hears(hall.bot, "no daily report")
    assert await arranged(hall, anna) is None


async def test_the_time_zone_is_tapped_by_its_clock(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/report")
    await anna.presses(hall.bot, "08:00")
    noted = await anna.hears(hall.bot, "08:00, UTC time")
    await anna.presses(hall.bot, "Choose the hour of the daily report", message_id=noted.id)
    await anna.presses(hall.bot, "Time zone: UTC", message_id=noted.id)
    zones = await anna.hears(hall.bot, "In which time zone")
    there = next(label for label in zones.labels if label.startswith("Tokyo "))
    assert re.fullmatch(r"Tokyo \d\d:\d\d", there)
    await anna.presses(hall.bot, there, message_id=noted.id)
    await anna.hears(hall.bot, "08:00, Tokyo time")
    schedule = await arranged(hall, anna)
    assert schedule is not None
    assert schedule.rule == Daily(hour=8, zone="Asia/Tokyo")


async def test_the_hour_is_said_in_words(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/report")
    await anna.hears(hall.bot, "When shall I send you a daily report")
    await anna.says(hall.bot, "early in the morning")
    unknown = await anna.hears(hall.bot, "did not understand that hour")
    assert "07:00" in unknown.labels
    await anna.says(hall.bot, "7:30 pm")
    halves = await anna.hears(hall.bot, "full hours")
    assert halves.labels == ["19:00", "20:00"]
    assert await arranged(hall, anna) is None
    await anna.says(hall.bot, "what can you do for me?")
    await anna.hears(hall.bot, "I make bots")  # it is about something else
    await anna.says(hall.bot, "at 8 in the evening")
    await anna.hears(hall.bot, "20:00, UTC time")
    await anna.says(hall.bot, "9")
    await anna.hears(hall.bot, "I make bots")  # no hour is asked for any more
    await anna.says(hall.bot, "/report")
    await anna.presses(hall.bot, "Choose the hour of the daily report")
    await anna.hears(hall.bot, "When shall I send you a daily report")
    await anna.says(hall.bot, "6 am in Berlin")
    await anna.hears(hall.bot, "06:00, Berlin time")
    schedule = await arranged(hall, anna)
    assert schedule is not None
    assert schedule.rule == Daily(hour=6, zone="Europe/Berlin")
    await anna.presses(hall.bot, "Choose the hour of the daily report")
    await anna.hears(hall.bot, "When shall I send you a daily report")
    await anna.says(hall.bot, "never, please")
    await anna.hears(hall.bot, "no daily report")
    assert await arranged(hall, anna) is None


async def test_a_due_report_is_sent_once_and_comes_due_again(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    record = await hall.makes(anna, WORDS)
    await anna.says(hall.bot, "/mybots")
    await anna.presses(hall.bot, "07:00")
    await anna.hears(hall.bot, "Noted.")
    schedule = await arranged(hall, anna)
    assert schedule is not None
    missed = replace(schedule, due_at=schedule.due_at - timedelta(days=3))
    await ScheduleStore(hall.database).put(missed)
    await workshop.daily_report(missed)
    await workshop.daily_report(missed)
    report = await anna.hears(hall.bot, "Your bots on")
    assert f"@{record.username}" in report.text
    again = await arranged(hall, anna)
    assert again is not None
    assert again.due_at == schedule.due_at
    await anna.says(hall.bot, "/help")
    await anna.hears(hall.bot, "What I can do")
    assert sum("Your bots on" in each.text for each in await anna.sees(hall.bot)) == 1


async def test_the_report_counts_people_and_messages(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    record = await hall.makes(anna, WORDS)
    name = f"@{record.username}"
    await anna.starts(name)
    await anna.hears(name)
    await anna.says(hall.bot, "/report")
    report = await anna.hears(hall.bot, "Your bots today")
    assert "People: 1 (+1)" in report.text
    assert "1 person, 1 message\nrunning" in report.text  # what did not happen is left out
    assert "Chess Club" in report.text
    assert "Interviews of the last" not in report.text  # the funnel is the operator's
    await workshop.bots.stop(PersonId(anna.id), record.id)
    await anna.says(hall.bot, "/report")
    stopped = await anna.hears(hall.bot, "Your bots today")
    assert "People: 1 (+1)" in stopped.text  # what was counted is kept when the process is gone


async def test_the_operators_report_shows_where_interviews_were_left(hall: Hall, workshop: Workshop) -> None:
    anna = await hall.maker()
    await anna.says(hall.bot, "/newbot")
    await anna.hears(hall.bot, "What should your bot do")
    await anna.says(hall.bot, "/cancel")
    await anna.hears(hall.bot)
    await hall.you.starts(hall.bot)
    await hall.you.says(hall.bot, "/report")
    report = await hall.you.hears(hall.bot, "Interviews of the last")
    assert "left at the first question" in report.text


async def test_the_sweep_ends_what_has_waited_too_long(hall: Hall) -> None:
    clock = HandClock(datetime.now(UTC))
    async with hall.open(clock=clock) as workshop:
        anna = await hall.maker()
        await hall.describes(anna, WORDS)
        await anna.presses(hall.bot, "✅ Create")
        await anna.hears(hall.bot, "One tap")
        sweep = Schedule(name="sweep", kind=Kind.SWEEP, rule=Every(seconds=600), due_at=clock.now())
        await ScheduleStore(hall.database).put(sweep)
        await workshop.sweep(sweep)
        assert await workshop.creating.open_of(PersonId(anna.id)) is not None
        clock.advance(timedelta(minutes=15))
        await hall.unopened(clock=clock).sweep(sweep)  # before the chat is open nobody would hear of it
        assert await workshop.creating.open_of(PersonId(anna.id)) is not None
        await workshop.sweep(sweep)
        await anna.hears(hall.bot, "waited a quarter of an hour")
        assert await workshop.creating.open_of(PersonId(anna.id)) is None
        assert await anna.sees_keyboard(hall.bot) == []
        await anna.says(hall.bot, "/newbot")
        await anna.hears(hall.bot, "What should your bot do")
        clock.advance(timedelta(days=8))
        await workshop.sweep(sweep)
        assert await InterviewStore(hall.database).open_of(PersonId(anna.id)) is None
