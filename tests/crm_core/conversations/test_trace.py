"""Traces: they explain an answer, and tell nothing of the person."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crm_core.conversations.trace import without_personal_values


@pytest.mark.parametrize(
    ("entity", "kept"),
    [
        ({"entity": "order_number", "value": "R-100234"}, "R-100234"),
        ({"entity": "order_number", "value": "202611220001"}, "202611220001"),
        ({"entity": "email", "value": "ann@example.com"}, "a***@example.com"),
        ({"entity": "phone", "value": "+1 415 555 0134"}, "***0134"),
        ({"entity": "colour", "value": "red"}, "red"),
        ({"entity": "address", "value": "朝阳区建国路 88 号"}, "(11)"),
        ({"entity": "amount", "value": 20}, 20),
    ],
)
def test_entities_show_what_was_understood_but_nobodys_data(entity: dict[str, Any], kept: object) -> None:
    assert without_personal_values({"entities": [entity]})["entities"][0]["value"] == kept


def test_free_text_in_slots_is_shown_by_its_length_only() -> None:
    slots = {
        "order_address_address": "12 Rose Lane, Boston",
        "product_search_category": "lamps",
        "order_return_order_number": "R-1",
        "confirmed": True,
        "nothing": None,
    }
    assert without_personal_values({"slots": slots})["slots"] == slots | {"order_address_address": "(20)"}


def test_values_are_masked_wherever_they_stand() -> None:
    trace = {"crm": {"found": ["ann@example.com", {"tried": "13800138000"}]}, "model": "assistant-20261122-161500"}
    kept = json.dumps(without_personal_values(trace))
    assert "ann@" not in kept
    assert "13800138000" not in kept
    assert "assistant-20261122-161500" in kept


def test_what_explains_an_answer_stays() -> None:
    trace = {
        "intent": {"name": "ask_order_status", "confidence": 0.97},
        "policies": [{"action": "utter_order_status_found", "policy": "RulePolicy", "confidence": 1.0}],
        "timing_ms": {"nlu": 1.5, "total": 5.25},
        "fallback": False,
    }
    assert without_personal_values(trace) == trace
