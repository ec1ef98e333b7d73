"""Is a message with several requests taken apart rightly, and one with a single request left whole?

`uv run --no-sync python -m benchmarks.several_requests [--model FILE] [-v]`. Right is a message when as many requests
are found as it has, each with its intent. Single requests are our own examples (which the model was trained on) and
Bitext's customer-support texts (`RAPPORT_DATASETS`), of which none asks for two things. The last line is
one JSON object.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from benchmarks.nlu_transfer import SAMPLE, SEED
from benchmarks.nlu_transfer import texts as bitext
from bot.assistant.components.intent_model import Understanding
from bot.assistant.components.request_reading import Understand
from bot.assistant.components.requests import is_answer, is_unclear, split_requests
from bot.cli import assistant_training
from bot.nlu import trained
from bot.processes import ROOT
from crm_core.settings import Settings

Request = dict[str, Any]


def found_in(text: str, understand: Understand) -> list[Request]:
    """Give the requests of a message, without what would only answer a form."""
    found = split_requests(text, understand)
    requests = [request for request in found if not is_answer(request) and not is_unclear(request)]
    return requests if len(requests) > 1 else []


def is_right(found: Sequence[Request], wanted: Sequence[str]) -> bool:
    """Tell whether what was found is what was wanted; a single request is right when nothing was cut."""
    if len(wanted) < 2:
        return not found
    return len(found) == len(wanted) and all(
        request["intent"] in choice.split("|") for request, choice in zip(found, wanted, strict=True)
    )


def share_right(rows: Sequence[dict[str, Any]], understand: Understand, *, tell: bool) -> float:
    """Give the share of messages that come out right."""
    verdicts = []
    for row in rows:
        found = found_in(row["text"], understand)
        verdicts.append(is_right(found, row["wanted"]))
        if tell and not verdicts[-1]:
            print(f"{row['text']}\n   wanted {row['wanted']}\n   got {[(one['text'], one['intent']) for one in found]}")
    return statistics.mean(verdicts)


def share_cut(texts: Iterable[str], understand: Understand) -> tuple[float, int]:
    """Give the share of single requests that were taken for several, and how many were looked at."""
    cut = [bool(found_in(text, understand)) for text in texts]
    return statistics.mean(cut), len(cut)


def own_examples() -> list[str]:
    """Read the examples that the assistant is trained with."""
    files = (yaml.safe_load(path.read_text("utf-8")) for path in sorted((ROOT / "data").glob("*/nlu_*.yml")))
    blocks = [item["examples"] for content in files for item in content["nlu"] if "intent" in item]
    return [line.removeprefix("- ") for block in blocks for line in block.splitlines() if "[" not in line]


def main() -> None:
    """Print the shares."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, help="a trained assistant; left out, the one of this installation")
    parser.add_argument("-v", action="store_true", help="show what came out wrong")
    arguments = parser.parse_args()
    model = trained.read_model(arguments.model or assistant_training.train(Settings.load()))

    @cache
    def understand(text: str) -> Understanding:
        return model.understand(text)

    sets = yaml.safe_load(Path(__file__).with_suffix(".yml").read_text("utf-8"))
    figures: dict[str, float] = {}
    for name, rows in sets.items():
        figures[name] = round(share_right(rows, understand, tell=arguments.v), 4)
        print(f"{name}: {figures[name]:.1%} of {len(rows)} messages right")
    datasets = Path(os.environ.get("RAPPORT_DATASETS", ROOT.parent / "shared" / "datasets"))
    single = {"own_examples": own_examples()}
    if datasets.exists():
        single["bitext"] = bitext(datasets / "bitext_customer_support").sample(SAMPLE, random_state=SEED + 1).text
    for name, texts in single.items():
        share, count = share_cut(texts, understand)
        figures[f"cut_{name}"] = round(share, 4)
        print(f"{name}: {share:.2%} of {count} single requests cut")
    started = time.perf_counter()
    rows = sets["measured"]
    for row in rows:
        split_requests(row["text"], model.understand)
    figures["ms_per_several"] = round((time.perf_counter() - started) * 1000 / len(rows), 2)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
