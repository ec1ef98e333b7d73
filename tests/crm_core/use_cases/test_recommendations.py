"""Offers, their log and their outcomes."""

from __future__ import annotations

import random

import pytest

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, ModelNotTrained, NotFound
from crm_core.records.conversations import Body, TurnResult
from crm_core.records.people import Reason
from crm_core.use_cases.recommendations import POPULARITY, Recommendations, Recommender
from tests.crm_core.shelf import LAMP, MUG, PHONES, POT, SHELF, TENT, buy, customer, fill, visitor


class Ranker:
    """Ranks every product in the order of the shelf, and remembers what it was asked."""

    def __init__(self) -> None:
        self.histories: list[list[str]] = []

    def rank(
        self, history: list[str], *, context: dict[str, object], limit: int, exclude: set[str]
    ) -> list[tuple[str, float, str, Reason]]:
        self.histories.append(history)
        skus = [item[0] for item in SHELF if item[0] not in exclude]
        return [(sku, 1.0 / place, "item-cf", Reason("popular", 1.0)) for place, sku in enumerate(skus, 1)]


class Still(random.Random):
    """Never explores."""

    def random(self) -> float:
        return 1.0


def using(crm: Crm, ranker: Recommender | None = None) -> Recommendations:
    made = ranker or Ranker()
    return Recommendations(crm._context, lambda: made, Still())


def untrained() -> Recommender:
    raise ModelNotTrained("recommend")


def test_offers_are_ranked_available_and_not_what_the_customer_has(crm: Crm) -> None:
    fill(crm)
    customer_id = customer(crm)
    buy(crm, customer_id, MUG[0])
    ranker = Ranker()
    offers = using(crm, ranker).offer(customer_id, limit=5)
    assert ranker.histories == [[MUG[0]]]
    assert [offer.product.sku for offer in offers] == [POT[0], LAMP[0], PHONES[0]]  # the tent is sold out


def test_colours_of_one_product_are_one_offer(crm: Crm) -> None:
    fill(crm, (MUG, ("MUG2", "Enamel Camping Mug, navy", None, "kitchen", 990, 8)))
    assert len(Recommendations(crm._context, untrained, Still()).offer(customer(crm))) == 1


def test_limits_of_price_category_and_search_hold(crm: Crm) -> None:
    fill(crm)
    customer_id = customer(crm)
    subject = using(crm)
    assert {offer.product.sku for offer in subject.offer(customer_id, max_price_minor=3000)} == {MUG[0], POT[0]}
    assert [offer.product.sku for offer in subject.offer(customer_id, category="home")] == [LAMP[0]]
    assert [offer.product.sku for offer in subject.offer(customer_id, among=[PHONES[0], TENT[0]])] == [PHONES[0]]


def test_served_offers_are_logged_with_policy_propensity_and_reason(any_crm: Crm) -> None:
    fill(any_crm)
    conversation_id, customer_id = visitor(any_crm)
    subject = using(any_crm)
    served = subject.serve(customer_id, subject.offer(customer_id, limit=2), conversation_id)
    logged = subject.of_customer(customer_id)
    assert [(item.id, item.rank, item.sku) for item in logged] == [
        (served[0].served_id, 1, MUG[0]),
        (served[1].served_id, 2, POT[0]),
    ]
    assert [item.propensity for item in logged] == [1.0, 0.9]
    assert {item.policy for item in logged} == {"item-cf"}
    assert logged[0].reason.code == "popular"


def test_what_was_shown_in_a_conversation_is_not_offered_in_it_again(crm: Crm) -> None:
    fill(crm)
    conversation_id, customer_id = visitor(crm)
    subject = using(crm)
    subject.serve(customer_id, subject.offer(customer_id, limit=2), conversation_id)
    again = subject.offer(customer_id, conversation_id=conversation_id, limit=2)
    assert [offer.product.sku for offer in again] == [LAMP[0], PHONES[0]]


