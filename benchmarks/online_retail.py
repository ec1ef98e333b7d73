"""Import the UCI Online Retail lines into a fresh database, learn from them, and serve one of their customers.

`uv run python -m benchmarks.online_retail [--data FOLDER] [--import-only]`. The clock stands at the day after the last
line, so that "the next 30 days" and "new" mean what they meant then. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import Progress

from bot.cli.imports import show
from crm_core.crm import Crm
from crm_core.intake.report import ImportReport
from crm_core.settings import Settings

DATA = Path(os.environ.get("RAPPORT_DATASETS", "../shared/datasets"))
MAPPING = Path(__file__).parent.parent / "docs" / "examples" / "online_retail.yml"
SOURCE = "online_retail"
NOW = datetime(2011, 12, 10, 9, 0, tzinfo=UTC)
CUSTOMER = "12748"  # a private customer with many baskets


def main() -> None:
    """Run the benchmark and print its figures."""
    arguments = _arguments()
    console = Console()
    file = arguments.data / "online_retail" / "online_retail.parquet"
    with tempfile.TemporaryDirectory() as home:
        settings = Settings.load(home=Path(home), models=Path(home) / "models", demo=False)
        crm = Crm(settings, lambda: NOW)
        crm.migrate()
        try:
            figures = _import(crm, file, console)
            if not arguments.import_only:
                figures |= _learn(crm, console)
                figures |= _serve(crm, console)
        finally:
            crm.close()
    print(json.dumps(figures))


def _import(crm: Crm, file: Path, console: Console) -> dict[str, Any]:
    before = time.process_time()
    with Progress(console=console, transient=True) as bars:
        task = bars.add_task(file.name, total=None)
        report = crm.intake.run(
            file,
            "orders",
            MAPPING,
            SOURCE,
            lambda done, total=None, what=None: bars.update(task, completed=done, total=total),
        )
    processor_seconds = time.process_time() - before
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    show(console, report, "en")
    console.print(f"peak memory {peak_mb:,.0f} MB, {processor_seconds:.1f} s of processor time")
    again = crm.intake.run(file, "orders", MAPPING, SOURCE)
    console.print(f"the same file again: {again.accepted} accepted, {again.known:,} known")
    return _figures(report) | {
        "processor_s": round(processor_seconds, 1),
        "rows_per_processor_s": round(report.rows_read / processor_seconds),
        "peak_mb": round(peak_mb),
        "second_import_accepted": again.accepted,
    }


def _figures(report: ImportReport) -> dict[str, Any]:
    notes = report.reasons["notes"]
    return {
        "rows": report.rows_read,
        "accepted": report.accepted,
        "rejected": report.rejected,
        "repaired": report.repaired,
        "reasons": {group: dict(counts) for group, counts in report.reasons.items()},
        "cancellations": notes["cancellation_line"],
        "cancellations_matched": notes["cancellation_matched"] + notes["cancellation_matched_in_part"],
        "guest_lines": notes["guest_line"],
        "seconds": round(report.seconds, 1),
        "rows_per_s": round(report.rows_per_second),
    }


def _learn(crm: Crm, console: Console) -> dict[str, Any]:
    started = time.perf_counter()
    models = crm.training.train(["segment", "purchase_intent", "recommend"])
    trained = time.perf_counter()
    for model in models:
        headline, task = model.headline or "", model.task
        if model.version is None:
            console.print(f"{task}: not trained, {model.skipped}")
        else:
            console.print(
                f"{task}: {model.algorithm} {headline} {model.metrics[headline]:.4f}, "
                f"baseline {model.baseline_algorithm} {model.baseline[headline]:.4f}"
            )
    scored = crm.scores.score_all()
    console.print(f"scored: {scored}; segment of customer {CUSTOMER}:", crm.scores.segment(_customer(crm), "en"))
    return {
        "train_s": round(trained - started, 1),
        "score_s": round(time.perf_counter() - trained, 1),
        "models": {model.task: {"metrics": model.metrics, "baseline": model.baseline} for model in models},
        "scored": scored,
    }


def _serve(crm: Crm, console: Console) -> dict[str, Any]:
    """Ask as the customer would: where a real invoice is, and what to buy next."""
    customer_id = _customer(crm)
    talk = crm.conversations.open("web", "benchmark", customer_id=customer_id, verified=True)
    newest = crm.orders.recent(talk.id)[0]
    order = crm.orders.find(talk.id, newest.number)
    console.print(f"invoice {order.number}: {order.status}, {order.placed_at:%d %B %Y}, {len(order.items)} lines")
    offers = crm.recommendations.offer(customer_id, conversation_id=talk.id, limit=3)
    for offer in offers:
        console.print(f"recommended: {offer.product.title_en} ({offer.policy}, {offer.reason.code})")
    return {
        "invoice": {"number": order.number, "status": order.status, "lines": len(order.items)},
        "recommended": [offer.product.title_en for offer in offers],
    }


def _customer(crm: Crm) -> str:
    customer_id = crm.customers.by_number(CUSTOMER)
    assert customer_id is not None, f"customer {CUSTOMER} was not imported"
    return customer_id


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA)
    parser.add_argument("--import-only", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    main()
