"""Remembers a conversation's states; Rasa plays the whole session anew, five times a message, to work them out."""

from __future__ import annotations

from operator import is_
from typing import Any

from rasa.shared.core.constants import PREVIOUS_ACTION
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

State = dict[str, Any]

_rasas_own = Domain.states_for_tracker_history


class _Past:
    """What a session has come to so far, for one way of asking; goes on from there when something was added.

    Args:
        tracker: Of the conversation; its slots begin anew here.
        domain: Whose slots and intents the states speak of.
        omit_unset_slots: As Rasa asks.
        rule_only_data: As Rasa asks; None when turns that only rules know are to stay.
    """

    def __init__(
        self, tracker: DialogueStateTracker, domain: Domain, omit_unset_slots: bool, rule_only_data: Any | None
    ) -> None:
        self._domain = domain
        self._omit_unset_slots = omit_unset_slots
        self._rule_only_data = rule_only_data
        self._tracker = tracker.init_copy()
        self._events: list[Event] = []
        self._states: list[State] = []
        self._last_action: Any = None
        self._was_hidden = False
        self._message: UserUttered | None = None
        self._features: tuple[Any, ...] = ()

    def answers(self, domain: Domain, omit_unset_slots: bool, rule_only_data: Any | None) -> bool:
        """Tell whether it was begun for this way of asking."""
        return (self._domain is domain) and (self._omit_unset_slots, self._rule_only_data) == (
            omit_unset_slots,
            rule_only_data,
        )

    def is_of(self, events: list[Event]) -> bool:
        """Tell whether the events begin with those that were played, and mean the same still."""
        return (
            len(events) >= len(self._events)
            and all(map(is_, events, self._events))
            and _features(self._message) == self._features
        )

    def states(self, events: list[Event]) -> list[State]:
        """Play what is new, and give the state before each action and the present one."""
        for event in events[len(self._events) :]:
            if isinstance(event, ActionExecuted):
                self._states, self._last_action, self._was_hidden = self._with_next(event.hide_rule_turn)
                self._message = self._tracker.latest_message
                self._features = _features(self._message)
            self._tracker.update(event)
            self._events.append(event)
        return _copies(self._with_next(False)[0])

    def _with_next(self, is_rule_turn: bool) -> tuple[list[State], Any, bool]:
        """Do what Rasa's loop does for one prior tracker."""
        last_action, was_hidden = self._last_action, self._was_hidden
        tracker, domain = self._tracker, self._domain
        if self._rule_only_data is not None:
            if not was_hidden:
                last_action = domain._get_prev_action_sub_state(tracker)
            if not tracker.followup_action and tracker.latest_action_name != tracker.active_loop_name:
                was_hidden = is_rule_turn
            if was_hidden:
                return self._states, last_action, was_hidden
        state = domain.get_active_state(tracker, omit_unset_slots=self._omit_unset_slots)
        if self._rule_only_data is not None:
            domain._remove_rule_only_features(state, self._rule_only_data)
            if self._states:
                domain._substitute_rule_only_user_input(state, self._states[-1])
            if last_action:
                state[PREVIOUS_ACTION] = last_action
        return [*self._states, domain._clean_state(state)], last_action, was_hidden


class _Memory:
    """What one tracker remembers."""

    def __init__(self) -> None:
        self.pasts: list[_Past] = []
        self._seen: tuple[int, Event | None] = (0, None)
        self._events: list[Event] = []

    def events(self, tracker: DialogueStateTracker) -> list[Event]:
        """Give the events that hold, which Rasa sorts out of all; a tracker only ever gets more of them."""
        seen = (len(tracker.events), tracker.events[-1] if tracker.events else None)
        if seen[0] != self._seen[0] or seen[1] is not self._seen[1]:
            self._seen, self._events = seen, tracker.applied_events()
        return self._events


def states_of(
    domain: Domain,
    tracker: DialogueStateTracker,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    """Give the states of a conversation, as Rasa's own function does."""
    asked = (domain, omit_unset_slots, (rule_only_data or {}) if ignore_rule_only_turns else None)
    memory = tracker.__dict__.setdefault("_past_states", _Memory())
    events = memory.events(tracker)
    past = next((each for each in memory.pasts if each.answers(*asked)), None)
    if past is None or not past.is_of(events):
        memory.pasts = [each for each in memory.pasts if each is not past]
        past = _Past(tracker, *asked)
        memory.pasts.append(past)
    return past.states(events)


def install() -> None:
    """Put it into Rasa."""
    Domain.states_for_tracker_history = states_of


def _features(message: UserUttered | None) -> tuple[Any, ...]:
    """Give what later events may still change of a message."""
    return () if message is None else (message.use_text_for_featurization, len(message.entities))


def _copies(states: list[State]) -> list[State]:
    """Copy states for callers who change them; parts that are one stay one."""
    made: dict[int, dict[str, Any]] = {}
    return [
        {
            name: made[id(part)] if id(part) in made else made.setdefault(id(part), dict(part))
            for name, part in state.items()
        }
        for state in states
    ]
