"""How long it takes to know a customer: found by e-mail address, opened, with scores, among 1,000,000.

    uv run python -m benchmarks.lookup [--quick] [--customers 1000000] [--on sqlite postgresql]

Each look-up asks for another customer, chosen at random, and is what an action does in a turn: by the blind index of
the address, then profile (unsealed and masked) and the newest score of each task. `--quick` takes 20,000 customers.
The last line is one JSON object with milliseconds.
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.intake import empty_database
from crm_core.clock import new_id
from crm_core.crm import Crm
from crm_core.records.people import SYSTEM
from crm_core.settings import Settings
from crm_core.storage import bulk
from crm_core.storage.tables import scores

_AT = datetime(2026, 3, 2, tzinfo=UTC)
_BATCH = 5000
_ASKED = 2000
_TASKS = ("segment", "purchase_intent", "churn")


def fill(crm: Crm, customers: int, console: Console) -> None:
    """Write customers with a name, an address and a contact each, and their scores."""
    for first in track(range(0, customers, _BATCH), "writing customers", console=console, transient=True):
        new = [
            bulk.NewCustomer({"email": _email(at)}, _AT, _AT, f"Customer {at}", f"{at} High Street")
            for at in range(first, min(first + _BATCH, customers))
        ]
        with crm.database.writing(durable=False) as connection:
            bulk.prepare(connection)
            ids = bulk.add_customers(connection, crm._context.keys, new, "benchmark", _AT)
            bulk.insert(connection, scores, [_score(customer_id, task) for customer_id in ids for task in _TASKS])
    with crm.database.writing() as connection:
        bulk.take_stock(connection)


def ask(crm: Crm, customers: int) -> list[float]:
    """Give the milliseconds of each look-up."""
    chance = random.Random(1)
    times = []
    for _ in range(_ASKED):
        email = _email(chance.randrange(customers))
        started = time.perf_counter()
        customer_id = crm.customers.find("email", email)
        assert customer_id is not None
        crm.customers.get(customer_id, actor=SYSTEM)
        assert len(crm.scores.current(customer_id)) == len(_TASKS)
        times.append((time.perf_counter() - started) * 1000)
    return times


def _email(at: int) -> str:
    return f"buyer{at}@shop-{at % 50}.example"


def _score(customer_id: str, task: str) -> dict[str, Any]:
    return {
        **{"id": new_id(), "customer_id": customer_id, "task": task, "value": 0.5, "lower": 0.4, "upper": 0.6},
        **{"label": "medium", "reasons": [{"code": "orders", "weight": 0.3, "values": {"orders": 4}}]},
        **{"model_version": f"{task}-20260302T000000", "as_of": _AT},
    }


def main() -> None:
    """Fill, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="20,000 customers")
    parser.add_argument("--customers", type=int, default=1_000_000)
    parser.add_argument("--on", nargs="+", choices=("sqlite", "postgresql"), default=["sqlite", "postgresql"])
    chosen = parser.parse_args()
    customers, console = 20_000 if chosen.quick else chosen.customers, Console()
    figures: dict[str, float] = {"customers": customers}
    table = Table("database", "customers", "p50 ms", "p99 ms", "slowest ms", "of our processor")
    for kind in chosen.on:
        with tempfile.TemporaryDirectory() as home, empty_database(kind) as url:
            crm = Crm(Settings.load(home=Path(home), database_url=url, demo=False))
            try:
                crm.migrate()
                fill(crm, customers, console)
                before = time.process_time()
                times = ask(crm, customers)
                processor = (time.process_time() - before) / _ASKED * 1000
            finally:
                crm.close()
        cuts = statistics.quantiles(times, n=100)
        table.add_row(
            kind, f"{customers:,}", f"{cuts[49]:.2f}", f"{cuts[98]:.2f}", f"{max(times):.2f}", f"{processor:.2f}"
        )
        figures |= {
            f"p50_ms_{kind}": round(cuts[49], 2),
            f"p99_ms_{kind}": round(cuts[98], 2),
            f"processor_ms_{kind}": round(processor, 2),
        }
    console.print(table)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
