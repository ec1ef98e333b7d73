"""The labelled sets that intent classifiers are compared on, split with fixed seeds. Nothing is tuned on them here."""

from __future__ import annotations

import gzip
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import yaml
from sklearn.model_selection import StratifiedKFold, train_test_split

from benchmarks import nlu_noise, nlu_transfer
from bot.assistant.components.concepts import Concepts
from bot.nlu.texts import Meaning, read_meaning, read_texts
from bot.processes import ROOT

OUT_OF_SCOPE = "oos"
CLEAN = "clean"
DATASETS = Path(os.environ.get("RAPPORT_DATASETS", ROOT.parent / "shared" / "datasets"))
_FOLDS = 5
_NOISY = 1_000  # texts of the transfer set that are judged in every kind of noise
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")


@dataclass(frozen=True)
class Fold:
    """What is learnt and what is judged.

    Attributes:
        train: Columns `text` and `intent`; `OUT_OF_SCOPE` marks texts that mean none of the intents.
        test: The same, `kind` (`CLEAN`, or the noise on the text) and `source`, the number of the text without it.
        validation: Where a threshold is chosen; none where none is needed.
    """

    train: pd.DataFrame
    test: pd.DataFrame
    validation: pd.DataFrame | None = None


@dataclass(frozen=True)
class LabelledSet:
    """A set with its splits.

    Attributes:
        name: As in the table.
        language: `en` or `zh`; only peers need to be told.
        folds: Each is learnt and judged by itself, the answers are put together.
        settings: What `config.yml` gives the classifier, where the set is the product's own.
        meaning: What the test's intents are among those learnt, where they are not the same.
    """

    name: str
    language: str
    folds: list[Fold]
    settings: dict[str, Any]
    meaning: Meaning | None = None


def banking77_10shot() -> LabelledSet:
    """Ten examples of each of a bank's 77 intents (Casanueva et al., 2020)."""
    return _published("banking77_10shot", "banking77/fewshot_train_10.csv.gz", "banking77/test.csv.gz")


def banking77_full() -> LabelledSet:
    """All 10,003 examples."""
    return _published("banking77_full", "banking77/train.csv.gz", "banking77/test.csv.gz")


def clinc150_full() -> LabelledSet:
    """150 intents of ten domains, and texts that mean none of them (Larson et al., 2019)."""
    parts = _json("clinc150/data_full.json.gz")

    def part(name: str) -> pd.DataFrame:
        return pd.DataFrame([*parts[name], *parts[f"{OUT_OF_SCOPE}_{name}"]], columns=["text", "intent"])

    return LabelledSet("clinc150_full", "en", [Fold(part("train"), _clean(part("test")), part("val"))], {})


def dialogflow_zh_support() -> LabelledSet:
    """A support bot's questions in Chinese, five-fold."""
    return _folded("dialogflow_zh_support", "dialogflow_agents/support_zh-CN.json.gz")


def dialogflow_zh_smalltalk() -> LabelledSet:
    """Small talk in Chinese, five-fold."""
    return _folded("dialogflow_zh_smalltalk", "dialogflow_agents/small-talk_zh-CN.json.gz")


def smp2019() -> LabelledSet:
    """What people ask of a Chinese voice assistant; the intent is domain and intent, four fifths are learnt."""
    records = _json("smp2019_ecdt_nlu/train.json.gz")
    rows = [(record["text"], f"{record['domain']}.{record['intent']}") for record in records]
    train, test = train_test_split(pd.DataFrame(rows, columns=["text", "intent"]), test_size=0.2, random_state=0)
    return LabelledSet("smp2019", "zh", [Fold(train.reset_index(drop=True), _clean(test))], {})


def bitext() -> LabelledSet:
    """2,000 texts of Bitext's customer-support set, judged by what is learnt from our own data."""
    texts = nlu_transfer.texts(DATASETS / "bitext_customer_support")
    meaning = read_meaning(Path(nlu_transfer.__file__).with_suffix(".yml"))
    sample = texts.sample(nlu_transfer.SAMPLE, random_state=nlu_transfer.SEED)
    test = sample[sample["intent"].isin(list(meaning))].reset_index(drop=True)
    return LabelledSet("bitext", "en", [Fold(own_examples(), _noisy(test, "en"))], _own_settings(), meaning)


