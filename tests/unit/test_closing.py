"""When a poll closes, in a maker's words: what is understood, what is asked, and that nothing is guessed or lost."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta

import pytest

from bot_runtime.dna import PollFeature, dump, load
from factory_bot.designer.honesty import honest
from factory_bot.designer.offline import read
from factory_bot.model.draft import Draft
from factory_bot.model.reading import ReadForm, Reading, ReadPoll
from factory_bot.model.schedules import zone_of
from factory_bot.model.steps import Step
from factory_bot.model.words.closing import Closing, closing_in
from factory_bot.model.words.moments import LONGEST_AHEAD, Doubt, Present, Unclear

from .talk import PIZZERIA, THREE, Talk

SATURDAY = Present(now=datetime(2026, 11, 21, 8, 30, tzinfo=UTC), zone="Europe/Berlin")  # 9:30 there


MOMENTS = [
    ("Friday", "Fri 27 Nov 2026 23:59"),
    ("until fri", "Fri 27 Nov 2026 23:59"),
    ("closes on Friday at 6 pm", "Fri 27 Nov 2026 18:00"),
    ("closing Sunday 8 pm", "Sun 22 Nov 2026 20:00"),
    ("Sunday, 20:00 sharp", "Sun 22 Nov 2026 20:00"),
    ("at 11.59 p.m. on Sunday", "Sun 22 Nov 2026 23:59"),
    ("Friday at 18h", "Fri 27 Nov 2026 18:00"),
    ("Friday noon", "Fri 27 Nov 2026 12:00"),
    ("Friday morning", "Fri 27 Nov 2026 12:00"),
    ("Friday evening", "Fri 27 Nov 2026 23:59"),
    ("Friday at 8 in the evening", "Fri 27 Nov 2026 20:00"),
    ("this Saturday", "Sat 21 Nov 2026 23:59"),
    ("Saturday 9 am", "Sat 28 Nov 2026 09:00"),  # today's is over
    ("next Saturday", "Sat 28 Nov 2026 23:59"),
    ("next Friday", "Fri 27 Nov 2026 23:59"),  # said on a Saturday it can only be that one
    ("today at 5pm", "Sat 21 Nov 2026 17:00"),
    ("until midnight", "Sat 21 Nov 2026 23:59"),
    ("tonight", "Sat 21 Nov 2026 23:59"),
    ("tonight at 8", "Sat 21 Nov 2026 20:00"),
    ("tomorrow", "Sun 22 Nov 2026 23:59"),
    ("tomorrow at noon", "Sun 22 Nov 2026 12:00"),
    ("the day after tomorrow", "Mon 23 Nov 2026 23:59"),
    ("in three days at 8 pm", "Tue 24 Nov 2026 20:00"),
    ("until 24 December", "Thu 24 Dec 2026 23:59"),
    ("December 24th, 2026", "Thu 24 Dec 2026 23:59"),
    ("Thursday, 24 December at 6 pm", "Thu 24 Dec 2026 18:00"),
    ("Dec 24 at 8pm", "Thu 24 Dec 2026 20:00"),
    ("by 24.12.", "Thu 24 Dec 2026 23:59"),
    ("24.12. 20:00", "Thu 24 Dec 2026 20:00"),
    ("24.12.2026", "Thu 24 Dec 2026 23:59"),
    ("24. December", "Thu 24 Dec 2026 23:59"),
    ("2026-12-24 18:00", "Thu 24 Dec 2026 18:00"),
    ("the 24th", "Tue 24 Nov 2026 23:59"),
    ("5 January", "Tue 05 Jan 2027 23:59"),
    ("Christmas Eve", "Thu 24 Dec 2026 23:59"),
    ("before Friday", "Thu 26 Nov 2026 23:59"),
    ("before Friday 8 pm", "Fri 27 Nov 2026 20:00"),
    ("the end of the month", "Mon 30 Nov 2026 23:59"),
    ("the end of next week", "Sun 29 Nov 2026 23:59"),
    ("until the end of February", "Sun 28 Feb 2027 23:59"),
]


@pytest.mark.parametrize(("words", "expected"), MOMENTS, ids=[words for words, _ in MOMENTS])
def test_a_moment_is_understood(words: str, expected: str) -> None:
    closing = closing_in(words, SATURDAY)
    assert closing.open_hours is None
    assert closing.closes_zone == "Europe/Berlin"
    assert closing.closes_at is not None
    assert f"{closing.closes_at.astimezone(zone_of('Europe/Berlin')):%a %d %b %Y %H:%M}" == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Poll: A or B. The deadline for voting is 24 December 2026, 18:00.", "Thu 24 Dec 2026 18:00"),
        ("Poll: A or B. The poll will automatically close on 31 Dec at midnight.", "Thu 31 Dec 2026 23:59"),
        ("Poll: A or B. You have until Friday to vote.", "Fri 27 Nov 2026 23:59"),
        ("poll with a deadline of Friday 5pm: A or B", "Fri 27 Nov 2026 17:00"),
        ("Vote for A or B - closing date: 24 December", "Thu 24 Dec 2026 23:59"),
        ("poll: A or B, end date 24.12.2026", "Thu 24 Dec 2026 23:59"),
        ("Poll on A or B, closing time 8 pm on Sunday", "Sun 22 Nov 2026 20:00"),
        ("Make a poll between A and B open till end of month", "Mon 30 Nov 2026 23:59"),
        ("a 3-day poll: A or B", 72),
        ("A vote that closes in 24 hours: A or B", 24),
        ("vote between A and B for the next 48 hours", 48),
        ("Poll: A or B. I want it to be open for three days.", 72),
        ("Poll: A or B. It is open until I close it.", None),
    ],
)
def test_a_closing_is_found_in_a_sentence(words: str, expected: str | int | None) -> None:
    reading = read(words)
    (poll,) = reading.polls
    assert poll.options == ("A", "B")
    assert poll.closes
    assert not reading.left_out
    closing = closing_in(poll.closes, SATURDAY)
    at = closing.closes_at and closing.closes_at.astimezone(zone_of("Europe/Berlin"))
    assert (f"{at:%a %d %b %Y %H:%M}" if at else closing.open_hours) == expected


def test_two_polls_can_close_together_and_a_form_beside_them_does_not() -> None:
    two = read("Poll on lunch: soup or salad. Poll on drinks: wine or beer. Both close on Friday.")
    assert [poll.closes for poll in two.polls] == ["close on Friday", "close on Friday"]
    both = read("Members sign up with name until 1 December and vote on the trip: Rome or Oslo, until Friday at noon")
    assert both.polls[0].closes == "until Friday at noon"
    assert both.left_out == ("until 1 December",)


@pytest.mark.parametrize(
    ("words", "hour", "zone"),
    [
        ("24 December 8 pm", 19, "Europe/Berlin"),
        ("24 December 8 pm our time", 19, "Europe/Berlin"),
        ("24 December 8 pm UTC", 20, "UTC"),
        ("24 December 8 pm UTC+5", 15, "UTC+05:00"),
        ("24 December 8 pm London time", 20, "Europe/London"),
        ("24 December 8 pm CET", 19, "Europe/Berlin"),
    ],
)
def test_the_time_is_of_the_makers_zone_unless_another_is_named(words: str, hour: int, zone: str) -> None:
    closing = closing_in(words, SATURDAY)
    assert closing == Closing(closes_at=datetime(2026, 12, 24, hour, tzinfo=UTC), closes_zone=zone)


@pytest.mark.parametrize(
    ("words", "hours"),
    [
        ("for three days", 72),
        ("in three days", 72),
        ("open for 3 days", 72),
        ("3 days and 12 hours", 84),
        ("a day and a half", 36),
        ("half a day", 12),
        ("2 weeks from now", 336),
        ("a couple of days", 48),
        ("until I close it", None),
        ("until further notice", None),
        ("no limit", None),
        ("never", None),
        ("leave it open", None),
    ],
)
def test_a_span_counts_from_the_birth_of_the_bot(words: str, hours: int | None) -> None:
    assert closing_in(words, SATURDAY) == Closing(open_hours=hours)


@pytest.mark.parametrize(
    ("words", "doubt"),
    [
        ("12/24", Doubt.NUMBERS),
        ("until 5/6/2027", Doubt.NUMBERS),
        ("20.12", Doubt.NUMBERS),
        ("Friday at 8", Doubt.HALF),
        ("8 o'clock", Doubt.HALF),
        ("Saturday", Doubt.EITHER),  # said on one
        ("Friday, 24 December", Doubt.WEEKDAY),
        ("today 8 am", Doubt.PASSED),
        ("1 November", Doubt.PASSED),
        ("24 December 2025", Doubt.PASSED),
        ("24 December 2028", Doubt.FAR),
        ("9 years", Doubt.FAR),
        ("30 minutes", Doubt.MINUTES),
        ("half an hour", Doubt.MINUTES),
        ("someday", Doubt.UNREAD),
        ("in the evening", Doubt.UNREAD),
        ("Easter", Doubt.UNREAD),
        ("next week", Doubt.UNREAD),
        ("until everyone has voted", Doubt.UNREAD),
        ("a week from Friday", Doubt.UNREAD),
        ("two days before the party", Doubt.UNREAD),
        ("from Monday until Friday", Doubt.UNREAD),
        ("Friday or Saturday", Doubt.UNREAD),
        ("31 November", Doubt.UNREAD),
        ("29 February", Doubt.UNREAD),
        ("25:00", Doubt.UNREAD),
        ("Friday 8 pm Gotham time", Doubt.UNREAD),
        ("every Friday", Doubt.UNREAD),
        ("of the week", Doubt.UNREAD),
        ("weekly", Doubt.UNREAD),
        ("", Doubt.UNREAD),
        ("🍕", Doubt.UNREAD),
    ],
)
def test_what_is_not_plain_is_not_guessed(words: str, doubt: Doubt) -> None:
    with pytest.raises(Unclear) as caught:
        closing_in(words, SATURDAY)
    assert caught.value.doubt is doubt


def test_two_days_that_can_be_meant_are_both_named() -> None:
    monday = Present(now=datetime(2026, 11, 23, 12, tzinfo=UTC))
    with pytest.raises(Unclear) as caught:
        closing_in("next Friday", monday)
    assert caught.value.days == (date(2026, 11, 27), date(2026, 12, 4))


def test_whatever_is_understood_at_whatever_time_is_still_to_come() -> None:
    chance = random.Random(5)
    scraps = [scrap for words, _ in MOMENTS for scrap in (words, *words.split())]
    understood = 0
    for _ in range(6000):
        now = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=chance.randrange(4 * 366 * 1440))
        zone = chance.choice(["UTC", "Europe/Berlin", "America/St_Johns", "Pacific/Kiritimati", "UTC-11:30"])
        words = " ".join(chance.choice(scraps) for _ in range(chance.choice([1, 1, 2, 3])))
        try:
            closing = closing_in(words, Present(now=now, zone=zone))
        except Unclear:
            continue
        understood += 1
        assert closing.closes_at is None or now < closing.closes_at <= now + LONGEST_AHEAD
        assert closing.open_hours is None or closing.open_hours > 0
    assert understood > 1500


def test_the_pizzeria_closes_when_its_maker_said() -> None:
    talk = Talk(now=SATURDAY.now, zone="Europe/Berlin").says(f"{PIZZERIA}{THREE}, closing Sunday 8 pm")
    assert talk.step is Step.REVIEW
    assert "one vote each, closes Sunday, 22 November 2026, 20:00 (Berlin time)" in talk.text
    assert talk.taps("✅ Create").dna is not None
    assert talk.dna is not None
    poll = talk.dna.features[1]
    assert isinstance(poll, PollFeature)
    assert poll.options == ("Margherita", "Diavola", "Marinara")
    assert poll.closes_at == datetime(2026, 11, 22, 19, tzinfo=UTC)
    assert load(dump(talk.dna)) == talk.dna


def test_the_pizza_of_the_week_alone_closes_never() -> None:
    talk = Talk().says(PIZZERIA + THREE)
    assert talk.step is Step.REVIEW
    assert "closes" not in talk.text
    assert "left out" not in talk.text


def test_a_zone_that_is_not_known_is_utc_and_said() -> None:
    assert "closes Friday, 27 November 2026, 23:59 (UTC time)" in Talk().says(f"{PIZZERIA}{THREE} until Friday").text


def test_a_closing_that_is_not_plain_is_asked_in_its_turn() -> None:
    talk = Talk().says(f"{PIZZERIA} until 12/24")
    assert talk.step is Step.POLL_OPTIONS
    assert talk.says("Margherita, Diavola").step is Step.POLL_CLOSING
    assert "Numbers as in “until 12/24” are easily misread" in talk.text
    assert talk.says("the 24th of whenever").step is Step.POLL_CLOSING
    assert "I can't tell when “the 24th of whenever” is" in talk.text
    assert "12/24" not in talk.text
    assert talk.says("24 December").step is Step.REVIEW
    assert "closes Thursday, 24 December 2026" in talk.text


@pytest.mark.parametrize(
    ("unclear", "answer", "closes"),
    [
        ("until Friday at 8", "pm", "Friday, 27 November 2026, 20:00"),
        ("until Friday at 8", "in the evening", "Friday, 27 November 2026, 20:00"),
        ("until Friday at 8", "8 pm", "Friday, 27 November 2026, 20:00"),
        ("until Friday at 8", "Monday 9 am", "Monday, 23 November 2026, 09:00"),
        ("until 1 November", "2027", "Monday, 1 November 2027, 23:59"),
        ("until Saturday", "next Saturday", "Saturday, 28 November 2026, 23:59"),
    ],
)
def test_an_answer_completes_what_was_unclear(unclear: str, answer: str, closes: str) -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE} {unclear}")
    assert talk.step is Step.POLL_CLOSING
    assert f"closes {closes}" in talk.says(answer).text


def test_an_event_on_the_review_card_is_asked_about() -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE}").says("close it when everyone has voted")
    assert "I can't tell when “close it when everyone has voted” is" in talk.text
    assert talk.taps("Skip").step is Step.REVIEW


def test_a_closing_that_is_over_is_said_and_can_be_left_open() -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE} until 1 November")
    assert talk.step is Step.POLL_CLOSING
    assert "“until 1 November” is over already" in talk.text
    assert talk.taps("Skip").step is Step.REVIEW
    assert "closes" not in talk.text


def test_today_or_in_a_week_is_asked_with_both_days() -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE} until Saturday")
    assert "can be Saturday, 21 November 2026, or Saturday, 28 November 2026" in talk.text
    assert "closes Saturday, 28 November 2026" in talk.says("28 November").text


def test_a_bot_is_not_made_with_a_poll_that_is_over_by_then() -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE} until tomorrow")
    talk.now += timedelta(days=3)
    talk.taps("✅ Create")
    assert talk.ended is None
    assert talk.step is Step.POLL_CLOSING
    assert "over by now" in talk.text
    assert talk.taps("Until I close it").taps("✅ Create").dna is not None


def test_a_closing_is_taken_back_in_words() -> None:
    talk = Talk().says(f"{PIZZERIA}{THREE} until Friday")
    assert "closes Friday" in talk.text
    assert "closes" not in talk.says("remove the deadline").text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("A sign-up form with name and phone, only 20 places", "I left out “only 20 places”"),
        ("A sign-up form with name and phone until Friday", "I left out “until Friday”"),
        ("A sign-up form with name and phone. Deadline is 24 December", "I left out “Deadline is 24 December”"),
        ("A weekly poll: soup or salad", "I left out “weekly”"),
    ],
)
def test_a_detail_that_cannot_be_had_is_said_to_be_left_out(words: str, said: str) -> None:
    talk = Talk().says(words)
    assert said in talk.text
    form = next((feature for feature in talk.draft.features if feature.kind == "form"), None)
    assert form is None or [field.label for field in form.fields] == ["Name", "Phone"]


def test_a_detail_that_a_field_has_is_not_left_out() -> None:
    assert not read("RSVP form: name, guests (max 6 people), free seats in the car").left_out


def test_a_models_closing_is_the_makers_own_words_or_none() -> None:
    words = "a vote between owl and fox until Friday 8 pm, and a form with name, only 20 places"
    form = ReadForm(fields=read(words).forms[0].fields)

    def kept(closes: str | None) -> Reading:
        poll = ReadPoll(options=("owl", "fox"), closes=closes)
        return honest(Reading(forms=(form,), polls=(poll,)), words, Draft())

    assert kept("Friday 8 pm").polls[0].closes == "Friday 8 pm"
    assert kept("2026-11-27T20:00").polls[0].closes == "until Friday 8 pm"
    assert kept("Friday 8 pm").left_out == ("only 20 places",)
    assert kept(None).left_out == ("until Friday 8 pm", "only 20 places")
    assert honest(Reading(polls=(ReadPoll(closes="Monday"),)), "a vote", Draft()).polls[0].closes is None
