"""The outbox: answers that leave by e-mail are tried again, given up with a word, and never lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from crm_core.crm import Crm
from crm_core.settings import Settings
from crm_core.use_cases.deliveries import TRIES
from tests.conftest import FakeClock
from tests.crm_core.use_cases.talking import begun, employed, said


@pytest.fixture
def crm(settings: Settings, clock: FakeClock) -> Iterator[Crm]:
    """A shop with a mail server."""
    made = Crm(settings.model_copy(update={"smtp_url": SecretStr("smtp://mail.example.com")}), clock)
    made.migrate()
    yield made
    made.close()


def answered_to_who_left(crm: Crm, clock: FakeClock) -> tuple[str, str]:
    """Let a customer leave an address, and an agent answer."""
    talk = begun(crm, "where is my money")
    crm.conversations.request_handoff(talk, "request", requested_by="customer")
    crm.conversations.leave_contact(talk, "ann@example.com")
    clock.advance(minutes=90)
    mei = employed(crm, "Mei")
    crm.conversations.take(talk, mei.id)
    crm.conversations.say(talk, mei.id, "It was sent back on Monday.")
    return talk, mei.id


def test_an_answer_goes_to_the_address_that_was_left(crm: Crm, clock: FakeClock) -> None:
    answered_to_who_left(crm, clock)
    [delivery] = crm.deliveries.take()
    assert (delivery.address, delivery.text, delivery.agent_name, delivery.attempt) == (
        "ann@example.com",
        "It was sent back on Monday.",
        "Mei",
        1,
    )
    assert crm.deliveries.take() == [], "nobody else takes it meanwhile"
    crm.deliveries.sent(delivery)
    clock.advance(days=3)
    assert crm.deliveries.take() == []


def test_who_has_come_back_gets_the_answer_in_the_chat_alone(crm: Crm, clock: FakeClock) -> None:
    talk, mei = answered_to_who_left(crm, clock)
    crm.deliveries.sent(crm.deliveries.take()[0])
    clock.advance(minutes=1)
    crm.conversations.accept(talk, {"text": "I am back"})
    crm.conversations.say(talk, mei, "Welcome back.")
    assert crm.deliveries.take() == []


def test_a_failed_try_is_made_again_after_growing_pauses_and_given_up_with_a_word(crm: Crm, clock: FakeClock) -> None:
    talk, _ = answered_to_who_left(crm, clock)
    pauses = []
    for attempt in range(1, TRIES + 1):
        [delivery] = crm.deliveries.take()
        assert delivery.attempt == attempt
        assert crm.deliveries.failed(delivery, "ConnectionRefusedError: refused") is (attempt == TRIES)
        waited = timedelta(0)
        while attempt < TRIES and not _is_due(crm):
            clock.advance(seconds=30)
            waited += timedelta(seconds=30)
        pauses.append(waited)
    assert pauses[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    clock.advance(days=3)
    assert crm.deliveries.take() == []
    assert said(crm, talk)[-1] == ("system", "delivery_failed")


def test_a_try_of_a_gateway_that_was_killed_is_made_again(crm: Crm, clock: FakeClock) -> None:
    answered_to_who_left(crm, clock)
    [first] = crm.deliveries.take()
    clock.advance(seconds=91)
    [second] = crm.deliveries.take()
    assert (second.id, second.attempt) == (first.id, 2)


def test_a_ticket_is_done_when_the_person_has_solved_it(crm: Crm, clock: FakeClock) -> None:
    talk, mei = answered_to_who_left(crm, clock)
    assert len(crm.tickets.unanswered()) == 1
    crm.conversations.finish(talk, mei)
    assert crm.tickets.unanswered() == []


def _is_due(crm: Crm) -> bool:
    from crm_core.storage import deliveries

    with crm.database.reading() as connection:
        return bool(deliveries.due(connection, crm._context.clock(), 1))