def test_outcomes_are_kept_once_each(any_crm: Crm, clock: object) -> None:
    fill(any_crm)
    conversation_id, customer_id = visitor(any_crm)
    subject = using(any_crm)
    (offer,) = subject.serve(customer_id, subject.offer(customer_id, limit=1), conversation_id)
    assert subject.outcome(str(offer.served_id), "click")
    assert not subject.outcome(str(offer.served_id), "click")
    clock.advance(seconds=2)  # type: ignore[attr-defined]
    assert subject.outcome(str(offer.served_id), "cart", 990)
    (logged,) = subject.of_customer(customer_id)
    assert [(outcome.event, outcome.value_minor) for outcome in logged.outcomes] == [("click", None), ("cart", 990)]


def test_cards_are_seen_once_as_far_as_the_customer_has_come(any_crm: Crm) -> None:
    fill(any_crm)
    conversation_id, customer_id = visitor(any_crm)
    subject = using(any_crm)
    served = subject.serve(customer_id, subject.offer(customer_id, limit=2), conversation_id)
    any_crm.conversations.accept(conversation_id, {"text": "what do you recommend?"})  # 1
    turn = any_crm.conversations.next_turn(conversation_id, "here", lease_seconds=30)
    assert turn is not None
    cards = [{"sku": offer.product.sku, "title": "A", "served_id": offer.served_id} for offer in served]
    strange = {"sku": MUG[0], "title": "A", "served_id": customer_id}
    bodies: list[Body] = [{"text": "This", "cards": [cards[0], strange]}, {"text": "or", "cards": [cards[1]]}]  # 2, 3
    any_crm.conversations.finish_turn(turn, TurnResult(bodies))

    def seen() -> list[list[str]]:
        return [[outcome.event for outcome in offer.outcomes] for offer in subject.of_customer(customer_id)]

    assert subject.seen(conversation_id, 0, 2) == 1
    assert seen() == [["seen"], []]
    assert [subject.seen(conversation_id, 0, 2), subject.seen(conversation_id, 3, 2)] == [0, 0]
    assert subject.seen(conversation_id, 2, 3) == 1
    assert seen() == [["seen"], ["seen"]]


def test_an_outcome_needs_a_known_event_and_an_offer_of_that_conversation(crm: Crm) -> None:
    fill(crm)
    conversation_id, customer_id = visitor(crm)
    other_id, _ = visitor(crm)
    subject = using(crm)
    (offer,) = subject.serve(customer_id, subject.offer(customer_id, limit=1), conversation_id)
    with pytest.raises(InvalidInput, match="event"):
        subject.outcome(str(offer.served_id), "stolen")
    with pytest.raises(NotFound):
        subject.outcome(str(offer.served_id), "click", conversation_id=other_id)
    with pytest.raises(NotFound):
        subject.outcome(conversation_id, "click")


def test_what_was_turned_down_is_not_offered_for_a_month(crm: Crm, clock: object) -> None:
    fill(crm)
    conversation_id, customer_id = visitor(crm)
    subject = using(crm)
    (offer,) = subject.serve(customer_id, subject.offer(customer_id, limit=1), conversation_id)
    subject.outcome(str(offer.served_id), "reject")
    assert subject.offer(customer_id, limit=1)[0].product.sku != offer.product.sku
    clock.advance(days=31)  # type: ignore[attr-defined]
    assert subject.offer(customer_id, limit=1)[0].product.sku == offer.product.sku


def test_without_a_trained_model_the_best_sellers_are_offered_and_the_policy_says_so(crm: Crm) -> None:
    fill(crm)
    customer_id, others = customer(crm), [customer(crm), customer(crm)]
    for other in others:
        buy(crm, other, PHONES[0])
    buy(crm, others[0], POT[0])
    offers = Recommendations(crm._context, untrained, Still()).offer(customer_id, limit=2)
    assert [offer.product.sku for offer in offers] == [PHONES[0], POT[0]]
    assert {offer.policy for offer in offers} == {POPULARITY}


def test_a_new_shop_without_any_sale_still_has_something_to_offer(crm: Crm) -> None:
    fill(crm)
    assert len(Recommendations(crm._context, untrained, Still()).offer(customer(crm), limit=3)) == 3
