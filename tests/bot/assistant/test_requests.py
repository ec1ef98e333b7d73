"""Where one request of a message ends and the next begins."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.assistant.agenda import agenda_of, begun_next
from bot.assistant.components.request_rules import rules
from bot.assistant.components.requests import LONGEST, entities_of, split_requests

DOMAIN = Path(__file__).parents[3] / "bot" / "assistant" / "domain"
KNOWN = {
    "cancel": "cancel_order",
    "my money": "track_refund",
    "invoice": "request_invoice",
    "pay": "ask_payment_methods",
    "broken": "inform",
    "angry": "give_complaint",
    "complain": "give_complaint",
    "hello": "greet",
    "where is": "ask_order_status",
    "how long": "ask_delivery_period",
    "取消": "cancel_order",
    "发票": "request_invoice",
    "退款": "track_refund",
}


@dataclass
class Understood:
    ranking: list[tuple[str, float]]
    ours: float = 1.0


def understand(text: str) -> Understood:
    """Understand a text by the first known words in it; nothing else is clear."""
    found = next((intent for words, intent in KNOWN.items() if words in text.lower()), None)
    return Understood([(found, 0.95)] if found else [("out_of_scope", 0.3)])


def intents(text: str) -> list[str]:
    return [request["intent"] for request in split_requests(text, understand)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("cancel it and send me the invoice", ["cancel_order", "request_invoice"]),
        ("cancel it. how can I pay? also the invoice", ["cancel_order", "ask_payment_methods", "request_invoice"]),
        ("取消订单，另外开发票", ["cancel_order", "request_invoice"]),
        ("取消订单 开发票", ["cancel_order", "request_invoice"]),
        ("取消订单 and send the invoice", ["cancel_order", "request_invoice"]),
        ("where is RP100234 and where is it now RP100234", ["ask_order_status"]),
        ("where is RP100234 and where is RP100777", ["ask_order_status", "ask_order_status"]),
    ],
)
def test_a_message_is_cut_where_a_request_may_end(text: str, wanted: list[str]) -> None:
    assert intents(text) == wanted


def test_a_question_for_the_money_beside_a_cancellation_is_about_refunds() -> None:
    assert intents("cancel it and tell me when I get my money") == ["cancel_order", "ask_refund_policy"]


@pytest.mark.parametrize(
    "text",
    [
        "cancel it",
        "hello, cancel it please, thanks",
        "cancel it, I bought the wrong one and my wife has got one",
        "where is it, how long does it take",
        "/inform{}",
        "cancel it and send the invoice" + " please" * LONGEST,
    ],
)
def test_one_request_with_its_details_and_reasons_is_one(text: str) -> None:
    assert len(intents(text)) <= 1


def test_a_request_with_its_reason_is_the_request() -> None:
    text = "I am so angry, cancel it"
    assert [(one["intent"], one["text"]) for one in split_requests(text, understand)] == [("cancel_order", text)]
    message = parsed(text) | {"intent": {"name": "give_complaint"}}
    assert [one["intent"] for one in agenda_of(message, None).now] == ["cancel_order"]


def test_a_no_with_something_unclear_beside_it_is_said_to_the_form_as_a_whole() -> None:
    found = [
        {"text": "no", "intent": "deny", "confidence": 0.9, "start": 0, "end": 2},
        {"text": "the other order", "intent": "place_order", "confidence": 0.6, "start": 4, "end": 19},
    ]
    message = {"text": "no, the other order", "entities": [], "requests": found}
    assert agenda_of(message, "order_cancel_form").now == []
    assert agenda_of(message | {"requests": [found[0], found[1] | {"confidence": 0.9}]}, "order_cancel_form").now


def test_a_form_that_takes_any_words_gets_them_whole() -> None:
    assert agenda_of(parsed("cancel it and send the invoice"), "feedback_form").now == []


def test_a_complaint_that_is_announced_is_a_request() -> None:
    assert intents("I want to complain, and where is my parcel?") == ["give_complaint", "ask_order_status"]


def test_a_detail_belongs_to_the_request_before_it() -> None:
    found = split_requests("cancel it, I was too quick, and how can I pay", understand)
    assert [request["text"] for request in found] == ["cancel it, I was too quick", "how can I pay"]


def test_addresses_and_sums_are_not_cut() -> None:
    text = "send the invoice to a.b@example.com and tell me how to pay 12.50"
    assert [request["text"] for request in split_requests(text, understand)] == [
        "send the invoice to a.b@example.com",
        "tell me how to pay 12.50",
    ]


def test_a_task_borrows_the_only_order_and_a_question_does_not() -> None:
    text = "cancel RP100234, send the invoice, how can I pay"
    number = {"entity": "order_number", "value": "RP100234", "start": 7, "end": 15}
    lent = [[entity["value"] for entity in entities_of(one, [number])] for one in split_requests(text, understand)]
    assert lent == [["RP100234"], ["RP100234"], []]


def test_each_of_two_orders_keeps_its_own() -> None:
    text = "cancel RP100234, send the invoice for RP100777"
    numbers = [
        {"entity": "order_number", "value": value, "start": text.index(value), "end": text.index(value) + 8}
        for value in ("RP100234", "RP100777")
    ]
    found = split_requests(text, understand)
    assert [[entity["value"] for entity in entities_of(one, numbers)] for one in found] == [["RP100234"], ["RP100777"]]


def parsed(text: str) -> dict[str, Any]:
    return {"text": text, "entities": [], "requests": split_requests(text, understand)}


def test_questions_come_first_and_one_task_waits() -> None:
    agenda = agenda_of(parsed("cancel it, the invoice, how can I pay"), None)
    assert [one["intent"] for one in agenda.now] == ["ask_payment_methods", "cancel_order"]
    assert [one["intent"] for one in agenda.later] == ["request_invoice"]


def test_what_opened_the_form_is_said_to_it_once_more() -> None:
    agenda = agenda_of(parsed("just cancel it. how can I pay?"), "order_cancel_form")
    assert [one["intent"] for one in agenda.now] == ["ask_payment_methods", "cancel_order"]
    assert agenda.ends_with_answer


def test_what_waits_is_begun_one_by_one_and_not_after_long() -> None:
    waiting = [{"intent": "a", "at": 0}, {"intent": "b", "at": 5000}, {"intent": "c", "at": 5001}]
    assert begun_next(waiting, 5002) == (waiting[1], [waiting[2]])
    assert begun_next(waiting, 50_000) == (None, [])


def test_the_intents_and_forms_of_the_list_are_those_of_the_domain() -> None:
    files = [yaml.safe_load(path.read_text("utf-8")) for path in DOMAIN.glob("*.yml")]
    known = {name for content in files for name in content.get("intents") or []}
    forms = {name for content in files for name in content.get("forms") or {}}
    found = rules()
    assert found.counted <= known
    assert {form for form in found.tasks.values() if form} <= forms
    assert {name for wish in found.one_wish for name in wish} <= known
    said = {name for content in files for name in content.get("responses") or {}}
    assert {f"utter_dialogue_next_{task}" for task in found.tasks if task != "request_person"} <= said
    assert {f"utter_dialogue_at_{form}" for form in forms} <= said


def test_the_only_request_of_a_message_is_taken_where_the_whole_is_not_understood() -> None:
    message = parsed("hello, where is it?") | {"intent": {"name": "nlu_fallback"}}
    assert [one["intent"] for one in agenda_of(message, None).now] == ["ask_order_status"]
    assert agenda_of(message | {"intent": {"name": "cancel_order"}}, None).now == []


def test_a_part_that_asks_for_something_nobody_understands_is_named() -> None:
    agenda = agenda_of(parsed("cancel it, when does the frobnicator blink, and send the invoice"), None)
    assert agenda.unclear == ["when does the frobnicator blink"]
    assert [one["intent"] for one in agenda.now] == ["cancel_order"]
