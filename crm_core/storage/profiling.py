"""Who may be profiled: everybody who has not said no."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.records.consent import Purpose
from crm_core.storage.consents import refuses


def refuses_profiling(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Tell, in SQL, whether the last word of a customer on profiling was no."""
    return refuses(customer_id, Purpose.PROFILING)
