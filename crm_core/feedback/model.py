"""A linear text model kept as plain arrays: it answers within a millisecond and shows the words that decided.

A text becomes its features (`words.features`), each weighted by how often it stands there, how rare it is among the
texts learned from (Spärck Jones 1972) and how unevenly it is spread over the labels (the log-count ratio of Wang and
Manning 2012). One row of coefficients a label gives margins; margins become probabilities by a softmax whose scale and
offsets were fitted on texts that the coefficients had not seen (vector scaling, Guo et al. 2017).
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from crm_core.feedback.words import features, shown
from crm_core.records.people import Reason
from crm_core.records.shop import Label

if TYPE_CHECKING:
    import pandas as pd

Floats = npt.NDArray[np.float32]
_WORDS = 6


@dataclass(frozen=True)
class Calibration:
    """Turns margins into probabilities: softmax(scale * margin + offset)."""

    scale: float
    offsets: Floats

    def probabilities(self, margins: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
        """Give probabilities over the last axis."""
        logits = self.scale * np.asarray(margins, dtype=np.float64) + self.offsets
        odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
        result: npt.NDArray[np.float64] = odds / odds.sum(axis=-1, keepdims=True)
        return result


@dataclass(frozen=True)
class TextModel:
    """Labels texts.

    Attributes:
        algorithm: How the coefficients were learned.
        labels: The labels, in the order of the coefficients.
        vocabulary: Place of each known feature.
        weights: One weight a feature.
        coefficients: One row a feature, one column a label.
        intercepts: One a label.
        calibration: From margins to probabilities.
        counting: `dampened` (1 + log of the count, text scaled to length 1) or `plain` (counts as they are).
    """

    algorithm: str
    labels: tuple[str, ...]
    vocabulary: dict[str, int]
    weights: Floats
    coefficients: Floats
    intercepts: Floats
    calibration: Calibration
    counting: str = "dampened"

    def read(self, text: str) -> Label:
        """Label one text, with the words that spoke most for the label."""
        return self.judge(features(text))

    def judge(self, found: list[str]) -> Label:
        """Label a text that has been taken apart already."""
        places, values, names = self._encode(found)
        chances = self._chances(places, values)
        best = int(np.argmax(chances))
        return Label(self.labels[best], float(chances[best]), self._words(places, values, names, best))

    def chances(self, found: list[str]) -> dict[str, float]:
        """Give the probability of every label for a text that has been taken apart already."""
        places, values, _ = self._encode(found)
        return dict(zip(self.labels, (float(chance) for chance in self._chances(places, values)), strict=True))

    def predict(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Label the column `text`: columns `value` (probability), `label` and `reasons`."""
        import pandas as pd

        read = [self.read(text) for text in frame["text"]]
        return pd.DataFrame(
            {
                "value": [label.probability for label in read],
                "label": [label.value for label in read],
                "reasons": [
                    tuple(Reason("word", weight, {"word": word}) for word, weight in label.words) for label in read
                ],
            },
            index=frame.index,
        )

    def save(self, folder: Path, name: str = "text") -> None:
        """Write `<name>.json` and `<name>.npz`."""
        words = sorted(self.vocabulary, key=self.vocabulary.__getitem__)
        head = {
            "algorithm": self.algorithm,
            "labels": self.labels,
            "counting": self.counting,
            "scale": self.calibration.scale,
            "vocabulary": words,
        }
        (folder / f"{name}.json").write_text(json.dumps(head, ensure_ascii=False), "utf-8")
        np.savez_compressed(
            folder / f"{name}.npz",
            weights=self.weights,
            coefficients=self.coefficients,
            intercepts=self.intercepts,
            offsets=self.calibration.offsets,
        )

    @classmethod
    def load(cls, folder: Path, name: str = "text") -> TextModel:
        """Read what `save` wrote."""
        head = json.loads((folder / f"{name}.json").read_text("utf-8"))
        with np.load(folder / f"{name}.npz", allow_pickle=False) as arrays:
            return cls(
                algorithm=head["algorithm"],
                labels=tuple(head["labels"]),
                vocabulary={word: place for place, word in enumerate(head["vocabulary"])},
                weights=arrays["weights"],
                coefficients=arrays["coefficients"],
                intercepts=arrays["intercepts"],
                calibration=Calibration(head["scale"], arrays["offsets"]),
                counting=head["counting"],
            )

    def _encode(self, found: list[str]) -> tuple[npt.NDArray[np.intp], Floats, list[str]]:
        counts = Counter(feature for feature in found if feature in self.vocabulary)
        names = list(counts)
        places = np.fromiter((self.vocabulary[name] for name in names), np.intp, len(names))
        values = np.fromiter(counts.values(), np.float32, len(names))
        if self.counting == "dampened":
            values = (1 + np.log(values)) * self.weights[places]
            values /= np.linalg.norm(values) or 1.0
        return places, values, names

    def _chances(self, places: npt.NDArray[np.intp], values: Floats) -> npt.NDArray[np.float64]:
        return self.calibration.probabilities(values @ self.coefficients[places] + self.intercepts)

    def _words(
        self, places: npt.NDArray[np.intp], values: Floats, names: list[str], best: int
    ) -> tuple[tuple[str, float], ...]:
        """Add up what each word of the text gave the label over the mean of the labels; the strongest come first."""
        if not len(places):
            return ()
        rows = self.coefficients[places]
        given = values * (rows[:, best] - rows.mean(axis=1)) * self.calibration.scale
        gains: dict[str, float] = {}
        for name, gain in zip(names, given, strict=True):
            word = shown(name)
            if word is not None:
                gains[word] = gains.get(word, 0.0) + float(gain)
        strongest = sorted(gains.items(), key=lambda item: -item[1])[:_WORDS]
        return tuple((word, round(gain, 4)) for word, gain in strongest if gain > 0)
