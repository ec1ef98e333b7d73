"""What a long conversation takes along into its new session, so that nobody notices that one has begun.

Answers look back: at what was offered last, at what was not understood before, at how long the customer was silent. So
the last turns come along as they were, with the slots as they were before them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.slots import Slot
from rasa.shared.core.trackers import DialogueStateTracker

TURNS = 6
_PATIENCE = 4  # so many times the tail's room, and a session is too long whatever is open
REMEMBERED = frozenset({"action_greet"})  # deeds of which an answer may depend however long ago they were


def carried_over(events: Sequence[Event], slots: Iterable[Slot], most: int) -> list[Event]:
    """Give the events with which a new session begins; none while it had better wait for a form to lie further back.

    Args:
        events: Of the present session; no form is open at its end.
        slots: Of the domain.
        most: How many of the last turns' events come along at most; they begin where no form was open.
    """
    starts = _starts(events, most)
    if len(starts) < TURNS and len(events) < _PATIENCE * most:
        return []
    start = starts[-TURNS:][0] if starts else len(events)
    before, tail = events[:start], events[start:]
    done = {event.action_name for event in before if isinstance(event, ActionExecuted)} & REMEMBERED
    values = [SlotSet(name, value) for name, value in _values(before, slots).items() if value is not None]
    return [
        ActionExecuted(ACTION_SESSION_START_NAME),
        SessionStarted(),
        *values,
        *(ActionExecuted(name) for name in sorted(done)),
        ActionExecuted(ACTION_LISTEN_NAME),
        *tail,
    ]


def _starts(events: Sequence[Event], most: int) -> list[int]:
    """Give where turns begin that no form was open at, as far back as there is room for."""
    starts: list[int] = []
    form: str | None = None
    message_id: str | None = None
    for place, event in enumerate(events):
        if isinstance(event, ActiveLoop):
            form = event.name
        elif isinstance(event, UserUttered) and event.message_id not in (None, message_id):
            message_id = event.message_id  # one with several requests is heard several times
            if form is None:
                starts.append(place)
    return [start for start in starts if len(events) - start <= most]


def _values(events: Sequence[Event], slots: Iterable[Slot]) -> dict[str, Any]:
    """Give what the slots hold after events, those that were taken back left out."""
    replayed = DialogueStateTracker.from_events("before the last turns", events, slots=slots)
    return dict(replayed.current_slot_values())
