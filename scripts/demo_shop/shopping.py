"""What the customers do: browse, put into the cart, order, receive, send back."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from scripts.demo_shop.people import Customer
from scripts.demo_shop.products import Product

SHIPPING = 495
FREE_FROM = 4900
CARRIERS = {"US": ("UPS", "FedEx", "USPS"), "CA": ("Canada Post", "UPS"), "GB": ("Royal Mail", "DPD"),
            "CN": ("SF Express", "YTO Express", "JD Logistics")}  # fmt: skip
PAYMENTS = {"en": (("card", 55), ("paypal", 28), ("apple_pay", 12), ("gift_card", 5)),
            "zh": (("alipay", 48), ("wechat_pay", 40), ("card", 10), ("gift_card", 2))}  # fmt: skip
ARTICLES = ("free-shipping", "delivery-times", "return-window", "how-to-return", "warranty", "payment-methods",
            "loyalty-programme", "gift-wrapping", "care-cast-iron", "care-linen")  # fmt: skip
Event = tuple[datetime, str, str, str, str, str]  # when, customer, session, name, sku, article


@dataclass
class Order:
    """One order before it has its number."""

    customer: Customer
    placed_at: datetime
    lines: list[tuple[Product, int]]
    guest: bool = False
    status: str = "delivered"
    carrier: str = ""
    tracking: str = ""
    expected_at: datetime | None = None
    delivered_at: datetime | None = None
    number: str = ""

    @property
    def total(self) -> int:
        """What was paid, shipping included."""
        goods = sum(product.price * quantity for product, quantity in self.lines)
        return goods if goods >= FREE_FROM else goods + SHIPPING


class Shopper:
    """Lives one customer's two years, day by day.

    A hidden interest comes and goes; while it is there the customer browses more and orders more. Both follow from
    it, so browsing tells of orders to come without being a copy of them.
    """

    def __init__(self, customer: Customer, products: list[Product], chance: random.Random) -> None:
        self._customer = customer
        self._products = products
        self._chance = chance
        self._taste = [self._affinity(product) for product in products]
        self.orders: list[Order] = []
        self.events: list[Event] = []

    def live(self, start: datetime, end: datetime, browse_from: datetime) -> None:
        """Go through every day from joining to leaving."""
        customer, chance = self._customer, self._chance
        gone = customer.created_at + timedelta(days=customer.leaves_after_days)
        interested = True
        day = max(start, customer.created_at.replace(hour=0, minute=0))
        while day < min(end, gone):
            interested = chance.random() < (0.86 if interested else 0.035)
            orders = chance.random() < self._order_chance(day, interested)
            if day >= browse_from:
                self._browse(day, interested, orders)
            if orders and not (customer.one_time and self.orders):
                self._order(day)
            day += timedelta(days=1)

    def _order_chance(self, day: datetime, interested: bool) -> float:
        if self._customer.one_time:
            return 0.15 if not self.orders else 0.0
        return self._customer.rate * (3.2 if interested else 0.45) * season(day)

    def _affinity(self, product: Product) -> float:
        liking = 0.15 + sum(self._customer.tastes.get(tag, 0.0) for tag in product.tags)
        return liking * product.popularity**0.5 * math.exp(-self._customer.thrift * product.price / 6000)

    def _pick(self, like: Product | None = None) -> Product:
        weights = self._taste
        if like is not None:
            weights = [
                0.0 if item.base == like.base else weight * (0.25 + 3.0 * len(item.tags & like.tags))
                for item, weight in zip(self._products, weights, strict=True)
            ]
        for _ in range(4):
            product = self._chance.choices(self._products, weights)[0]
            if product.consumable or product.base not in self._customer.bought:
                break
        return product

    def _order(self, day: datetime) -> None:
        chance = self._chance
        lines: dict[str, tuple[Product, int]] = {}
        product = self._pick()
        for _ in range(1 + min(6, int(chance.expovariate(0.62)))):
            lines[product.sku] = (product, 1 if chance.random() < 0.84 else chance.randint(2, 4))
            self._customer.bought.add(product.base)
            product = self._pick(like=product)
        moment = day + timedelta(minutes=chance.randint(7 * 60, 23 * 60))
        self.orders.append(
            Order(self._customer, max(moment, self._customer.created_at), list(lines.values()), chance.random() < 0.03)
        )

    def _browse(self, day: datetime, interested: bool, orders: bool) -> None:
        chance = self._chance
        wants = (0.20 if interested else 0.018) + (0.5 if orders else 0.0)
        if chance.random() >= min(wants, 0.8):
            return
        moment = day + timedelta(minutes=chance.randint(6 * 60, 7 * 60 if orders else 22 * 60))
        session = f"s{chance.getrandbits(32):08x}"
        product = self._pick()
        for _ in range(1 + min(5, int(chance.expovariate(0.6)))):
            self._happen(moment, session, "Product Viewed", product.sku)
            moment += timedelta(minutes=chance.randint(1, 6))
            if chance.random() < (0.34 if orders else 0.13 if interested else 0.06):
                self._happen(moment, session, "Product Added", product.sku)
                moment += timedelta(minutes=1)
            product = self._pick(like=product if chance.random() < 0.6 else None)
        if chance.random() < (0.55 if orders else 0.12):
            self._happen(moment, session, "Cart Viewed")
        if chance.random() < 0.10:
            self._happen(moment + timedelta(minutes=2), session, "Article Read", article=chance.choice(ARTICLES))

    def _happen(self, moment: datetime, session: str, name: str, sku: str = "", article: str = "") -> None:
        self.events.append((moment, self._customer.number, session, name, sku, article))


def season(day: datetime) -> float:
    """How much more is bought on a day of the year: November and December, a dip in summer, busy Mondays."""
    factor = {1: 0.8, 2: 0.85, 7: 0.85, 8: 0.8, 11: 1.5, 12: 1.7}.get(day.month, 1.0)
    return factor * (1.2 if day.weekday() in (0, 6) else 0.95)


def deliver(order: Order, end: datetime, chance: random.Random) -> None:
    """Give an order the status that it has at the end, with carrier and dates that fit."""
    age = (end - order.placed_at).total_seconds() / 86400
    ships_after, travels = chance.uniform(0.6, 2.2), chance.uniform(1.5, 5.5)
    draw = chance.random()
    if draw < 0.03:
        order.status = "cancelled"
        return
    order.expected_at = (order.placed_at + timedelta(days=math.ceil(ships_after + 4))).replace(hour=18, minute=0)
    if age < ships_after:
        order.status = "paid" if age > 0.2 else "placed"
        if age > ships_after - 0.5:
            order.status = "packed"
        return
    order.carrier = chance.choice(CARRIERS[order.customer.country])
    order.tracking = f"{order.carrier[:2].upper()}{chance.randrange(10**9, 10**10)}"
    late = 9.0 if draw > 0.985 else 0.0
    arrives = order.placed_at + timedelta(days=ships_after + travels + late)
    if arrives > end:
        order.status = "shipped"
        return
    order.delivered_at = arrives.replace(hour=9 + chance.randrange(10))
    order.status = "returned" if draw > 0.94 and age > 12 else "delivered"


def number(orders: list[Order]) -> None:
    """Number the orders as they came in."""
    orders.sort(key=lambda order: (order.placed_at, order.customer.number))
    for index, order in enumerate(orders):
        order.number = f"RP{100001 + index}"
    assert all(one.placed_at <= two.placed_at for one, two in pairwise(orders))
