"""Looks only at those rules that can fit the last action and intent; Rasa looks at all of them for every prediction."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from rasa.core.policies.rule_policy import RulePolicy
from rasa.shared.core.constants import PREVIOUS_ACTION, SHOULD_NOT_BE_SET, USER
from rasa.shared.nlu.constants import ACTION_NAME, INTENT

_rasas_own = RulePolicy._get_possible_keys
_Features = tuple[Any, Any]


class _Index:
    """The keys of a look-up by what their last state demands of the previous action and of the intent."""

    def __init__(self, lookup: dict[str, str]) -> None:
        self.lookup = lookup
        self.size = len(lookup)
        self._keys: dict[_Features, list[str]] = defaultdict(list)
        for key in lookup:
            self._keys[_demanded(RulePolicy._rule_key_to_state(key)[-1])].append(key)

    def candidates(self, state: dict[str, Any]) -> Iterable[str]:
        """Give the keys whose demands the state meets; a rule without a demand fits any."""
        action, intent = _feature(state, PREVIOUS_ACTION, ACTION_NAME), _feature(state, USER, INTENT)
        for demand in {(wanted, meant) for wanted in (action, None) for meant in (intent, None)}:
            yield from self._keys.get(demand, ())


def possible_keys(policy: RulePolicy, lookup: dict[str, str], states: list[dict[str, Any]]) -> set[str]:
    """Give the rules that fit a conversation: Rasa's own check, of fewer rules."""
    if not states or not states[-1].get(PREVIOUS_ACTION):
        return set(_rasas_own(policy, lookup, states))  # at the very start other rules hold
    fitting = _index(policy, lookup).candidates(states[-1])
    return set(_rasas_own(policy, {key: lookup[key] for key in fitting}, states))


def install() -> None:
    """Put it into Rasa."""
    RulePolicy._get_possible_keys = possible_keys


def _index(policy: RulePolicy, lookup: dict[str, str]) -> _Index:
    known: dict[int, _Index] = policy.__dict__.setdefault("_rule_indexes", {})
    found = known.get(id(lookup))
    if found is None or found.lookup is not lookup or found.size != len(lookup):
        found = known[id(lookup)] = _Index(lookup)
    return found


def _demanded(state: dict[str, Any]) -> _Features:
    both = _feature(state, PREVIOUS_ACTION, ACTION_NAME), _feature(state, USER, INTENT)
    action, intent = (None if value == SHOULD_NOT_BE_SET else value or None for value in both)
    return action, intent


def _feature(state: dict[str, Any], part: str, name: str) -> Any:
    return state.get(part, {}).get(name)
