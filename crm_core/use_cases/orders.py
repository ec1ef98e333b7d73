"""Orders as customers deal with them: shown, cancelled, redirected, sent back, invoiced."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.errors import InvalidInput, NotVerified
from crm_core.orders import policy
from crm_core.orders.addresses import read_address
from crm_core.orders.described import Description, fitting
from crm_core.orders.reasons import REASONS
from crm_core.records.shop import Order, OrderRequest
from crm_core.references import new_reference
from crm_core.storage import conversations, customers, order_requests
from crm_core.storage import orders as rows
from crm_core.use_cases.context import Context
from crm_core.use_cases.order_access import OrderAccess

_DESCRIBED = 50  # orders among which the one that a customer describes is looked for


class Orders:
    """The use cases of orders."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._access = OrderAccess(context)

    def find(self, conversation_id: str, number: str, *, contact: str | None = None) -> Order:
        """Give an order that the conversation has shown to be its own.

        Args:
            conversation_id: Who asks.
            number: The order number, in any spelling.
            contact: The e-mail address or phone number it was placed with; a verified customer needs none.

        Raises:
            InvalidInput: The number or the contact cannot be one.
            OrderNotFound: There is no such order or it is not theirs; the two are never told apart.
        """
        return self._access.find(conversation_id, number, contact)

    def failures(self, conversation_id: str) -> int:
        """Give how many look-ups of a conversation failed lately (see `crm_core.orders.guessing`)."""
        return self._access.failures(conversation_id)

    def outlook(self, order: Order) -> policy.Outlook:
        """Tell how an order stands now: its delivery, and until when it may be sent back."""
        return policy.outlook(order, self._context.clock())

    def check(self, order: Order, kind: str) -> None:
        """Make sure that a request may be made for an order, before the customer is asked to confirm it.

        Raises:
            OrderNotChangeable: It has gone too far, or not far enough.
        """
        policy.check(order, kind, self._context.clock())

    def recent(self, conversation_id: str, limit: int = 5) -> list[Order]:
        """Give a verified customer's orders, the newest first.

        Raises:
            NotVerified: The shop's token has not shown who the customer is.
        """
        with self._context.database.reading() as connection:
            talk = conversations.by_id(connection, conversation_id)
            if not talk.verified:
                raise NotVerified(f"conversation {conversation_id} is not of a signed-in customer")
            return rows.of_customer(connection, talk.customer_id, limit)

    def described(self, conversation_id: str, said: Description) -> list[Order]:
        """Give those of a verified customer's orders that a description fits, the newest first.

        Raises:
            NotVerified: The shop's token has not shown who the customer is.
        """
        orders = self.recent(conversation_id, _DESCRIBED)
        return fitting(orders, said, self._context.settings.timezone)

    def likely(
        self, conversation_id: str, purpose: str, said: Description | None = None, limit: int = 5
    ) -> list[Order]:
        """Give those of a verified customer's latest orders that are likely to be meant; all of them where none is.

        Args:
            conversation_id: Who asks.
            purpose: `status`, `invoice`, `track` (a refund) or a kind of request.
            said: How the customer describes it; orders that it fits go before all others.
            limit: How many orders are looked at.

        Raises:
            NotVerified: The shop's token has not shown who the customer is.
        """
        described = self.described(conversation_id, said) if said else []
        recent, now = described[:limit] or self.recent(conversation_id, limit), self._context.clock()
        asked: set[str] = set()
        if purpose == "track" and recent and recent[0].customer_id:
            known = self.requests_of_customer(recent[0].customer_id)
            asked = {request.order_id for request in known if request.kind in ("cancel", *policy.RETURN_KINDS)}
        meant = [order for order in recent if order.id in asked or policy.is_likely(order, purpose, now)]
        return meant or recent

    def address_used_before(self, conversation_id: str, number: str) -> str | None:
        """Give where a verified customer's latest other order went, or else the address in their account.

        Args:
            conversation_id: Who asks.
            number: The order that is to go there; its own address is not meant.

        Raises:
            NotVerified: The shop's token has not shown who the customer is.
        """
        with self._context.database.reading() as connection:
            talk = conversations.by_id(connection, conversation_id)
            if not talk.verified:
                raise NotVerified(f"conversation {conversation_id} is not of a signed-in customer")
            customer = customers.by_id(connection, talk.customer_id)
            sealed = rows.latest_address(connection, customer.id, number) or customer.address_encrypted
            return self._context.keys.open(connection, customer.key_id, sealed) if sealed else None

    def of_customer(self, customer_id: str, limit: int = 100) -> list[Order]:
        """Give a customer's orders for a member of staff, the newest first."""
        with self._context.database.reading() as connection:
            return rows.of_customer(connection, customer_id, limit)

    def cancel(
        self, conversation_id: str, number: str, *, contact: str | None = None, reason: str | None = None
    ) -> OrderRequest:
        """Cancel an order that has not been shipped; a second time gives the first cancellation.

        Raises:
            OrderNotChangeable: It is on its way, or further.
        """
        order = self.find(conversation_id, number, contact=contact)
        with self._context.database.writing() as connection:
            status = rows.locked(connection, order.id).status
            done = order_requests.latest(connection, order.id, "cancel", status="done")
            if status == "cancelled" and done:
                return order_requests.record(done[0])
            policy.check(replace(order, status=status), "cancel", self._context.clock())
            rows.change(connection, order.id, self._context.clock(), status="cancelled")
            order_requests.finish(connection, order.id, self._context.clock(), "refused")
            return self._ask(connection, conversation_id, order, "cancel", done=True, reason=reason)

    def change_address(
        self, conversation_id: str, number: str, *, address: str, contact: str | None = None
    ) -> OrderRequest:
        """Send an order that has not been shipped to another address.

        Raises:
            InvalidInput: It is not a whole address.
            OrderNotChangeable: The order is on its way, or further.
        """
        cleaned = read_address(address)
        order = self.find(conversation_id, number, contact=contact)
        with self._context.database.writing() as connection:
            row = rows.locked(connection, order.id)
            policy.check(replace(order, status=row.status), "address", self._context.clock())
            if row.customer_id:
                key = customers.by_id(connection, row.customer_id).key_id
                sealed = self._context.keys.seal(connection, key, cleaned)
                rows.change(connection, order.id, self._context.clock(), address_encrypted=sealed)
            return self._ask(connection, conversation_id, order, "address", done=True, detail={"address": cleaned})

    def request_return(
        self,
        conversation_id: str,
        number: str,
        *,
        kind: str,
        reason: str,
        item: str | None = None,
        wanted: str | None = None,
        contact: str | None = None,
    ) -> OrderRequest:
        """Ask to send goods back; a second item of the same order joins the open request.

        Args:
            conversation_id: Who asks.
            number: The order number.
            kind: `return`, `refund` or `exchange`.
            reason: One of `crm_core.orders.reasons.REASONS`.
            item: The SKU that comes back; None for the whole order.
            wanted: The size or colour wanted in exchange, as far as it was said.
            contact: See `find`.

        Raises:
            OrderNotChangeable: It is not delivered yet, or the time for it is over.
        """
        if kind not in policy.RETURN_KINDS:
            raise InvalidInput("kind", kind, f"is none of {', '.join(policy.RETURN_KINDS)}")
        if reason not in REASONS:
            raise InvalidInput("reason", reason, f"is none of {', '.join(REASONS)}")
        order = self.find(conversation_id, number, contact=contact)
        skus = [line.sku for line in order.items]
        if item is not None and item not in skus:
            raise InvalidInput("item", item, f"is not in order {order.number}")
        policy.check(order, kind, self._context.clock())
        with self._context.database.writing() as connection:
            rows.locked(connection, order.id)
            detail: dict[str, Any] = {"items": [item] if item else skus}
            if wanted and kind == "exchange":
                detail["wanted"] = wanted
            return self._ask(connection, conversation_id, order, kind, reason=reason, detail=detail)

    def request_invoice(self, conversation_id: str, number: str, *, contact: str | None = None) -> OrderRequest:
        """Ask for an order's invoice, which goes to the contact on file and nowhere else."""
        order = self.find(conversation_id, number, contact=contact)
        with self._context.database.writing() as connection:
            rows.locked(connection, order.id)
            return self._ask(connection, conversation_id, order, "invoice")

    def requests(self, order_id: str) -> list[OrderRequest]:
        """Give what was asked for an order, the newest first."""
        with self._context.database.reading() as connection:
            return [order_requests.record(row) for row in order_requests.latest(connection, order_id)]

    def requests_of_customer(self, customer_id: str) -> list[OrderRequest]:
        """Give everything that a customer asked for, the newest first."""
        with self._context.database.reading() as connection:
            return [order_requests.record(row) for row in order_requests.of_customer(connection, customer_id)]

    def _ask(
        self,
        connection: sa.Connection,
        conversation_id: str,
        order: Order,
        kind: str,
        *,
        done: bool = False,
        reason: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> OrderRequest:
        """Write a request down, its detail sealed under the key of the one who owns the order."""
        owner = order.customer_id or conversations.by_id(connection, conversation_id).customer_id
        key = customers.by_id(connection, owner).key_id
        if not done and (existing := order_requests.latest(connection, order.id, kind, status="open")):
            return self._join(connection, existing[0], key, detail or {})
        at = self._context.clock()
        values = {
            "id": new_id(),
            "reference": new_reference(kind),
            "order_id": order.id,
            "customer_id": owner,
            "conversation_id": conversation_id,
            "kind": kind,
            "status": "done" if done else "open",
            "reason": reason,
            "detail_encrypted": self._context.keys.seal(connection, key, json.dumps(detail or {})),
            "created_at": at,
            "done_at": at if done else None,
        }
        return order_requests.record(order_requests.insert(connection, values))

    def _join(self, connection: sa.Connection, row: Any, key: str, detail: dict[str, Any]) -> OrderRequest:
        """Add what is new to an open request instead of opening a second one."""
        before = json.loads(self._context.keys.open(connection, key, row.detail_encrypted))
        items = list(dict.fromkeys([*before.get("items", []), *detail.get("items", [])]))
        if items != before.get("items", []):
            sealed = self._context.keys.seal(connection, key, json.dumps(before | {"items": items}))
            order_requests.change(connection, row.id, detail_encrypted=sealed)
        return order_requests.record(row)
