"""What every message needs is found by an index, never by going through a table."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.crm import Crm
from tests.crm_core.use_cases.talking import answer, begun, employed, leased

_TABLES = ("messages", "conversations", "turns", "handoffs", "identities", "customers", "interactions")


def test_no_deed_of_a_conversation_goes_through_a_whole_table(crm: Crm) -> None:
    plans: list[tuple[str, str]] = []

    def explain(_: Any, cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            asked = cursor.connection.cursor()
            asked.execute(f"EXPLAIN QUERY PLAN {statement}", parameters[0] if many else parameters)
            plans.extend((row[3], statement) for row in asked.fetchall())

    agent = employed(crm, "Mei")
    sa.event.listen(crm.database.engine, "before_cursor_execute", explain)
    conversation_id = begun(crm, "hello")
    talks = crm.conversations
    talks.current("web", "visitor-1")
    talks.accept(conversation_id, {"text": "hello"}, external_id="m-1")
    talks.accept(conversation_id, {"text": "hello"}, external_id="m-1")
    talks.finish_turn(leased(crm, conversation_id), answer("hi"))
    talks.delay_turn(leased(crm, conversation_id), retry_after_seconds=0)
    talks.waiting()
    talks.messages(conversation_id, after_seq=1)
    talks.was_offered(conversation_id, "/affirm")
    talks.confirm_delivery(conversation_id, 1)
    talks.request_handoff(conversation_id, "request", requested_by="customer")
    talks.queue()
    talks.handoff_state(conversation_id)
    talks.take(conversation_id, agent.id)
    talks.of_agent(agent.id)
    talks.say(conversation_id, agent.id, "hi", external_id="d-1")
    talks.turns(conversation_id)
    talks.close_idle()
    talks.close(conversation_id)
    crm.customers.history(talks.get(conversation_id).customer_id)
    scans = [plan for plan in plans if plan[0].startswith(tuple(f"SCAN {table}" for table in _TABLES))]
    # this index holds only what waits: going through it is what is meant
    assert [plan for plan in scans if "ix_conversations_unanswered" not in plan[0]] == []
    assert scans
