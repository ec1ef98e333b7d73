"""Forms as a row of steps: each reads its answer from what was said, and says what is still missing."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

from rasa_sdk.events import SlotSet

from actions.base import CrmAction, Event
from actions.dialogue import STUMBLES, stumble
from actions.filling import Filling
from actions.meanings import offered
from actions.step import Step
from actions.talk import Talk
from crm_core.orders.consent import is_question

ANSWERS = frozenset({"affirm", "deny", "inform", "ask_help", "nlu_fallback", "out_of_scope"})
"""Intents that may be an answer to a form's question; any other that is sure is answered by the rules first."""

ALWAYS_OTHER = frozenset({"stop", "request_person"})
"""Intents that are never an answer, however unsure they are."""

SURE, SURE_OF_A_QUESTION = 0.6, 0.35


class CrmForm(CrmAction, ABC):
    """The validation action of a form.

    The steps read the message in order, so that an earlier one with a new answer ("no, I meant RP100235") undoes the
    later ones. A message that no step can read and that clearly means something else is left to the rules; the form
    asks again afterwards. Whatever ends the form early has been said by then, so that the action that follows the
    form has only to look whether the last slot is filled.

    Attributes:
        form: The form's name in the domain.
        triggers: The intents that open it; inside the form they say nothing new.
    """

    form: str
    triggers: frozenset[str]

    def name(self) -> str:
        """Give the action's name in the domain."""
        return f"validate_{self.form}"

    @abstractmethod
    def steps(self) -> Sequence[Step]:
        """Give the steps, in the order in which they are asked for."""

    def act(self, talk: Talk) -> list[Event]:
        """Read the message and give the slots that it fills, and the one to ask for."""
        filling, steps = Filling(talk, self.form, self.triggers), self.steps()
        if filling.opens:
            for step in steps:
                step.begin(filling)
        if filling.fresh and not self._hear(filling, steps):
            return [SlotSet("requested_slot", filling.asked)]
        following = _next(filling, steps)
        return [*filling.events(), SlotSet("requested_slot", following)]

    def _hear(self, filling: Filling, steps: Sequence[Step]) -> bool:
        """Let the steps read; tell whether the message is the form's business."""
        understood = filling.opens
        for step in steps:
            if filling.renewed:
                step.again(filling)
            understood = step.read(filling) or understood
        if understood:
            if filling.talk.slot(STUMBLES):
                filling.put(STUMBLES, None)
            return True
        if self._means_something_else(filling.talk):
            return False
        asked = next((step for step in steps if filling.asked in step.slots), steps[0])
        filling.add(*stumble(filling.talk, lambda: asked.hint(filling)))
        filling.put(asked.slots[0], filling.get(asked.slots[0]))  # Rasa drops the words of a form that sets nothing
        return True

    def _means_something_else(self, talk: Talk) -> bool:
        if talk.intent in ALWAYS_OTHER or (talk.intent == "affirm" and offered(talk)):
            return True
        enough = SURE_OF_A_QUESTION if is_question(talk.text) else SURE
        return talk.intent not in ANSWERS | self.triggers and talk.confidence >= enough


def _next(filling: Filling, steps: Sequence[Step]) -> str | None:
    for step in steps:
        slot = step.missing(filling)
        if filling.stopped:
            return None
        if slot:
            return slot
    return None
