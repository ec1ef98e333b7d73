"""Scores that change the talk are logged as used; those that change nothing are not."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.personalisation import Greeting, PersonOffer
from crm_core.records.shop import FeedbackReading, Label
from tests.crm_core.shelf import visitor
from tests.crm_core.use_cases.test_advice import give_score, uses


def reading(*, serious: bool) -> FeedbackReading:
    return FeedbackReading("en", Label("quality", 0.9), Label("negative", 0.9), serious=serious, model_version="m")


def test_a_segment_changes_the_greeting_and_is_logged(any_crm: Crm) -> None:
    conversation_id, customer_id = visitor(any_crm)
    give_score(any_crm, customer_id, "segment", "loyal")
    assert any_crm.treatment.greeting(conversation_id) is Greeting.LOYAL
    assert uses(any_crm) == ["greeting"]


def test_a_customer_without_scores_is_treated_plainly(crm: Crm) -> None:
    conversation_id, _ = visitor(crm)
    assert crm.treatment.greeting(conversation_id) is Greeting.PLAIN
    assert crm.treatment.cards_after_service(conversation_id) == 0
    assert crm.treatment.person_offer(conversation_id, reading(serious=True)) is PersonOffer.AFTER
    assert uses(crm) == []


@pytest.mark.parametrize(
    ("segment", "serious", "offer", "used"),
    [
        ("champions", True, PersonOffer.FIRST, ["person_on_complaint"]),
        ("at_risk", False, PersonOffer.AFTER, ["person_on_complaint"]),
        ("promising", True, PersonOffer.AFTER, []),
        ("promising", False, PersonOffer.NO, []),
    ],
)
def test_a_complaint_leads_to_a_person_by_segment(
    crm: Crm, segment: str, serious: bool, offer: PersonOffer, used: list[str]
) -> None:
    conversation_id, customer_id = visitor(crm)
    give_score(crm, customer_id, "segment", segment)
    assert crm.treatment.person_offer(conversation_id, reading(serious=serious)) is offer
    assert uses(crm) == used
