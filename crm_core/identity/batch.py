"""Every pair of records that may be one person, out of a whole database: splink on DuckDB, in memory only.

Robin Linacre et al., "Splink: Free software for probabilistic record linkage at scale" (International Journal of
Population Data Science, 2022). Only this file knows splink.
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import pyarrow as pa

from crm_core.identity.blocks import ANY_OF, TOGETHER
from crm_core.identity.comparing import FIELDS, UNKNOWN, abbreviated, initials, turned
from crm_core.identity.hubs import without_hubs
from crm_core.identity.pairs import Pair
from crm_core.identity.person import Person
from crm_core.identity.weights import FEW, Weights


def find_pairs(people: Sequence[Person], weights: Weights, least: float) -> list[Pair]:
    """Find the pairs of records that may be one person.

    Args:
        people: The records; each id once.
        weights: What each level counts.
        least: The weight from which a pair is given.
    """
    if len(people) < 2:
        return []
    import duckdb
    from splink import DuckDBAPI, Linker

    database = duckdb.connect(":memory:", config={"threads": os.cpu_count() or 1})
    try:
        api = DuckDBAPI(connection=database)
        linker = Linker(api.register(_table(without_hubs(people))), _settings(weights, len(people)))
        logging.getLogger("splink").setLevel(logging.ERROR)  # the linker has just set its own
        linker.table_management.register_term_frequency_lookup(api.register(_shares_of_names(people)), "name_key")
        scored = linker.inference.predict(threshold_match_weight=least, warning_mode="never")
        columns = ", ".join(f"gamma_{field.key}, {_bits(field.key)} AS w_{field.key}" for field in FIELDS)
        chosen = f"unique_id_l, unique_id_r, match_weight, {columns}"
        query = f"SELECT {chosen} FROM {scored.physical_name} ORDER BY 3 DESC, 1, 2"  # noqa: S608  # our own words only
        return list(_pairs(database.sql(query).to_arrow_table()))
    finally:
        database.close()


def _bits(field: str) -> str:
    return "mw_name + mw_tf_adj_name" if field == "name" else f"mw_{field}"


def _pairs(table: pa.Table) -> Iterator[Pair]:
    columns = {name: table.column(name).to_pylist() for name in table.column_names}
    for at in range(table.num_rows):
        yield Pair(
            columns["unique_id_l"][at],
            columns["unique_id_r"][at],
            columns["match_weight"][at],
            {field.key: _level(field.key, columns[f"gamma_{field.key}"][at]) for field in FIELDS},
            {field.key: round(columns[f"w_{field.key}"][at], 2) for field in FIELDS},
        )


_WORDS = {field.key: [level.key for level in reversed(field.levels)] for field in FIELDS}


def _level(field: str, gamma: int) -> str:
    return UNKNOWN if gamma < 0 else _WORDS[field][gamma]


def _table(people: Sequence[Person]) -> pa.Table:
    """Give the records as splink reads them; an empty value never meets another in a block."""
    words = [" ".join(one.name.words) for one in people]
    return pa.table(
        {
            "unique_id": [one.id for one in people],
            "han": [one.name.han for one in people],
            "turned": [turned(one) for one in people],
            "name": words,
            "name_back": [" ".join(reversed(one.name.words)) for one in people],
            "name_key": pa.array([one.name.key or None for one in people], pa.string()),
            "words": pa.array([one.name.words for one in people], pa.list_(pa.string())),
            "initials": [initials(one) for one in people],
            "abbreviated": [abbreviated(one) for one in people],
            **{
                field: pa.array([getattr(one, field) or None for one in people], pa.string())
                for field in ("born", "address", "city", "mailbox")
            },
            **{
                field: pa.array([getattr(one, field) for one in people], pa.list_(pa.string()))
                for field in ("emails", "phones", "devices")
            },
        }
    )


def _shares_of_names(people: Sequence[Person]) -> pa.Table:
    """Give how common each name is: two records of a rare name are likelier one person."""
    counted = Counter(one.name.key for one in people if one.name.key)
    among = max(len(people), FEW)
    shares = {"name_key": list(counted), "tf_name_key": [count / among for count in counted.values()]}
    return pa.table(shares, schema=pa.schema([("name_key", pa.string()), ("tf_name_key", pa.float64())]))


def _settings(weights: Weights, records: int) -> dict[str, Any]:
    return {
        "link_type": "dedupe_only",
        "unique_id_column_name": "unique_id",
        "probability_two_random_records_match": weights.chance(records),
        "comparisons": [_comparison(field.key, weights) for field in FIELDS],
        "blocking_rules_to_generate_predictions": [
            *(
                {"blocking_rule": f"l.{one} = r.{one}", "sql_dialect": "duckdb", "arrays_to_explode": [one]}
                for one in ANY_OF
            ),
            *(
                {"blocking_rule": " AND ".join(f"l.{one} = r.{one}" for one in fields), "sql_dialect": "duckdb"}
                for fields in TOGETHER
            ),
        ],
        "retain_matching_columns": True,  # else splink drops the levels, too
        "retain_intermediate_calculation_columns": True,
    }


def _comparison(key: str, weights: Weights) -> dict[str, Any]:
    field = next(field for field in FIELDS if field.key == key)
    levels: list[dict[str, Any]] = [
        {"sql_condition": field.missing_sql, "label_for_charts": UNKNOWN, "is_null_level": True}
    ]
    for level in field.levels:
        m, u = weights.of(key, level.key)
        made = {"sql_condition": level.sql, "label_for_charts": level.key, "m_probability": m, "u_probability": u}
        if key == "name" and level.key in ("characters", "same"):
            made |= {"tf_adjustment_column": "name_key", "tf_adjustment_weight": 1.0}
        levels.append(made)
    return {"output_column_name": key, "comparison_levels": levels}
