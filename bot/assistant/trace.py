"""What a turn said and why, read from the events that it left in the tracker."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    BotUttered,
    Event,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

FALLBACK_INTENT = "nlu_fallback"
FALLBACK_ACTION = "action_default_fallback"
_PREDICTED = (ActionExecuted, ActionExecutionRejected)
_HIDDEN_SLOTS = {"requested_slot", "session_started_metadata"}


def events_of(tracker: DialogueStateTracker, message_id: str) -> list[Event]:
    """Return the events of the turn that answered a message, empty when it was never handled.

    A message with several requests is heard several times in its turn, each time with the same id.
    """
    turn: list[Event] = []
    heard = 0  # events from the end up to the earliest time that the message was heard
    for event in reversed(tracker.events):
        turn.append(event)
        if isinstance(event, UserUttered) and event.message_id:  # without an id: what an action took the message for
            if event.message_id == message_id:
                heard = len(turn)
            elif heard:
                break
            else:
                turn.clear()
    return turn[:heard][::-1]


def replies_of(events: Sequence[Event]) -> list[dict[str, Any]]:
    """Return what the bot said, without notes that are not for the customer."""
    replies = (_reply(event) for event in events if isinstance(event, BotUttered))
    return [reply for reply in replies if reply]


def says_something(replies: Sequence[dict[str, Any]]) -> bool:
    """Tell whether a customer would notice anything; a hand-off or an end is followed up by the gateway."""
    return any(reply.get("text") or reply.get("image") or reply.get("custom") for reply in replies)


def trace_of(events: Sequence[Event], tracker: DialogueStateTracker) -> dict[str, Any]:
    """Return how the turn came about."""
    heard = next(event for event in events if isinstance(event, UserUttered))
    done = [event for event in events if isinstance(event, ActionExecuted) and event.action_name != ACTION_LISTEN_NAME]
    return {
        "intent": {key: heard.intent.get(key) for key in ("name", "confidence")},
        "intent_ranking": (heard.parse_data or {}).get("intent_ranking", [])[:5],
        "entities": _entities(events),
        "requests": heard.metadata.get("requests") or [],
        "anger": heard.metadata.get("anger") or [],
        "policies": [
            _prediction(event) for event in events if isinstance(event, ActionExecuted | ActionExecutionRejected)
        ],
        "actions": [event.action_name for event in done],
        "slots": {e.key: _value(e) for e in events if isinstance(e, SlotSet) and e.key not in _HIDDEN_SLOTS},
        "active_loop": tracker.active_loop_name,
        "fallback": heard.intent.get("name") == FALLBACK_INTENT or FALLBACK_ACTION in {e.action_name for e in done},
        "crm": _contributions(events),
        "responses": [name for event in events if (name := _response_name(event))],
    }


def _reply(event: BotUttered) -> dict[str, Any]:
    data = event.data or {}
    custom = {key: value for key, value in (data.get("custom") or {}).items() if key != "trace"}
    reply = {"text": event.text, "buttons": data.get("buttons"), "image": data.get("image"), "custom": custom}
    return {key: value for key, value in reply.items() if value}


def _entities(events: Sequence[Event]) -> list[dict[str, Any]]:
    found = [entity for event in events if isinstance(event, UserUttered) for entity in event.entities]
    kept = ("entity", "value", "start", "end")
    told = [
        {key: entity.get(key) for key in kept} | {key: entity[key] for key in ("role",) if entity.get(key)}
        for entity in found
    ]
    return [entity for place, entity in enumerate(told) if entity not in told[:place]]


def _value(event: SlotSet) -> Any:
    """Give a slot's value; of requests that wait only what is wanted, their words are the message's."""
    if event.key == "pending_requests" and event.value:
        return [request["intent"] for request in event.value]
    return event.value


def _prediction(event: ActionExecuted | ActionExecutionRejected) -> dict[str, Any]:
    prediction = {"action": event.action_name, "policy": event.policy, "confidence": event.confidence}
    return prediction | ({"rejected": True} if isinstance(event, ActionExecutionRejected) else {})


def _contributions(events: Sequence[Event]) -> dict[str, Any]:
    merged: dict[str, Any] = {}
    for event in events:
        if isinstance(event, UserUttered) and event.metadata.get("anger"):
            merged["mood"] = "angry"
        if isinstance(event, BotUttered):
            merged |= ((event.data or {}).get("custom") or {}).get("trace") or {}
    return merged


def _response_name(event: Event) -> str | None:
    return event.metadata.get("utter_action") if isinstance(event, BotUttered) else None
