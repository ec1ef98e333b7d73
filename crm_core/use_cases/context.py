"""What every use case is given: the database, the keys, the settings and the clock."""

from __future__ import annotations

from dataclasses import dataclass

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
