"""Whose account this is."""

from __future__ import annotations

from actions.talk import Talk
from crm_core.errors import NotVerified


def owner(talk: Talk) -> str:
    """Give the customer whom the shop's token has shown.

    Raises:
        NotVerified: It has shown nobody.
    """
    conversation = talk.crm.conversations.get(talk.conversation_id)
    if not conversation.verified:
        raise NotVerified(f"conversation {conversation.id} is not of a signed-in customer")
    return conversation.customer_id
