"""The terminal chat speaks the gateway's REST."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from bot.cli.chat import NothingAnswers, Talk, _check, lines_of

ANSWER = [
    {"recipient_id": "x", "text": "Which one?", "buttons": [{"title": "Mug", "payload": "/search{}"}]},
    {"recipient_id": "x", "buttons": [{"title": "Lamp", "payload": "/lamp"}]},
]


class FakeGateway:
    """Answers every message alike and keeps what it was sent."""

    def __init__(self, status: int = 200) -> None:
        self.sent: list[dict[str, Any]] = []
        self.status = status

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(self.status)
        self.sent.append(json.loads(request.content))
        return httpx.Response(self.status, json=ANSWER)


def client_of(gateway: Any) -> httpx.Client:
    return httpx.Client(base_url="http://gateway", transport=httpx.MockTransport(gateway))


def test_a_line_is_sent_as_one_sender_and_the_answers_come_back() -> None:
    gateway = FakeGateway()
    talk = Talk(client_of(gateway), "zh")
    assert talk.say("你好") == ANSWER
    talk.say("再见")
    assert [sent["message"] for sent in gateway.sent] == ["你好", "再见"]
    assert len({sent["sender"] for sent in gateway.sent}) == 1
    assert gateway.sent[0]["metadata"] == {"language": "zh"}


def test_a_number_presses_the_button_of_that_number() -> None:
    gateway = FakeGateway()
    talk = Talk(client_of(gateway), "en")
    talk.say("1")
    talk.say("2")
    talk.say("3")
    assert [sent["message"] for sent in gateway.sent] == ["1", "/lamp", "3"]


def test_answers_are_lines_with_numbered_buttons() -> None:
    cards = {"custom": {"cards": [{"title": "Mug", "price": "$9.00", "reason": None}]}}
    assert lines_of([*ANSWER, cards]) == ["Which one?", "  1) Mug", "  2) Lamp", "  · Mug · $9.00"]


def test_where_nothing_runs_it_says_what_to_start() -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    with pytest.raises(NothingAnswers, match="rapport up"):
        _check(client_of(refused))
    with pytest.raises(NothingAnswers, match="does not answer any more"):
        Talk(client_of(refused), "en").say("hello")


def test_a_gateway_that_is_not_ready_or_refuses_is_said() -> None:
    with pytest.raises(NothingAnswers, match="rapport doctor"):
        _check(client_of(FakeGateway(503)))
    with pytest.raises(NothingAnswers, match="429"):
        Talk(client_of(FakeGateway(429)), "en").say("hello")
