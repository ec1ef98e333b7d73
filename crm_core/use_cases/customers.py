"""Customers: who they are, how they are found, what they did and agreed to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.errors import InvalidInput
from crm_core.privacy import rights
from crm_core.privacy.identifiers import normalise
from crm_core.privacy.masking import mask_email, mask_name, mask_phone
from crm_core.records.consent import Consent, Purpose
from crm_core.records.people import Actor, Customer, Interaction
from crm_core.storage import access_log, activity, consents, interactions
from crm_core.storage import customers as rows
from crm_core.storage.customers import Row
from crm_core.storage.keys import SubjectKeyGone
from crm_core.use_cases.context import Context

KINDS = ("email", "phone", "customer_number", "visitor")
PURPOSES = tuple(purpose.value for purpose in Purpose)
_OF_SERVICE = "Order "  # begins the names of what belongs to a contract and not to a behaviour
_UNMASKED = ("name", "email", "phone")


class Customers:
    """Everything about customers but their orders, scores and rights under privacy law.

    Args:
        context: The collaborators of the use cases.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def find(self, kind: str, value: str, *, language: str = "en") -> str | None:
        """Give the customer who is known by a value now.

        Args:
            kind: email, phone, customer_number or visitor.
            value: As somebody wrote it.
            language: How a phone number without a country code is read.

        Raises:
            InvalidInput: It is no such value.
        """
        index = self._context.keys.vault.blind_index(kind, normalise(kind, value, language))
        with self._context.database.reading() as connection:
            return rows.find(connection, kind, index)

    def by_number(self, customer_number: str) -> str | None:
        """Give the customer whom the shop knows by a number."""
        return self.find("customer_number", customer_number)

    def came_from(self, customer_number: str, source: str) -> bool:
        """Tell whether there is a customer with a number, and a source brought them in: not only completed them."""
        customer_id = self.by_number(customer_number)
        if customer_id is None:
            return False
        with self._context.database.reading() as connection:
            return rows.first_source(connection, customer_id) == source

    def get(
        self, customer_id: str, *, actor: Actor, unmask: bool = False, conversation_id: str | None = None
    ) -> Customer:
        """Give a customer, personal values masked unless they are asked for whole.

        Args:
            customer_id: Who.
            actor: Who looks.
            unmask: Show the values whole; that is written into the access log.
            conversation_id: In which conversation they are shown whole; its timeline tells so, too.

        Raises:
            CustomerNotFound: There is none.
            NotAllowed: The actor may not.
        """
        rights.check(actor, "unmask" if unmask else "customers", customer_id=customer_id)
        if not unmask:
            with self._context.database.reading() as connection:
                return self._record(connection, rows.by_id(connection, customer_id), unmask=False)
        with self._context.database.writing() as connection:
            customer = self._record(connection, rows.by_id(connection, customer_id), unmask=True)
            hash_ = self._context.keys.vault.blind_index
            at = self._context.clock()
            access_log.append(connection, hash_, actor, "customer_unmasked", customer.id, _UNMASKED, at)
            if conversation_id is not None:
                activity.add(connection, conversation_id, "unmasked", actor.id, at)
            return customer

    def search(self, text: str, *, actor: Actor, limit: int = 20) -> list[Customer]:
        """Give the customers whose e-mail address, phone number or customer number is exactly this.

        Raises:
            NotAllowed: The actor may not.
        """
        rights.check(actor, "customers")
        found: dict[str, None] = {}
        for kind in ("email", "phone", "customer_number"):
            try:
                customer_id = self.find(kind, text)
            except InvalidInput:
                continue
            if customer_id is not None:
                found[customer_id] = None
        with self._context.database.reading() as connection:
            return [
                self._record(connection, rows.by_id(connection, customer_id), unmask=False)
                for customer_id in list(found)[:limit]
            ]

    def create(
        self,
        *,
        source: str,
        name: str | None = None,
        email: str | None = None,
        phone: str | None = None,
        customer_number: str | None = None,
        language: str | None = None,
        country: str | None = None,
        city: str | None = None,
        address: object = None,
        gender: str | None = None,
        birth_year: int | None = None,
        attributes: dict[str, Any] | None = None,
    ) -> str:
        """Add a customer and give their id.

        Raises:
            InvalidInput: A value cannot be used.
            Conflict: Another customer has the e-mail address, phone number or customer number.
        """
        given = {"email": email, "phone": phone, "customer_number": customer_number}
        known_as = {kind: normalise(kind, value, language or "en") for kind, value in given.items() if value}
        values = {
            "status": "active",
            "language": language,
            "country": country,
            "city": city,
            "gender": gender,
            "birth_year": birth_year,
            "attributes": attributes or {},
        }
        keys, at = self._context.keys, self._context.clock()
        with self._context.database.writing() as connection:
            customer_id, key_id = rows.insert(connection, keys, values, at, name=name, address=address)
            for kind, value in known_as.items():
                rows.add_identity(connection, keys, customer_id, key_id, kind, value, at, source=source)
        return customer_id

    def set_contact(self, customer_id: str, *, email: str | None = None, phone: str | None = None, source: str) -> None:
        """Replace a customer's e-mail address or phone number; the earlier one stays on record as past.

        Raises:
            CustomerNotFound: There is none.
            InvalidInput: A value cannot be used.
            Conflict: Another customer has it.
        """
        with self._context.database.writing() as connection:
            row = rows.by_id(connection, customer_id)
            for kind, value in (("email", email), ("phone", phone)):
                if value:
                    self._set_contact(connection, row, kind, normalise(kind, value, row.language or "en"), source)

    def _set_contact(self, connection: sa.Connection, row: Row, kind: str, value: str, source: str) -> None:
        keys, at = self._context.keys, self._context.clock()
        if rows.find(connection, kind, keys.vault.blind_index(kind, value)) == row.id:
            return
        rows.end_identities(connection, row.id, kind, at)
        rows.add_identity(connection, keys, row.id, row.key_id, kind, value, at, source=source)

    def history(self, customer_id: str, limit: int = 100) -> list[Interaction]:
        """Give what a customer did, the newest first."""
        with self._context.database.reading() as connection:
            return interactions.of_customer(connection, customer_id, limit)

    def track(
        self,
        customer_id: str,
        name: str,
        *,
        channel: str,
        source: str,
        external_id: str | None = None,
        conversation_id: str | None = None,
        session_id: str | None = None,
        product_sku: str | None = None,
        amount_minor: int | None = None,
        currency: str | None = None,
        properties: dict[str, Any] | None = None,
        occurred_at: datetime | None = None,
    ) -> bool:
        """Keep something that a customer did; of one who refuses analytics only what belongs to an order.

        Args:
            customer_id: Who.
            name: What, by Segment's names: Product Viewed, Product Added, Order Completed …
            channel: Where: web, rest …
            source: Who reports it.
            external_id: The source's own id; a repeat is kept once.
            conversation_id: In which conversation, if in one.
            session_id: In which visit, if known.
            product_sku: Of which product; an unknown one is left out.
            amount_minor: How much money, in minor units.
            currency: Of the amount.
            properties: Anything else; never personal values.
            occurred_at: When, if not now.

        Returns:
            Whether it is new.
        """
        at = self._context.clock()
        with self._context.database.writing() as connection:
            person = rows.by_id(connection, customer_id).id
            if not name.startswith(_OF_SERVICE) and consents.has_refused(connection, person, Purpose.ANALYTICS):
                return False
            values = {
                "customer_id": person,
                "conversation_id": conversation_id,
                "session_id": session_id,
                "name": name,
                "channel": channel,
                "source": source,
                "external_id": external_id,
                "product_id": interactions.product_id(connection, product_sku) if product_sku else None,
                "amount_minor": amount_minor,
                "currency": currency,
                "properties": properties or {},
                "occurred_at": occurred_at or at,
                "received_at": at,
            }
            return interactions.append(connection, values)

    def consents(self, customer_id: str) -> dict[str, bool]:
        """Give what a customer agreed to or refused, by purpose; what they were never asked is not in it."""
        with self._context.database.reading() as connection:
            return consents.current(connection, customer_id)

    def consent_history(self, customer_id: str) -> list[Consent]:
        """Give every answer that a customer ever gave, the first one first, with its proof."""
        with self._context.database.reading() as connection:
            return consents.history(connection, customer_id)

    def set_consent(
        self,
        customer_id: str,
        purpose: str,
        granted: bool,
        *,
        source: str,
        text_version: str | None = None,
        proof: str | None = None,
    ) -> None:
        """Keep a customer's answer to being asked for their consent; it counts from the next thing that is done.

        Args:
            customer_id: Who.
            purpose: service, analytics, profiling or marketing.
            granted: The answer.
            source: Where it was given.
            text_version: Of the words that were agreed to.
            proof: Where it can be seen: `message:<id>`, `form:<id>` … at most 200 characters.

        Raises:
            InvalidInput: It is no such purpose, or a text is too long.
            CustomerNotFound: There is no such customer.
        """
        if purpose not in PURPOSES:
            raise InvalidInput("purpose", purpose, f"is not one of {', '.join(PURPOSES)}")
        for field, text, most in (("text_version", text_version, 64), ("proof", proof, 200)):
            if text is not None and len(text) > most:
                raise InvalidInput(field, text, f"is longer than {most} characters")
        answer = Consent(Purpose(purpose), granted, self._context.clock(), source, text_version, proof)
        with self._context.database.writing() as connection:
            consents.append(connection, rows.by_id(connection, customer_id).id, answer)

    def _record(self, connection: sa.Connection, row: Row, *, unmask: bool) -> Customer:
        known: dict[str, list[str]] = {kind: [] for kind in KINDS}
        for identity in rows.identities_of(connection, [row.id]):
            value = self._opened(connection, row.key_id, identity.value_encrypted)
            if value is not None:
                known[identity.kind].append(value)
        name = row.name_encrypted and self._opened(connection, row.key_id, row.name_encrypted)
        return Customer(
            id=row.id,
            status=row.status,
            name=name if unmask or not name else mask_name(name),
            emails=tuple(value if unmask else mask_email(value) for value in known["email"]),
            phones=tuple(value if unmask else mask_phone(value) for value in known["phone"]),
            language=row.language,
            country=row.country,
            city=row.city,
            masked=not unmask,
            attributes=row.attributes,
            first_seen_at=row.first_seen_at,
            last_seen_at=row.last_seen_at,
            number=next(iter(known["customer_number"]), None),
        )

    def _opened(self, connection: sa.Connection, key_id: str, sealed: bytes) -> str | None:
        try:
            return self._context.keys.open(connection, key_id, sealed)
        except SubjectKeyGone:
            return None  # erased
