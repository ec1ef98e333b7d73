"""Does the assistant understand what others wrote? 2,000 texts of Bitext's customer-support set, none used in training.

The set is made from templates, so it is easy for a model trained on it; ours was not. Run:
`uv run python -m benchmarks.nlu_transfer [--quick]`. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import pandas as pd
from rich.console import Console

from bot.cli import assistant_training
from bot.cli.nlu_figures import show_trained
from bot.nlu import trained
from bot.nlu.texts import read_meaning, read_texts
from bot.processes import ROOT
from crm_core.settings import Settings

SEED = 20261122
SAMPLE = 2_000
FILES = ("bitext_20000_utterances.parquet", "Bitext_Sample_Customer_Service_Training_Dataset.csv.gz")


def texts(folder: Path) -> pd.DataFrame:
    """Read both files of the set; a text that is in both counts once."""
    frames = [read_texts(folder / name) for name in FILES]
    return pd.concat(frames).drop_duplicates("text")


def main() -> None:
    """Print accuracy, the intents and the confusions."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="500 texts")
    parser.add_argument("--model", type=Path, help="a trained assistant; left out, the one of this installation")
    arguments = parser.parse_args()
    settings = Settings.load()
    datasets = Path(os.environ.get("RAPPORT_DATASETS", ROOT.parent / "shared" / "datasets"))
    model = trained.read_model(arguments.model or assistant_training.train(settings))
    sample = texts(datasets / "bitext_customer_support").sample(500 if arguments.quick else SAMPLE, random_state=SEED)
    meaning = read_meaning(Path(__file__).with_suffix(".yml"))
    result = trained.evaluate(model, sample, meaning)
    threshold = trained.read_threshold(ROOT / "config.yml")
    show_trained(result, threshold, Console())
    figures = {
        "accuracy": round(result.accuracy, 4),
        "answered_rightly": round(result.answered_rightly(threshold), 4),
        "texts": len(result.verdicts),
        "per_intent": {intent: round(share, 4) for intent, (_, share) in result.per_intent().items()},
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
