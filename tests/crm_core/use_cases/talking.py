"""Few words for what the tests of conversations do again and again."""

from __future__ import annotations

from typing import Any

from crm_core.crm import Crm
from crm_core.records.conversations import PendingTurn, TurnResult
from crm_core.records.people import Agent


def begun(crm: Crm, *texts: str, visitor: str = "visitor-1") -> str:
    """Open a conversation in which the customer has written."""
    conversation = crm.conversations.open("web", visitor)
    for text in texts:
        crm.conversations.accept(conversation.id, {"text": text})
    return conversation.id


def leased(crm: Crm, conversation_id: str, holder: str = "gateway-1") -> PendingTurn:
    """Take a turn that must be there."""
    turn = crm.conversations.next_turn(conversation_id, holder, lease_seconds=20)
    assert turn is not None
    return turn


def answer(*texts: str, **options: Any) -> TurnResult:
    """A turn's result with these replies."""
    trace = {"intent": {"name": "ask_order_status", "confidence": 0.93}, "fallback": False}
    return TurnResult([{"text": text} for text in texts], **({"trace": trace, "duration_ms": 6.5} | options))


def said(crm: Crm, conversation_id: str) -> list[tuple[str, str]]:
    """What was said, by whom; system lines by their event."""
    return [
        (message.author.value, message.body.get("text") or message.body["event"])
        for message in crm.conversations.messages(conversation_id)
    ]


def answered(crm: Crm, conversation_id: str, *texts: str, **options: Any) -> None:
    """Let the bot answer the next message."""
    crm.conversations.finish_turn(leased(crm, conversation_id), answer(*texts, **options))


def employed(crm: Crm, name: str, role: str = "agent") -> Agent:
    """Add a member of staff."""
    return crm.staff.create(f"{name.lower()}@example.com", name, role, "a long password")[0]
