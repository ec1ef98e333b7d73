"""How well questions are answered from the articles, and how often something is answered that should not be.

`uv run python -m benchmarks.knowledge [--quick]`. The questions marked `fitted` chose the settings and the curve that
turns coverage into a probability; those marked `unseen` were written afterwards. Prints the curve fitted anew, to be
compared with the one in `crm_core/knowledge/index.py`. The last line is one JSON object.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression

from crm_core.knowledge.index import OFFSET, SLOPE, THRESHOLD, Index
from crm_core.knowledge.reading import read_articles
from crm_core.learning import metrics

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "crm_core" / "knowledge" / "questions.csv"
ARTICLES = ROOT / "data" / "knowledge"


@dataclass(frozen=True)
class Question:
    """What somebody asks, and which articles answer it; none for what the articles do not say."""

    use: str  # fitted | unseen
    language: str
    text: str
    articles: frozenset[str]


@dataclass(frozen=True)
class Answered:
    """What the index made of a question."""

    question: Question
    found: list[str]  # slugs, best first
    score: float  # of the best

    @property
    def right(self) -> bool:
        """Whether the best article is one that answers."""
        return bool(self.found) and self.found[0] in self.question.articles


def read_questions(path: Path = QUESTIONS) -> list[Question]:
    """Read the question set."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Question(row["use"], row["language"], row["question"], frozenset(filter(None, row["articles"].split("|"))))
            for row in csv.DictReader(file)
        ]


def ask(index: Index, question: Question) -> Answered:
    """Ask one question."""
    passages = index.search(question.text, question.language)
    return Answered(question, [passage.slug for passage in passages], passages[0].score if passages else 0.0)


def figures(answered: Sequence[Answered]) -> dict[str, float]:
    """Measure: recall of the first and the first three, shares answered rightly, wrongly and out of scope."""
    inside = [each for each in answered if each.question.articles]
    outside = [each for each in answered if not each.question.articles]
    said = [each for each in inside if each.score >= THRESHOLD]
    return {
        "questions": len(answered),
        "recall_at_1": float(np.mean([each.right for each in inside])),
        "recall_at_3": float(np.mean([bool(each.question.articles & set(each.found[:3])) for each in inside])),
        "answered_right": sum(each.right for each in said) / len(inside),
        "answered_wrong": sum(not each.right for each in said) / len(inside),
        "false_answers": float(np.mean([each.score >= THRESHOLD for each in outside])),
        "ece": metrics.expected_calibration_error(
            [each.right for each in answered], [each.score for each in answered], bins=5
        ),
    }


def fitted_curve(answered: Sequence[Answered]) -> tuple[float, float]:
    """Fit slope and offset of the curve over coverage."""
    scores = np.clip([each.score for each in answered], 1e-6, 1 - 1e-6)
    coverage = (np.log(scores / (1 - scores)) - OFFSET) / SLOPE
    model = LogisticRegression(C=100.0).fit(coverage.reshape(-1, 1), [each.right for each in answered])
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def main() -> None:
    """Measure, print, and give the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="the same: it takes a second")
    parser.parse_args()
    console = Console()
    index = Index(read_articles(ARTICLES))
    started = time.perf_counter()
    answered = [ask(index, question) for question in read_questions()]
    milliseconds = (time.perf_counter() - started) * 1000 / len(answered)
    table = Table(title=f"answers at threshold {THRESHOLD}")
    results: dict[str, Any] = {}
    for use in ("fitted", "unseen"):
        for language in ("en", "zh"):
            chosen = [each for each in answered if (each.question.use, each.question.language) == (use, language)]
            results[f"{use}_{language}"] = figures(chosen)
        results[use] = figures([each for each in answered if each.question.use == use])
    table.add_column("questions")
    for name in results["fitted"]:
        table.add_column(name)
    for use, values in results.items():
        table.add_row(use, *(f"{value:.3f}" for value in values.values()))
    console.print(table)
    for each in answered:
        wrong = each.score >= THRESHOLD and not each.right
        if wrong:
            console.print(f"wrong: {each.question.text} → {each.found[0]} ({each.score:.2f})", highlight=False)
    slope, offset = fitted_curve([each for each in answered if each.question.use == "fitted"])
    console.print(f"curve: slope {SLOPE}, offset {OFFSET}; fitted anew {slope:.2f}, {offset:.2f}")
    print(json.dumps({**results, "ms_per_question": round(milliseconds, 2)}))


if __name__ == "__main__":
    main()
