"""The way into the library: `Crm` puts the use cases together, one attribute per subject."""

from __future__ import annotations

from crm_core.clock import Clock, now
from crm_core.privacy.vault import Vault
from crm_core.settings import Settings
from crm_core.storage.database import Database
from crm_core.storage.keys import KeyRing
from crm_core.use_cases.context import Context


class Crm:
    """All that Rapport can do with what it knows of customers.

    Args:
        settings: Where the database is and the keys that seal it.
        clock: Gives the present moment; tests pass their own.
    """

    def __init__(self, settings: Settings, clock: Clock = now) -> None:
        vault = Vault(settings.encryption_key.get_secret_value(), settings.index_key.get_secret_value())
        self.settings = settings
        self.database = Database(settings.database)
        context = Context(self.database, KeyRing(vault, clock), settings, clock)
        self._context = context
        # One attribute per subject, in alphabetical order.

    def close(self) -> None:
        """Close the database connections."""
        self.database.close()
