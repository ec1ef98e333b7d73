"""What somebody refuses is not done with their data, from the moment they refuse it."""

from __future__ import annotations

import pytest

from crm_core.crm import Crm
from crm_core.errors import InvalidInput
from crm_core.records.people import Actor
from crm_core.records.questions import Outcome
from crm_core.storage import questions as question_rows
from crm_core.storage import suggestions
from crm_core.storage.labelled_feedback import labelled
from crm_core.storage.tables import feedback
from tests.conftest import FakeClock
from tests.crm_core.use_cases.ledger import Ledger
from tests.crm_core.use_cases.talking import answer, begun, leased
from tests.crm_core.use_cases.test_advice import give_score
from tests.small_shop import SmallShop


@pytest.fixture
def shop(any_crm: Crm) -> SmallShop:
    return SmallShop(any_crm)


@pytest.fixture
def anna(shop: SmallShop) -> str:
    return shop.customer()


def say(crm: Crm, customer_id: str, purpose: str, granted: bool) -> None:
    crm.customers.set_consent(customer_id, purpose, granted, source="test")


def test_an_answer_is_kept_with_the_words_it_was_given_to_and_where_that_can_be_seen(
    shop: SmallShop, anna: str, clock: FakeClock
) -> None:
    set_ = shop.crm.customers.set_consent
    set_(anna, "marketing", True, source="shop", text_version="2026-03-en", proof="form:4711")
    clock.advance(days=1)
    set_(anna, "marketing", False, source="chat", proof="message:m1")
    first, last = shop.crm.customers.consent_history(anna)
    assert (first.granted, first.text_version, first.proof) == (True, "2026-03-en", "form:4711")
    assert (last.granted, last.text_version, last.proof) == (False, None, "message:m1")
    assert first.given_at < last.given_at
    exported = shop.crm.privacy.export(anna, actor=Actor("m", "manager"))["consents"]
    assert [row.get("proof") for row in exported] == ["form:4711", "message:m1"]


def test_a_proof_that_is_too_long_is_refused_by_name(shop: SmallShop, anna: str) -> None:
    with pytest.raises(InvalidInput, match="proof"):
        shop.crm.customers.set_consent(anna, "service", True, source="test", proof="x" * 201)
    assert shop.crm.customers.consents(anna) == {}


def test_scores_are_hidden_at_once_and_come_back_with_a_new_yes(shop: SmallShop, anna: str, clock: FakeClock) -> None:
    give_score(shop.crm, anna, "segment", "loyal")
    assert shop.crm.scores.current(anna)
    say(shop.crm, anna, "profiling", False)
    assert shop.crm.scores.current(anna) == {}
    clock.advance(seconds=1)
    say(shop.crm, anna, "profiling", True)
    assert shop.crm.scores.current(anna)


def test_without_profiling_nobodys_history_chooses_what_is_recommended(
    shop: SmallShop, anna: str, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[list[str]] = []

    class Ranks:
        def rank(self, history, *, context, limit, exclude):  # type: ignore[no-untyped-def]
            asked.append(history)
            return []

    monkeypatch.setattr(shop.crm.recommendations, "_recommender", Ranks)
    shop.order(customer=anna)
    shop.crm.recommendations.offer(anna)
    say(shop.crm, anna, "profiling", False)
    shop.crm.recommendations.offer(anna)
    assert asked[0]
    assert asked[1] == []


def test_nothing_is_offered_unasked_to_who_refuses_marketing(shop: SmallShop, anna: str) -> None:
    talk = shop.signed_in(anna)
    give_score(shop.crm, anna, "purchase_intent", "high")
    assert shop.crm.treatment.cards_after_service(talk) > 0
    say(shop.crm, anna, "marketing", False)
    assert shop.crm.treatment.cards_after_service(talk) == 0


def test_behaviour_of_who_refuses_analytics_is_not_kept_but_orders_are(shop: SmallShop, anna: str) -> None:
    track = shop.crm.customers.track
    assert track(anna, "Product Viewed", channel="web", source="shop")
    say(shop.crm, anna, "analytics", False)
    assert not track(anna, "Product Viewed", channel="web", source="shop")
    assert track(anna, "Order Completed", channel="web", source="shop")
    assert [one.name for one in shop.crm.customers.history(anna)].count("Product Viewed") == 1


def test_questions_of_who_refuses_analytics_are_learned_from_no_more(any_crm: Crm) -> None:
    talk = begun(any_crm, "do you sharpen knives?")
    any_crm.questions.missed(talk, "do you sharpen knives?", Outcome.UNKNOWN, message_id="m1", language="en")

    def learned() -> int:
        with any_crm.database.reading() as connection:
            people = suggestions.answered_by_people(connection, "en", "018f0000-0000-7000-8000-00000000dead", 10)
            return len(question_rows.ungrouped(connection, 10)) + len(people)

    assert learned() == 1
    say(any_crm, any_crm.conversations.get(talk).customer_id, "analytics", False)
    assert learned() == 0


@pytest.mark.parametrize(("refused", "asked"), [(False, 1), (True, 0)])
def test_who_refuses_service_words_is_not_asked_whether_they_are_still_there(
    any_crm: Crm, clock: FakeClock, refused: bool, asked: int
) -> None:
    talk = begun(any_crm, "where is it")
    any_crm.conversations.finish_turn(leased(any_crm, talk), answer("What is your order number?"))
    if refused:
        say(any_crm, any_crm.conversations.get(talk).customer_id, "service", False)
    clock.advance(minutes=11)
    assert len(any_crm.conversations.nudge_quiet()) == asked


@pytest.mark.parametrize("purpose", ["profiling", "analytics"])
def test_feedback_of_who_refuses_trains_nothing_from_then_on(any_crm: Crm, purpose: str) -> None:
    who = any_crm.customers.create(source="test", name="Ann")
    ledger = Ledger(any_crm)
    ledger.feedback("the lamp is fine", "product", "positive")
    ledger.flush()
    with any_crm.database.writing() as connection:
        connection.execute(feedback.update().values(customer_id=who))

    def trains() -> int:
        with any_crm.database.reading() as connection:
            return len(labelled(connection, any_crm._context.keys))

    assert trains() == 1
    say(any_crm, who, purpose, False)
    assert trains() == 0
