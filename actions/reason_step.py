"""The step of a return that asks why."""

from __future__ import annotations

from actions.filling import Filling
from actions.forms import ALWAYS_OTHER, SURE
from actions.return_steps import ITEM
from actions.step import Step
from crm_core.orders.consent import is_question
from crm_core.orders.reasons import read_reason

REASON = "order_return_reason"
FREE_WORDS = frozenset({"give_complaint", "inform", "out_of_scope", "nlu_fallback"})
"""Intents of an answer in one's own words."""


class ReasonStep(Step):
    """Why it comes back."""

    slots = (REASON,)

    def begin(self, filling: Filling) -> None:
        """Keep it when the customer turned to something else and came back."""

    def again(self, filling: Filling) -> None:
        """Keep it whatever else changes."""

    def read(self, filling: Filling) -> bool:
        """Take a reason wherever one is named, and any other plain answer to the question as "another reason"."""
        reason = self._reason(filling)
        if reason:
            filling.put(REASON, reason)
        return reason is not None

    def missing(self, filling: Filling) -> str | None:
        """Ask until there is one."""
        return REASON if filling.get(REASON) is None else None

    def _reason(self, filling: Filling) -> str | None:
        talk = filling.talk
        pressed = next(iter(talk.entities(REASON)), None)
        if pressed or talk.pressed:
            return read_reason(pressed) if pressed else None
        reason = read_reason(talk.text)
        if filling.asked != REASON:
            return reason if reason != "other" and filling.asked in (None, ITEM) else None
        if reason or is_question(talk.text) or talk.intent in ALWAYS_OTHER or len(talk.text) < 4:
            return reason
        return "other" if talk.confidence < SURE or talk.intent in FREE_WORDS else None
