"""What the end of a process means, and what the signs of a living one mean."""

from __future__ import annotations

from pathlib import Path

import pytest

import factory_bot
from bot_runtime.catalogue import Catalogue
from factory_bot.model.agents import RunState, Told
from factory_bot.supervision.announcements import AnnouncementKind
from factory_bot.supervision.health import Health, Judgement, Reason, Signs, judge
from factory_bot.supervision.policy import Exit, RestartPolicy, Verdict, after_exit
from factory_bot.supervision.standing import news_of

POLICY = RestartPolicy()


@pytest.mark.parametrize(
    ("exit", "verdict"),
    [
        pytest.param(Exit(asked=True, uptime=3), Verdict(state=RunState.STOPPED), id="asked"),
        pytest.param(
            Exit(asked=True, uptime=0, failures=(1, 2, 3, 4)), Verdict(state=RunState.STOPPED), id="asked after crashes"
        ),
        pytest.param(
            Exit(asked=False, uptime=3), Verdict(state=RunState.BACKOFF, failures=1, delay=1), id="first crash"
        ),
        pytest.param(
            Exit(asked=False, uptime=3, failures=(9,)),
            Verdict(state=RunState.BACKOFF, failures=2, delay=2),
            id="second crash waits twice as long",
        ),
        pytest.param(
            Exit(asked=False, uptime=3, failures=(20, 15, 9)),
            Verdict(state=RunState.BACKOFF, failures=4, delay=8),
            id="fourth crash",
        ),
        pytest.param(
            Exit(asked=False, uptime=3, failures=(30, 20, 15, 9)),
            Verdict(state=RunState.FAILED, failures=5),
            id="fifth crash in five minutes is the last",
        ),
        pytest.param(
            Exit(asked=False, uptime=3, failures=(301, 20, 15, 9)),
            Verdict(state=RunState.BACKOFF, failures=4, delay=8),
            id="a crash of more than five minutes ago is forgotten",
        ),
        pytest.param(
            Exit(asked=False, uptime=60, failures=(100, 90, 80, 70)),
            Verdict(state=RunState.BACKOFF, failures=1, delay=1),
            id="a minute of health clears the record",
        ),
    ],
)
def test_the_end_of_a_process_has_one_meaning(exit: Exit, verdict: Verdict) -> None:
    assert after_exit(exit, POLICY) == verdict


def test_no_delay_is_longer_than_a_minute_and_a_quarter_of_chance() -> None:
    patient = RestartPolicy(max_failures=50)
    crashed_often = Exit(asked=False, uptime=1, failures=tuple(range(30)))
    assert after_exit(crashed_often, patient).delay == 60
    assert after_exit(crashed_often, patient, chance=1.0).delay == 75


HEALTH = {"alive": True, "state": "polling", "last_poll_at": "2026-11-20T10:00:00+00:00", "poisoned": 0}


@pytest.mark.parametrize(
    ("signs", "now", "judgement"),
    [
        pytest.param(Signs(began=0), 5, Judgement(state=RunState.STARTING), id="has not polled yet"),
        pytest.param(Signs(began=0, polled=4), 5, Judgement(state=RunState.RUNNING), id="polls"),
        pytest.param(
            Signs(began=0, polled=4, unanswered=2), 5, Judgement(state=RunState.RUNNING), id="missed two looks"
        ),
        pytest.param(
            Signs(began=0, polled=4, unanswered=3),
            5,
            Judgement(state=RunState.SICK, reason=Reason.SILENT, restart=True),
            id="does not answer",
        ),
        pytest.param(
            Signs(began=0, polled=10),
            48,
            Judgement(state=RunState.SICK, reason=Reason.DEAF, restart=True),
            id="no poll for one and a half windows",
        ),
        pytest.param(
            Signs(began=0),
            38,
            Judgement(state=RunState.SICK, reason=Reason.DEAF, restart=True),
            id="never polled",
        ),
        pytest.param(
            Signs(began=0, polled=99, conflict=50),
            100,
            Judgement(state=RunState.SICK, reason=Reason.CONFLICT),
            id="another program polls",
        ),
        pytest.param(
            Signs(began=0, polled=119, conflict=50), 120, Judgement(state=RunState.RUNNING), id="the conflict is over"
        ),
        pytest.param(
            Signs(began=0, polled=1, unreachable=10),
            100,
            Judgement(state=RunState.SICK, reason=Reason.UNREACHABLE),
            id="Telegram is away: no restart helps",
        ),
        pytest.param(
            Signs(began=0, polled=4, health=Health.from_json(HEALTH | {"poisoned": 1})),
            5,
            Judgement(state=RunState.RUNNING, reason=Reason.POISONED),
            id="a message was set aside",
        ),
    ],
)
def test_signs_have_one_meaning(signs: Signs, now: float, judgement: Judgement) -> None:
    assert judge(signs, now) == judgement


def test_every_reason_has_a_sentence() -> None:
    catalogue = Catalogue(Path(factory_bot.__file__).parent / "texts")
    assert all(catalogue.text(f"supervision.{reason}") for reason in Reason)


RUNS = Judgement(state=RunState.RUNNING)
SICK = Judgement(state=RunState.SICK, reason=Reason.CONFLICT)
AWAY = Judgement(state=RunState.SICK, reason=Reason.UNREACHABLE)


@pytest.mark.parametrize(
    ("judgement", "aside", "told", "lasting", "news", "then"),
    [
        pytest.param(RUNS, 0, Told(), True, [], Told(), id="well, as before"),
        pytest.param(SICK, 0, Told(), False, ["sick"], Told(sick="conflict"), id="sick"),
        pytest.param(SICK, 0, Told(sick="silent"), True, [], Told(sick="silent"), id="still sick"),
        pytest.param(AWAY, 0, Told(), True, [], Told(), id="Telegram is away: nobody could be told"),
        pytest.param(RUNS, 0, Told(sick="silent"), False, ["recovered"], Told(), id="a new process answers again"),
        pytest.param(
            RUNS, 0, Told(sick="conflict"), False, [], Told(sick="conflict"), id="a new process, but who else polls?"
        ),
        pytest.param(RUNS, 0, Told(sick="conflict"), True, ["recovered"], Told(), id="nobody else polls any more"),
        pytest.param(RUNS, 2, Told(aside=1), True, ["poisoned"], Told(aside=2), id="set one more aside"),
        pytest.param(RUNS, 2, Told(aside=2), True, [], Told(aside=2), id="none more"),
        pytest.param(RUNS, 0, Told(aside=2), True, [], Told(), id="its data was replaced"),
        pytest.param(SICK, 1, Told(), True, ["sick", "poisoned"], Told(sick="conflict", aside=1), id="both at once"),
    ],
)
def test_an_owner_hears_what_is_news(
    judgement: Judgement, aside: int, told: Told, lasting: bool, news: list[str], then: Told
) -> None:
    found, knows = news_of(judgement, aside, told, lasting=lasting)
    assert [one.kind for one in found] == [AnnouncementKind(kind) for kind in news]
    assert knows == then
