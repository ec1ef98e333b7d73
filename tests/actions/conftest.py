"""What the tests of the actions share: a tracker factory, a dispatcher that remembers, and a way to run an action."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import CrmAction, Event


class Heard(CollectingDispatcher):
    """A dispatcher whose messages are easy to look at."""

    @property
    def responses(self) -> list[str]:
        """The names of the responses that were said, in order."""
        return [message["response"] for message in self.messages if message.get("response")]

    @property
    def buttons(self) -> list[dict[str, str]]:
        """Every button that was offered."""
        return [button for message in self.messages for button in message.get("buttons") or []]

    def values(self, response: str) -> dict[str, Any]:
        """What one response was said with."""
        return next(message for message in self.messages if message.get("response") == response)

    def custom(self, key: str) -> Any:
        """What was sent under one key of the custom JSON, or None."""
        return next((m["custom"][key] for m in self.messages if key in (m.get("custom") or {})), None)


@pytest.fixture
def dispatcher() -> Heard:
    return Heard()


@pytest.fixture
def tracker() -> Callable[..., Tracker]:
    """A factory: `tracker("where is my order", intent="ask_order_status", slots={"language": "zh"})`."""

    def make(
        text: str = "",
        *,
        intent: str = "inform",
        slots: dict[str, Any] | None = None,
        entities: dict[str, str] | None = None,
        conversation_id: str = "018f0000-0000-7000-8000-000000000001",
        loop: str | None = None,
        opens: bool = False,
        interrupted: bool = False,
    ) -> Tracker:
        found = [{"entity": name, "value": value} for name, value in (entities or {}).items()]
        message = {"text": text, "intent": {"name": intent, "confidence": 0.97}, "entities": found}
        events: list[dict[str, Any]] = [{"event": "active_loop", "name": loop}] if loop and not opens else []
        events.append({"event": "user", "text": text, "parse_data": message})
        if loop and opens:
            events.append({"event": "active_loop", "name": loop})
        active = {"name": loop, "is_interrupted": interrupted, "rejected": False} if loop else {}
        slots = {"language": "en"} | (slots or {})
        return Tracker(conversation_id, slots, message, events, False, None, active, "action_listen")

    return make


@pytest.fixture
def perform(dispatcher: Heard) -> Callable[[CrmAction, Tracker], dict[str, Any]]:
    """Run an action and give the slots that it sets."""

    def run(action: CrmAction, conversation: Tracker) -> dict[str, Any]:
        events: list[Event] = asyncio.run(action.run(dispatcher, conversation, {}))
        return {event["name"]: event["value"] for event in events if event["event"] == "slot"}

    return run
