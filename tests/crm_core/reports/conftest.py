"""Rows as the gateway and the actions would leave them, written in one line each."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.storage import tables


class Log:
    """Writes conversations, turns, feedback and offers straight into the tables."""

    def __init__(self, crm: Crm) -> None:
        self.crm = crm
        self.keys = crm._context.keys
        with crm.database.writing() as connection:
            self.key_id = self.keys.create(connection)
        self.customer = self.row(
            tables.customers,
            key_id=self.key_id,
            status="active",
            attributes={},
            first_seen_at=crm._context.clock(),
            last_seen_at=crm._context.clock(),
        )

    def row(self, table: Any, **values: Any) -> str:
        """Insert one row under a new id."""
        row_id = new_id()
        with self.crm.database.writing() as connection:
            connection.execute(table.insert().values(id=row_id, **values))
        return row_id

    def seal(self, text: str) -> bytes:
        """Encrypt a text under the one key of these rows."""
        with self.crm.database.reading() as connection:
            return self.keys.seal(connection, self.key_id, text)

    def conversation(
        self, opened: datetime, outcome: str | None = None, *, wrote: bool = True, closed: bool = False
    ) -> str:
        """Add a conversation; one without outcome is open unless it is closed on purpose."""
        conversation_id = self.row(
            tables.conversations,
            key_id=self.key_id,
            channel="web",
            external_id=new_id(),
            customer_id=self.customer,
            verified=False,
            language="en",
            status="closed" if outcome or closed else "open",
            owner="bot",
            version=1,
            outcome=outcome,
            last_seq=2,
            delivered_seq=0,
            unanswered=0,
            attempts=0,
            opened_at=opened,
            last_message_at=opened,
            closed_at=opened if outcome or closed else None,
        )
        self.message(conversation_id, opened, seq=1, author="customer" if wrote else "bot")
        return conversation_id

    def message(self, conversation_id: str, at: datetime, *, seq: int, author: str, text: str = "hello") -> str:
        """Add a message."""
        return self.row(
            tables.messages,
            conversation_id=conversation_id,
            seq=seq,
            author=author,
            channel="web",
            body_encrypted=self.seal(json.dumps({"text": text})),
            created_at=at,
        )

    def handoff(self, conversation_id: str, asked: datetime, waited_seconds: float | None) -> str:
        """Add a hand-off that has ended, taken after some seconds or not at all."""
        taken = None if waited_seconds is None else asked + timedelta(seconds=waited_seconds)
        return self.row(
            tables.handoffs,
            conversation_id=conversation_id,
            reason="asked",
            requested_by="customer",
            requested_at=asked,
            taken_at=taken,
            ended_at=taken or asked + timedelta(hours=2),
        )

    def turn(self, conversation_id: str, at: datetime, intent: str | None, *, seq: int, **values: Any) -> str:
        """Add a customer message with the turn that answered it."""
        message_id = self.message(
            conversation_id, at, seq=seq, author="customer", text=str(values.pop("text", "hello"))
        )
        kept = {"fallback": False, "suppressed": False, "failed": False, "trace": {}, "duration_ms": 9.0, **values}
        return self.row(
            tables.turns,
            conversation_id=conversation_id,
            message_id=message_id,
            intent=intent,
            confidence=0.5,
            created_at=at,
            **kept,
        )

    def feedback(self, at: datetime, category: str, sentiment: str, *, serious: bool = False) -> str:
        """Add classified feedback."""
        return self.row(
            tables.feedback,
            customer_id=self.customer,
            key_id=self.key_id,
            source="chat",
            text_encrypted=self.seal("x"),
            language="en",
            category=category,
            sentiment=sentiment,
            serious=serious,
            reasons=[],
            created_at=at,
        )

    def rating(self, at: datetime, score: int) -> str:
        """Add a rating of a fresh conversation of that moment."""
        conversation_id = self.conversation(at, "solved_by_bot")
        return self.row(tables.ratings, conversation_id=conversation_id, score=score, created_at=at)

    def offer(self, at: datetime, **events: int | None) -> str:
        """Add a served recommendation with its events (`buy=1290`, `seen=None` …)."""
        product = self.row(
            tables.products,
            sku=new_id(),
            title_en="Bear",
            category="toys",
            attributes={},
            price_minor=1290,
            currency="USD",
            stock=3,
            active=True,
            updated_at=at,
        )
        served = self.row(
            tables.recommendations_served,
            customer_id=self.customer,
            product_id=product,
            rank=1,
            policy="item_item",
            propensity=1.0,
            score=0.5,
            reason={},
            served_at=at,
        )
        for event, value in events.items():
            self.row(tables.recommendation_outcomes, served_id=served, event=event, value_minor=value, occurred_at=at)
        return served


@pytest.fixture
def log_of() -> Callable[[Crm], Log]:
    """Give the writer for a database."""
    return Log
