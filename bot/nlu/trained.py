"""How well the trained assistant understands a file of labelled texts."""

from __future__ import annotations

import tarfile
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import pandas as pd
import yaml

from bot.assistant.components.intent_model import IntentModel
from bot.assistant.components.sentence_encoder import SentenceEncoder
from bot.nlu.texts import Meaning
from crm_core.errors import InvalidInput, ModelNotTrained

_MODEL_FILE = "intents.json"


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
        files = {PurePosixPath(member.name): member for member in archive.getmembers() if member.isfile()}
        home = next((name.parent for name in files if name.name == _MODEL_FILE), None)
        if home is None:
            raise ModelNotTrained(f"{path} has no intent model of Rapport's in it")
        for name, member in files.items():
            content = archive.extractfile(member) if name.parent == home else None
            if content is not None:
                (Path(folder) / name.name).write_bytes(content.read())
        return IntentModel.read(Path(folder), SentenceEncoder.installed())


def read_threshold(configuration: Path) -> float:
    """Read below which probability the assistant asks again."""
    pipeline = yaml.safe_load(configuration.read_text("utf-8"))["pipeline"]
    return float(next((item["threshold"] for item in pipeline if item["name"] == "FallbackClassifier"), 0.0))


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
