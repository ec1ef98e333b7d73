"""Inserts that meet a row which is there already, on either database."""

from __future__ import annotations

import sqlalchemy as sa

from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.storage.tables import agents, segments
from crm_core.storage.upsert import insert_or_ignore, upsert


def segment(key: str, size: int) -> dict[str, object]:
    return {"model_version": "m-1", "key": key, "size": size, "profile": {}, "rules": []}


def sizes(connection: sa.Connection) -> dict[str, int]:
    return {row.key: row.size for row in connection.execute(sa.select(segments))}


def test_rows_that_are_there_are_left_as_they_are_and_new_ones_counted(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        assert insert_or_ignore(connection, segments, segment("new", 1)) == 1
        assert insert_or_ignore(connection, segments, segment("new", 2)) == 0
        assert insert_or_ignore(connection, segments, [segment("new", 3), segment("loyal", 4)]) == 1
        assert insert_or_ignore(connection, segments, []) == 0
        assert sizes(connection) == {"new": 1, "loyal": 4}


def test_any_unique_rule_counts(any_crm: Crm) -> None:
    mei = {
        "email": "mei@example.com",
        "name": "Mei",
        "password_hash": "x",
        "role": "agent",
        "language": "en",
        "active": True,
        "created_at": any_crm._context.clock(),
    }
    with any_crm.database.writing() as connection:
        assert insert_or_ignore(connection, agents, {"id": new_id()} | mei) == 1
        assert insert_or_ignore(connection, agents, {"id": new_id()} | mei) == 0


def test_rows_that_are_there_are_updated(any_crm: Crm) -> None:
    key = ["model_version", "key"]
    with any_crm.database.writing() as connection:
        upsert(connection, segments, [segment("new", 1), segment("loyal", 2)], key=key)
        upsert(connection, segments, [segment("new", 3), segment("lost", 4)], key=key)
        upsert(connection, segments, [], key=key)
        assert sizes(connection) == {"new": 3, "loyal": 2, "lost": 4}


def test_only_the_named_columns_are_overwritten(any_crm: Crm) -> None:
    key = ["model_version", "key"]
    with any_crm.database.writing() as connection:
        upsert(connection, segments, segment("new", 1), key=key)
        upsert(connection, segments, segment("new", 2) | {"rules": ["r"]}, key=key, update=["rules"])
        row = connection.execute(sa.select(segments)).one()
    assert (row.size, row.rules) == (1, ["r"])
