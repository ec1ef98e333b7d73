"""Answers to a form's question that are taken as they were typed."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from crm_core.said import asks

INTERRUPTIONS = frozenset(
    {
        *("stop", "request_person", "goodbye", "ask_help", "ask_contact", "rate_conversation", "check_presence"),
        *("ask_store_info", "ask_warranty", "ask_shipping_options", "ask_payment_methods", "ask_refund_policy"),
        *("ask_recommendation", "ask_cancellation_fee", "chitchat_bot", "chitchat_joke", "out_of_scope"),
    }
)
ANSWERS = frozenset(
    {
        *("give_complaint", "give_praise", "give_suggestion", "inform", "affirm", "deny", "nlu_fallback"),
        *("search_product", "refine_recommendation", "chitchat_insult"),
    }
)
_SURE = 0.6
_VERY_SURE = 0.85  # from which a question about something else is not the answer, whatever the form has asked


def plain_answer(tracker: Tracker, slot: str) -> dict[str, Any]:
    """Give the typed text as the slot's value when the form has asked for it.

    Nothing is taken when the customer says something else instead: a clear question, a wish for a person, "never mind";
    then the rules answer that, and the form goes on afterwards.

    Args:
        tracker: The conversation.
        slot: The slot that the text may fill.
    """
    message = tracker.latest_message
    text = str(message.get("text") or "").strip()
    asked = tracker.slots.get("requested_slot") == slot
    if not asked or not text or text.startswith("/") or interrupts(message):
        return {}
    return {slot: text}


def interrupts(message: dict[str, Any]) -> bool:
    """Tell whether a message clearly means something that no form asks for."""
    intent = message.get("intent") or {}
    name, confidence = intent.get("name"), float(intent.get("confidence") or 0.0)
    if name in INTERRUPTIONS:
        return confidence >= _SURE
    return name not in ANSWERS and confidence >= _VERY_SURE and asks(message.get("text") or "")
