"""What Alembic runs: the migrations, on the connection that `upgrade` hands over."""

from __future__ import annotations

from typing import Any, Literal

import sqlalchemy as sa
from alembic import context

from crm_core.storage.tables import metadata
from crm_core.storage.tables._columns import UtcDateTime


def _plain_types(kind: str, thing: Any, autogen: Any) -> str | Literal[False]:
    """Write our column kinds as what they are in the database, so that old migrations need no code of ours."""
    if kind == "type" and isinstance(thing, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(thing, sa.JSON):
        autogen.imports.add("from sqlalchemy.dialects import postgresql")
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    transactional_ddl=True,  # `Database` begins SQLite's transactions itself, so that they hold DDL too
    render_item=_plain_types,
)
with context.begin_transaction():
    context.run_migrations()
