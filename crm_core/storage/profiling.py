"""Who may be profiled: everybody who has not said no."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from crm_core.storage.tables import consents


def refuses_profiling(customer_id: sa.ColumnElement[Any]) -> sa.ColumnElement[bool]:
    """Tell, in SQL, whether the last word of a customer on profiling was no."""
    later = consents.alias("later")
    superseded = sa.exists().where(
        later.c.customer_id == consents.c.customer_id,
        later.c.purpose == consents.c.purpose,
        later.c.given_at > consents.c.given_at,
    )
    return sa.exists().where(
        consents.c.customer_id == customer_id,
        consents.c.purpose == "profiling",
        consents.c.granted.is_(False),
        ~superseded,
    )
