"""What the assistant can do beyond talking: thin classes that call `crm_core`, one capability per file."""

from __future__ import annotations

import threading

from crm_core.crm import Crm
from crm_core.settings import Settings

_lock = threading.Lock()
_shared: list[Crm] = []


def shared_crm() -> Crm:
    """Give the one `Crm` of this process, opened when the first action needs it."""
    with _lock:
        if not _shared:
            _shared.append(Crm(Settings.load()))
        return _shared[0]
