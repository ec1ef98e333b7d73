"""Who a customer is, and who works here."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Role(StrEnum):
    """What a member of staff may do; each may do all that the ones before it may."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    MANAGER = "manager"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Agent:
    """A member of staff."""

    id: str
    email: str
    name: str
    role: Role
    language: str
    active: bool


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, for rights and for the access log."""

    id: str
    role: str  # a Role, or "system" / "customer"


SYSTEM = Actor("system", "system")


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a model decided as it did: a code with values; the words are `reason-<code>` in the locale files."""

    code: str
    weight: float
    values: dict[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Score:
    """One number known of one customer."""

    id: str
    task: str  # segment | purchase_intent
    value: float
    label: str | None
    lower: float | None
    upper: float | None
    reasons: tuple[Reason, ...]
    model_version: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer as staff and actions see one; personal values are masked unless unmasked on purpose."""

    id: str
    status: str
    name: str | None
    emails: tuple[str, ...]
    phones: tuple[str, ...]
    language: str | None
    country: str | None
    city: str | None
    masked: bool
    attributes: dict[str, Any]
    first_seen_at: datetime
    last_seen_at: datetime
    number: str | None = None  # what the shop knows them by


@dataclass(frozen=True, slots=True)
class Interaction:
    """Something that a customer did, by Segment's names: Product Viewed, Order Completed and so on."""

    id: str
    name: str
    channel: str
    source: str
    conversation_id: str | None
    product_id: str | None
    amount_minor: int | None
    currency: str | None
    properties: dict[str, Any]
    occurred_at: datetime
