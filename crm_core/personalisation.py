"""How what is known of a customer changes the talk: every rule, in one place (docs/capabilities/personalisation.md).

Scores change what is said and offered, never what a customer may do: orders, returns and people are the same for all.
"""

from __future__ import annotations

from enum import StrEnum

VALUED = frozenset({"champions", "loyal"})
SLIPPING = frozenset({"at_risk", "sleeping"})
CARDS = {"medium": 1, "high": 3}


class Greeting(StrEnum):
    """The ways to greet."""

    PLAIN = "plain"
    NEW = "new"  # explains what can be done here
    LOYAL = "loyal"  # knows the customer
    AT_RISK = "at_risk"  # has missed the customer


class PersonOffer(StrEnum):
    """When a complaint leads to the offer of a person."""

    NO = "no"
    AFTER = "after"  # sympathy first, then the offer
    FIRST = "first"  # the offer is the first thing said


def greeting(segment: str | None) -> Greeting:
    """Choose the greeting by segment.

    Args:
        segment: The segment's key, or None when the customer has none yet.
    """
    if segment in VALUED:
        return Greeting.LOYAL
    if segment in SLIPPING:
        return Greeting.AT_RISK
    return Greeting.NEW if segment == "new" else Greeting.PLAIN


def may_sell(segment: str | None, *, complained: bool, angry: bool = False) -> bool:
    """Tell whether anything may be offered unasked: not to who is leaving or angry, and not after a complaint."""
    return segment != "at_risk" and not complained and not angry


def cards_after_service(
    segment: str | None, purchase_intent: str | None, *, complained: bool, angry: bool = False
) -> int:
    """Tell how many products to offer, unasked, after a question about an order was solved.

    Args:
        segment: The segment's key.
        purchase_intent: `low`, `medium` or `high`; None when unknown.
        complained: Whether the customer has said something negative lately.
        angry: Whether the customer has been angry in this conversation.
    """
    return CARDS.get(purchase_intent or "", 0) if may_sell(segment, complained=complained, angry=angry) else 0


def person_offer(segment: str | None, *, serious: bool) -> PersonOffer:
    """Tell whether, and how soon, a complaint leads to the offer of a person.

    Args:
        segment: The segment's key.
        serious: The complaint reads as serious.
    """
    if serious:
        return PersonOffer.FIRST if segment in VALUED else PersonOffer.AFTER
    return PersonOffer.AFTER if segment == "at_risk" else PersonOffer.NO
