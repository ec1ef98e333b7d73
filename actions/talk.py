"""One turn of a conversation as an action sees it: what was heard, and how to answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from crm_core.crm import Crm
from crm_core.language import LANGUAGES

Button = dict[str, str]


def language(tracker: Tracker) -> str:
    """Give the language of the conversation (`"en"` or `"zh"`)."""
    spoken = tracker.get_slot("language")
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


class Talk:
    """What was heard in this turn, and the ways to answer it.

    Args:
        dispatcher: Takes what is said.
        tracker: The conversation so far.
        crm: The library (`CrmAction` opens the shared one where none is given).

    Attributes:
        crm: The library; always set by the time that `act` runs.
        conversation_id: Whose conversation this is; Rasa calls it the sender.
        language: `"en"` or `"zh"`.
    """

    crm: Crm

    def __init__(self, dispatcher: CollectingDispatcher, tracker: Tracker, crm: Crm | None) -> None:
        self.crm = crm  # type: ignore[assignment]
        self.tracker = tracker
        self.conversation_id: str = tracker.sender_id
        self.language = language(tracker)
        self._dispatcher = dispatcher

    @property
    def text(self) -> str:
        """Give what the customer typed; a pressed button is its payload."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def intent(self) -> str:
        """Give the intent of what the customer said."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        """Give how sure that intent is, in [0, 1]."""
        return float((self.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def pressed(self) -> bool:
        """Tell whether the customer pressed a button instead of typing."""
        return self.text.startswith("/")

    def entities(self, *kinds: str, role: str | None = None) -> list[str]:
        """Give the values of some kinds of entity in this message, in the order they stand in it.

        Without a `role` those that are meant come last: "not RP100234 but RP100235".
        """
        found = [one for one in self.heard if one.get("entity") in kinds and role in (None, one.get("role"))]
        return [str(one["value"]) for one in sorted(found, key=lambda one: one.get("role") == "to")]

    @property
    def heard(self) -> list[dict[str, Any]]:
        """Give the entities of this message."""
        return self.tracker.latest_message.get("entities") or []

    def slot(self, name: str) -> Any:
        """Give the value of a slot, or None."""
        return self.tracker.slots.get(name)

    def say(self, response: str, *, buttons: Iterable[Button] = (), **values: object) -> None:
        """Say one response of the domain.

        Args:
            response: Its name, `utter_…`.
            buttons: Buttons beside those that the response has itself.
            values: What its `{name}` places hold.
        """
        self._dispatcher.utter_message(response=response, buttons=list(buttons) or None, **values)

    def send(self, **custom: Any) -> None:
        """Send something that is not text: `cards=[…]`, `handoff={…}`, `close=True`."""
        self._dispatcher.utter_message(json_message=custom)

    def note(self, **facts: Any) -> None:
        """Put what the library contributed into the turn's trace; the customer does not see it."""
        self._dispatcher.utter_message(json_message={"trace": facts})
