"""One step of a form."""

from __future__ import annotations

from abc import ABC, abstractmethod

from actions.filling import Filling


class Step(ABC):
    """One thing that a form needs to know.

    Attributes:
        slots: Where it is kept, and what Rasa asks for.
    """

    slots: tuple[str, ...]

    def begin(self, filling: Filling) -> None:
        """Forget what an earlier run of the form left."""
        for slot in self.slots:
            filling.put(slot, None)

    def again(self, filling: Filling) -> None:
        """Forget what no longer holds because an earlier step has a new answer."""
        self.begin(filling)

    @abstractmethod
    def read(self, filling: Filling) -> bool:
        """Take from the message what answers this step; tell whether there was anything."""

    @abstractmethod
    def missing(self, filling: Filling) -> str | None:
        """Give the slot to ask for next, None when this step is done; it may end the form with `filling.stop()`."""

    def hint(self, filling: Filling) -> None:
        """Say what the answer should look like, after one to this step's question that was not understood."""
        filling.talk.say("utter_shared_not_understood")
