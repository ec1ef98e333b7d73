"""How well questions are answered from the articles, and how often something is answered that should not be.

`uv run python -m benchmarks.knowledge [--encoder words|english] [--fit] [--pairs] [--wrong]`. Words of one
meaning were chosen on the questions marked `fitted`; settings, curve and thresholds on those, on the ones marked
`curve`, for which the words were not chosen, and on what people ask of others. Those marked `unseen`, by another
author, are only measured.
`--fit` writes the curve to `crm_core/knowledge/calibration.json`. `--pairs` measures afqmc, questions of another
company's customers: each first sentence of a pair is looked for among all second sentences. The last line is one JSON
object.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from crm_core.knowledge import calibration
from crm_core.knowledge.index import OFFERED, THRESHOLD, Index, Shelf
from crm_core.knowledge.likeness import Encoder
from crm_core.knowledge.reading import read_articles
from crm_core.knowledge.terms import terms
from crm_core.knowledge.wordvectors import WordVectors
from crm_core.language import LANGUAGES
from crm_core.learning import metrics
from crm_core.records.knowledge import Article

ROOT = Path(__file__).parent.parent
QUESTIONS = ROOT / "tests" / "crm_core" / "knowledge" / "questions.csv"
ARTICLES = ROOT / "data" / "knowledge"
DATASETS = Path(os.environ.get("RAPPORT_DATASETS", ROOT.parent / "shared" / "datasets"))
BLENDS = tuple(
    product((0.0, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0), (0.5, 1.0, 2.0, 4.0))
)  # likeness and votes, beside coverage
FOREIGN = 200  # questions of each foreign set that the curve is fitted with
OF_A_SHOP = frozenset(
    ("order", "order_status", "cancel", "are_you_a_bot", "card_declined", "change_language", "report_fraud")
)
SIGNS = len(fields(calibration.Signs))
TIMED = 60  # questions
CHOSEN = 6  # afqmc's training pairs that the threshold is fitted on: one in so many


@dataclass(frozen=True)
class Question:
    """What somebody asks, and which articles answer it; none for what the articles do not say."""

    use: str  # fitted | curve | unseen
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

    @property
    def among_three(self) -> bool:
        """Whether one of the best three articles answers."""
        return bool(self.question.articles & set(self.found[:3]))

    @property
    def offered(self) -> bool:
        """Whether the customer is asked which article is meant."""
        return OFFERED <= self.score < THRESHOLD


class Noting:
    """An encoder that encodes each text once, since fitting asks the same questions many times.

    Args:
        encoder: What encodes.
    """

    def __init__(self, encoder: Encoder) -> None:
        self.slow = encoder
        self.name = encoder.name
        self.knows = encoder.knows
        self._known: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Give one vector of length one for each text."""
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known |= dict(zip(new, self.slow.encode(new), strict=True))
        return np.stack([self._known[text] for text in texts])


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
    """Measure: recall of the first and the first three, and the shares that are answered and offered, in and out."""
    inside = [each for each in answered if each.question.articles]
    outside = [each for each in answered if not each.question.articles]
    said = [each for each in inside if each.score >= THRESHOLD]
    return {
        "questions": len(answered),
        "recall_at_1": float(np.mean([each.right for each in inside])),
        "recall_at_3": float(np.mean([each.among_three for each in inside])),
        "answered_right": sum(each.right for each in said) / len(inside),
        "answered_wrong": sum(not each.right for each in said) / len(inside),
        "offered_right": sum(each.offered and each.among_three for each in inside) / len(inside),
        "false_answers": float(np.mean([each.score >= THRESHOLD for each in outside])),
        "false_offers": float(np.mean([each.offered for each in outside])),
        "ece": metrics.expected_calibration_error(
            [each.right for each in answered], [each.score for each in answered], bins=5
        ),
    }


