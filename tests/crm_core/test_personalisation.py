"""Every rule of docs/capabilities/personalisation.md."""

from __future__ import annotations

import pytest

from crm_core.personalisation import Greeting, PersonOffer, cards_after_service, greeting, may_sell, person_offer


@pytest.mark.parametrize(
    ("segment", "chosen"),
    [
        ("champions", Greeting.LOYAL),
        ("loyal", Greeting.LOYAL),
        ("new", Greeting.NEW),
        ("at_risk", Greeting.AT_RISK),
        ("sleeping", Greeting.AT_RISK),
        ("promising", Greeting.PLAIN),
        ("one_time", Greeting.PLAIN),
        (None, Greeting.PLAIN),
    ],
)
def test_the_greeting_follows_the_segment(segment: str | None, chosen: Greeting) -> None:
    assert greeting(segment) is chosen


@pytest.mark.parametrize(("intent", "cards"), [("high", 3), ("medium", 1), ("low", 0), (None, 0)])
def test_the_offer_after_service_follows_the_purchase_intent(intent: str | None, cards: int) -> None:
    assert cards_after_service("loyal", intent, complained=False) == cards


def test_nobody_is_sold_anything_after_a_fresh_complaint() -> None:
    assert cards_after_service("champions", "high", complained=True) == 0
    assert not may_sell("champions", complained=True)


def test_to_somebody_who_is_angry_nothing_is_offered() -> None:
    assert cards_after_service("champions", "high", complained=False, angry=True) == 0
    assert not may_sell("champions", complained=False, angry=True)


def test_customers_who_are_about_to_leave_are_sold_nothing() -> None:
    assert cards_after_service("at_risk", "high", complained=False) == 0
    assert not may_sell("at_risk", complained=False)


def test_a_serious_complaint_offers_everybody_a_person() -> None:
    assert person_offer(None, serious=True) is PersonOffer.AFTER


@pytest.mark.parametrize("segment", ["champions", "loyal"])
def test_a_serious_complaint_of_a_valued_customer_begins_with_the_offer(segment: str) -> None:
    assert person_offer(segment, serious=True) is PersonOffer.FIRST


def test_customers_who_are_about_to_leave_are_offered_a_person_on_any_complaint() -> None:
    assert person_offer("at_risk", serious=False) is PersonOffer.AFTER
    assert person_offer("promising", serious=False) is PersonOffer.NO
