"""When a quiet conversation is over."""

from __future__ import annotations

from datetime import timedelta

import pytest

from crm_core.conversations.owner import State
from crm_core.conversations.quiet import is_over
from crm_core.records.conversations import Author

IDLE, PATIENCE = timedelta(minutes=30), timedelta(hours=4)


@pytest.mark.parametrize(
    ("state", "last", "patient"),
    [
        (State.BOT, Author.BOT, False),
        (State.BOT, None, False),
        (State.HUMAN, Author.AGENT, False),
        (State.HUMAN, Author.CUSTOMER, True),
        (State.HUMAN, Author.BOT, True),
        (State.QUEUE, Author.CUSTOMER, True),
        (State.QUEUE, Author.AGENT, True),
    ],
)
def test_who_waits_for_a_person_is_given_more_time(state: State, last: Author | None, patient: bool) -> None:
    limit = PATIENCE if patient else IDLE
    assert is_over(state, last, limit, idle=IDLE, patience=PATIENCE)
    assert not is_over(state, last, limit - timedelta(seconds=1), idle=IDLE, patience=PATIENCE)


def test_what_is_closed_is_not_closed_again() -> None:
    assert not is_over(State.CLOSED, None, timedelta(days=9), idle=IDLE, patience=PATIENCE)
