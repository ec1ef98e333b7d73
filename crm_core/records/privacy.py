"""What is written down of an erasure: what went, what was looked through, and what is left."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

CERTIFICATES = "certificates"
"""The folder of the home with what was written down of erasures: they name the id under which the rest stands."""


@dataclass(frozen=True, slots=True)
class Left:
    """Something of an erased person that is still there."""

    place: str  # table.column, or a file
    what: str  # the kind of value: name, email, id …; never the value
    times: int


@dataclass(frozen=True, slots=True)
class Certificate:
    """The record of one erasure; it holds nothing by which the person could be known."""

    reference: str
    erased_at: datetime
    by: str  # role and id of who did it
    subject: str  # the id under which what is kept stands, without a name
    erased: dict[str, int]  # what went, how often
    kept: dict[str, int]  # rows that stay without a name, by table
    looked_through: dict[str, int]  # tables, rows, files, bytes
    left: tuple[Left, ...] = field(default=())

    @property
    def complete(self) -> bool:
        """Whether nothing of the person was found any more."""
        return not self.left

    @property
    def said(self) -> dict[str, Any]:
        """The certificate as JSON can hold it, with the hash of all the rest."""
        said = asdict(self) | {"erased_at": self.erased_at.isoformat(), "complete": self.complete}
        said["left"] = [asdict(one) for one in self.left]
        return said | {"sha256": _hash(said)}


def is_unchanged(said: dict[str, Any]) -> bool:
    """Tell whether a certificate is as it was written."""
    return said.get("sha256") == _hash({name: value for name, value in said.items() if name != "sha256"})


def _hash(said: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=True).encode()).hexdigest()
