"""The demo shop's files: in which order they are loaded, and how their dates are made fresh."""

from __future__ import annotations

import csv
from datetime import UTC, datetime, timedelta
from pathlib import Path

from crm_core.errors import InvalidInput

SOURCE = "demo"
FILES = (
    ("products", "products.csv"),
    ("customers", "customers.csv"),
    ("orders", "orders.csv"),
    ("order_items", "order_items.csv"),
    ("feedback", "feedback.csv"),
    ("events", "events.csv.gz"),
)


def demo_files(folder: Path) -> list[tuple[str, Path]]:
    """Give the files of the demo shop as (entity, path), in the order in which they need each other.

    Raises:
        InvalidInput: One is missing.
    """
    found = [(entity, folder / name) for entity, name in FILES]
    for _, path in found:
        if not path.is_file():
            raise InvalidInput("demo", str(path), "is missing; scripts/make_demo_shop.py makes it")
    return found


def shift_to(folder: Path, now: datetime) -> timedelta:
    """Give the whole days by which all dates move so that the newest order is from the day before `now`."""
    with (folder / "orders.csv").open(encoding="utf-8", newline="") as file:
        newest = max(row["placed_at"] for row in csv.DictReader(file))
    last = datetime.fromisoformat(newest).astimezone(UTC)
    return timedelta(days=(now.astimezone(UTC).date() - last.date()).days - 1)
