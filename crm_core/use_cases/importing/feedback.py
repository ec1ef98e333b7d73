"""Feedback texts, sealed under the key of whoever wrote them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.intake.chunks import Chunk
from crm_core.intake.refining import Refined
from crm_core.language import detect_language
from crm_core.storage import bulk
from crm_core.storage.tables import feedback
from crm_core.use_cases.importing.contacts import customers_by_contact
from crm_core.use_cases.importing.writer import Row, Writer, customers_by_number, positions, rows_of


class FeedbackWriter(Writer):
    """Writes feedback; labels that came with it are kept as given by people, without probability or model."""

    def write(self, connection: sa.Connection, chunk: Chunk, refined: Refined) -> set[int]:
        """Write a chunk's feedback."""
        rows = rows_of(refined.frame)
        for row in rows:
            row["external_id"] = row.get("external_id") or _fingerprint(row)
        there = bulk.known_values(
            connection,
            feedback.c.external_id,
            [row["external_id"] for row in rows],
            feedback.c.source == self.run.source,
        )
        new: dict[str, Row] = {}
        for row in rows:
            if row["external_id"] not in there:
                new.setdefault(row["external_id"], row)
        self._add(connection, list(new.values()))
        written = positions(new.values())
        return {at for at in positions(rows) if at not in written}

    def _add(self, connection: sa.Connection, rows: Sequence[Row]) -> None:
        numbers = [row.get("customer_number") for row in rows]
        known = customers_by_number(connection, self.run, numbers)
        self.run.report.note("unknown_customer", sum(bool(number) and number not in known for number in numbers))
        customers = customers_by_contact(connection, self.run, [row for row in rows if not _known(row, known)])
        customers |= {row["external_id"]: known[row["customer_number"]] for row in rows if _known(row, known)}
        key_of = bulk.key_ids(connection, customers.values())
        self.run.context.keys.prefetch(connection, list(key_of.values()))
        made = [self._row(connection, row, customers, key_of) for row in rows]
        bulk.insert(connection, feedback, made)
        self.run.report.created["feedback"] += len(made)

    def _row(self, connection: sa.Connection, row: Row, customers: dict[str, str], key_of: dict[str, str]) -> Row:
        keys = self.run.context.keys
        customer_id = customers.get(row["external_id"])
        key_id = key_of[customer_id] if customer_id else keys.create(connection)
        rating, sentiment = row.get("rating"), row.get("sentiment")
        return {
            "id": new_id(),
            "customer_id": customer_id,
            "key_id": key_id,
            "conversation_id": None,
            "source": self.run.source,
            "external_id": row["external_id"],
            "text_encrypted": keys.seal(connection, key_id, row["text"]),
            "language": row.get("language") or detect_language(row["text"], self.run.context.settings.language),
            "category": row.get("category"),
            "category_probability": None,
            "sentiment": sentiment,
            "sentiment_probability": None,
            "serious": sentiment == "negative" and rating == 1,
            "reasons": [],
            "model_version": None,
            "rating": rating,
            "created_at": row.get("created_at") or self.run.started_at,
        }


def _known(row: Row, customers: dict[str, str]) -> bool:
    return row.get("customer_number") in customers


def _fingerprint(row: Row) -> str:
    """Give an id to a text that came without one: the same text of the same person and moment has the same."""
    who = row.get("customer_number") or row.get("email") or row.get("phone")
    parts = (who, row.get("order_number"), row.get("created_at"), row["text"])
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
