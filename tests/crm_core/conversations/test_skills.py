"""What somebody should know who takes a conversation."""

from __future__ import annotations

import pytest

from crm_core.conversations.skills import SKILLS, skill_for


@pytest.mark.parametrize(
    ("reason", "intent", "skill"),
    [
        ("complaint", "return_order", "complaints"),
        ("request", "return_order", "returns"),
        ("request", "request_refund", "returns"),
        ("request", "report_payment_problem", "payment"),
        ("request", "ask_order_status", "orders"),
        ("request", "search_product", "sales"),
        ("request", "recover_password", "account"),
        ("request", "chitchat_joke", None),
        ("request", None, None),
    ],
)
def test_the_reason_speaks_first_then_what_the_customer_wanted(
    reason: str, intent: str | None, skill: str | None
) -> None:
    assert skill_for(reason, intent) == skill
    assert skill is None or skill in SKILLS
