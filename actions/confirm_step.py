"""The last step of a form that changes something: shall I?"""

from __future__ import annotations

from actions.filling import Filling
from actions.forms import SURE
from actions.step import Step
from crm_core.orders.consent import is_question, read_consent

MEANINGS = {"affirm": True, "deny": False}


class ConfirmStep(Step):
    """Take a yes or a no.

    Args:
        slot: Where it is kept.
    """

    def __init__(self, slot: str) -> None:
        self.slots = (slot,)

    def read(self, filling: Filling) -> bool:
        """Take the answer to the question; a new answer to an earlier one is no yes."""
        if filling.asked not in self.slots or filling.renewed:
            return False
        consent = _consent(filling)
        if consent is not None:
            filling.put(self.slots[0], consent)
        return consent is not None

    def missing(self, filling: Filling) -> str | None:
        """Ask until there is an answer."""
        return self.slots[0] if filling.get(self.slots[0]) is None else None

    def hint(self, filling: Filling) -> None:
        """Ask for a yes or a no."""
        filling.talk.say("utter_order_status_yes_or_no")


def _consent(filling: Filling) -> bool | None:
    talk = filling.talk
    if talk.pressed:
        return MEANINGS.get(talk.intent)
    consent = read_consent(talk.text)
    if consent is not None or is_question(talk.text):
        return consent
    if talk.intent in filling.triggers:
        return True  # "cancel it", in answer to "shall I cancel it?"
    return MEANINGS.get(talk.intent) if talk.confidence >= SURE else None
