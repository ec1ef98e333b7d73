"""How good imported data was, and taking back what an import did to a value."""

from __future__ import annotations

from typing import Any

from crm_core.errors import Conflict, InvalidInput
from crm_core.intake.entities import Kind, entity
from crm_core.privacy.masking import mask_name
from crm_core.records.people import Actor
from crm_core.records.quality import FieldQuality, LoggedIssue, SourceQuality
from crm_core.storage import access_log
from crm_core.storage import quality as storage
from crm_core.storage.keys import SubjectKeyGone
from crm_core.storage.tables import identities
from crm_core.use_cases.context import Context

_PERSONAL = ("name", "email", "phone", "address", "text", "customer_number", "tracking_number", "")
_AS_TEXT = (Kind.TEXT, Kind.CODE, Kind.WORD, Kind.COUNTRY, Kind.EMAIL, Kind.PHONE)


class Quality:
    """Shows and undoes what imports did.

    Args:
        context: The collaborators.
    """

    def __init__(self, context: Context) -> None:
        self._context = context

    def fields(self) -> list[FieldQuality]:
        """Give the figures of every field by source."""
        with self._context.database.reading() as connection:
            counts = storage.action_counts(connection)
            sums = storage.field_sums(connection)
        return [
            FieldQuality(
                row["source"],
                row["entity"],
                row["field"],
                row["rows"],
                row["kept"],
                row["missing_before"],
                row["missing_after"],
                counts.get((row["source"], row["entity"], row["field"]), {}),
            )
            for row in sums
        ]

    def sources(self) -> list[SourceQuality]:
        """Give the sums of every source."""
        with self._context.database.reading() as connection:
            return [
                SourceQuality(
                    row["source"],
                    row["entity"],
                    row["imports"],
                    row["rows_read"],
                    row["accepted"],
                    row["rejected"],
                    row["repaired"],
                    row["known"],
                )
                for row in storage.source_sums(connection)
            ]

    def issues(self, limit: int = 50, *, actor: Actor | None = None, **wanted: str) -> list[LoggedIssue]:
        """Give lines of the quality log, newest first.

        Args:
            limit: At most so many.
            actor: Who wants to see personal values whole; the access log notes it. None: they are masked.
            wanted: `source`, `entity`, `field`, `action` or `import_id` that they must have.
        """
        with self._context.database.writing() if actor else self._context.database.reading() as connection:
            found = storage.issues(connection, limit, **wanted)
            self._context.keys.prefetch(connection, [row["key_id"] for row in found])
            if actor is not None:
                hash_, at = self._context.keys.vault.blind_index, self._context.clock()
                fields = sorted({row["field"] for row in found})
                access_log.append(connection, hash_, actor, "quality_log_read", "quality", fields, at)
            return [self._issue(connection, row, masked=actor is None) for row in found]

    def undo(self, issue_id: str) -> None:
        """Take back what an import did to a value: what came stands again, where it still stands as it was made.

        A flag that is undone says that somebody looked and found the value right. A mended e-mail address or phone
        number that is undone is no longer the customer's.

        Raises:
            IssueNotFound: There is no such line.
            Conflict: It is undone already, the value was changed since, or the row was rejected.
            InvalidInput: What came cannot stand in that field.
        """
        with self._context.database.writing() as connection:
            row = storage.issue(connection, issue_id)
            if row["undone_at"] is not None:
                raise Conflict("this is undone already")
            if row["action"] == "rejected":
                raise Conflict("the row was rejected: mend it in the file of rejected rows, and import that")
            if row["action"] != "flagged":
                self._put_back(connection, row)
            storage.mark_undone(connection, issue_id, self._context.clock())

    def _put_back(self, connection: Any, row: dict[str, Any]) -> None:
        kind = entity(row["entity"]).fields[row["field"]].kind
        before, after = (self._opened(connection, row, name) for name in ("before", "after"))
        value = _as_stored(kind, row["field"], before or "")
        table, column, records = storage.target(connection, row)
        if table is identities:
            value = self._context.clock()  # its end: what came is no address, so there is none
            after = self._context.keys.vault.blind_index(row["field"], after) if after else None
        ids = [one["id"] for one in records if self._stands(connection, one, table, column.name, after)]
        if not ids:
            raise Conflict(f"{row['field']}: the value was changed since, or cannot be changed")
        if column.name.endswith("_encrypted"):
            value = self._context.keys.seal(connection, records[0]["key_id"], str(value))
        storage.put(connection, table, column, ids, value)

    def _stands(self, connection: Any, record: dict[str, Any], table: Any, column: str, after: str | None) -> bool:
        """Tell whether a record still has the value that the import gave it."""
        value = record["value"]
        if value is not None and column.endswith("_encrypted"):
            value = self._context.keys.open(connection, record["key_id"], value)
        return value is None if after is None else value is not None and str(value) == after

    def _issue(self, connection: Any, row: dict[str, Any], *, masked: bool) -> LoggedIssue:
        values = [self._opened(connection, row, name) for name in ("before", "after")]
        if masked and row["field"] in _PERSONAL:
            values = [mask_name(value) if value else value for value in values]
        own = {name: row[name] for name in ("id", "source", "entity", "line", "field", "check", "action", "undone_at")}
        return LoggedIssue(file=row["file_name"], before=values[0], after=values[1], **own)

    def _opened(self, connection: Any, row: dict[str, Any], name: str) -> str | None:
        sealed = row[f"{name}_encrypted"]
        try:
            return None if sealed is None else self._context.keys.open(connection, row["key_id"], sealed)
        except SubjectKeyGone:
            return None


def _as_stored(kind: Kind, name: str, before: str) -> Any:
    """Give what came as its column can hold it."""
    if kind in _AS_TEXT:
        return before
    if kind is Kind.INTEGER:
        try:
            return int(before)
        except ValueError:
            raise InvalidInput(name, before, "is not a whole number, which is all that can stand there") from None
    raise InvalidInput(name, before, "means the same as what was taken: only its way of writing was mended")
