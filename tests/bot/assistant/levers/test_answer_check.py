"""The quicker check of an action's answer lets pass and refuses what Rasa's own does, in the same words."""

from __future__ import annotations

from typing import Any

import pytest
from jsonschema import ValidationError
from rasa.core.actions.action import RemoteAction

from bot.assistant.levers import answer_check

SLOT = {"event": "slot", "name": "a", "value": 1, "timestamp": None}


@pytest.mark.parametrize("answer", [{"events": [SLOT], "responses": [{"text": "a"}]}, {"events": []}, {}])
def test_a_good_answer_passes(answer: dict[str, Any]) -> None:
    action = RemoteAction("action_order", None)
    assert answer_check.check_answer(action, answer) is answer_check._rasas_own(action, answer) is True


@pytest.mark.parametrize(
    "answer", [{"events": {}}, {"events": [{"event": "nonsense"}]}, {"responses": ["a"]}, {"events": [1]}, []]
)
def test_a_bad_answer_is_refused_in_rasas_words(answer: Any) -> None:
    action = RemoteAction("action_order", None)
    with pytest.raises(ValidationError) as stock:
        answer_check._rasas_own(action, answer)
    with pytest.raises(ValidationError) as ours:
        answer_check.check_answer(action, answer)
    assert str(ours.value) == str(stock.value)


def test_it_can_be_put_into_rasa(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", answer_check._rasas_own)
    answer_check.install()
    assert RemoteAction._validate_action_result is answer_check.check_answer
