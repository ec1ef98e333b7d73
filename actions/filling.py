"""A form while one message is read: which slots it has, which change, and what was asked for."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from rasa_sdk.events import SlotSet

from actions.base import Event
from actions.talk import Talk
from crm_core.records.shop import Order


class Filling:
    """The slots of a form while its steps look at a message.

    Args:
        talk: The turn.
        form: The form's name.
        triggers: The intents that open it.

    Attributes:
        order: The order that the conversation has shown to be its own, once a step has found it.
        opens: This message opened the form.
        asked: The slot that the form asked for last.
        fresh: The message is there to be read; it is not where another action has answered it already.
        renewed: The slot of the step that has a new answer, so that later ones may no longer hold.
        stopped: A step has ended the form and said why.
    """

    def __init__(self, talk: Talk, form: str, triggers: frozenset[str]) -> None:
        self.talk = talk
        self.triggers = triggers
        self.order: Order | None = None
        self.renewed: str | None = None
        self.stopped = False
        self._changed: dict[str, Any] = {}
        self._more: list[Event] = []
        self.opens = _opened_now(talk.tracker.events, form)
        self.asked = None if self.opens else talk.slot("requested_slot")
        self.fresh = self.opens or not _answered_meanwhile(talk.tracker.events, form)

    def get(self, slot: str) -> Any:
        """Give a slot's value as it will be after this message."""
        return self._changed[slot] if slot in self._changed else self.talk.slot(slot)

    def restore(self, slot: str) -> None:
        """Give a slot the value that it had before this message: what Rasa took for it was part of something else."""
        heard = False
        for event in reversed(self.talk.tracker.events):
            heard = heard or event.get("event") == "user"
            if heard and event.get("event") == "slot" and event.get("name") == slot:
                self.put(slot, event.get("value"))
                return

    def put(self, slot: str, value: Any) -> None:
        """Set a slot."""
        self._changed[slot] = value

    def add(self, *events: Event) -> None:
        """Let more follow from the message than changed slots of the form."""
        self._more.extend(events)

    def stop(self, *events: Event) -> None:
        """End the form; the reason has been said."""
        self.stopped = True
        self.add(*events)

    def events(self) -> list[Event]:
        """Give every change as an event."""
        return [*(SlotSet(slot, value) for slot, value in self._changed.items()), *self._more]

    @cached_property
    def verified(self) -> bool:
        """Whether the shop's token has shown who the customer is."""
        return bool(self.talk.crm.conversations.get(self.talk.conversation_id).verified)


def _opened_now(events: list[dict[str, Any]], form: str) -> bool:
    """Tell whether the form was opened by this very message."""
    for event in reversed(events):
        if event.get("event") == "active_loop" and event.get("name") == form:
            return True
        if event.get("event") == "user":
            return False
    return False


def _answered_meanwhile(events: list[dict[str, Any]], form: str) -> bool:
    """Tell whether something but the form itself has acted on the message: a question in between."""
    for event in reversed(events):
        if event.get("event") == "user":
            return False
        if event.get("event") == "action" and event.get("name") not in (form, "action_listen"):
            return True
    return False
