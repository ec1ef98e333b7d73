"""What each record of a person tells of each field, and who told it: what the golden record is chosen from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from crm_core.identity.survivorship import Candidate, Golden
from crm_core.privacy.masking import mask_email, mask_name, mask_phone
from crm_core.storage import bulk, customers
from crm_core.storage.keys import KeyRing, SubjectKeyGone

_SEALED = ("name", "address")
_OPEN = ("city", "country", "language", "gender", "birth_year")
_KINDS = ("email", "phone")
_MASKS = {"name": mask_name, "email": mask_email, "phone": mask_phone}
_HIDDEN = "…"  # an address that may not be seen whole


def of(connection: sa.Connection, keys: KeyRing, records: Sequence[str]) -> dict[str, list[Candidate]]:
    """Give by field what a person's records tell.

    Where a record's name, address and so on come from is known only for the record as a whole: who first told how the
    customer is known.
    """
    told: dict[str, list[Candidate]] = {name: [] for name in ("name", "email", "phone", "address", *_OPEN)}
    rows = bulk.customer_rows(connection, records)
    for identity in customers.identities_of(connection, records):
        if identity.kind in _KINDS:
            value = _opened(connection, keys, rows[identity.customer_id]["key_id"], identity.value_encrypted)
            verified = identity.verified_at is not None
            told[identity.kind].append(
                Candidate(identity.customer_id, value, identity.source, identity.valid_from, verified)
            )
    for record, row in rows.items():
        source = customers.first_source(connection, record) or "visit"
        values = {name: _opened(connection, keys, row["key_id"], row[f"{name}_encrypted"]) for name in _SEALED}
        for name, value in (values | {name: row[name] for name in _OPEN}).items():
            told[name].append(Candidate(record, value, source, row["first_seen_at"]))
    return told


def masked(one: Golden) -> Golden:
    """Give a value as staff without the right to see it whole see it."""
    if one.field == "address":
        return replace(one, value=_HIDDEN)
    return replace(one, value=_MASKS[one.field](one.value)) if one.field in _MASKS else one


def _opened(connection: sa.Connection, keys: KeyRing, key_id: str, sealed: bytes | None) -> Any:
    if sealed is None:
        return None
    try:
        return one_line(keys.open(connection, key_id, sealed))
    except SubjectKeyGone:
        return None


def one_line(text: str | None) -> str | None:
    """Give an address that is kept as JSON as one line; anything else as it is."""
    if not (text or "").startswith(("{", "[", '"')):
        return text
    try:
        parts = json.loads(text or "")
    except ValueError:
        return text
    if isinstance(parts, str):
        return parts
    return " ".join(str(part) for part in (parts.values() if isinstance(parts, dict) else parts))
