"""When a conversation in which nobody writes any more counts as over."""

from __future__ import annotations

from datetime import datetime, timedelta

from crm_core.conversations.owner import State
from crm_core.records.conversations import Author, Body

_QUESTION_MARKS = ("?", "\N{FULLWIDTH QUESTION MARK}")


def is_question(body: Body) -> bool:
    """Tell whether a message wants an answer: it offers buttons, or ends with a question mark."""
    return bool(body.get("buttons")) or str(body.get("text") or "").rstrip().endswith(_QUESTION_MARKS)


def is_over(
    state: State,
    last_author: Author | None,
    quiet_for: timedelta,
    *,
    idle: timedelta,
    patience: timedelta,
) -> bool:
    """Tell whether a quiet conversation is over.

    Args:
        state: Who has it.
        last_author: Who wrote last, system lines left out; None where nobody did.
        quiet_for: How long ago that was.
        idle: After that long the customer, whose turn it is to write, has left.
        patience: After that long a customer who waits for a person has left.
    """
    if state is State.CLOSED:
        return False
    customer_waits = state is State.QUEUE or (state is State.HUMAN and last_author is not Author.AGENT)
    return quiet_for >= (patience if customer_waits else idle)


def earliest(now: datetime, *, idle: timedelta, patience: timedelta) -> datetime:
    """Give the latest moment of a last message after which nothing can be over yet."""
    return now - min(idle, patience)
