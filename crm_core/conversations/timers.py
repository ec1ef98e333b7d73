"""What is to happen by itself when nobody acts: each kind, and when it is wound up."""

from __future__ import annotations

from enum import StrEnum

from crm_core.conversations.owner import State


class Timer(StrEnum):
    """A row with a due time; it fires once, whichever gateway looks first, and survives a restart."""

    AGENT_SILENT = "agent_silent"  # the customer waits for an agent who does not write: back into the queue
    OFFER = "offer"  # a colleague has not accepted: it stays where it is
    NOBODY_CAME = "nobody_came"  # the wait is long: an honest word, and a ticket
    SNOOZE = "snooze"  # back into the lists


def wound_up(before: State, after: State, *, waited: bool) -> Timer | None:
    """Give the timer that a change of owner winds up; all others of the conversation but the snooze end with it.

    Args:
        before: Who had the conversation.
        after: Who has it now.
        waited: Whether the customer was waiting for the person who had it.
    """
    if after is State.QUEUE:
        return Timer.NOBODY_CAME
    if after is State.HUMAN and (before is State.QUEUE or waited):
        return Timer.AGENT_SILENT
    return None
