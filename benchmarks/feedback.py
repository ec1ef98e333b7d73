"""Feedback models on public data: hold-out accuracy and macro-F1 beside the naive Bayes baseline.

`uv run python -m benchmarks.feedback [--quick] [--data FOLDER]`. Every set is split 80/20, copies of a text kept on one
side; the code is the one that `rapport train` uses. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.console import Console
from rich.table import Table

from crm_core.feedback.model import TextModel
from crm_core.feedback.training import attempt
from crm_core.learning.contract import SEED

DATA = Path(os.environ.get("RAPPORT_DATASETS", "../shared/datasets"))
_QUICK = 6000
_FLOORS = {
    "online_shopping_sentiment": {"accuracy": 0.935},
    "online_shopping_category": {"accuracy": 0.905, "macro_f1": 0.899},
    "airline_sentiment": {"accuracy": 0.820, "macro_f1": 0.758},
}
_SHOWN = ("accuracy", "macro_f1", "log_loss", "ece")


@dataclass(frozen=True)
class LabelledSet:
    """Texts with one label each."""

    name: str
    texts: list[str]
    labels: list[str]


def main() -> None:
    """Measure every set and print the table and the JSON line."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--quick", action="store_true", help=f"{_QUICK} texts of each set")
    arguments.add_argument("--data", type=Path, default=DATA)
    chosen = arguments.parse_args()
    console = Console()
    results: dict[str, dict[str, Any]] = {}
    for labelled in sets(chosen.data):
        results[labelled.name] = measure(shortened(labelled) if chosen.quick else labelled, console)
    reached = all(results[name][key] >= floor for name, floors in _FLOORS.items() for key, floor in floors.items())
    verdict = None if chosen.quick else reached  # the floors were measured on all texts
    print(json.dumps({"sets": results, "floors": _FLOORS, "floors_reached": verdict, "quick": chosen.quick}))


def sets(folder: Path) -> Iterator[LabelledSet]:
    """Read the public sets."""
    shopping = pd.read_parquet(folder / "online_shopping_10_cats" / "online_shopping_10_cats.parquet")
    shopping = shopping[shopping["review"].fillna("").str.strip() != ""]
    reviews = shopping["review"].tolist()
    sentiment = shopping["label"].map({0: "negative", 1: "positive"}).tolist()
    yield LabelledSet("online_shopping_sentiment", reviews, sentiment)
    yield LabelledSet("online_shopping_category", reviews, shopping["cat"].tolist())
    tweets = pd.read_parquet(folder / "airline_sentiment" / "Tweets.parquet")
    yield LabelledSet("airline_sentiment", tweets["text"].tolist(), tweets["airline_sentiment"].tolist())


def shortened(labelled: LabelledSet) -> LabelledSet:
    """Take a sample with a fixed seed."""
    rows = np.random.default_rng(SEED).permutation(len(labelled.texts))[:_QUICK]
    return LabelledSet(labelled.name, [labelled.texts[row] for row in rows], [labelled.labels[row] for row in rows])


def measure(labelled: LabelledSet, console: Console) -> dict[str, Any]:
    """Train and measure one set."""
    started = time.perf_counter()
    trial = attempt(labelled.texts, np.asarray(labelled.labels, dtype=object))
    seconds = time.perf_counter() - started
    table = Table(title=f"{labelled.name}: {len(labelled.texts):,} texts, {seconds:.0f} s")
    for heading in ("model", *_SHOWN):
        table.add_column(heading)
    lines = {"naive_bayes (baseline)": trial.baseline, **trial.candidates}
    for name, figures in lines.items():
        served = " (served)" if name == trial.model.algorithm else ""
        table.add_row(name + served, *(f"{figures[key]:.4f}" for key in _SHOWN))
    console.print(table)
    milliseconds = reading_time(trial.model, labelled.texts)
    console.print(f"reading one text: p50 {milliseconds[0]:.3f} ms, p99 {milliseconds[1]:.3f} ms\n")
    return {
        "served": trial.model.algorithm,
        **{key: round(trial.metrics[key], 4) for key in _SHOWN},
        **{f"baseline_{key}": round(trial.baseline[key], 4) for key in _SHOWN},
        "read_p50_ms": round(milliseconds[0], 3),
        "read_p99_ms": round(milliseconds[1], 3),
    }


def reading_time(model: TextModel, texts: list[str]) -> tuple[float, float]:
    """Give the median and the 99th percentile of the milliseconds that one text takes."""
    times = []
    for text in texts[:2000]:
        started = time.perf_counter()
        model.read(text)
        times.append((time.perf_counter() - started) * 1000)
    return float(np.percentile(times, 50)), float(np.percentile(times, 99))


if __name__ == "__main__":
    main()
