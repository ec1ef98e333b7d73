"""A shop of a few rows for tests: customers, orders and conversations in three words each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.privacy.identifiers import normalise_email, normalise_phone
from crm_core.storage import customers
from crm_core.storage.tables import order_items, orders

EMAIL = "anna.berg@example.com"
PHONE = "+1 202 555 0143"
LINES = (("HO1001", "Bamboo Desk Lamp", 1, 3990), ("CL2002", "Linen Shirt", 2, 4990))


@dataclass
class SmallShop:
    """Writes rows straight into a test's database."""

    crm: Crm

    def customer(self, number: str = "C10001", email: str = EMAIL, phone: str | None = PHONE) -> str:
        """Add a customer with a number, an e-mail address and perhaps a phone."""
        context = self.crm._context
        with context.database.writing() as connection:
            values = {"status": "active", "language": "en"}
            made, key = customers.insert(connection, context.keys, values, context.clock(), name="Anna Berg")
            known = {"customer_number": number, "email": normalise_email(email)}
            known |= {"phone": normalise_phone(phone)} if phone else {}
            for kind, value in known.items():
                customers.add_identity(connection, context.keys, made, key, kind, value, context.clock(), source="test")
        return made

    def order(
        self,
        number: str = "RP100234",
        status: str = "paid",
        *,
        customer: str | None = None,
        email: str | None = None,
        lines: tuple[tuple[str, str, int, int], ...] = LINES,
        placed_days_ago: float = 5,
        **columns: Any,
    ) -> str:
        """Add an order of a customer, or of a guest who gave an e-mail address."""
        context, order_id = self.crm._context, new_id()
        index = context.keys.vault.blind_index("email", normalise_email(email)) if email else None
        placed = context.clock() - timedelta(days=placed_days_ago)
        fixed = {"id": order_id, "source": "test", "number": number, "customer_id": customer, "status": status}
        fixed |= {"placed_at": placed, "updated_at": placed, "currency": "USD", "email_index": index}
        fixed |= {"total_minor": sum(quantity * price for _, _, quantity, price in lines)}
        if status == "delivered":
            columns.setdefault("delivered_at", placed + timedelta(days=3))
        with context.database.writing() as connection:
            connection.execute(orders.insert().values(**fixed, **columns))
            for line, (sku, title, quantity, price) in enumerate(lines, 1):
                connection.execute(
                    order_items.insert().values(
                        id=new_id(),
                        order_id=order_id,
                        line=line,
                        sku=sku,
                        title=title,
                        quantity=quantity,
                        unit_price_minor=price,
                    )
                )
        return order_id

    def guest(self, visitor: str = "visitor-1") -> str:
        """Open a conversation with somebody unknown."""
        return self.crm.conversations.open("web", visitor).id

    def signed_in(self, customer: str, visitor: str = "visitor-2") -> str:
        """Open a conversation with a customer whom the shop's token has shown."""
        conversation = self.crm.conversations.open("web", visitor)
        return self.crm.conversations.identify(conversation.id, customer).id
