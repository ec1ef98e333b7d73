"""How well questions that are alike come together.

    uv run python -m benchmarks.question_groups

Questions whose right group is known are grouped at several thresholds: the fitted half of our own knowledge questions
(the group is the article that answers) and Banking77's ten-shot training texts (the group is the intent), on which the
threshold was chosen, and ten texts of each intent of Banking77's test set, which had no part in that. Banking77 is read
from `RAPPORT_DATASETS` where it is there. (The unseen half of our own has one question an article: no pairs to find.)
"""

from __future__ import annotations

import csv
import gzip
import os
import random
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sklearn.metrics import adjusted_rand_score, pair_confusion_matrix

from crm_core.knowledge import grouping

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "crm_core" / "knowledge" / "questions.csv"
DATASETS = Path(os.environ.get("RAPPORT_DATASETS") or ROOT.parent / "shared" / "datasets")
THRESHOLDS = (0.25, 0.3, 0.35, 0.4, 0.45)

Labelled = list[tuple[str, str]]


def our_questions(language: str) -> Labelled:
    """Give our own questions with the article that answers them."""
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["articles"]]
    return [(row["question"], row["articles"]) for row in rows if (row["use"], row["language"]) == ("fitted", language)]


def banking(name: str, each: int = 10) -> Labelled:
    """Give so many texts of each of Banking77's intents, none where the data set is not there."""
    path = DATASETS / "banking77" / name
    if not path.exists():
        return []
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    taken: Counter[str] = Counter()
    found: Labelled = []
    for text, label, *_ in rows:
        taken[label] += 1
        if taken[label] <= each:
            found.append((text, label))
    return found


def measured(labelled: Labelled, threshold: float) -> tuple[float, float, float, int]:
    """Give the adjusted Rand index, precision and recall of pairs, and the number of groups."""
    random.Random(1).shuffle(labelled)
    grouping.ALIKE = threshold  # type: ignore[misc]
    placed: Sequence[grouping.Place] = grouping.place([text for text, _ in labelled])
    kept = [(label, str(place)) for (_, label), place in zip(labelled, placed, strict=True) if place is not None]
    truth, found = [label for label, _ in kept], [place for _, place in kept]
    (_, wrong), (missed, right) = pair_confusion_matrix(truth, found)
    precision = right / (right + wrong) if right + wrong else 0.0
    recall = right / (right + missed) if right + missed else 0.0
    return adjusted_rand_score(truth, found), precision, recall, len(set(found))


def main() -> None:
    """Print one line per set and threshold."""
    sets = {f"ours, {language}": our_questions(language) for language in ("en", "zh")}
    sets["Banking77, training"] = banking("fewshot_train_10.csv.gz")
    sets["Banking77, test (apart)"] = banking("test.csv.gz")
    print("| set | questions | threshold | ARI | pair precision | pair recall | groups |")
    print("|---|---|---|---|---|---|---|")
    for name, labelled in sets.items():
        for threshold in THRESHOLDS if labelled else ():
            index, precision, recall, groups = measured(labelled, threshold)
            print(
                f"| {name} | {len(labelled)} | {threshold} | {index:.2f} | {precision:.2f} | {recall:.2f} | {groups} |"
            )


if __name__ == "__main__":
    main()
