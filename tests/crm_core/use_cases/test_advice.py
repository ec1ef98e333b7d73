"""Recommending in conversation."""

from __future__ import annotations

import pytest

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.storage.tables import feedback, score_uses, scores
from crm_core.use_cases.advice import Advice
from tests.crm_core.shelf import LAMP, MUG, PHONES, POT, buy, customer, fill, visitor
from tests.crm_core.use_cases.test_recommendations import Ranker, using


def advice(crm: Crm) -> Advice:
    return Advice(crm._context, crm.catalogue, using(crm, Ranker()), crm.treatment)


def give_score(crm: Crm, customer_id: str, task: str, label: str) -> None:
    row = {
        "id": new_id(),
        "customer_id": customer_id,
        "task": task,
        "value": 0.5,
        "label": label,
        "reasons": [],
        "model_version": "test",
        "as_of": crm._context.clock(),
    }
    with crm.database.writing() as connection:
        connection.execute(scores.insert().values(row))


def uses(crm: Crm) -> list[str]:
    with crm.database.reading() as connection:
        return [row.purpose for row in connection.execute(score_uses.select())]


def outcomes(crm: Crm, customer_id: str) -> dict[str, list[str]]:
    return {
        offer.sku: [outcome.event for outcome in offer.outcomes]
        for offer in crm.recommendations.of_customer(customer_id)
    }


@pytest.fixture
def shop(crm: Crm) -> Crm:
    fill(crm)
    return crm


def test_what_is_recommended_is_logged(shop: Crm) -> None:
    conversation_id, customer_id = visitor(shop)
    offers = advice(shop).recommend(conversation_id, "what do you recommend?", language="en")
    assert [offer.product.sku for offer in offers] == [MUG[0], POT[0], LAMP[0]]
    assert set(outcomes(shop, customer_id)) == {MUG[0], POT[0], LAMP[0]}


def test_what_is_asked_for_is_what_is_recommended(shop: Crm) -> None:
    conversation_id, _ = visitor(shop)
    offers = advice(shop).recommend(conversation_id, "recommend headphones", language="en")
    assert [offer.product.sku for offer in offers] == [PHONES[0]]
    cheap = advice(shop).recommend(conversation_id, "推荐个30元以下的", language="zh")
    assert {offer.product.sku for offer in cheap} == {MUG[0], POT[0]}


def test_cheaper_turns_down_what_was_shown_and_goes_below_its_middle_price(shop: Crm) -> None:
    conversation_id, customer_id = visitor(shop)
    refined = advice(shop)
    refined.recommend(conversation_id, "recommend headphones", language="en")
    found = refined.refine(conversation_id, "too expensive", language="en", shown=[PHONES[0]])
    assert found.cheaper
    assert all(offer.product.price.minor < PHONES[4] for offer in found.offers)
    assert outcomes(shop, customer_id)[PHONES[0]] == ["reject"]


def test_something_else_shows_what_was_not_shown_before(shop: Crm) -> None:
    conversation_id, _ = visitor(shop)
    refined = advice(shop)
    shown = [offer.product.sku for offer in refined.recommend(conversation_id, "", language="en")]
    found = refined.refine(conversation_id, "换一批", language="zh", shown=shown)
    assert [offer.product.sku for offer in found.offers] == [PHONES[0]]
    assert refined.refine(conversation_id, "换一批", language="zh", shown=[PHONES[0]]).offers == []


def test_a_search_is_refined_as_a_search(shop: Crm) -> None:
    conversation_id, customer_id = visitor(shop)
    found = advice(shop).refine(
        conversation_id, "cheaper", language="en", shown=[POT[0]], question="something for the kitchen"
    )
    assert [product.sku for product in found.products] == [MUG[0]]
    assert outcomes(shop, customer_id) == {}


def test_when_the_wish_named_nothing_the_shop_has_another_choice_is_still_made(shop: Crm) -> None:
    conversation_id, _ = visitor(shop)
    subject = advice(shop)
    wish = "something for my neighbour"
    shown = [offer.product.sku for offer in subject.recommend(conversation_id, wish, language="en", limit=1)]
    assert subject.refine(conversation_id, "not that", language="en", shown=shown, wished=wish).offers


def test_taking_what_was_recommended_is_logged_and_other_products_are_not(shop: Crm) -> None:
    conversation_id, customer_id = visitor(shop)
    subject = advice(shop)
    subject.recommend(conversation_id, "recommend headphones", language="en")
    assert subject.accept(conversation_id, PHONES[0])
    assert not subject.accept(conversation_id, MUG[0])
    assert outcomes(shop, customer_id) == {PHONES[0]: ["cart"]}


def test_something_like_a_product_is_ranked_from_it(shop: Crm) -> None:
    conversation_id, _ = visitor(shop)
    ranker = Ranker()
    subject = Advice(shop._context, shop.catalogue, using(shop, ranker), shop.treatment)
    subject.recommend(conversation_id, "something like the second one", language="en", shown=[MUG[0], LAMP[0]])
    assert ranker.histories == [[LAMP[0]]]


@pytest.mark.parametrize(("label", "cards"), [("high", 3), ("medium", 1), ("low", 0)])
def test_after_service_the_purchase_intent_decides_how_many_cards_there_are(shop: Crm, label: str, cards: int) -> None:
    conversation_id, customer_id = visitor(shop)
    give_score(shop, customer_id, "purchase_intent", label)
    assert len(advice(shop).after_service(conversation_id, language="en")) == cards
    assert uses(shop) == (["offer_after_service"] if cards else [])


def test_after_service_nothing_is_offered_to_somebody_about_to_leave_and_the_segment_is_noted_as_used(
    shop: Crm,
) -> None:
    conversation_id, customer_id = visitor(shop)
    give_score(shop, customer_id, "purchase_intent", "high")
    give_score(shop, customer_id, "segment", "at_risk")
    assert advice(shop).after_service(conversation_id, language="en") == []
    assert uses(shop) == ["offer_after_service"]


def test_after_service_nothing_is_offered_after_a_fresh_complaint(shop: Crm) -> None:
    conversation_id, customer_id = visitor(shop)
    give_score(shop, customer_id, "purchase_intent", "high")
    shop.feedback.record("terrible", source="chat", conversation_id=conversation_id)
    with shop.database.writing() as connection:
        connection.execute(feedback.update().values(sentiment="negative"))
    assert advice(shop).after_service(conversation_id, language="en") == []


def test_after_service_something_is_offered_once_in_a_conversation(shop: Crm) -> None:
    conversation_id, customer_id = visitor(shop)
    give_score(shop, customer_id, "purchase_intent", "medium")
    subject = advice(shop)
    assert len(subject.after_service(conversation_id, language="en")) == 1
    assert subject.after_service(conversation_id, language="en") == []


def test_what_others_bought_does_not_hide_what_this_customer_may_like(shop: Crm) -> None:
    buy(shop, customer(shop), MUG[0])
    conversation_id, _ = visitor(shop)
    assert MUG[0] in {offer.product.sku for offer in advice(shop).recommend(conversation_id, "", language="en")}


def test_cheaper_stays_with_what_was_wished_for(shop: Crm) -> None:
    conversation_id, _ = visitor(shop)
    subject = advice(shop)
    subject.recommend(conversation_id, "recommend something for the kitchen", language="en", limit=1)
    found = subject.refine(
        conversation_id, "cheaper", language="en", shown=[POT[0]], wished="recommend something for the kitchen"
    )
    assert found.offers == []  # the mug has been shown, and nothing else is for the kitchen
