"""The views for BI tools have the documented columns, on both databases, and show nobody's personal values."""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import sqlalchemy as sa

from crm_core.crm import Crm
from crm_core.storage.tables import customers, metadata, scores
from tests.crm_core.storage.every_table import fill

DOCUMENT = Path(__file__).parents[3] / "docs" / "views.md"
PERSONAL = re.compile(
    r"encrypted|_index|external_id|number|city|address|e?mail|phone|birth|gender|properties|reasons|text|body"
)


def documented() -> dict[str, list[str]]:
    """Give the columns of each view, as the document has them."""
    rows = re.findall(r"^\| `(bi_\w+)` \| (.+?) \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)
    return {name: re.findall(r"`(\w+)`", columns) for name, columns in rows}


def test_every_view_has_the_documented_columns_and_no_other(any_crm: Crm) -> None:
    with any_crm.database.reading() as connection:
        looked_at = sa.inspect(connection)
        there = {
            name: [column["name"] for column in looked_at.get_columns(name)] for name in looked_at.get_view_names()
        }
    assert there == documented()


def test_the_grant_in_the_document_names_every_view() -> None:
    grant = DOCUMENT.read_text("utf-8").split("GRANT SELECT ON ")[1].split(" TO ")[0]
    assert re.findall(r"bi_\w+", grant) == list(documented())


def test_no_column_holds_a_personal_value() -> None:
    columns = {column for names in documented().values() for column in names}
    assert [column for column in columns if PERSONAL.search(column)] == []
    assert "name" not in {
        column for view, names in documented().items() if view != "bi_interactions" for column in names
    }


def test_every_view_shows_what_its_tables_hold(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        fill(connection, metadata.sorted_tables, itertools.count(1))
        connection.execute(customers.update().values(status="active"))
        counts = {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in documented()}
    assert counts == dict.fromkeys(documented(), 1)


def test_of_scores_only_the_newest_shows(any_crm: Crm) -> None:
    with any_crm.database.writing() as connection:
        fill(connection, metadata.sorted_tables, itertools.count(1))
        first = dict(connection.execute(sa.select(scores)).mappings().one())
        later = {"id": "00000000-0000-7000-8000-000000000001", "as_of": first["as_of"].replace(year=2025, day=1)}
        connection.execute(scores.insert().values(**(first | later | {"value": 0.5})))
        assert connection.execute(sa.text("SELECT value FROM bi_scores")).scalars().all() == [0.5]
