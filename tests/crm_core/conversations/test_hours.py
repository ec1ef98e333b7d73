"""Times of service: days, holidays, zones, and how service time passes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crm_core.conversations.hours import Hours
from crm_core.errors import InvalidInput

FRIDAY = datetime(2026, 3, 6, tzinfo=UTC)
WEEK = Hours.parse("mon-fri 09:00-18:00; sat 10:00-12:00", "2026-03-09", "UTC")


def at(hour: int, minute: int = 0, days: int = 0) -> datetime:
    return FRIDAY + timedelta(days=days, hours=hour, minutes=minute)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        (at(9), at(9)),
        (at(8, 59), at(9)),
        (at(18), at(10, days=1)),
        (at(12, days=1), at(9, days=4)),  # Sunday is closed, Monday a holiday
    ],
)
def test_it_is_known_when_people_are_there_again(moment: datetime, opens: datetime) -> None:
    assert WEEK.opens_at(moment) == opens
    assert WEEK.is_open(moment) == (opens == moment)


def test_without_hours_people_are_always_there() -> None:
    always = Hours.parse("", "", "Asia/Shanghai")
    assert always.is_open(at(3))
    assert always.after(at(3), timedelta(hours=30)) == at(33)


def test_a_holiday_closes_where_there_are_no_hours() -> None:
    assert not Hours.parse("", "2026-03-06", "UTC").is_open(at(12))
    assert Hours.parse("", "2026-03-06", "UTC").opens_at(at(12)) == at(0, days=1)


def test_only_time_of_service_counts_towards_a_promise() -> None:
    assert WEEK.after(at(17, 50), timedelta(minutes=5)) == at(17, 55)
    assert WEEK.after(at(17, 50), timedelta(minutes=30)) == at(10, 20, days=1)
    assert WEEK.after(at(17), timedelta(hours=4)) == at(10, days=4)
    assert WEEK.after(at(20), timedelta(minutes=1)) == at(10, 1, days=1)


def test_the_hours_are_those_of_the_place() -> None:
    shanghai = Hours.parse("mon-sun 09:00-18:00", "", "Asia/Shanghai")
    assert shanghai.is_open(at(1, 30))
    assert not shanghai.is_open(at(10, 30))


def test_the_hours_stay_when_the_clocks_change() -> None:
    berlin = Hours.parse("mon-sun 09:00-18:00", "", "Europe/Berlin")
    before, after = datetime(2026, 3, 28, 8, tzinfo=UTC), datetime(2026, 3, 30, 7, tzinfo=UTC)
    assert berlin.opens_at(before) == before
    assert berlin.opens_at(after) == after


@pytest.mark.parametrize(
    ("hours", "holidays", "named"),
    [
        ("monday 9-5", "", "service_hours"),
        ("mon 18:00-09:00", "", "service_hours"),
        ("mon 25:00-26:00", "", "service_hours"),
        ("abc 09:00-10:00", "", "service_hours"),
        ("", "christmas", "holidays"),
    ],
)
def test_what_cannot_be_read_is_named(hours: str, holidays: str, named: str) -> None:
    with pytest.raises(InvalidInput, match=named):
        Hours.parse(hours, holidays, "UTC")
