"""Customers of the demo shop for the conversations: each script gets one of its own."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from crm_core.clock import now
from crm_core.crm import Crm
from crm_core.records.people import SYSTEM
from crm_core.storage.keys import new_id
from crm_core.storage.tables.insight import scores
from crm_core.storage.tables.people import identities
from crm_core.storage.tables.shop import order_items, orders, products
from tests.conversations.script import Who

NO_ORDER = "RP999999"
SHOWN = 5  # orders that a form looks at
MODEL = "given-by-the-test"
CHANCES = {"low": 0.05, "medium": 0.4, "high": 0.8}


@dataclass(frozen=True)
class Person:
    """Who talks: an unknown visitor, or a customer with an order."""

    customer_id: str = ""
    signed_in: bool = False
    known: dict[str, str] = field(default_factory=dict)

    def fill(self, text: str) -> str:
        """Put what is known of the person into the places of a text; other braces stay as they are."""
        return re.sub(r"\{(\w+)\}", lambda found: self.known.get(found[1], found[0]), text)


class Cast:
    """Gives out customers, each order once, so that one conversation does not spoil another's.

    Args:
        crm: The library on the demo shop.
    """

    def __init__(self, crm: Crm) -> None:
        self._crm = crm
        self._used: set[str] = set()

    def find(self, who: Who | None, language: str) -> Person:
        """Give a person with the wanted properties."""
        if who is None:
            return Person(known={"unknown_order": NO_ORDER})
        customer_id, known = self._with_order(who.order, language, several=who.also is not None)
        self._used.add(customer_id)
        if who.also:
            known |= self._second_order(customer_id, known["order"], who.also)
        theirs = self._with_order("delivered", language, oldest=True)[1]  # only named, so many may borrow it
        for task, label in (("segment", who.segment), ("purchase_intent", who.purchase_intent)):
            if label:
                self._give_score(customer_id, task, label)
        known |= {"other_order": theirs["order"], "other_email": theirs["email"], "unknown_order": NO_ORDER}
        return Person(customer_id, who.signed_in, known)

    def _with_order(
        self, status: str | None, language: str, *, oldest: bool = False, several: bool = False
    ) -> tuple[str, dict[str, str]]:
        row = self._order(status, oldest, several) or self._set_back(status, several)
        with self._crm.database.reading() as connection:
            title = sa.func.coalesce(products.c.title_zh if language == "zh" else None, products.c.title_en)
            items = sa.select(title).join(order_items).where(order_items.c.order_id == row.id).order_by("line")
            product = connection.execute(items).scalars().first()
        order = {"order": row.number, "product": product or "", "days": str((now().date() - row.placed_at.date()).days)}
        return row.customer_id, self._known(row.customer_id) | order

    def _order(self, status: str | None, oldest: bool = False, several: bool = False) -> Any:
        query = (
            sa.select(orders.c.id, orders.c.number, orders.c.customer_id, orders.c.placed_at)
            .join(identities, identities.c.customer_id == orders.c.customer_id)
            .where(identities.c.kind == "email", identities.c.valid_to.is_(None))
            .order_by(orders.c.placed_at if oldest else orders.c.placed_at.desc())
        )
        if status:
            query = query.where(orders.c.status == status)
        if several:
            totals, most = sa.func.count(sa.distinct(orders.c.total_minor)), sa.func.count() <= SHOWN
            query = query.where(
                orders.c.customer_id.in_(
                    sa.select(orders.c.customer_id).group_by(orders.c.customer_id).having(totals > 1, most)
                )
            )
        if status == "shipped":  # those that are late are told so, which is another answer
            query = query.where(orders.c.expected_at > now())
        with self._crm.database.reading() as connection:
            return next((row for row in connection.execute(query) if row.customer_id not in self._used), None)

    def _second_order(self, customer_id: str, first: str, status: str) -> dict[str, str]:
        """Bring another order of the customer into a state; the two are named by what tells them apart."""
        query = sa.select(orders.c.id, orders.c.number, orders.c.placed_at, orders.c.total_minor)
        theirs = query.where(orders.c.customer_id == customer_id).order_by(orders.c.placed_at.desc())
        with self._crm.database.reading() as connection:
            rows = connection.execute(theirs).all()
        one = next(row for row in rows if row.number == first)
        other = next(row for row in rows if row.number != first and row.total_minor != one.total_minor)
        self._put(other.id, status)
        newer, older = sorted((one, other), key=lambda row: row.placed_at, reverse=True)
        cheaper, dearer = sorted((one, other), key=lambda row: row.total_minor)
        return {
            "second": other.number,
            "newer": newer.number,
            "older": older.number,
            "cheaper": cheaper.number,
            "dearer": dearer.number,
        }

    def _set_back(self, status: str | None, several: bool = False) -> Any:
        """Take an order that is further, and set it back to a state of which the shop has no more."""
        row = self._order("shipped", several=several) or self._order("delivered", several=several)
        self._put(row.id, status)
        return row

    def _put(self, order_id: str, status: str | None) -> None:
        """Put an order into a state."""
        change: dict[str, Any] = {"status": status, "delivered_at": None, "expected_at": now() + timedelta(days=3)}
        if status != "shipped":
            change |= {"carrier": None, "tracking_number": None}
        with self._crm.database.writing() as connection:
            connection.execute(orders.update().where(orders.c.id == order_id).values(change))

    def _known(self, customer_id: str) -> dict[str, str]:
        customer = self._crm.customers.get(customer_id, actor=SYSTEM, unmask=True)
        return {
            "email": next(iter(customer.emails), ""),
            "phone": next(iter(customer.phones), ""),
            "name": customer.name or "",
        }

    def _give_score(self, customer_id: str, task: str, label: str) -> None:
        row = {
            "id": new_id(),
            "customer_id": customer_id,
            "task": task,
            "value": CHANCES.get(label, 1.0),
            "label": label,
            "reasons": [],
            "model_version": MODEL,
            "as_of": now(),
        }
        with self._crm.database.writing() as connection:
            connection.execute(scores.insert(), row)
