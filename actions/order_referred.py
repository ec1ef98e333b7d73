"""Orders that are meant without their number: "the second one", "no, the other order", "I meant 10023"."""

from __future__ import annotations

from actions.filling import Filling
from actions.order_heard import NUMBER
from crm_core.orders.references import corrects, means_other, other_than, referred

OF_ITEMS = frozenset({"return_order"})
"""Intents of forms in which "the other one" may be an item."""


def referred_to(filling: Filling, purpose: str) -> str | None:
    """Give the number of the order that a signed-in customer means by its place, its price or a piece of its number.

    In answer to "which order?" any such word counts; later only in a correction, so that "the second item" stays one.

    Args:
        filling: The form and the message.
        purpose: What the form is about: those orders were shown that fit it.
    """
    talk, spoken_of = filling.talk, filling.get(NUMBER)
    if talk.pressed or filling.opens or not filling.verified:
        return None
    if filling.asked == NUMBER:
        orders = talk.crm.orders.likely(talk.conversation_id, purpose)
        chosen = referred(talk.text, orders)
    elif spoken_of and _means_other(filling):
        orders = talk.crm.orders.likely(talk.conversation_id, purpose)
        others = [order for order in orders if order.number != spoken_of]
        chosen = referred(talk.text, others) or other_than(spoken_of, orders)
    elif spoken_of and corrects(talk.text) and any(sign.isdigit() for sign in talk.text):
        chosen = referred(talk.text, talk.crm.orders.recent(talk.conversation_id))
    else:
        return None
    return chosen.number if chosen and chosen.number != spoken_of else None


def takes_back(filling: Filling) -> bool:
    """Tell whether the order is taken back without another being named: then it is asked which one is meant."""
    later = filling.asked not in (NUMBER, None)
    return later and not filling.opens and bool(filling.get(NUMBER)) and _means_other(filling)


def _means_other(filling: Filling) -> bool:
    """Tell whether another order is meant; "the other one" is one only where nothing but the order can be meant."""
    return means_other(filling.talk.text, bare=not filling.triggers & OF_ITEMS)
