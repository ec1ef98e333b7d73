"""System lines in words, for programs that do not draw them."""

from __future__ import annotations

import pytest

from bot.gateway.told import told


def test_out_of_hours_the_day_and_the_time_are_said_in_both_languages() -> None:
    body = {"event": "handoff_requested", "opens_at": "2026-03-09T09:00:00+00:00"}
    assert "Monday 09:00" in str(told(body, "en"))
    assert "\u661f\u671f\u4e00 09:00" in str(told(body, "zh"))


@pytest.mark.parametrize("event", ["nobody_came", "nudge", "agent_timed_out"])
def test_what_the_customer_should_know_is_said(event: str) -> None:
    assert told({"event": event}, "en") != told({"event": event}, "zh")


@pytest.mark.parametrize("body", [{"event": "closed"}, {"event": "handoff_requested"}, {}])
def test_what_says_nothing_to_the_customer_is_left_out(body: dict[str, str]) -> None:
    assert told(body, "en") is None
