"""Outcomes: the last real answer decides; manners do not count, and who waits in vain was abandoned."""

from __future__ import annotations

from typing import Any

import pytest

from crm_core.conversations.outcome import Line, decide, line_of_turn
from crm_core.conversations.owner import State
from crm_core.records.conversations import Outcome


def turn(intent: str | None, **options: Any) -> Line:
    return line_of_turn(intent, **({"fallback": False, "failed": False, "suppressed": False} | options))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (turn("ask_order_status"), Line.ANSWERED),
        (turn("greet"), Line.MANNERS),
        (turn("out_of_scope"), Line.MISSED),
        (turn("ask_order_status", fallback=True), Line.MISSED),
        (turn("greet", fallback=True), Line.MISSED),
        (turn(None, failed=True), Line.MISSED),
        (turn("ask_order_status", suppressed=True), Line.MANNERS),
    ],
)
def test_what_a_turn_says(line: Line, expected: Line) -> None:
    assert line is expected


@pytest.mark.parametrize(
    ("state", "lines", "expected"),
    [
        (State.BOT, [Line.ANSWERED], Outcome.SOLVED_BY_BOT),
        (State.BOT, [Line.MISSED, Line.ANSWERED, Line.MANNERS], Outcome.SOLVED_BY_BOT),
        (State.BOT, [Line.ANSWERED, Line.MISSED, Line.MANNERS], Outcome.ABANDONED),
        (State.BOT, [Line.MANNERS, Line.MANNERS], Outcome.ABANDONED),
        (State.BOT, [], Outcome.ABANDONED),
        (State.BOT, [Line.MISSED, Line.TAKEN, Line.AGENT], Outcome.SOLVED_BY_PERSON),
        (State.BOT, [Line.TAKEN, Line.AGENT, Line.ANSWERED], Outcome.SOLVED_BY_BOT),
        (State.BOT, [Line.TAKEN, Line.AGENT, Line.MISSED], Outcome.ABANDONED),
        (State.QUEUE, [Line.ANSWERED], Outcome.ABANDONED),
        (State.HUMAN, [Line.ANSWERED, Line.TAKEN], Outcome.ABANDONED),
        (State.HUMAN, [Line.TAKEN, Line.AGENT], Outcome.SOLVED_BY_PERSON),
        (State.HUMAN, [Line.TAKEN, Line.AGENT, Line.TAKEN], Outcome.ABANDONED),
    ],
)
def test_the_last_real_answer_decides(state: State, lines: list[Line], expected: Outcome) -> None:
    assert decide(state, lines, customer_wrote=True) is expected


def test_where_the_customer_never_wrote_there_was_no_conversation() -> None:
    assert decide(State.BOT, [], customer_wrote=False) is None
