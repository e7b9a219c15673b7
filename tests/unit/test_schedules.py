"""Schedules: the next moment a rule is due, across time zones and clock changes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from factory_bot.model.schedules import Daily, Every, next_due, rule_from_json, rule_to_json, zone_of


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("rule", "after", "expected"),
    [
        pytest.param(Every(seconds=600), "2026-11-21 10:00", "2026-11-21 10:10", id="every ten minutes"),
        pytest.param(Daily(hour=9, zone="UTC"), "2026-11-21 08:59", "2026-11-21 09:00", id="today"),
        pytest.param(Daily(hour=9, zone="UTC"), "2026-11-21 09:00", "2026-11-22 09:00", id="just ran"),
        pytest.param(Daily(hour=9, zone="Europe/Berlin"), "2026-11-21 07:59", "2026-11-21 08:00", id="winter"),
        pytest.param(Daily(hour=9, zone="Europe/Berlin"), "2026-07-01 06:59", "2026-07-01 07:00", id="summer"),
        pytest.param(Daily(hour=2, zone="Europe/Berlin"), "2026-03-28 12:00", "2026-03-29 01:00", id="skipped hour"),
        pytest.param(Daily(hour=2, zone="Europe/Berlin"), "2026-10-24 12:00", "2026-10-25 00:00", id="doubled hour"),
        pytest.param(Daily(hour=2, zone="Europe/Berlin"), "2026-10-25 00:00", "2026-10-26 01:00", id="not twice"),
        pytest.param(Daily(hour=0, zone="UTC+05:30"), "2026-11-21 18:00", "2026-11-21 18:30", id="offset"),
        pytest.param(Daily(hour=23, zone="Pacific/Auckland"), "2026-11-21 09:59", "2026-11-21 10:00", id="far east"),
    ],
)
def test_next_due(rule: Daily | Every, after: str, expected: str) -> None:
    assert next_due(rule, moment(after)) == moment(expected)
    assert rule_from_json(rule_to_json(rule)) == rule


@pytest.mark.parametrize("bad", ["", "Mars/Olympus", "+15", "UTC+14:30", "../etc/passwd", "Europe", "5", "\0"])
def test_what_is_no_time_zone_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="is no time zone"):
        zone_of(bad)
