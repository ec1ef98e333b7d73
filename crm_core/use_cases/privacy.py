"""What the law lets people ask about their data: a copy, a correction, erasure."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.errors import AttachmentNotFound, CustomerNotFound, InvalidInput
from crm_core.privacy import rights
from crm_core.privacy.identifiers import normalise
from crm_core.records.people import Actor
from crm_core.records.privacy import Certificate
from crm_core.references import new_reference
from crm_core.storage import access_log, customers, personal_data
from crm_core.storage import privacy_requests as rows
from crm_core.use_cases.attachments import Attachments
from crm_core.use_cases.context import Context
from crm_core.use_cases.customers import KINDS as IDENTITIES
from crm_core.use_cases.erasure import Erasure

KINDS = ("export", "erase", "rectify")


@dataclass(frozen=True, slots=True)
class PrivacyRequest:
    """A wish about one's data that somebody has yet to see to."""

    reference: str
    customer_id: str
    kind: str  # export | erase | rectify
    requested_at: datetime


class Privacy:
    """The use cases of people's rights over their data."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._attachments = Attachments(context)

    def request(self, customer_id: str, kind: str, conversation_id: str | None = None) -> str:
        """Write a wish down and give its reference; a second time gives the first one's.

        Raises:
            InvalidInput: The kind is none of `KINDS`.
            CustomerNotFound: There is no such customer.
        """
        if kind not in KINDS:
            raise InvalidInput("kind", kind, f"is none of {', '.join(KINDS)}")
        with self._context.database.writing() as connection:
            person = customers.by_id(connection, customer_id).id
            existing = rows.open_ones(connection, person, kind)
            if existing:
                return str(existing[0].detail["reference"])
            reference = new_reference(kind)
            rows.add(connection, person, kind, conversation_id, reference, self._context.clock())
        return reference

    def pending(self) -> list[PrivacyRequest]:
        """Give what has not been done yet, the oldest first."""
        with self._context.database.reading() as connection:
            return [
                PrivacyRequest(row.detail.get("reference", ""), row.customer_id, row.kind, row.requested_at)
                for row in rows.open_ones(connection)
            ]

    def person(self, who: str) -> str:
        """Give the customer who is meant by any of their identities, present or past, or by a reference or an id.

        Args:
            who: E-mail address, phone number, customer number, a visitor's or sender's id on a channel, the reference
                of an open request, or the customer's own id.

        Raises:
            CustomerNotFound: Nobody is known by that.
            InvalidInput: Several people are or were; their ids are named.
        """
        with self._context.database.reading() as connection:
            asked = {row.customer_id for row in rows.open_ones(connection) if row.detail.get("reference") == who}
            found = asked or self._known_as(connection, who)
            found = {customers.by_id(connection, each).id for each in found}
        if not found:
            raise CustomerNotFound(who)
        if len(found) > 1:
            raise InvalidInput("who", who, f"is or was known of several people: {', '.join(sorted(found))}")
        return found.pop()

    def _known_as(self, connection: sa.Connection, who: str) -> set[str]:
        vault = self._context.keys.vault
        found: set[str] = set()
        for kind in IDENTITIES:
            try:
                value = normalise(kind, who, self._context.settings.language)
            except InvalidInput:
                continue
            found |= personal_data.ever_known_as(connection, kind, vault.blind_index(kind, value))
        return found or personal_data.with_id_or_sender(connection, who.strip())

    def files(self, customer_id: str, *, actor: Actor) -> Iterator[tuple[str, bytes]]:
        """Give the files that a person sent, each with a name of its own; whoever exports may have them, too.

        Raises:
            NotAllowed: The actor may not.
        """
        rights.check(actor, "export", customer_id=customer_id)
        with self._context.database.reading() as connection:
            person = personal_data.ids_of(connection, customers.by_id(connection, customer_id).id)
            _, files = personal_data.places_of(connection, person)
        for file in files:
            try:
                found, content = self._attachments.open(file)
            except AttachmentNotFound:
                continue  # its time was over
            yield f"{file}-{found.name}", content

    def export(self, customer_id: str, *, actor: Actor) -> dict[str, Any]:
        """Give everything that is known about a person, personal values opened; the access log says who took it.

        Args:
            customer_id: About whom.
            actor: Who takes it: the person, or staff with the right `export`.

        Returns:
            One list of rows per kind of data, as JSON can hold it.

        Raises:
            NotAllowed: The actor may not.
            CustomerNotFound: There is no such customer.
        """
        rights.check(actor, "export", customer_id=customer_id)
        with self._context.database.writing() as connection:
            person = personal_data.ids_of(connection, customers.by_id(connection, customer_id).id)
            found = personal_data.collect(connection, self._context.keys, person)
            self._done(connection, actor, "customer_exported", person, ("export",), sorted(found))
        return found

    def erase(
        self, customer_id: str, *, actor: Actor, progress: Callable[[str], None] = lambda what: None
    ) -> Certificate:
        """Erase a person: their keys are destroyed and their identities deleted; it cannot be undone.

        Then every table and every file of the home and the models is looked through for their plain values and ids.
        Orders and figures stay, without a name. The assistant's own memory of the conversations is not part of this
        database; the gateway forgets it by `DELETE /webhooks/gateway/conversations/<id>`, and that comes first.

        Args:
            customer_id: Whom.
            actor: Who does it: the person, or staff with the right `erase`.
            progress: Is told what is looked through.

        Returns:
            What went and what is left; also kept with the request and, by its hash, in the access log.

        Raises:
            NotAllowed: The actor may not.
            CustomerNotFound: There is no such customer.
        """
        rights.check(actor, "erase", customer_id=customer_id)
        with self._context.database.reading() as connection:
            person = personal_data.ids_of(connection, customers.by_id(connection, customer_id).id)
        certificate = Erasure(self._context, person, actor).run(progress)
        with self._context.database.writing() as connection:
            rows.finish(connection, person, KINDS, self._context.clock())
        return certificate

    def certificate(self, reference: str) -> dict[str, Any] | None:
        """Give the certificate of an erasure by the reference of its request, or None where there is none."""
        with self._context.database.reading() as connection:
            return rows.certificate(connection, reference)

    def _done(
        self, connection: Any, actor: Actor, deed: str, person: personal_data.Person, kinds: Any, fields: Any
    ) -> None:
        """Close the requests that this fulfils and write the deed into the access log."""
        at = self._context.clock()
        rows.finish(connection, person, kinds, at)
        access_log.append(connection, self._context.keys.vault.blind_index, actor, deed, person[0], fields, at)
