"""What somebody should know well who takes a conversation."""

from __future__ import annotations

SKILLS = ("account", "complaints", "orders", "payment", "returns", "sales")

_OF_REASON = {"complaint": "complaints", "serious_complaint": "complaints", "anger": "complaints"}
_OF_WORDS = (
    ("returns", ("return", "exchange", "refund", "warranty")),
    ("payment", ("payment", "pay", "invoice", "charge", "price")),
    ("sales", ("product", "recommend", "recommendation", "stock", "search", "offer")),
    ("account", ("account", "password", "data", "privacy", "consent")),
    ("orders", ("order", "delivery", "shipping", "address", "cancel", "parcel")),
)


def skill_for(reason: str, intent: str | None) -> str | None:
    """Give the skill that a wish for a person calls for, or None where anybody will do.

    Args:
        reason: Of the hand-off, as a code.
        intent: What the customer wanted last.
    """
    if skill := _OF_REASON.get(reason):
        return skill
    words = set((intent or "").split("_"))
    return next((skill for skill, known in _OF_WORDS if words & set(known)), None)
