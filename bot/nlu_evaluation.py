"""How well the trained assistant understands a file of labelled texts."""

from __future__ import annotations

import gzip
import json
import tarfile
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd
import yaml

from bot.assistant.components.intent_model import IntentModel
from crm_core.errors import InvalidInput, ModelNotTrained

TEXT_COLUMNS = ("text", "utterance", "message", "sentence")
INTENT_COLUMNS = ("intent", "category", "label")
_MODEL_FILES = ("intents.npz", "intents.json")

Meaning = Mapping[str, frozenset[str]]
"""For each intent of the file those of ours that answer it rightly."""


@dataclass(frozen=True)
class Verdict:
    """One text, and what was made of it.

    Attributes:
        wanted: The file's own intent.
        understood: Ours, the likeliest.
        confidence: Its probability, in [0, 1].
        right: `understood` is one of those that answer `wanted`.
    """

    wanted: str
    understood: str
    confidence: float
    right: bool


@dataclass(frozen=True)
class Evaluation:
    """All verdicts on a file."""

    verdicts: Sequence[Verdict]
    left_out: Mapping[str, int]  # intents of the file without a meaning here, with their number of texts

    @property
    def accuracy(self) -> float:
        """Share of texts understood rightly, in [0, 1]."""
        return _share(self.verdicts)

    def answered_rightly(self, threshold: float) -> float:
        """Share of texts understood rightly with at least this probability: below it the assistant asks again."""
        return _share([verdict for verdict in self.verdicts if verdict.confidence >= threshold], len(self.verdicts))

    def per_intent(self) -> dict[str, tuple[int, float]]:
        """Give the number of texts and the share understood rightly for each of the file's intents."""
        groups: dict[str, list[Verdict]] = {}
        for verdict in self.verdicts:
            groups.setdefault(verdict.wanted, []).append(verdict)
        return {intent: (len(group), _share(group)) for intent, group in sorted(groups.items())}

    def confusions(self, limit: int = 10) -> list[tuple[str, str, int]]:
        """Give what was most often taken for what: the file's intent, ours, how often."""
        wrong = Counter((v.wanted, v.understood) for v in self.verdicts if not v.right)
        return [(wanted, understood, count) for (wanted, understood), count in wrong.most_common(limit)]


def read_model(path: Path) -> IntentModel:
    """Read the intent model out of a trained assistant.

    Raises:
        ModelNotTrained: There is no such file, or no model of ours in it.
    """
    if not path.exists():
        raise ModelNotTrained(f"{path}: train the assistant first (rapport train)")
    with tarfile.open(path) as archive, tempfile.TemporaryDirectory() as folder:
        for member in archive.getmembers():
            name = PurePosixPath(member.name).name
            content = archive.extractfile(member) if name in _MODEL_FILES else None
            if content is not None:
                (Path(folder) / name).write_bytes(content.read())
        try:
            return IntentModel.read(Path(folder))
        except FileNotFoundError as error:
            raise ModelNotTrained(f"{path} has no intent model of Rapport's in it") from error


def read_threshold(configuration: Path) -> float:
    """Read below which probability the assistant asks again."""
    pipeline = yaml.safe_load(configuration.read_text("utf-8"))["pipeline"]
    return float(next((item["threshold"] for item in pipeline if item["name"] == "FallbackClassifier"), 0.0))


def read_texts(path: Path) -> pd.DataFrame:
    """Read a file of texts and intents: CSV or Parquet with columns `text` and `intent`, or Rasa's JSON; also packed.

    Raises:
        InvalidInput: The file cannot be read, or a column is missing.
    """
    try:
        frame = _frame(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InvalidInput("file", str(path), f"it cannot be read: {error}") from error
    columns = [
        next((name for name in names if name in frame.columns), None) for names in (TEXT_COLUMNS, INTENT_COLUMNS)
    ]
    if None in columns:
        raise InvalidInput("file", str(path), f"it needs the columns text and intent, and has {list(frame.columns)}")
    found = frame[columns].set_axis(["text", "intent"], axis=1).dropna()
    return found.astype(str)


def _frame(path: Path) -> pd.DataFrame:
    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if ".json" not in path.suffixes:
        return pd.read_csv(path)
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    return pd.DataFrame(json.loads(content)["rasa_nlu_data"]["common_examples"])


def read_meaning(path: Path) -> Meaning:
    """Read a mapping of the file's intents to ours: `theirs: ours` or `theirs: [ours, ours]`.

    Raises:
        InvalidInput: It is not such a mapping.
    """
    content = yaml.safe_load(path.read_text("utf-8"))
    if not isinstance(content, dict):
        raise InvalidInput("mapping", str(path), "it must map each intent of the file to one or several of ours")
    return {str(theirs): frozenset([ours] if isinstance(ours, str) else ours) for theirs, ours in content.items()}


def evaluate(model: IntentModel, texts: pd.DataFrame, meaning: Meaning | None = None) -> Evaluation:
    """Judge the model on labelled texts.

    Args:
        model: Of the trained assistant.
        texts: Columns `text` and `intent`.
        meaning: What their intents are here; without it, the same names. Intents without a meaning are left out.

    Raises:
        InvalidInput: The meaning names an intent that the assistant does not have.
    """
    meaning = meaning or {intent: frozenset([intent]) for intent in model.intents}
    unknown = {ours for wanted in meaning.values() for ours in wanted} - set(model.intents)
    if unknown:
        raise InvalidInput("mapping", ", ".join(sorted(unknown)), "the assistant has no such intent")
    left_out = Counter(intent for intent in texts["intent"] if intent not in meaning)
    known = texts[texts["intent"].isin(list(meaning))]
    pairs = zip(known["text"], known["intent"], strict=True)
    return Evaluation([_judge(model, text, intent, meaning) for text, intent in pairs], left_out)


def _judge(model: IntentModel, text: str, wanted: str, meaning: Meaning) -> Verdict:
    understood, confidence = model.rank(text)[0]
    return Verdict(wanted, understood, confidence, understood in meaning[wanted])


def _share(verdicts: Sequence[Verdict], of: int | None = None) -> float:
    total = len(verdicts) if of is None else of
    return sum(verdict.right for verdict in verdicts) / total if total else 0.0
