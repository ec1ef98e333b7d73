"""The rows of `access_log`: who saw or changed which personal values, in a chain."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.privacy.chain import FIRST, Anchor, Entry, Verification
from crm_core.records.people import Actor
from crm_core.storage.tables import access_log

_AT_ONCE = 2000  # rows
KeyedHash = Callable[[str, str], str]
_ADVISORY_LOCK = 0x61636365_7373  # one writer at a time; any number not used elsewhere


def append(
    connection: sa.Connection,
    keyed_hash: KeyedHash,
    actor: Actor,
    action: str,
    subject: str,
    fields: Iterable[str],
    at: datetime,
) -> None:
    """Add an entry to the end of the chain, in the caller's transaction: no deed without its entry."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
    last = connection.scalar(sa.select(access_log.c.hash).order_by(access_log.c.id.desc()).limit(1))
    entry = Entry(at, actor.id, actor.role, action, subject, tuple(fields), last or FIRST)
    connection.execute(
        access_log.insert().values(
            at=entry.at,
            actor=entry.actor,
            role=entry.role,
            action=entry.action,
            subject=entry.subject,
            fields=list(entry.fields),
            previous_hash=entry.previous_hash,
            hash=entry.expected_hash(keyed_hash),
        )
    )


def entry_of(row: sa.Row[*tuple[Any, ...]]) -> Entry:
    """Give a row as an entry."""
    return Entry(row.at, row.actor, row.role, row.action, row.subject, tuple(row.fields), row.previous_hash, row.hash)


def of_subject(connection: sa.Connection, subject: str | None, limit: int) -> list[Entry]:
    """Give the entries about one customer or agent, or about anybody, the newest first."""
    query = sa.select(access_log).order_by(access_log.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(access_log.c.subject == subject)
    return [entry_of(row) for row in connection.execute(query)]


def verify(connection: sa.Connection, keyed_hash: KeyedHash, anchor: Anchor | None = None) -> Verification:
    """Go through the whole chain, and stop at the first entry that does not fit.

    Args:
        connection: Open for reading.
        keyed_hash: Makes the hashes.
        anchor: An earlier end of the log: it must still be in it.
    """
    query = sa.select(access_log).order_by(access_log.c.id).execution_options(yield_per=_AT_ONCE)
    with connection.execute(query) as rows:
        return _verify(rows, keyed_hash, anchor)


def _verify(rows: Iterable[Any], keyed_hash: KeyedHash, anchor: Anchor | None) -> Verification:
    last, count, end = FIRST, 0, None
    for row in rows:
        entry = entry_of(row)
        if replace(entry, hash="").expected_hash(keyed_hash) != entry.hash:
            return Verification(count, row.id, last, "changed")
        if entry.previous_hash != last:
            return Verification(count, row.id, last, "gone_before")
        if anchor is not None and row.id == anchor.id and entry.hash != anchor.hash:
            return Verification(count, row.id, last, "changed")
        last, count, end = entry.hash, count + 1, Anchor(row.id, entry.hash)
    if anchor is not None and (end is None or end.id < anchor.id):
        return Verification(count, (end.id if end else 0) + 1, last, "cut_off")
    return Verification(count, None, last, end=end)
