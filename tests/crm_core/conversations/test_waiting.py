"""The expected wait in the queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_core.conversations.waiting import Wait, expected_wait

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def wait(asked: int, left: int, *, served: bool = True) -> Wait:
    return Wait(NOON + timedelta(minutes=asked), NOON + timedelta(minutes=left), served)


def test_nothing_is_promised_before_three_have_waited() -> None:
    assert expected_wait(1, [wait(0, 2), wait(10, 12), wait(20, 22, served=False)]) is None


def test_one_after_the_other_each_place_takes_what_it_took_the_others() -> None:
    past = [wait(0, 2), wait(10, 14), wait(20, 23)]
    assert expected_wait(1, past) == timedelta(minutes=3)
    assert expected_wait(4, past) == timedelta(minutes=12)


def test_who_waited_behind_others_waited_for_several_places() -> None:
    past = [wait(0, 2), wait(0, 2), wait(1, 6), wait(1, 6)]  # two came in at places 1, two at 3
    assert expected_wait(1, past) == timedelta(minutes=(2 + 5 / 3) / 2)


def test_who_gave_up_tells_nothing_of_the_time_but_stood_in_the_line() -> None:
    past = [wait(0, 30, served=False), wait(1, 5), wait(10, 14), wait(15, 19)]
    assert expected_wait(1, past) == timedelta(minutes=2)
