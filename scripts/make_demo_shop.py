"""Make the demo shop: `uv run python scripts/make_demo_shop.py [folder]` writes the same files every time.

The dates lie in the two years before END; loading the shop moves them so that the newest is yesterday.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import random
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from scripts.demo_shop.people import Customer, make_customers
from scripts.demo_shop.products import Product, read_catalogue
from scripts.demo_shop.shopping import PAYMENTS, Event, Order, Shopper, deliver, number
from scripts.demo_shop.voices import Voice, rating, read_fragments, said_at

SEED = 20261031
END = datetime(2026, 11, 1, tzinfo=UTC)
START = END - timedelta(days=730)
BROWSE_FROM = END - timedelta(days=365)
CUSTOMERS, ORDERS, FEEDBACK = 1000, 10_000, 2000
PARTS = Path(__file__).resolve().parent / "demo_shop"


def main(folder: Path) -> None:
    """Write every file of the demo shop."""
    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(SEED)
    products = read_catalogue(PARTS / "catalogue.txt", chance)
    customers = make_customers(CUSTOMERS, START, END, chance)
    orders, events = _live(customers, products, chance)
    _write(folder / "customers.csv", map(_customer_row, customers))
    _write(folder / "products.csv", map(_product_row, products))
    _write(folder / "orders.csv", (_order_row(order, chance) for order in orders))
    _write(folder / "order_items.csv", (row for order in orders for row in _item_rows(order)))
    _write(folder / "feedback.csv", _feedback(orders, chance))
    _write(folder / "events.csv.gz", _event_rows(events))


def _live(customers: list[Customer], products: list[Product], chance: random.Random) -> tuple[list[Order], list[Event]]:
    orders: list[Order] = []
    events: list[Event] = []
    for customer in customers:
        shopper = Shopper(customer, products, random.Random(chance.getrandbits(64)))
        shopper.live(START, END, BROWSE_FROM)
        orders += shopper.orders
        events += shopper.events
    if len(orders) < ORDERS:
        raise SystemExit(f"only {len(orders)} orders: raise the rates in people.py")
    spare = set(chance.sample(range(len(orders)), len(orders) - ORDERS))
    orders = [order for index, order in enumerate(orders) if index not in spare]
    _make_some_recent(orders, chance)
    for order in orders:
        deliver(order, END, chance)
    number(orders)
    return orders, events


def _make_some_recent(orders: list[Order], chance: random.Random) -> None:
    """Give each of the first dozen customers an order on its way and one just placed."""
    for index in range(12):
        own = sorted((order for order in orders if order.customer.number == f"C{10001 + index}" and not order.guest),
                     key=lambda order: order.placed_at)  # fmt: skip
        for order, days in zip(own[-2:], (2.6, 0.5), strict=False):
            order.placed_at = END - timedelta(days=days, minutes=chance.randrange(300))


def _customer_row(customer: Customer) -> dict[str, Any]:
    return {
        "customer_number": customer.number, "name": customer.name, "email": customer.email, "phone": customer.phone,
        "language": customer.language, "country": customer.country, "city": customer.city,
        "address": customer.address, "gender": customer.gender, "birth_year": customer.birth_year,
        "created_at": _text(customer.created_at),
    }  # fmt: skip


def _product_row(product: Product) -> dict[str, Any]:
    return {
        "sku": product.sku, "title_en": product.title_en, "title_zh": product.title_zh,
        "description_en": product.description_en, "description_zh": product.description_zh,
        "category": product.category, "price_minor": product.price, "currency": "USD", "stock": product.stock,
        "attributes": json.dumps(product.attributes, ensure_ascii=False),
        "image": f"/shop/images/{product.sku}.svg",
    }  # fmt: skip


def _order_row(order: Order, chance: random.Random) -> dict[str, Any]:
    customer = order.customer
    guest = order.guest
    payments = dict(PAYMENTS[customer.language])
    return {
        "number": order.number, "customer_number": "" if guest else customer.number,
        "placed_at": _text(order.placed_at),
        "status": order.status, "currency": "USD", "total_minor": order.total,
        "payment_method": chance.choices(list(payments), list(payments.values()))[0], "carrier": order.carrier,
        "tracking_number": order.tracking, "expected_at": _text(order.expected_at),
        "delivered_at": _text(order.delivered_at), "email": f"guest.{customer.email}" if guest else customer.email,
        "phone": customer.phone if guest else "", "address": customer.address if guest else "",
    }  # fmt: skip


def _item_rows(order: Order) -> Iterable[dict[str, Any]]:
    for line, (product, quantity) in enumerate(order.lines, 1):
        yield {"number": order.number, "line": line, "sku": product.sku, "quantity": quantity,
               "unit_price_minor": product.price}  # fmt: skip


def _feedback(orders: list[Order], chance: random.Random) -> Iterable[dict[str, Any]]:
    rows = []
    for language in ("en", "zh"):
        voice = Voice(language, read_fragments(PARTS / f"feedback_{language}.txt"), chance)
        own = [order for order in orders if order.customer.language == language and order.delivered_at]
        texts: set[str] = set()
        while len(texts) < FEEDBACK // 2:
            order = chance.choice(own)
            text, category, sentiment = voice.write(order)
            if text not in texts:
                texts.add(text)
                rows.append((said_at(order, END - timedelta(minutes=5), chance), order, language, text, category,
                             sentiment, rating(sentiment, chance)))  # fmt: skip
    rows.sort(key=lambda row: (row[0], row[3]))
    for index, (moment, order, language, text, category, sentiment, stars) in enumerate(rows, 1):
        yield {"external_id": f"F{index:05d}", "customer_number": "" if order.guest else order.customer.number,
               "order_number": order.number, "created_at": _text(moment), "language": language, "text": text,
               "category": category, "sentiment": sentiment, "rating": stars}  # fmt: skip


def _event_rows(events: list[Event]) -> Iterable[dict[str, Any]]:
    for index, (moment, customer, session, name, sku, article) in enumerate(sorted(events), 1):
        yield {"external_id": f"E{index:06d}", "customer_number": customer, "session_id": session, "name": name,
               "sku": sku, "article": article, "occurred_at": _text(moment)}  # fmt: skip


def _text(moment: datetime | None) -> str:
    return moment.strftime("%Y-%m-%dT%H:%MZ") if moment else ""


def _write(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    rows = list(rows)
    buffer = io.StringIO(newline="")
    writer = csv.DictWriter(buffer, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    content = buffer.getvalue().encode()
    path.write_bytes(gzip.compress(content, 9, mtime=0) if path.suffix == ".gz" else content)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent / "data" / "demo")
