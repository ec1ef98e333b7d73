"""Messages that have to be brought to somebody who is not in the chat."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message on its way, leased to who tries to deliver it.

    Attributes:
        id: Names it; the same at every try, so that a receiver can tell a repeat.
        conversation_id: Where it was said.
        address: Where it goes.
        text: What was said.
        agent_name: Who said it.
        language: Of the conversation.
        attempt: 1 on the first try.
    """

    id: str
    conversation_id: str
    address: str
    text: str
    agent_name: str
    language: str
    attempt: int
