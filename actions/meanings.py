"""What a short "yes" means, and going on as if something had been said in full."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActionExecuted, SlotSet, UserUttered

from actions.base import Event
from actions.talk import Talk

OFFER = "shared_offer"
REFUSALS = {"confirm_answer": "reject_answer"}
"""What a "no" to an offer means, where it means more than that nothing is wanted."""


def offer(intent: str) -> list[Event]:
    """Give the events that let a following "yes" mean this intent; the words ask the question.

    Args:
        intent: What the customer would have said instead of "yes", such as `request_person`.
    """
    return [SlotSet(OFFER, intent)]


def offered(talk: Talk) -> str | None:
    """Give the intent that the last turn offered, None when the customer has said something else since."""
    heard_since = 0
    for event in reversed(talk.tracker.events):
        heard_since += event.get("event") == "user"
        if event.get("event") == "slot" and event.get("name") == OFFER:
            return event.get("value") if heard_since == 1 else None
    return None


def as_if_said(intent: str, entities: list[dict[str, Any]] | None = None) -> list[Event]:
    """Give the events after which the turn goes on as if the customer had said this."""
    parsed = {"text": f"/{intent}", "intent": {"name": intent, "confidence": 1.0}, "entities": entities or []}
    return [ActionExecuted("action_listen"), UserUttered(f"/{intent}", parsed)]
