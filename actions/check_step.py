"""The step that tells a customer early that an order has gone too far for what they want."""

from __future__ import annotations

from actions.filling import Filling
from actions.meanings import offer
from actions.step import Step
from crm_core.errors import OrderNotChangeable

INSTEAD = {"delivered": "return_order", "not_shipped": "cancel_order", "returned": "track_refund"}
"""What a customer who cannot have their wish may want instead; a "yes" then means it."""


class CheckStep(Step):
    """Look whether the order may still be changed so; it asks for nothing.

    Args:
        kind: The kind of request, or the slot that holds it.
        words: What the names of the responses that refuse begin with.
    """

    slots = ()

    def __init__(self, kind: str, words: str) -> None:
        self._kind = kind
        self._words = words

    def read(self, filling: Filling) -> bool:
        """Read nothing."""
        return False

    def missing(self, filling: Filling) -> str | None:
        """End the form with the reason where the order may not be changed so."""
        if filling.order is None:
            return None
        try:
            filling.talk.crm.orders.check(filling.order, filling.get(self._kind) or self._kind)
        except OrderNotChangeable as refusal:
            filling.talk.say(f"utter_{self._words}_{refusal.why}", number=refusal.number)
            filling.stop(*(offer(INSTEAD[refusal.why]) if refusal.why in INSTEAD else ()))
        return None
