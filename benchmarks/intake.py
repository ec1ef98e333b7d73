"""How fast a shop's past comes in: 1,000,000 orders of 200,000 customers, through cleaning, identity and database.

    uv run python -m benchmarks.intake [--quick] [--rows 1000000] [--on sqlite postgresql]

One row is one order with its customer: number, e-mail address, phone number, name, address, country and language, as
shops export them, with a few in a hundred that need mending or are rejected. Every run has a process and an empty
database of its own; a tenth of the rows is imported first, so that the cost of a row can be compared. PostgreSQL is
the one at RAPPORT_TEST_POSTGRES, or on 127.0.0.1:5432; each run makes a schema there and drops it. `--quick` takes
100,000 rows. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import sqlalchemy as sa
from rich.console import Console
from rich.table import Table

from crm_core.crm import Crm
from crm_core.settings import Settings

POSTGRES = os.environ.get("RAPPORT_TEST_POSTGRES") or "postgresql+psycopg://postgres@127.0.0.1:5432/test"
_HEADING = (
    *("number", "customer_number", "placed_at", "status", "currency", "total", "payment_method", "tracking_number"),
    *("email", "phone", "name", "address", "country", "city", "language"),
)
_EACH = 5  # orders of one customer, in the mean
_FIRST_DAY = datetime(2024, 1, 1, tzinfo=UTC)
_NAMES = ("Anna", "Bertrand", "Chiara", "Dimitri", "Elena", "Farid", "Greta", "Hugo", "王芳", "李伟", "张敏", "刘洋")
_FAMILIES = ("Schmidt", "Rossi", "Dubois", "Novak", "Larsen", "Costa", "Weber", "Moreau", "Silva", "Jensen")
_CITIES = (
    ("DE", "Berlin", "en"),
    ("FR", "Lyon", "en"),
    ("US", "Austin", "en"),
    ("CN", "上海", "zh"),
    ("CN", "成都", "zh"),
)


def write_orders(path: Path, rows: int, seed: int = 1) -> None:
    """Write a file of orders in the order of time; the same seed gives the same file."""
    chance = random.Random(seed)
    people = max(1, rows // _EACH)
    step = timedelta(days=700) / rows
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADING)
        for at in range(rows):
            writer.writerow(_order(chance, at, chance.randrange(people), _FIRST_DAY + at * step))


def _order(chance: random.Random, at: int, who: int, placed_at: datetime) -> tuple[Any, ...]:
    country, city, language = _CITIES[who % len(_CITIES)]
    name = f"{_NAMES[who % len(_NAMES)]} {_FAMILIES[who // 7 % len(_FAMILIES)]}"
    phone = f"138{who:08d}" if country == "CN" else f"+49 151 {who:08d}"
    total = f"{chance.randrange(500, 40_000) / 100:.2f}"
    moment = placed_at.isoformat(timespec="seconds")
    spoilt = chance.random()
    if spoilt < 0.005:
        moment = "yesterday"  # rejected
    elif spoilt < 0.01:
        total = f"€ {total}"  # mended
    elif spoilt < 0.015:
        phone = "n.n."  # dropped
    return (
        *(f"N-{at:08d}", f"C-{who:07d}", moment, chance.choice(("placed", "shipped", "delivered")), "EUR", total),
        *(
            "card",
            f"TRK{at:010d}",
            f"buyer{who}@shop-{who % 50}.example",
            phone,
            name,
            f"{who % 200} High Street, {city}",
        ),
        *(country, city, language),
    )


def run_once(path: Path, url: str) -> dict[str, Any]:
    """Import a file into an empty database and give what it took."""
    with tempfile.TemporaryDirectory() as home:
        crm = Crm(Settings.load(home=Path(home), database_url=url, demo=False))
        try:
            crm.migrate()
            processor, before = time.process_time(), _peak_mb()
            report = crm.intake.run(path, "orders", source="benchmark")
            return {
                "rows": report.rows_read,
                "accepted": report.accepted,
                "rejected": report.rejected,
                "customers": report.created["customers"],
                "seconds": report.seconds,
                "rows_per_s": report.rows_per_second,
                "processor_s": time.process_time() - processor,
                "peak_mb": _peak_mb(),
                "before_mb": before,
            }
        finally:
            crm.close()


def in_a_process(path: Path, url: str) -> dict[str, Any]:
    """The same in a process of its own, so that its memory is its own."""
    command = [sys.executable, "-m", "benchmarks.intake", "--import", str(path), url]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    figures: dict[str, Any] = json.loads(ended.stdout.splitlines()[-1])
    return figures


@contextmanager
def empty_database(kind: str) -> Iterator[str]:
    """Give the URL of an empty database, or the empty URL for the installation's own SQLite file."""
    if kind == "sqlite":
        yield ""
        return
    server = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    name = f"rapport_{uuid4().hex}"
    with server.connect() as connection:
        connection.execute(sa.schema.CreateSchema(name))
    try:
        url = server.url.update_query_dict({"options": f"-csearch_path={name}"})
        yield url.render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.execute(sa.schema.DropSchema(name, cascade=True))
        server.dispose()


def measure(rows: int, kinds: list[str], console: Console) -> dict[str, Any]:
    """Import a tenth and the whole, on each database."""
    figures: dict[str, Any] = {"rows": rows}
    table = Table("database", "rows", "rows/s", "rows/s of processor", "peak MB", "rejected", "customers")
    growths, peaks = [], []
    with tempfile.TemporaryDirectory() as folder:
        files = {}
        for size in (rows // 10, rows):
            files[size] = Path(folder) / f"orders_{size}.csv"
            with console.status(f"writing {size:,} orders"):
                write_orders(files[size], size)
        for kind in kinds:
            cost = {}
            for size, path in files.items():
                with console.status(f"{kind}: {size:,} orders"), empty_database(kind) as url:
                    took = in_a_process(path, url)
                cost[size] = took["seconds"] / took["rows"]
                peaks.append(took["peak_mb"])
                speed, processor = took["rows_per_s"], took["rows"] / took["processor_s"]
                counts = (f"{took['rejected']:,}", f"{took['customers']:,}")
                table.add_row(
                    kind, f"{size:,}", f"{speed:,.0f}", f"{processor:,.0f}", f"{took['peak_mb']:,.0f}", *counts
                )
            name = "rows_per_s" if kind == "sqlite" else "rows_per_s_postgres"
            figures[name] = round(took["rows_per_s"])
            growths.append(cost[rows] / cost[rows // 10])
    console.print(table)
    return figures | {"peak_mb": round(max(peaks)), "growth": round(max(growths), 2)}


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Run the benchmark and print its figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="100,000 rows")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--on", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    parser.add_argument("--import", nargs=2, dest="file_and_url", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.file_and_url:
        path, url = chosen.file_and_url
        print(json.dumps(run_once(Path(path), url)))
        return
    print(json.dumps(measure(100_000 if chosen.quick else chosen.rows, chosen.on, Console())))


if __name__ == "__main__":
    main()