SETS = {
    make.__name__: make
    for make in (
        banking77_10shot,
        banking77_full,
        clinc150_full,
        dialogflow_zh_support,
        dialogflow_zh_smalltalk,
        smp2019,
        bitext,
    )
}
QUICK = ("banking77_10shot", "dialogflow_zh_support", "smp2019", "bitext")


def smaller(whole: LabelledSet, texts: int = 500) -> LabelledSet:
    """Give the first fold with at most so many texts to judge: to see that everything works, not to be quoted."""
    fold = whole.folds[0]
    sources = fold.test["source"].drop_duplicates()
    kept = sources.sample(min(texts, len(sources)), random_state=0)
    test = fold.test[fold.test["source"].isin(set(kept))].reset_index(drop=True)
    return LabelledSet(
        whole.name, whole.language, [Fold(fold.train, test, fold.validation)], whole.settings, whole.meaning
    )


def own_examples() -> pd.DataFrame:
    """Give every example that the assistant is trained on."""
    rows = [row for path in sorted((ROOT / "data").rglob("*.yml")) for row in _examples(path)]
    pattern = _classifier().get("out_of_scope_files")
    files = sorted(ROOT.glob(pattern)) if pattern else []
    rows += [(line, OUT_OF_SCOPE) for path in files for line in path.read_text("utf-8").splitlines() if line.strip()]
    return pd.DataFrame(rows, columns=["text", "intent"])


def _examples(path: Path) -> Iterator[tuple[str, str]]:
    for entry in (yaml.safe_load(path.read_text("utf-8")) or {}).get("nlu", []):
        for line in entry["examples"].splitlines() if "intent" in entry else []:
            yield _ENTITY.sub(r"\1", line.strip().removeprefix("- ")), entry["intent"]


def _classifier() -> dict[str, Any]:
    """Give what `config.yml` says of our classifier."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text("utf-8"))["pipeline"]
    return dict(next(item for item in pipeline if item["name"].endswith("NgramIntentClassifier")))


def _own_settings() -> dict[str, Any]:
    entry = _classifier()
    names = {"C": "C", "bare": "bare", "min_documents": "min_documents", "out_of_scope_share": "outside_share"}
    settings = {argument: entry[name] for name, argument in names.items() if name in entry}
    return {**settings, "concepts": Concepts.read(ROOT / entry["concepts"])}


def _published(name: str, train: str, test: str) -> LabelledSet:
    return LabelledSet(name, "en", [Fold(read_texts(DATASETS / train), _clean(read_texts(DATASETS / test)))], {})


def _folded(name: str, file: str) -> LabelledSet:
    texts = read_texts(DATASETS / file)
    enough = texts["intent"].map(texts["intent"].value_counts()) >= _FOLDS
    texts = texts[enough].reset_index(drop=True)
    splits = StratifiedKFold(_FOLDS, shuffle=True, random_state=0).split(texts, texts["intent"])
    folds = [
        Fold(texts.iloc[train].reset_index(drop=True), _noisy(texts.iloc[test].reset_index(drop=True), "zh"))
        for train, test in splits
    ]
    return LabelledSet(name, "zh", folds, {})


def _clean(test: pd.DataFrame) -> pd.DataFrame:
    return test.reset_index(drop=True).assign(kind=CLEAN, source=range(len(test)))


def _noisy(test: pd.DataFrame, language: str) -> pd.DataFrame:
    """Put each kind of noise on the first texts, under the clean ones; what a noise does not change is left out."""
    clean = _clean(test)
    some = clean[:_NOISY]
    parts = [clean]
    for kind in nlu_noise.KINDS[language]:
        made = some.assign(text=[nlu_noise.noisy(text, kind) for text in some["text"]], kind=kind)
        parts.append(made[made["text"] != some["text"]])
    return pd.concat(parts, ignore_index=True)


def _json(file: str) -> Any:
    return json.loads(gzip.decompress((DATASETS / file).read_bytes()))
