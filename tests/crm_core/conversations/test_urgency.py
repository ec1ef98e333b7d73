"""Who comes first, and that nobody waits for ever."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from crm_core.conversations.urgency import Priority, Urgency, Wait, urgency

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
FAIRNESS = timedelta(minutes=15)


def judged(minutes: float = 3, **known: object) -> Urgency:
    return urgency(Wait(NOW - timedelta(minutes=minutes), **known), NOW, FAIRNESS)  # type: ignore[arg-type]


def order(**waits: Urgency) -> list[str]:
    return sorted(waits, key=lambda name: waits[name].rank)


def test_of_two_alike_the_one_who_asked_first_comes_first() -> None:
    assert order(late=judged(1), early=judged(4)) == ["early", "late"]


def test_each_thing_that_is_known_speaks_for_who_waits() -> None:
    plain = judged().score
    assert judged(upset=True).score > plain
    assert judged(orders=3).score > plain
    assert judged(purchase_intent=0.8).score > plain
    assert judged(reply_due_at=NOW + timedelta(minutes=1)).score > plain
    assert judged(reply_due_at=NOW).score > judged(reply_due_at=NOW + timedelta(minutes=1)).score
    assert judged(priority=Priority.URGENT).score > judged(priority=Priority.HIGH).score > plain
    assert judged(priority=Priority.LOW).score < plain


def test_the_reasons_are_named_the_weightiest_first() -> None:
    reasons = judged(upset=True, orders=2, priority=Priority.URGENT).reasons
    assert [reason.code for reason in reasons] == ["priority_urgent", "upset", "orders", "waited"]


def test_who_has_waited_too_long_comes_before_everybody_who_is_worth_more() -> None:
    patient = judged(16)
    rich = judged(14, orders=5, purchase_intent=1.0, upset=True, priority=Priority.URGENT)
    assert order(rich=rich, patient=patient) == ["patient", "rich"]
    assert patient.reasons[0].code == "waited_longest"


def test_of_those_who_have_waited_too_long_the_order_of_asking_counts() -> None:
    assert order(b=judged(16, upset=True), a=judged(17, priority=Priority.LOW)) == ["a", "b"]


def test_a_clock_that_goes_back_makes_nobody_worthless() -> None:
    assert judged(-5).score == 1.0
