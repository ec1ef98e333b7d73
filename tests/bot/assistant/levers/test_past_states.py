"""The remembered states are those that Rasa works out anew, whatever happens in a conversation."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from rasa.shared.core import events as happenings
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker

from bot.assistant.levers import past_states, slot_copies
from tests.bot.assistant.small_bot import DOMAIN

RULE_ONLY = {"rule_only_slots": ["size"], "rule_only_loops": ["number_form"]}
ASKED: list[dict[str, Any]] = [
    {},
    {"omit_unset_slots": True},
    {"ignore_rule_only_turns": True, "rule_only_data": RULE_ONLY},
    {"ignore_rule_only_turns": True, "rule_only_data": None},
]
chance = random.Random(20261122)


def heard() -> happenings.UserUttered:
    entities = [{"entity": "order_number", "value": "RP1"}] if chance.random() < 0.5 else []
    intent = {"name": chance.choice(["greet", "ask_hours", "find_order"]), "confidence": 0.9}
    return happenings.UserUttered("hello", intent, entities, {"text": "hello", "intent": intent, "entities": entities})


def did() -> happenings.ActionExecuted:
    name = chance.choice(["action_listen", "utter_greet", "number_form", "action_order"])
    return happenings.ActionExecuted(name, hide_rule_turn=chance.random() < 0.3)


HAPPENS: list[Callable[[], happenings.Event]] = [
    *[heard, did, did] * 3,
    lambda: happenings.SlotSet("size", chance.choice([None, "S", "L"])),
    lambda: happenings.ActiveLoop(chance.choice([None, "number_form"])),
    lambda: happenings.ActionExecutionRejected("number_form"),
    lambda: happenings.LoopInterrupted(chance.random() < 0.5),
    lambda: happenings.DefinePrevUserUtteredFeaturization(chance.random() < 0.5),
    lambda: happenings.EntitiesAdded([{"entity": "order_number", "value": "RP2", "start": 0, "end": 3}]),
    lambda: happenings.FollowupAction("utter_greet"),
    happenings.UserUtteranceReverted,
    happenings.ActionReverted,
    happenings.AllSlotsReset,
    happenings.SessionStarted,
    happenings.Restarted,
]


@pytest.fixture
def domain() -> Domain:
    """The small bot's, with a slot on which the states depend."""
    more = "  size: {type: categorical, values: [S, L], mappings: [{type: custom}]}\nforms:"
    return Domain.from_yaml(DOMAIN.replace("forms:", more, 1))


def test_they_are_the_same_after_every_event_of_any_conversation(domain: Domain) -> None:
    for number in range(150):
        tracker = DialogueStateTracker(f"c{number}", domain.slots)
        for _ in range(chance.randint(5, 40)):
            tracker.update(chance.choice(HAPPENS)())
            asked = chance.choice(ASKED)
            stock = past_states._rasas_own(domain, tracker, **asked)
            assert past_states.states_of(domain, tracker, **asked) == stock, [str(event) for event in tracker.events]


def test_who_changes_what_was_given_changes_nothing_here(domain: Domain) -> None:
    tracker = DialogueStateTracker("c", domain.slots)
    for event in (happenings.ActionExecuted("action_listen"), heard(), happenings.ActionExecuted("utter_greet")):
        tracker.update(event)
    for state in past_states.states_of(domain, tracker):
        state.get("user", {}).clear()
    assert past_states.states_of(domain, tracker) == past_states._rasas_own(domain, tracker)


def test_another_domain_is_another_way_of_asking(domain: Domain) -> None:
    other = Domain.from_yaml(DOMAIN.replace("entities: [order_number]", "entities: []"))
    tracker = DialogueStateTracker("c", domain.slots)
    message = {"entity": "order_number", "value": "RP1"}
    tracker.update(happenings.UserUttered("RP1", {"name": "inform"}, [message]))
    for each in (domain, other, domain):
        assert past_states.states_of(each, tracker) == past_states._rasas_own(each, tracker)


def test_only_what_is_new_is_played(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    tracker = DialogueStateTracker("c", domain.slots)
    played: list[happenings.Event] = []
    stock = DialogueStateTracker.update

    def update(self: DialogueStateTracker, event: happenings.Event, *more: Any) -> None:
        if self is not tracker:
            played.append(event)
        stock(self, event, *more)

    monkeypatch.setattr(DialogueStateTracker, "update", update)
    for _ in range(20):
        tracker.update(heard())
        tracker.update(happenings.ActionExecuted("utter_greet"))
        past_states.states_of(domain, tracker)
    assert len(played) == len(tracker.events)


def test_it_can_be_put_into_rasa(domain: Domain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Domain, "states_for_tracker_history", past_states._rasas_own)
    past_states.install()
    assert DialogueStateTracker("c", domain.slots).past_states(domain) == [{}]
    assert Domain.states_for_tracker_history is past_states.states_of


def test_a_copied_slot_is_the_same_slot_on_its_own(domain: Domain) -> None:
    for slot in domain.slots:
        slot.value = "S"
        copy = slot_copies.copy_slot(slot)
        assert type(copy) is type(slot)
        assert copy.__dict__ == slot.__dict__
        copy.value = None
        assert slot.value == "S"
