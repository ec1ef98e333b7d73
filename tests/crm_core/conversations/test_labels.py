"""Tags in one spelling, and until when a conversation is laid aside."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crm_core.conversations.labels import Snooze, snoozed_until, tidy_tag
from crm_core.errors import InvalidInput


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("#VIP", "vip"),
        ("  Broken \t lamp ", "broken lamp"),
        ("＃退货", "退货"),
        ("ＶＩＰ", "vip"),
        ("x" * 40, "x" * 40),
    ],
)
def test_a_tag_has_one_spelling(typed: str, kept: str) -> None:
    assert tidy_tag(typed) == kept


@pytest.mark.parametrize("typed", ["", " ", "#", "x" * 41])
def test_a_tag_has_some_characters_and_not_too_many(typed: str) -> None:
    with pytest.raises(InvalidInput):
        tidy_tag(typed)


@pytest.mark.parametrize(
    ("choice", "until"),
    [
        (Snooze.HOUR, "2026-03-02T18:30"),
        (Snooze.FOUR_HOURS, "2026-03-02T21:30"),
        (Snooze.TOMORROW, "2026-03-04T01:00"),  # 3 March, half past one in the night in Shanghai: the 4th at nine
        (Snooze.NEXT_WEEK, "2026-03-09T01:00"),
    ],
)
def test_the_morning_is_that_of_the_shop(choice: Snooze, until: str) -> None:
    now = datetime(2026, 3, 2, 17, 30, tzinfo=UTC)
    assert snoozed_until(choice, now, "Asia/Shanghai") == datetime.fromisoformat(f"{until}+00:00")


def test_next_week_said_on_a_monday_is_in_seven_days_and_on_a_sunday_tomorrow() -> None:
    for day, monday in ((2, 9), (8, 9)):
        now = datetime(2026, 3, day, 12, tzinfo=UTC)
        assert snoozed_until(Snooze.NEXT_WEEK, now, "UTC") == datetime(2026, 3, monday, 9, tzinfo=UTC)
