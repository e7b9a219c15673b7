"""The pure facts of access, creation, reports and time zones."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from factory_bot.model.agents import AgentEvent, AgentId, PersonId, RunState
from factory_bot.model.ids import agent_id_for, suggested_username
from factory_bot.model.persons import AccessMode, AccessPolicy, Person, Standing, Verdict
from factory_bot.model.reports import DayCounters, restarts_in, seconds_up
from factory_bot.model.zones import zone_from_words, zone_of_language, zone_title

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("mode", "standing", "claimed", "verdict"),
    [
        (AccessMode.OPERATOR, Standing.OPERATOR, True, Verdict.OPERATOR),
        (AccessMode.OPERATOR, Standing.GUEST, True, Verdict.CLOSED),
        (AccessMode.OPERATOR, Standing.INVITED, True, Verdict.CLOSED),
        (AccessMode.LIST, Standing.GUEST, True, Verdict.NOT_LISTED),
        (AccessMode.LIST, Standing.ASKING, True, Verdict.NOT_LISTED),
        (AccessMode.LIST, Standing.INVITED, True, Verdict.MAKER),
        (AccessMode.EVERYONE, Standing.GUEST, True, Verdict.MAKER),
        (AccessMode.EVERYONE, Standing.BLOCKED, True, Verdict.BLOCKED),
        (AccessMode.EVERYONE, Standing.GUEST, False, Verdict.UNCLAIMED),
    ],
)
def test_who_is_served(mode: AccessMode, standing: Standing, claimed: bool, verdict: Verdict) -> None:
    person = Person(id=PersonId(7), first_name="Anna", standing=standing)
    assert AccessPolicy(mode=mode, claimed=claimed).verdict(person) is verdict


def test_the_settings_name_operators_makers_and_blocked_by_id() -> None:
    policy = AccessPolicy(mode=AccessMode.LIST, operators={1, 4}, makers={2}, blocked={3, 4})
    verdicts = [policy.verdict(Person(id=PersonId(number), first_name="?")) for number in (1, 2, 3, 4, 5)]
    assert verdicts == [
        Verdict.OPERATOR,
        Verdict.MAKER,
        Verdict.BLOCKED,
        Verdict.OPERATOR,  # an operator cannot lock themselves out
        Verdict.NOT_LISTED,
    ]


@pytest.mark.parametrize(
    "name",
    [
        "Bella Napoli",
        "Пиццерия",
        "披萨",
        "Bot",
        "my bot",
        "Ünïcödé Ärger",
        "1234",
        "x" * 64,
        "🍕",
        "a",
        "_bot_",
        "Robot",
        "9 lives",
        "my_bot",
    ],
)
def test_a_suggested_username_is_one_telegram_takes(name: str) -> None:
    username = suggested_username(name, "k3fx")
    assert re.fullmatch(r"[a-z][a-z0-9_]{3,27}_bot", username)
    assert "__" not in username
    assert len(username) <= 32


@pytest.mark.parametrize(
    ("name", "username", "taken", "agent_id"),
    [
        ("Bella Napoli", "bella_bot", (), "bella-napoli"),
        ("Bella Napoli", "bella_bot", ("bella-napoli", "bella-napoli-2"), "bella-napoli-3"),
        ("Пиццерия", "pizza_roma_bot", (), "pizza-roma"),
        ("App", "the_app_bot", (), "app-2"),
        ("🍕", "b_bot", (), "b"),
        ("1234", "b_bot", (), "bot-1234"),
        ("../../etc", "x_bot", (), "etc"),
        ("x" * 64, "x_bot", (), "x" * 32),
    ],
)
def test_an_agent_id_is_a_folder_and_a_host_label(
    name: str, username: str, taken: tuple[str, ...], agent_id: str
) -> None:
    assert agent_id_for(name, taken, username=username) == agent_id


@pytest.mark.parametrize(
    ("words", "zone"),
    [
        ("Berlin", "Europe/Berlin"),
        (" new york ", "America/New_York"),
        ("Paris, France", "Europe/Paris"),
        ("Europe/Lisbon", "Europe/Lisbon"),
        ("São Paulo", "America/Sao_Paulo"),
        ("munich", "Europe/Berlin"),
        ("+2", "UTC+02:00"),
        ("UTC+5:30", "UTC+05:30"),
        ("gmt-3", "UTC-03:00"),
        ("utc", "UTC"),
        ("+25", None),
        ("Atlantis", None),
        ("", None),
        ("../../etc/passwd", None),
    ],
)
def test_a_time_zone_in_words(words: str, zone: str | None) -> None:
    assert zone_from_words(words) == zone


def test_a_first_guess_of_the_zone_comes_from_the_language() -> None:
    assert zone_of_language("de") == "Europe/Berlin"
    assert zone_of_language("pt-br") == "America/Sao_Paulo"
    assert zone_of_language("de-CH") == "Europe/Berlin"
    assert zone_of_language(None) == "UTC"
    assert zone_title("America/New_York") == "New York"


def event(hours: float, before: RunState, after: RunState) -> AgentEvent:
    return AgentEvent(agent_id=AgentId("a"), at=NOON + hours * HOUR, before=before, after=after, reason=None)


UP, DOWN, DIED = RunState.RUNNING, RunState.STOPPED, RunState.BACKOFF


@pytest.mark.parametrize(
    ("events", "state", "hours"),
    [
        pytest.param([], UP, 4, id="ran all the time"),
        pytest.param([], DOWN, 0, id="never ran"),
        pytest.param([event(1, UP, DOWN)], DOWN, 1, id="stopped"),
        pytest.param([event(1, DOWN, RunState.STARTING), event(2, RunState.STARTING, UP)], UP, 2, id="started"),
        pytest.param([event(5, UP, DOWN)], DOWN, 4, id="stopped after the span"),
        pytest.param([event(1, UP, DIED), event(1.5, DIED, RunState.STARTING), event(2, RunState.STARTING, UP),
                      event(3, UP, DOWN)], DOWN, 2, id="died and came back"),
    ],
)  # fmt: skip
def test_how_long_a_bot_ran(events: list[AgentEvent], state: RunState, hours: float) -> None:
    assert seconds_up(events, state, NOON, NOON + 4 * HOUR) == hours * 3600


def test_only_what_ended_by_itself_counts_as_a_restart() -> None:
    events = [event(1, UP, DIED), event(2, UP, DOWN), event(3, UP, RunState.FAILED), event(9, UP, DIED)]
    assert restarts_in(events, NOON, NOON + 4 * HOUR) == 2


def test_counters_add_up_and_survive_their_storage() -> None:
    day = DayCounters(people=1, messages=2, up=30, span=60) + DayCounters(people=3, errors=1, span=60)
    assert day == DayCounters(people=4, messages=2, errors=1, up=30, span=120)
    assert day.uptime == 0.25
    assert DayCounters.from_json(day.to_json() | {"from_the_future": 1.0}) == day
    assert DayCounters().uptime is None
