"""Products, orders and what customers ask to have done with an order."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.storage.tables._columns import Json, identifier, metadata, moment

products = sa.Table(
    "products",
    metadata,
    identifier(primary_key=True),
    sa.Column("sku", sa.String(64), nullable=False, unique=True),
    sa.Column("title_en", sa.String(300), nullable=False),
    sa.Column("title_zh", sa.String(300)),
    sa.Column("description_en", sa.Text),
    sa.Column("description_zh", sa.Text),
    sa.Column("category", sa.String(80), nullable=False, index=True),
    sa.Column("attributes", Json, nullable=False),  # colour, material, age_from, ...
    sa.Column("price_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("stock", sa.Integer, nullable=False),
    sa.Column("image", sa.String(500)),
    sa.Column("active", sa.Boolean, nullable=False),
    moment("updated_at", nullable=False),
)

orders = sa.Table(
    "orders",
    metadata,
    identifier(primary_key=True),
    sa.Column("source", sa.String(64), nullable=False),
    sa.Column("number", sa.String(64), nullable=False, index=True),
    identifier("customer_id", sa.ForeignKey("customers.id")),  # None: bought without an account
    # placed | paid | packed | shipped | delivered | cancelled | returned
    sa.Column("status", sa.String(16), nullable=False),
    moment("placed_at", nullable=False),
    sa.Column("currency", sa.String(3), nullable=False),
    sa.Column("total_minor", sa.BigInteger, nullable=False),
    sa.Column("payment_method", sa.String(32)),
    sa.Column("carrier", sa.String(64)),
    sa.Column("tracking_number", sa.String(64)),
    moment("expected_at"),
    moment("delivered_at"),
    sa.Column("address_encrypted", sa.LargeBinary),  # under the customer's key
    sa.Column("email_index", sa.String(64)),  # contact given with the order, for guests
    sa.Column("phone_index", sa.String(64)),
    moment("updated_at", nullable=False),
    sa.UniqueConstraint("source", "number"),
    sa.Index("ix_orders_customer_placed", "customer_id", "placed_at"),
)

lookup_failures = sa.Table(
    "lookup_failures",
    metadata,
    identifier(primary_key=True),
    sa.Column("contact_index", sa.String(64), nullable=False),  # of the contact that was tried; rows go after an hour
    moment("occurred_at", nullable=False, index=True),
    sa.Index("ix_lookup_failures_contact", "contact_index", "occurred_at"),
)

order_items = sa.Table(
    "order_items",
    metadata,
    identifier(primary_key=True),
    identifier("order_id", sa.ForeignKey("orders.id"), nullable=False),  # the unique rule below is its index
    identifier("product_id", sa.ForeignKey("products.id"), index=True),
    sa.Column("line", sa.Integer, nullable=False),
    sa.Column("sku", sa.String(64), nullable=False),
    sa.Column("title", sa.String(300), nullable=False),
    sa.Column("quantity", sa.Integer, nullable=False),  # negative on a cancellation line
    sa.Column("unit_price_minor", sa.BigInteger, nullable=False),
    identifier("cancels_item_id"),  # the line of an earlier order that this line takes back
    sa.UniqueConstraint("order_id", "line"),
)

order_requests = sa.Table(
    "order_requests",
    metadata,
    identifier(primary_key=True),
    sa.Column("reference", sa.String(24), nullable=False, unique=True),  # what the customer is told
    identifier("order_id", sa.ForeignKey("orders.id"), nullable=False),
    identifier("customer_id", sa.ForeignKey("customers.id")),
    identifier("conversation_id"),
    sa.Column("kind", sa.String(16), nullable=False),  # cancel | return | refund | exchange | address | invoice
    sa.Column("status", sa.String(16), nullable=False),  # open | done | refused
    sa.Column("reason", sa.String(64)),
    sa.Column("detail_encrypted", sa.LargeBinary),  # JSON, under the customer's key
    moment("created_at", nullable=False),
    moment("done_at"),
    sa.Index(
        "uq_order_requests_open",
        "order_id",
        "kind",
        unique=True,
        sqlite_where=sa.text("status = 'open'"),
        postgresql_where=sa.text("status = 'open'"),
    ),
)
