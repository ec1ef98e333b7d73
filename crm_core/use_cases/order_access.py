"""Which order a conversation may see. Unknown and not yours give the same answer after the same work."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from crm_core.errors import InvalidInput, OrderNotFound
from crm_core.language import LANGUAGES
from crm_core.orders.guessing import REFUSE_AFTER, WINDOW
from crm_core.orders.numbers import read_number
from crm_core.privacy.identifiers import normalise_email, normalise_phone
from crm_core.privacy.vault import Vault
from crm_core.records.shop import Order
from crm_core.storage import activity, conversations, failed_lookups
from crm_core.storage import orders as rows
from crm_core.use_cases.context import Context
from crm_core.use_cases.identity import SHOWN

Row = sa.Row[*tuple[Any, ...]]


class OrderAccess:
    """Finds the orders that a conversation has shown to be its own."""

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, conversation_id: str, number: str, contact: str | None) -> Order:
        """Give the order, if the customer is verified and it is theirs, or the contact is the one it was placed with.

        Raises:
            InvalidInput: The number or the contact cannot be one.
            OrderNotFound: There is none, or it is not theirs, or too many look-ups failed.
        """
        spellings = {read_number(number), number.strip()}
        indexes = contact_indexes(self._context.keys.vault, contact) if contact else frozenset()
        with self._context.database.reading() as connection:
            talk = conversations.by_id(connection, conversation_id)
            row = self._visible(connection, talk, rows.by_number(connection, spellings), indexes)
            if row is not None:
                order = rows.with_items(connection, [row])[0]
        if row is not None:
            if indexes and not talk.verified:
                self._note_shown(conversation_id, order)
            return order
        with self._context.database.writing() as connection:
            at = self._context.clock()
            failed_lookups.add(connection, conversation_id, talk.customer_id, talk.channel, at)
            failed_lookups.add_of_contact(connection, indexes, at, at - WINDOW)
        raise OrderNotFound(number)

    def _note_shown(self, conversation_id: str, order: Order) -> None:
        """Keep once for each order that the conversation has shown to be its own: people on the desk see it."""
        with self._context.database.reading() as connection:
            told = activity.of_conversation(connection, conversation_id)
        if any(row.deed == SHOWN and row.detail.get("label") == order.number for row in told):
            return
        with self._context.database.writing(durable=False) as connection:
            activity.add(connection, conversation_id, SHOWN, "customer", self._context.clock(), label=order.number)

    def failures(self, conversation_id: str) -> int:
        """Give how many look-ups of this conversation failed lately."""
        with self._context.database.reading() as connection:
            return self._failures(connection, conversation_id)

    def _failures(self, connection: sa.Connection, conversation_id: str) -> int:
        return failed_lookups.count(connection, conversation_id, self._context.clock() - WINDOW)

    def _visible(
        self, connection: sa.Connection, talk: Row, found: Sequence[Row], indexes: frozenset[str]
    ) -> Row | None:
        """Give the order among those found that may be shown; every step is taken whether or not there is one.

        A contact with which too many look-ups failed shows nothing any more, in any conversation; a customer who is
        signed in needs none, so that nobody can shut a customer out by guessing with their address.
        """
        known = rows.owners_known_as(connection, [row.customer_id for row in found], indexes)
        refused = self._failures(connection, talk.id) >= REFUSE_AFTER
        since = self._context.clock() - WINDOW
        worn_out = failed_lookups.count_of_contact(connection, indexes, since) >= REFUSE_AFTER
        visible = [
            row
            for row in found
            if (talk.verified and row.customer_id == talk.customer_id)
            or (not worn_out and (row.customer_id in known or _placed_with(row, indexes)))
        ]
        return visible[0] if visible and not refused else None


def contact_indexes(vault: Vault, contact: str) -> frozenset[str]:
    """Give the blind indexes that an e-mail address or phone number may be stored under.

    Raises:
        InvalidInput: It is neither.
    """
    if "@" in contact:
        return frozenset({vault.blind_index("email", normalise_email(contact))})
    numbers = set()
    for language in LANGUAGES:  # without a country code it may be of either country
        with suppress(InvalidInput):
            numbers.add(normalise_phone(contact, language))
    if not numbers:
        raise InvalidInput("contact", contact, "is neither an e-mail address nor a phone number")
    return frozenset(vault.blind_index("phone", number) for number in numbers)


def _placed_with(row: Row, indexes: frozenset[str]) -> bool:
    stored = [index for index in (row.email_index, row.phone_index) if index]
    return any(hmac.compare_digest(index, given) for index in stored for given in indexes)
