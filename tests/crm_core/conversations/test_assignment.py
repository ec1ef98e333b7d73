"""Who gets a conversation that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from crm_core.conversations.assignment import Assignment, Colleague, Need, choose

NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
MEI = Colleague("mei", ready=True, load=1, capacity=4, assigned_at=NOW - timedelta(minutes=1))
TOM = Colleague("tom", ready=True, load=2, capacity=4, assigned_at=NOW - timedelta(minutes=9))
ZH = Need("zh")


def chosen(need: Need, *colleagues: Colleague, rule: Assignment = Assignment.LEAST_LOADED) -> str | None:
    found = choose(need, colleagues, rule)
    return found.id if found else None


def test_the_least_loaded_gets_it_by_share_of_what_they_can() -> None:
    assert chosen(ZH, MEI, TOM) == "mei"
    assert chosen(ZH, MEI, replace(TOM, capacity=20)) == "tom"


def test_in_turn_it_goes_to_whom_the_last_came_longest_ago() -> None:
    assert chosen(ZH, MEI, TOM, rule=Assignment.ROUND_ROBIN) == "tom"
    assert chosen(ZH, replace(MEI, assigned_at=None), TOM, rule=Assignment.ROUND_ROBIN) == "mei"


@pytest.mark.parametrize("rule", [Assignment.ROUND_ROBIN, Assignment.LEAST_LOADED])
def test_never_to_somebody_who_is_offline_or_full(rule: Assignment) -> None:
    assert chosen(ZH, replace(MEI, ready=False), replace(TOM, load=4), rule=rule) is None


def test_by_hand_means_by_hand() -> None:
    assert chosen(ZH, MEI, TOM, rule=Assignment.MANUAL) is None


def test_only_to_who_speaks_the_language() -> None:
    assert chosen(ZH, replace(MEI, languages=frozenset({"en"})), TOM) == "tom"


def test_only_to_the_team_it_was_sent_to() -> None:
    assert chosen(replace(ZH, team="returns"), MEI, TOM) is None
    assert chosen(replace(ZH, team="returns"), MEI, replace(TOM, team="returns")) == "tom"


def test_it_waits_for_who_has_the_skill_while_somebody_has_it() -> None:
    need = replace(ZH, skill="payment")
    skilled = replace(TOM, skills=frozenset({"payment"}))
    assert chosen(need, MEI, skilled) == "tom"
    assert chosen(need, MEI, replace(skilled, load=4)) is None
    assert chosen(need, MEI, replace(skilled, ready=False)) == "mei"


def test_who_did_not_answer_does_not_get_it_at_once_again() -> None:
    assert chosen(replace(ZH, tried=frozenset({"mei"})), MEI, TOM) == "tom"
    assert chosen(replace(ZH, tried=frozenset({"mei", "tom"})), MEI, TOM) == "mei"


def test_who_served_the_customer_before_goes_on() -> None:
    assert chosen(replace(ZH, known="tom"), MEI, TOM) == "tom"
    assert chosen(replace(ZH, known="tom"), MEI, replace(TOM, load=4)) == "mei"
