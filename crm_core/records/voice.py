"""What customers have said of the shop, and what was offered to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from crm_core.records.people import Reason


@dataclass(frozen=True, slots=True)
class FeedbackEntry:
    """One complaint, praise or suggestion as it was kept; unclassified ones have neither category nor sentiment."""

    id: str
    customer_id: str | None
    conversation_id: str | None
    source: str
    text: str | None  # None once the customer was erased
    language: str
    category: str | None
    sentiment: str | None
    serious: bool
    words: tuple[tuple[str, float], ...]  # the words that decided the category, with their weights
    rating: int | None
    model_version: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OfferOutcome:
    """What a customer did with an offer."""

    event: str  # seen | click | cart | buy | reject
    value_minor: int | None
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class ServedOffer:
    """One offer as it was shown and logged."""

    id: str
    customer_id: str
    conversation_id: str | None
    sku: str
    title_en: str
    title_zh: str | None
    rank: int  # 1 is the first card
    policy: str
    propensity: float
    score: float
    reason: Reason
    served_at: datetime
    outcomes: tuple[OfferOutcome, ...] = ()
