"""Products, orders and offers."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from crm_core.records.people import Reason


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents, fen) with its currency (ISO 4217)."""

    minor: int
    currency: str


@dataclass(frozen=True, slots=True)
class Product:
    """One product of the catalogue."""

    id: str
    sku: str
    title_en: str
    title_zh: str | None
    description_en: str | None
    description_zh: str | None
    category: str
    attributes: dict[str, Any]
    price: Money
    stock: int
    image: str | None
    active: bool

    def title(self, language: str) -> str:
        """Give the title in a language, or the English one where there is none."""
        return (self.title_zh if language == "zh" else None) or self.title_en

    def description(self, language: str) -> str:
        """Give the description in a language, or the English one where there is none."""
        return (self.description_zh if language == "zh" else None) or self.description_en or ""


@dataclass(frozen=True, slots=True)
class OrderItem:
    """One line of an order."""

    sku: str
    title: str
    quantity: int
    unit_price: Money
    product_id: str | None
    title_zh: str | None = None  # from the catalogue, where the product is still in it

    def name(self, language: str) -> str:
        """Give the title in a language, or as it stood on the order."""
        return (self.title_zh if language == "zh" else None) or self.title


@dataclass(frozen=True, slots=True)
class Order:
    """One order."""

    id: str
    number: str
    customer_id: str | None
    status: str  # placed | paid | packed | shipped | delivered | cancelled | returned
    placed_at: datetime
    total: Money
    payment_method: str | None
    carrier: str | None
    tracking_number: str | None
    expected_at: datetime | None
    delivered_at: datetime | None
    items: tuple[OrderItem, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderRequest:
    """Something a customer asked to have done with an order."""

    id: str
    reference: str
    order_id: str
    kind: str  # cancel | return | refund | exchange | address | invoice
    status: str  # open | done | refused
    reason: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """A product worth offering, with why."""

    product: Product
    score: float
    propensity: float  # chance in (0, 1] with which the policy chose it here
    policy: str
    reason: Reason
    served_id: str | None = None  # set once it was shown and logged


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a knowledge article that answers a question."""

    slug: str
    title: str
    text: str
    language: str
    category: str
    score: float  # in [0, 1], calibrated so that below `knowledge.THRESHOLD` it is "not known"


@dataclass(frozen=True, slots=True)
class Label:
    """What a text was classified as."""

    value: str
    probability: float
    words: tuple[tuple[str, float], ...] = ()  # the words that decided, with their weights


@dataclass(frozen=True, slots=True)
class FeedbackReading:
    """What the feedback models make of one text."""

    language: str
    category: Label
    sentiment: Label  # negative | neutral | positive
    serious: bool  # negative enough, or of a kind, that a person should be offered
    model_version: str
    extras: dict[str, Any] = field(default_factory=dict)
