"""The indexed rules give the same rules as Rasa's search of all of them."""

from __future__ import annotations

import itertools
import json
from typing import Any
from unittest.mock import Mock

import pytest
from rasa.core.policies.rule_policy import RulePolicy

from bot.assistant.levers import rule_index

ACTIONS = ["action_listen", "utter_greet", "number_form", None]
INTENTS = ["greet", "ask_hours", "should_not_be_set", None]
LOOPS = ["number_form", "should_not_be_set", None]


def states() -> list[dict[str, Any]]:
    """Give every state that these actions, intents and forms make."""
    made = []
    for action, intent, loop, has_text in itertools.product(ACTIONS, INTENTS, LOOPS, (False, True)):
        user = {"intent": intent} if intent else {}
        user |= {"text": "hello"} if has_text else {}
        parts = {
            "prev_action": action and {"action_name": action},
            "user": user,
            "active_loop": loop and {"name": loop},
        }
        made.append({name: part for name, part in parts.items() if part})
    return made


@pytest.fixture
def policy() -> RulePolicy:
    """A policy without anything learnt."""
    return object.__new__(RulePolicy)


def test_the_same_rules_fit_every_conversation(policy: RulePolicy) -> None:
    known = states()
    rules = [[state] for state in known] + [[known[n - 7], state] for n, state in enumerate(known)]
    lookup = {json.dumps(rule, sort_keys=True): "utter_greet" for rule in rules}
    talks = [[{}, state] for state in known] + [
        [{}, known[n - 3], known[n - 7], state] for n, state in enumerate(known)
    ]
    found = [rule_index.possible_keys(policy, lookup, talk) for talk in [[], [{}], *talks]]
    assert found == [rule_index._rasas_own(policy, lookup, talk) for talk in [[], [{}], *talks]]
    assert sum(map(len, found)) > len(talks)


def test_each_of_a_policys_look_ups_has_its_index(policy: RulePolicy) -> None:
    state = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "greet"}}
    first, second = {json.dumps([state]): "a"}, {json.dumps([state | {"slots": {}}]): "b"}
    for lookup in (first, second, first):
        assert rule_index.possible_keys(policy, lookup, [state]) == set(lookup)
    first[json.dumps([state, state])] = "c"
    assert rule_index.possible_keys(policy, first, [state]) == rule_index._rasas_own(policy, first, [state])


def test_it_looks_at_few(policy: RulePolicy, monkeypatch: pytest.MonkeyPatch) -> None:
    lookup = {
        json.dumps([{"prev_action": {"action_name": "action_listen"}, "user": {"intent": f"intent_{n}"}}]): "a"
        for n in range(100)
    }
    looked = Mock(side_effect=rule_index._rasas_own)
    monkeypatch.setattr(rule_index, "_rasas_own", looked)
    state = {"prev_action": {"action_name": "action_listen"}, "user": {"intent": "intent_7"}}
    assert len(rule_index.possible_keys(policy, lookup, [state])) == 1
    assert len(looked.call_args.args[1]) == 1


def test_it_can_be_put_into_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RulePolicy, "_get_possible_keys", rule_index._rasas_own)
    rule_index.install()
    assert RulePolicy._get_possible_keys is rule_index.possible_keys
