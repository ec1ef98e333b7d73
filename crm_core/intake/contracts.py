"""The contract that cleaned rows must keep, as a pandera schema for each entity."""

from __future__ import annotations

from functools import cache

import pandas as pd
from pandera.errors import SchemaErrors
from pandera.pandas import Check, Column, DataFrameSchema

from crm_core.intake.entities import Entity, Field, Kind, entity

_NUMBERS = (Kind.MONEY, Kind.INTEGER)


@cache
def contract(name: str) -> DataFrameSchema:
    """Give the schema of an entity; the error of each check is the code of a reason."""
    return DataFrameSchema({field.name: _column(field) for field in entity(name).fields.values()}, strict=False)


def breaches(frame: pd.DataFrame, kind: Entity) -> pd.DataFrame:
    """Give where a frame breaks its entity's contract.

    Returns:
        A frame with `row` (position), `field` and `reason`, empty when all is well.
    """
    schema = contract(kind.name)
    present = DataFrameSchema({name: column for name, column in schema.columns.items() if name in frame})
    try:
        present.validate(frame, lazy=True)
    except SchemaErrors as errors:
        cases = errors.failure_cases
        found = pd.DataFrame({"row": cases["index"], "field": cases["column"], "reason": cases["check"]})
        found["reason"] = found["reason"].replace({"not_nullable": "missing"})
        return found.dropna(subset=["row"]).astype({"row": int})
    return pd.DataFrame({"row": [], "field": [], "reason": []})


def _column(field: Field) -> Column:
    checks = []
    if field.kind in _NUMBERS:
        if field.least is not None:
            checks.append(Check.ge(field.least, error="too_small"))
        if field.most is not None:
            checks.append(Check.le(field.most, error="too_large"))
    return Column(checks=checks, nullable=not field.required, required=False)
