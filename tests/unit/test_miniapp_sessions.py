"""A session is short, lives in memory, and belongs to one person."""

from __future__ import annotations

import pytest

from bot_runtime.miniapp.sessions import IDLE, LONGEST, Sessions, Visitor


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def visitor(number: int) -> Visitor:
    return Visitor(id=number, first_name=f"Person {number}")


@pytest.fixture
def watch() -> Watch:
    return Watch()


def test_a_session_answers_with_its_visitor_and_nothing_else(watch: Watch) -> None:
    sessions = Sessions(clock=watch)
    alice, bob = sessions.open(visitor(1)), sessions.open(visitor(2))
    assert alice != bob
    assert len(alice) >= 32
    assert sessions.visitor(alice) == visitor(1)
    assert sessions.visitor(bob) == visitor(2)
    assert sessions.visitor("") is None
    assert sessions.visitor(alice[:-1]) is None


def test_use_keeps_a_session_alive_but_not_beyond_its_longest_life(watch: Watch) -> None:
    sessions = Sessions(clock=watch)
    token = sessions.open(visitor(1))
    opened = watch.now
    while watch.now + IDLE <= opened + LONGEST:
        watch.now += IDLE
        assert sessions.visitor(token) is not None
    watch.now = opened + LONGEST + 1
    assert sessions.visitor(token) is None
    assert len(sessions) == 0


def test_an_unused_session_ends(watch: Watch) -> None:
    sessions = Sessions(clock=watch)
    token = sessions.open(visitor(1))
    watch.now += IDLE + 1
    assert sessions.visitor(token) is None


def test_a_person_has_few_sessions_and_the_oldest_makes_room(watch: Watch) -> None:
    sessions = Sessions(clock=watch, most_per_person=2)
    other = sessions.open(visitor(2))
    first, second = sessions.open(visitor(1)), sessions.open(visitor(1))
    assert sessions.visitor(first) is not None  # used last, so the second one goes
    third = sessions.open(visitor(1))
    assert sessions.visitor(second) is None
    assert all(sessions.visitor(token) for token in (other, first, third))


def test_memory_is_bounded_however_many_people_come(watch: Watch) -> None:
    sessions = Sessions(clock=watch, most=10)
    tokens = [sessions.open(visitor(number)) for number in range(100)]
    assert len(sessions) == 10
    assert [token for token in tokens if sessions.visitor(token)] == tokens[-10:]
    watch.now += IDLE + 1
    sessions.open(visitor(1))
    assert len(sessions) == 1


def test_ending_a_persons_sessions_leaves_the_others(watch: Watch) -> None:
    sessions = Sessions(clock=watch)
    alice, bob = sessions.open(visitor(1)), sessions.open(visitor(2))
    sessions.end(1)
    sessions.end(1)
    assert sessions.visitor(alice) is None
    assert sessions.visitor(bob) is not None