def foreign(language: str) -> list[Question]:
    """Give what people ask of others, for the curve to know what is not ours: one of each kind, and a bank's customers.

    English is CLINC150's training part without what a shop may be asked, Chinese is SMP2019's voice commands and the
    first sentences of afqmc's training pairs.
    """
    if language == "en":
        kept = json.loads(gzip.decompress((DATASETS / "clinc150" / "data_full.json.gz").read_bytes()))
        texts = [text for text, intent in kept["train"] if intent not in OF_A_SHOP][:: len(kept["train"]) // FOREIGN]
        texts += [text for text, _ in kept["oos_train"]]
    else:
        kept = json.loads(gzip.decompress((DATASETS / "smp2019_ecdt_nlu" / "train.json.gz").read_bytes()))
        texts = [row["text"] for row in kept][:: len(kept) // FOREIGN]
        bank = [first for first, _, _ in _pairs(DATASETS / "afqmc" / "train.csv.gz")]
        texts += bank[:: len(bank) // FOREIGN]
    return [Question("foreign", language, text, frozenset()) for text in texts]


def fitted(articles: Sequence[Article], questions: Sequence[Question], encoder: Encoder) -> dict[str, Any]:
    """Choose the blend that ranks best, and fit the curve with it, on the questions of one language.

    Half of the curve's weight is on the same articles without the questions that they are known to answer, since not
    every shop writes them.
    """
    language = articles[0].language

    def shelf(blend: tuple[float, float], of: Sequence[Article] = articles) -> Shelf:
        return Shelf(of, language, encoder, calibration.Calibration(*blend, (0.0,) * SIGNS, 0.0))

    ranked = {blend: _mean_reciprocal_rank(shelf(blend), questions) for blend in BLENDS}
    blend = max(ranked, key=lambda each: ranked[each])
    rows, right, shares = [], [], []
    others = foreign(language)
    for chosen in (shelf(blend), shelf(blend, [replace(article, questions=()) for article in articles])):
        for question in (*questions, *others):
            found = chosen.find(question.text)
            if found.signs:
                rows.append(astuple(found.signs[0]))
                right.append(found.pieces[0].article.slug in question.articles)
                shares.append(len(questions) / len(others) / 4 if question.use == "foreign" else 1.0)
    scaler = StandardScaler().fit(rows)  # a cosine may move within a tenth; the penalty shall not mind
    model = LogisticRegression().fit(scaler.transform(rows), right, sample_weight=shares)
    weights = model.coef_[0] / scaler.scale_
    return {
        "likeness": blend[0],
        "votes": blend[1],
        "weights": [round(float(value), 3) for value in weights],
        "offset": round(float(model.intercept_[0] - weights @ scaler.mean_), 3),
        "questions": len(rows),
    }


def _mean_reciprocal_rank(shelf: Shelf, questions: Sequence[Question]) -> float:
    inside = [question for question in questions if question.articles]
    found = [[piece.article.slug for piece in shelf.find(question.text).pieces] for question in inside]
    ranks = [
        next((1 / (place + 1) for place, slug in enumerate(slugs) if slug in question.articles), 0.0)
        for question, slugs in zip(inside, found, strict=True)
    ]
    return float(np.mean(ranks))


def fit(encoder: Encoder, articles: Sequence[Article], questions: Sequence[Question]) -> None:
    """Write the numbers of one encoder for the languages that it knows."""
    kept = json.loads(calibration.FILE.read_text("utf-8")) if calibration.FILE.exists() else {}
    for language in LANGUAGES:
        spoken = [article for article in articles if article.language == language]
        if encoder.knows(spoken[0].title):
            asked = [each for each in questions if each.use != "unseen" and each.language == language]
            kept.setdefault(language, {})[encoder.name.partition(":")[0]] = fitted(spoken, asked, encoder)
    calibration.FILE.write_text(json.dumps(kept, indent=2) + "\n", "utf-8")
    calibration._kept.cache_clear()


def pairs(encoder: Encoder) -> dict[str, float]:
    """Measure on afqmc: recall of the other sentence among all, and telling pairs of one meaning from others."""
    train, dev = (_pairs(DATASETS / "afqmc" / f"{name}.csv.gz") for name in ("train", "dev"))
    articles = [Article(str(number), "zh", "", second, "") for number, (_, second, _) in enumerate(dev)]
    kept = calibration.calibration("zh", encoder.name)
    shelf = Shelf(articles, "zh", encoder, kept)
    asked = [(number, first) for number, (first, _, alike) in enumerate(dev) if alike]
    meant = [{str(other) for other, row in enumerate(dev) if row[1] == dev[number][1]} for number, _ in asked]
    started = time.process_time()
    found = [[piece.article.slug for piece in shelf.find(first).pieces] for _, first in asked]
    milliseconds = (time.process_time() - started) * 1000 / len(asked)
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(_pair_signs(train[::CHOSEN], encoder), [alike for _, _, alike in train[::CHOSEN]])
    share = float(np.mean([alike for _, _, alike in dev]))
    return {
        "sentences": len(articles),
        "questions": len(asked),
        "recall_at_1": float(np.mean([slugs[0] in right for slugs, right in zip(found, meant, strict=True)])),
        "recall_at_3": float(
            np.mean([bool(right & set(slugs[:3])) for slugs, right in zip(found, meant, strict=True)])
        ),
        "pair_accuracy": float(model.score(_pair_signs(dev, encoder), [alike for _, _, alike in dev])),
        "always_no": 1 - share,
        "ms_per_question": round(milliseconds, 2),
    }


def _pairs(path: Path) -> list[tuple[str, str, bool]]:
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        return [(row["sentence1"], row["sentence2"], row["label"] == "1") for row in csv.DictReader(file)]


def _pair_signs(rows: Sequence[tuple[str, str, bool]], encoder: Encoder) -> np.ndarray:
    first, second = (encoder.encode([row[place] for row in rows]) for place in (0, 1))  # type: ignore[misc]
    cosines = (first * second).sum(axis=1)
    shared = []
    for one, other, _ in rows:
        left, right = set(terms(one)), set(terms(other))
        both = len(left & right)
        shared.append((both / (len(left | right) or 1), both / (len(left) or 1), both / (len(right) or 1)))
    return np.column_stack([cosines, np.array(shared)])


def encoders() -> Mapping[str, Callable[[], Encoder | None]]:
    """Give what can be compared by; None for what is not installed."""
    from bot.assistant.components.sentence_encoder import SentenceEncoder

    return {
        "words": WordVectors.kept,
        "english": SentenceEncoder.installed,
    }


def show(console: Console, results: Mapping[str, Mapping[str, float]], title: str) -> None:
    """Print the figures, a line for each part of the questions."""
    table = Table(title=title, title_justify="left")
    table.add_column("questions")
    for name in next(iter(results.values())):
        table.add_column(name.replace("_", "\n"), justify="right")
    for part, values in results.items():
        table.add_row(part, *(f"{value:.3f}" if name != "questions" else str(value) for name, value in values.items()))
    console.print(table)


def milliseconds(index: Index, questions: Sequence[Question], encoder: Encoder) -> float:
    """Give the processor time of a search and the encoding of its question."""
    timed = questions[:: len(questions) // TIMED]
    started = time.process_time()
    for question in timed:
        ask(index, question)
        encoder.encode([question.text])
    return round((time.process_time() - started) * 1000 / len(timed), 2)


def main() -> None:
    """Measure, print, and give the JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--encoder", choices=("words", "english"), default="words")
    parser.add_argument("--fit", action="store_true", help="fit the curve anew on the fitted questions")
    parser.add_argument("--pairs", action="store_true", help="afqmc instead of our questions")
    parser.add_argument("--wrong", action="store_true", help="print what was answered wrongly of the fitted questions")
    parser.add_argument("--quick", action="store_true", help="the same: it takes seconds")
    chosen = parser.parse_args()
    console = Console()
    encoder = encoders()[chosen.encoder]()
    if encoder is None:
        raise SystemExit(f"the encoder {chosen.encoder} is not installed")
    if chosen.pairs:
        print(json.dumps(pairs(encoder)))
        return
    articles, questions = read_articles(ARTICLES), read_questions()
    encoder = Noting(encoder)
    encoder.encode([question.text for question in questions if encoder.knows(question.text)] or [""])
    if chosen.fit:
        fit(encoder, articles, questions)
    index = Index(articles, encoder)
    answered = [ask(index, question) for question in questions]
    results: dict[str, Any] = {}
    for use in ("fitted", "curve", "unseen"):
        for language in LANGUAGES:
            part = [each for each in answered if (each.question.use, each.question.language) == (use, language)]
            results[f"{use}_{language}"] = figures(part)
        results[use] = figures([each for each in answered if each.question.use == use])
    show(console, results, f"{chosen.encoder}, answered from {THRESHOLD}")
    for each in answered if chosen.wrong else ():
        if each.question.use == "fitted" and each.score >= THRESHOLD and not each.right:
            console.print(f"wrong: {each.question.text} → {each.found[0]} ({each.score:.2f})", highlight=False)
    took = milliseconds(index, questions, encoder.slow)
    print(json.dumps({**results, "encoder": encoder.name, "ms_per_question": took}))


if __name__ == "__main__":
    main()
