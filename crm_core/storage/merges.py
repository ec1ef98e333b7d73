"""The rows of `merges`, and what follows from them: which record stands for which person."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.errors import NotFound
from crm_core.identity.grouping import Groups, joined_since, survivor
from crm_core.records.merges import Evidence, Merge, State
from crm_core.storage import bulk
from crm_core.storage.tables import customers, identities, merges
from crm_core.storage.upsert import upsert

_LOCK = 0x6D65726765  # one run at a time on PostgreSQL; any number not used elsewhere
LIVING = ("active", "anonymous", "merged")


class MergeNotFound(NotFound):
    """No such merge."""

    what = "merge"


def alone(connection: sa.Connection) -> None:
    """Wait until nobody else changes who is who; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))


def by_id(connection: sa.Connection, merge_id: str) -> Merge:
    """Give a pair by its id.

    Raises:
        MergeNotFound: There is none.
    """
    row = connection.execute(sa.select(merges).where(merges.c.id == merge_id)).one_or_none()
    if row is None:
        raise MergeNotFound(merge_id)
    return _record(row)


def between(connection: sa.Connection, one: str, other: str) -> Merge | None:
    """Give what is known of two records, in either order."""
    left, right = sorted((one, other))
    row = connection.execute(
        sa.select(merges).where(merges.c.left_id == left, merges.c.right_id == right)
    ).one_or_none()
    return None if row is None else _record(row)


def doubtful(connection: sa.Connection, limit: int) -> list[Merge]:
    """Give the pairs that wait for a person, the surest first; not those joined meanwhile by others, nor the erased."""
    left, right = customers.alias("one"), customers.alias("other")
    query = (
        sa.select(merges)
        .join(left, left.c.id == merges.c.left_id)
        .join(right, right.c.id == merges.c.right_id)
        .where(merges.c.state == State.DOUBTFUL.value, left.c.status.in_(LIVING), right.c.status.in_(LIVING))
        .where(sa.func.coalesce(left.c.merged_into, left.c.id) != sa.func.coalesce(right.c.merged_into, right.c.id))
        .order_by(merges.c.weight.desc(), merges.c.id)
        .limit(limit)
    )
    return [_record(row) for row in connection.execute(query)]


def living(connection: sa.Connection, records: Collection[str]) -> Iterable[str]:
    """Give those of some records whose person is not erased."""
    own, first = customers.alias("own"), customers.alias("first")
    for part in bulk.batches(records):
        query = sa.select(own.c.id).join(first, first.c.id == sa.func.coalesce(own.c.merged_into, own.c.id))
        yield from connection.scalars(query.where(own.c.id.in_(part), first.c.status.in_(LIVING)))


def of_records(connection: sa.Connection, records: Collection[str]) -> list[Merge]:
    """Give all that is known of some records, the surest first."""
    ids = list(records)
    query = sa.select(merges).where(sa.or_(merges.c.left_id.in_(ids), merges.c.right_id.in_(ids)))
    return [_record(row) for row in connection.execute(query.order_by(merges.c.weight.desc(), merges.c.id))]


def links(connection: sa.Connection) -> list[tuple[str, str]]:
    """Give every pair that is merged."""
    return [(left, right) for left, right, _ in _links(connection)]


def _links(connection: sa.Connection) -> Iterable[tuple[str, str, datetime]]:
    query = sa.select(merges.c.left_id, merges.c.right_id, merges.c.decided_at)
    return [tuple(row) for row in connection.execute(query.where(merges.c.state == State.MERGED.value))]


def pairs(connection: sa.Connection) -> dict[frozenset[str], State]:
    """Give every pair that is known, and what holds of it."""
    query = sa.select(merges.c.left_id, merges.c.right_id, merges.c.state)
    return {frozenset((left, right)): State(state) for left, right, state in connection.execute(query)}


def keep(connection: sa.Connection, found: Sequence[Merge]) -> None:
    """Keep pairs; one that is known already gets the new state and evidence."""
    for part in bulk.batches(_row(one) for one in found):
        upsert(connection, merges, part, key=("left_id", "right_id"))


def _row(one: Merge) -> dict[str, Any]:
    return {
        "id": new_id(),
        "left_id": min(one.left, one.right),
        "right_id": max(one.left, one.right),
        "state": one.state.value,
        "rule": one.rule,
        "weight": one.weight,
        "evidence": {each.field: [each.level, each.bits] for each in one.evidence},
        "found_at": one.found_at,
        "decided_by": one.decided_by,
        "decided_at": one.decided_at,
    }


def decide(connection: sa.Connection, merge_id: str, state: State, by: str, at: datetime) -> None:
    """Note what was decided of a pair."""
    values = {"state": state.value, "decided_by": by, "decided_at": at}
    connection.execute(merges.update().where(merges.c.id == merge_id).values(values))


def settle(connection: sa.Connection, records: Iterable[str]) -> None:
    """Let each record point to the one that stands for its person, as the merged pairs have it.

    Args:
        connection: An open transaction.
        records: The records whose pairs have changed; all that hang together with them are looked at.
    """
    held = _links(connection)
    groups = Groups((left, right) for left, right, _ in held)
    todo = {record for one in records for record in groups.of(one)}
    there = bulk.customer_rows(connection, todo)
    numbered = set(_with_number(connection, todo))
    rank = {id_: (id_ not in numbered, row["first_seen_at"], id_) for id_, row in there.items()}
    standing = {group: survivor(group, rank) for group in {groups.of(id_) for id_ in there}}
    since = joined_since(standing.values(), held)
    changes = []
    for id_, row in there.items():
        first = standing[groups.of(id_)]
        into = None if first == id_ else first
        if (into, since.get(id_)) != (row["merged_into"], row["merged_at"]):
            changes.append(_settled(row, into, since.get(id_)))
    bulk.change(connection, customers, changes)


def _settled(row: dict[str, Any], into: str | None, at: datetime | None) -> dict[str, Any]:
    before = row["status_before"] or row["status"]
    merged = into is not None
    return {
        "id": row["id"],
        "merged_into": into,
        "merged_at": at,
        "status": "merged" if merged else before,
        "status_before": before if merged else None,
    }


def _with_number(connection: sa.Connection, records: Collection[str]) -> Iterable[str]:
    """Give the records that a shop knows by a number: they stand for the person before those that a visit left."""
    for part in bulk.batches(records):
        query = sa.select(identities.c.customer_id).where(
            identities.c.customer_id.in_(part), identities.c.kind == "customer_number"
        )
        yield from connection.scalars(query)


def _record(row: sa.Row[*tuple[Any, ...]]) -> Merge:
    evidence = tuple(Evidence(field, level, bits) for field, (level, bits) in row.evidence.items())
    return Merge(
        row.id, row.left_id, row.right_id, State(row.state), row.rule, row.weight, evidence, row.found_at,
        row.decided_by, row.decided_at,
    )  # fmt: skip
