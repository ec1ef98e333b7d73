"""What was made of texts whose intent is known, and the figures of it: rightness, rejection, calibration.

The protocol is that of HINT3 (Arora et al., 2020): a text is rejected when the model is less sure than a threshold
that it means one of the intents; the figures are given at nine thresholds, and Matthews' correlation counts "out of
scope" as one more class.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

THRESHOLDS = tuple(round(0.1 * step, 1) for step in range(1, 10))
_BINS = 10


@dataclass(frozen=True)
class AtThreshold:
    """The figures when less sure texts are rejected.

    Attributes:
        threshold: Below it a text is rejected, in [0, 1].
        in_scope_accuracy: Share of in-scope texts that were kept and understood rightly.
        oos_recall: Share of out-of-scope texts that were rejected; none without such texts.
        accuracy: Share of all texts that were treated rightly, out of scope being one class.
        mcc: Matthews' correlation over all classes, out of scope being one, in [-1, 1].
    """

    threshold: float
    in_scope_accuracy: float
    oos_recall: float | None
    accuracy: float
    mcc: float


@dataclass(frozen=True)
class Answers:
    """One row a text.

    Attributes:
        wanted: The true intent; none for a text out of scope.
        understood: The likeliest intent.
        ours: How sure the model is that the text means one of its intents, in [0, 1].
        milliseconds: What understanding the text took.
        processor_ms: How much of it the processor worked on it; the rest went to others.
    """

    wanted: Sequence[str | None]
    understood: Sequence[str]
    ours: Sequence[float]
    milliseconds: Sequence[float] = ()
    processor_ms: Sequence[float] = ()

    @cached_property
    def _in_scope(self) -> np.ndarray:
        return np.array([wanted is not None for wanted in self.wanted])

    @cached_property
    def _right(self) -> np.ndarray:
        pairs = zip(self.wanted, self.understood, strict=True)
        return np.array([wanted == understood for wanted, understood in pairs])

    @property
    def in_scope(self) -> int:
        """Number of texts that mean one of the intents."""
        return int(self._in_scope.sum())

    @property
    def out_of_scope(self) -> int:
        """Number of texts that mean none of them."""
        return len(self.wanted) - self.in_scope

    @property
    def in_scope_accuracy(self) -> float:
        """Share of the in-scope texts whose likeliest intent is the right one, nothing being rejected."""
        return float(self._right[self._in_scope].mean()) if self.in_scope else 0.0

    @property
    def p50_ms(self) -> float:
        """Median time of one text."""
        return float(np.median(self.milliseconds)) if len(self.milliseconds) else 0.0

    @property
    def p50_processor_ms(self) -> float:
        """Median time that the processor worked on one text; on a busy machine much less than it took."""
        return float(np.median(self.processor_ms)) if len(self.processor_ms) else 0.0

    def at(self, threshold: float) -> AtThreshold:
        """Give the figures at one threshold."""
        kept = np.asarray(self.ours) >= threshold
        right = np.where(self._in_scope, self._right & kept, ~kept)
        given = [name if keep else None for name, keep in zip(self.understood, kept, strict=True)]
        return AtThreshold(
            threshold,
            float(right[self._in_scope].mean()) if self.in_scope else 0.0,
            float(right[~self._in_scope].mean()) if self.out_of_scope else None,
            float(right.mean()),
            _matthews(self.wanted, given),
        )

    def by_threshold(self) -> list[AtThreshold]:
        """Give the figures at 0.1 to 0.9."""
        return [self.at(threshold) for threshold in THRESHOLDS]

    def best_threshold(self) -> float:
        """Give the threshold at which most texts are treated rightly, out of scope being one class.

        The lowest of equals. Meant for a validation set: the threshold is then used on the test set.
        """
        order = np.argsort(self.ours)
        gains = np.where(self._in_scope, -self._right.astype(int), 1)[order]
        sure = np.asarray(self.ours)[order]
        cuts = np.concatenate([[0], np.cumsum(gains)])  # after how many of the least sure are rejected
        possible = np.concatenate([[True], sure[1:] > sure[:-1], [True]])
        best = int(np.argmax(np.where(possible, cuts, np.iinfo(int).min)))
        if best == 0:
            return 0.0
        return float((sure[best - 1] + (sure[best] if best < len(sure) else 1.0)) / 2)

    def calibration_error(self, oos_share: float | None = None) -> float:
        """Give how far `ours` is from the share of texts that are in scope, averaged over ten bins of equal width.

        Args:
            oos_share: Weigh the out-of-scope texts as if they were this share of all; left out, they count as they are.
        """
        weights = np.ones(len(self.ours))
        if oos_share is not None and self.out_of_scope:
            weights[~self._in_scope] = oos_share / (1 - oos_share) * self.in_scope / self.out_of_scope
        ours = np.asarray(self.ours)
        bins = np.minimum((ours * _BINS).astype(int), _BINS - 1)
        gaps = np.bincount(bins, weights * (ours - self._in_scope), _BINS)
        return float(np.abs(gaps).sum() / weights.sum())

    def figures(self, threshold: float) -> dict[str, float | int | None]:
        """Give the figures as one flat record.

        Args:
            threshold: The one that the product uses.
        """
        table = self.by_threshold()
        best = max(table, key=lambda line: line.mcc)
        default = self.at(threshold)
        figures = {
            "in_scope_accuracy": self.in_scope_accuracy,
            "in_scope_accuracy_at_0.1": table[0].in_scope_accuracy,
            "best_mcc": best.mcc,
            "best_threshold": best.threshold,
            "in_scope_accuracy_at_best": best.in_scope_accuracy,
            "oos_recall_at_best": best.oos_recall,
            "default_threshold": threshold,
            "mcc_at_default_threshold": default.mcc,
            "in_scope_accuracy_at_default": default.in_scope_accuracy,
            "oos_recall": default.oos_recall,
            "ece": self.calibration_error() if self.out_of_scope else None,
            "p50_ms": self.p50_ms,
            "p50_processor_ms": self.p50_processor_ms,
            "in_scope": self.in_scope,
            "out_of_scope": self.out_of_scope,
        }
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in figures.items()}

    def confusions(self, limit: int = 10) -> list[tuple[str, str, int]]:
        """Give what was most often taken for what: the true intent, ours, how often."""
        wrong = Counter(
            (wanted, understood)
            for wanted, understood in zip(self.wanted, self.understood, strict=True)
            if wanted is not None and wanted != understood
        )
        return [(wanted, understood, count) for (wanted, understood), count in wrong.most_common(limit)]


def _matthews(wanted: Sequence[str | None], given: Sequence[str | None]) -> float:
    from sklearn.metrics import matthews_corrcoef  # half a second to import

    numbers = {name: number for number, name in enumerate(dict.fromkeys([*wanted, *given]))}
    if len(numbers) < 2:
        return 0.0
    return float(matthews_corrcoef([numbers[name] for name in wanted], [numbers[name] for name in given]))
