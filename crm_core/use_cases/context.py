"""What every use case is given: the database, the keys, the settings and the clock."""

from __future__ import annotations

from dataclasses import dataclass, replace

from crm_core.clock import Clock
from crm_core.settings import Settings
from crm_core.storage.database import Database
from crm_core.storage.keys import KeyRing


@dataclass(frozen=True)
class Context:
    """The collaborators of the use cases; made once by `Crm`."""

    database: Database
    keys: KeyRing
    settings: Settings
    clock: Clock

    def for_many(self, keys: int) -> Context:
        """Give the same for work on many customers at once, whose keys it keeps in memory of its own."""
        return replace(self, keys=KeyRing(self.keys.vault, self.clock, cached=keys))
