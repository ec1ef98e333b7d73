"""What the law lets people ask about their data: a copy, a correction, erasure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from crm_core.errors import InvalidInput
from crm_core.privacy import rights
from crm_core.records.people import Actor
from crm_core.references import new_reference
from crm_core.storage import access_log, customers, personal_data
from crm_core.storage import privacy_requests as rows
from crm_core.use_cases.context import Context

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

    def erase(self, customer_id: str, *, actor: Actor) -> None:
        """Erase a person: their keys are destroyed and their identities deleted; it cannot be undone.

        Orders and figures stay, without a name. The assistant's own memory of the conversations is not part of this
        database; the gateway forgets it by `DELETE /webhooks/gateway/conversations/<id>`.

        Raises:
            NotAllowed: The actor may not.
            CustomerNotFound: There is no such customer.
        """
        rights.check(actor, "erase", customer_id=customer_id)
        with self._context.database.writing() as connection:
            person = personal_data.ids_of(connection, customers.by_id(connection, customer_id).id)
            personal_data.erase(connection, self._context.keys, person, self._context.clock())
            self._done(connection, actor, "customer_erased", person, KINDS, ())

    def _done(
        self, connection: Any, actor: Actor, deed: str, person: personal_data.Person, kinds: Any, fields: Any
    ) -> None:
        """Close the requests that this fulfils and write the deed into the access log."""
        at = self._context.clock()
        rows.finish(connection, person, kinds, at)
        access_log.append(connection, self._context.keys.vault.blind_index, actor, deed, person[0], fields, at)
