"""What goes to a browser: the events of the chat protocol, made from the log's messages."""

from __future__ import annotations

from bot.gateway.push import Event
from crm_core.records.conversations import Author, Message


def sender_scope(external_id: str, message_id: str) -> str:
    """Give a sender's own message id as it is kept: nobody can take another sender's ids."""
    return f"{external_id}:{message_id}"


def message_event(message: Message, agent_name: str | None = None) -> Event:
    """Give a message as the browser gets it; who exactly of the staff wrote it stays inside.

    Args:
        message: A row of the log.
        agent_name: What the customer may call the agent who wrote it.
    """
    event: Event = {
        "type": "message",
        "seq": message.seq,
        "author": message.author.value,
        "body": message.body,
        "created_at": message.created_at.isoformat(),
    }
    if message.author is Author.CUSTOMER and message.external_id:
        event["id"] = message.external_id.rpartition(":")[2]
    if agent_name:
        event["name"] = agent_name
    return event


def typing_event(author: str, *, on: bool = True) -> Event:
    """Give the event that somebody writes (or has stopped)."""
    return {"type": "typing", "author": author, "on": on}


def receipt_event(by: str, seq: int) -> Event:
    """Give the event that one side has seen everything up to a message.

    Args:
        by: `customer` or `agent`.
        seq: The last message that was seen.
    """
    return {"type": "receipt", "by": by, "seq": seq}
