"""Complaints, praise and suggestions in the database."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.errors import InvalidInput, ModelNotTrained
from crm_core.records.shop import FeedbackReading, Label
from crm_core.storage.tables import customers, feedback
from crm_core.use_cases.feedback import Feedback
from tests.crm_core.shelf import visitor

ANGRY = FeedbackReading(
    "en", Label("delivery", 0.9, (("late", 1.5),)), Label("negative", 0.8), serious=True, model_version="feedback-1"
)


class Reader:
    """Reads every text as an angry one on delivery."""

    def read(self, text: str, language: str) -> FeedbackReading:
        return ANGRY


class Fixed:
    """Reads every text in one way."""

    def __init__(self, reading: FeedbackReading) -> None:
        self.reading = reading

    def read(self, text: str, language: str) -> FeedbackReading:
        return self.reading


def untrained() -> Reader:
    raise ModelNotTrained("feedback")


def using(crm: Crm) -> Feedback:
    return Feedback(crm._context, Reader)


def test_feedback_is_classified_and_kept_for_the_customer_of_the_conversation(any_crm: Crm) -> None:
    conversation_id, customer_id = visitor(any_crm)
    subject = using(any_crm)
    assert subject.record("it came late", source="chat", conversation_id=conversation_id) == ANGRY
    (entry,) = subject.of_customer(customer_id)
    assert (entry.text, entry.category, entry.sentiment, entry.serious) == (
        "it came late",
        "delivery",
        "negative",
        True,
    )
    assert entry.words == (("late", 1.5),)
    assert entry.model_version == "feedback-1"


def test_the_text_is_encrypted_and_gone_when_the_customers_key_is_destroyed(crm: Crm) -> None:
    conversation_id, customer_id = visitor(crm)
    subject = using(crm)
    subject.record("my secret complaint", source="chat", conversation_id=conversation_id)
    with crm.database.writing() as connection:
        assert b"secret" not in connection.scalar(sa.select(feedback.c.text_encrypted))
        key_id = connection.scalar(sa.select(customers.c.key_id).where(customers.c.id == customer_id))
        crm._context.keys.destroy(connection, key_id)
    assert subject.of_customer(customer_id)[0].text is None


def test_what_the_customer_calls_a_complaint_counts_as_negative_unless_the_text_is_clearly_not(crm: Crm) -> None:
    for probability, stored in ((0.6, "negative"), (0.95, "neutral")):
        conversation_id, customer_id = visitor(crm)
        mild = replace(ANGRY, sentiment=Label("neutral", probability))
        subject = Feedback(crm._context, lambda mild=mild: Fixed(mild))
        subject.record("so angry", source="chat", conversation_id=conversation_id, complaint=True)
        assert subject.of_customer(customer_id)[0].sentiment == stored


def test_the_same_feedback_twice_is_one(any_crm: Crm) -> None:
    conversation_id, customer_id = visitor(any_crm)
    subject = using(any_crm)
    for _ in range(2):
        subject.record("late", source="chat", conversation_id=conversation_id, external_id="m1")
    assert len(subject.of_customer(customer_id)) == 1


def test_without_a_trained_model_feedback_is_kept_unclassified(crm: Crm) -> None:
    conversation_id, customer_id = visitor(crm)
    subject = Feedback(crm._context, untrained)
    reading = subject.record("late", source="chat", conversation_id=conversation_id)
    assert (reading.category.value, reading.serious) == ("", False)
    (entry,) = subject.of_customer(customer_id)
    assert (entry.text, entry.category, entry.sentiment, entry.model_version) == ("late", None, None, None)


def test_feedback_of_nobody_known_is_kept_under_a_key_of_its_own(crm: Crm) -> None:
    using(crm).record("anonymous", source="survey")
    with crm.database.reading() as connection:
        row = connection.execute(sa.select(feedback)).mappings().one()
        assert row["customer_id"] is None
        assert crm._context.keys.open(connection, row["key_id"], row["text_encrypted"]) == "anonymous"


def test_a_complaint_is_remembered_for_a_week(crm: Crm, clock: object) -> None:
    conversation_id, customer_id = visitor(crm)
    subject = using(crm)
    assert not subject.complained_lately(customer_id)
    subject.record("late", source="chat", conversation_id=conversation_id)
    assert subject.complained_lately(customer_id)
    clock.advance(days=8)  # type: ignore[attr-defined]
    assert not subject.complained_lately(customer_id)


def test_an_empty_text_is_refused(crm: Crm) -> None:
    with pytest.raises(InvalidInput, match="text"):
        using(crm).record("  ", source="chat")
