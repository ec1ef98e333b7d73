"""The customers of the demo shop as whom one may sign in: different ones, so that the difference shows."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

NUMBERS = ("C10001", "C10005", "C10421", "C10798", "C10002", "C10008", "C10038", "C10769")


@dataclass(frozen=True, slots=True)
class Persona:
    """A customer of the demo shop."""

    number: str
    name: str
    city: str


def read_personas(data: Path) -> list[Persona]:
    """Give the demo customers who may be played, in the order of `NUMBERS`; none without the demo's file."""
    path = data / "demo" / "customers.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        rows = {row["customer_number"]: row for row in csv.DictReader(file)}
    return [Persona(number, rows[number]["name"], rows[number]["city"]) for number in NUMBERS if number in rows]
