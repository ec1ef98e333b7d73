"""The figures add up, mean what their definitions say, and are the same on both databases."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from crm_core.crm import Crm
from crm_core.reports.definitions import ENDINGS
from crm_core.reports.period import Period
from crm_core.reports.records import Drill
from crm_core.reports.shares import percentages
from crm_core.storage import tables

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DAY = date(2026, 3, 2)
LogOf = Callable[[Crm], Any]


def some_weeks(log: Any, seed: int = 7) -> None:
    """Write forty conversations of every ending over three weeks, some handed off, some twice."""
    chance = random.Random(seed)
    for _ in range(40):
        opened = NOON + timedelta(hours=chance.uniform(-12, 20 * 24))
        ending = chance.choice([None, *ENDINGS[:3]])
        conversation_id = log.conversation(opened, ending, wrote=ending is not None or chance.random() < 0.9)
        for _ in range(chance.choice([0, 0, 1, 2])):
            log.handoff(conversation_id, opened + timedelta(minutes=1), chance.choice([None, 30, 90.5]))


def test_shares_sum_to_the_whole_and_handed_off_is_a_part_of_it(any_crm: Crm, log_of: LogOf) -> None:
    some_weeks(log_of(any_crm))
    overview = any_crm.reports.overview(Period(DAY, DAY + timedelta(days=30)))
    assert overview.total > 30
    assert sum(overview.endings.values()) == overview.total
    assert set(overview.endings) == set(ENDINGS)
    assert sum(percentages(overview.endings).values()) == pytest.approx(100)
    assert 0 < overview.handed_off <= overview.total
    assert all(day.handed_off <= day.total for day in overview.days)
    assert overview.first_wait.taken + overview.first_wait.not_taken == overview.handed_off


def test_the_list_behind_every_figure_is_as_long_as_the_figure(any_crm: Crm, log_of: LogOf) -> None:
    some_weeks(log_of(any_crm))
    period = Period(DAY, DAY + timedelta(days=30))
    overview = any_crm.reports.overview(period)
    for ending, count in overview.endings.items():
        found, rows = any_crm.reports.conversations(period, Drill(ending=ending), limit=1000)
        assert (found, len(rows)) == (count, count)
        assert {row.ending for row in rows} <= {ending}
    found, rows = any_crm.reports.conversations(period, Drill(handed_off=True), limit=1000)
    assert found == overview.handed_off == len({row.id for row in rows})
    for day in overview.days:
        assert any_crm.reports.conversations(period, Drill(day=day.day))[0] == day.total


def test_a_widget_that_was_only_opened_is_not_a_conversation(any_crm: Crm, log_of: LogOf) -> None:
    log_of(any_crm).conversation(NOON, wrote=False)
    log_of(any_crm).conversation(NOON, closed=True, wrote=False)
    assert any_crm.reports.overview(Period(DAY, DAY)).total == 0


def test_days_are_those_of_the_shops_time_zone(any_crm: Crm, log_of: LogOf) -> None:
    log = log_of(any_crm)
    log.conversation(datetime(2026, 3, 2, 15, 59, 59, tzinfo=UTC), "abandoned")
    log.conversation(datetime(2026, 3, 2, 16, 0, tzinfo=UTC), "abandoned")
    days = any_crm.reports.overview(Period(DAY, DAY + timedelta(days=1), "Asia/Shanghai")).days
    assert [(day.day, day.total) for day in days] == [(DAY, 1), (DAY + timedelta(days=1), 1)]


def test_the_day_of_a_clock_change_has_its_true_length() -> None:
    [day] = Period(date(2026, 3, 29), date(2026, 3, 29), "Europe/Berlin").days()
    assert day.ends - day.starts == timedelta(hours=23)


def test_the_wait_is_that_for_the_first_person_only(any_crm: Crm, log_of: LogOf) -> None:
    log = log_of(any_crm)
    first = log.conversation(NOON, "solved_by_person")
    log.handoff(first, NOON, None)
    log.handoff(first, NOON + timedelta(minutes=1), 30)
    log.handoff(first, NOON + timedelta(hours=1), 3000)
    log.handoff(log.conversation(NOON, "solved_by_person"), NOON, 61)
    log.handoff(log.conversation(NOON), NOON, None)
    wait = any_crm.reports.overview(Period(DAY, DAY)).first_wait
    assert (wait.taken, wait.not_taken, wait.average_seconds, wait.longest_seconds) == (2, 1, 45.5, 61)


def test_an_empty_period_gives_zeros_and_no_error(any_crm: Crm) -> None:
    period = Period(DAY, DAY)
    overview = any_crm.reports.overview(period)
    assert (overview.total, overview.handoff_rate, overview.first_wait.average_seconds) == (0, 0.0, None)
    assert any_crm.reports.understanding(period).fallback_rate == 0.0
    assert any_crm.reports.feedback(period).average is None
    assert any_crm.reports.offers(period).acceptance_rate == 0.0
    assert any_crm.reports.segments() == []
    assert any_crm.reports.models() == []


def test_fallbacks_are_shared_out_over_turns_that_reached_the_customer(any_crm: Crm, log_of: LogOf) -> None:
    log = log_of(any_crm)
    conversation_id = log.conversation(NOON)
    for seq, (intent, flags) in enumerate(
        [
            ("greet", {}),
            ("ask_order_status", {}),
            ("ask_order_status", {}),
            ("chitchat", {"fallback": True}),
            (None, {"failed": True}),
            ("greet", {"suppressed": True}),
        ],
        start=2,
    ):
        log.turn(conversation_id, NOON, intent, seq=seq, **flags)
    report = any_crm.reports.understanding(Period(DAY, DAY))
    assert (report.turns, report.fallbacks, report.failed) == (5, 1, 1)
    assert [(row.intent, row.count) for row in report.intents] == [("ask_order_status", 2), ("greet", 1)]
    assert sum(row.count for row in report.intents) + report.fallbacks + report.failed == report.turns


def test_texts_that_were_not_understood_are_listed_masked_and_erased_ones_are_gone(any_crm: Crm, log_of: LogOf) -> None:
    log = log_of(any_crm)
    conversation_id = log.conversation(NOON)
    text = "my mail is ann.lee@example.com, call +1 (415) 555-0132 or 13812345678谢谢"
    log.turn(conversation_id, NOON, None, seq=2, fallback=True, text=text)
    [row] = any_crm.reports.not_understood(Period(DAY, DAY))
    assert row.text == "my mail is a***@example.com, call ***0132 or ***5678谢谢"
    with any_crm.database.writing() as connection:
        log.keys.destroy(connection, log.key_id)
    assert any_crm.reports.not_understood(Period(DAY, DAY)) == []


def test_feedback_is_counted_by_category_and_sentiment(any_crm: Crm, log_of: LogOf) -> None:
    log = log_of(any_crm)
    log.feedback(NOON, "delivery", "negative", serious=True)
    log.feedback(NOON, "delivery", "negative")
    log.feedback(NOON, "product", "positive")
    log.feedback(NOON + timedelta(days=1), "product", "positive")
    for score in (1, 4, 5, 5):
        log.rating(NOON, score)
    report = any_crm.reports.feedback(Period(DAY, DAY))
    assert {(row.category, row.sentiment): row.count for row in report.counts} == {
        ("delivery", "negative"): 2,
        ("product", "positive"): 1,
    }
    assert (report.total, report.serious, report.rated) == (3, 1, 4)
    assert (report.average, report.satisfied) == (3.75, 0.75)


def test_later_events_of_an_offer_imply_the_earlier_ones(any_crm: Crm, log_of: LogOf) -> None:
    log = log_of(any_crm)
    log.offer(NOON)
    log.offer(NOON, seen=None)
    log.offer(NOON, click=None)
    log.offer(NOON, click=None, cart=None, buy=2580)
    log.offer(NOON, buy=None)
    log.offer(NOON - timedelta(days=1), buy=100)
    report = any_crm.reports.offers(Period(DAY, DAY))
    assert (report.served, report.seen, report.clicked, report.accepted, report.bought) == (5, 4, 3, 2, 2)
    assert report.revenue_minor == {"USD": 2580}
    assert report.acceptance_rate == 0.4


def test_segment_sizes_are_those_of_the_live_model(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        for version, status in (("segment-1", "retired"), ("segment-2", "live")):
            connection.execute(
                tables.model_versions.insert().values(
                    version=version,
                    task="segment",
                    algorithm="k-means",
                    status=status,
                    rows=10,
                    metrics={"silhouette": 0.4},
                    baseline={"silhouette": 0.1},
                    sha256="0",
                    trained_at=NOON,
                )
            )
            for key, size in (("loyal", 3), ("new", 7)):
                connection.execute(
                    tables.segments.insert().values(model_version=version, key=key, size=size, profile={}, rules={})
                )
    assert [(row.key, row.size, row.model_version) for row in any_crm.reports.segments()] == [
        ("new", 7, "segment-2"),
        ("loyal", 3, "segment-2"),
    ]
    assert {row.version: row.status for row in any_crm.reports.models()} == {
        "segment-1": "retired",
        "segment-2": "live",
    }
