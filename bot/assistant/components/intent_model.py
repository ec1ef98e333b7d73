"""The learnt part of the intent classifier: what a text means, and whether it means anything the assistant knows.

Nothing here needs Rasa, so the model of a trained assistant can be read and judged outside of it.
"""

from __future__ import annotations

import json
import logging
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix

from bot.assistant.components.calibration import Calibration
from bot.assistant.components.concepts import Concepts
from bot.assistant.components.frames import framed
from bot.assistant.components.linear import Linear
from bot.assistant.components.nearest import Nearest
from bot.assistant.components.ngrams import NgramVectorizer, normalise
from bot.assistant.components.rejector import USUAL_SHARE
from bot.assistant.components.scorer import Evidence, Examples, Recipe, Scorer
from bot.assistant.components.sentence_encoder import SentenceEncoder
from bot.assistant.components.training_memory import training_memory

logger = logging.getLogger(__name__)

OUTSIDE = "out_of_scope"
Progress = Callable[[str, float], None]

_ARRAYS = "intents.npz"
_NAMES = "intents.json"
_FOLDS = 5
_FOLDS_OUTSIDE = 2  # of what is out of scope there are few, and the rejector learns from held-out ones only
_ENOUGH_HELD_OUT = 750  # texts; more of them change no temperature and cost a training each
_AT_ONCE = 64


@dataclass(frozen=True)
class Understanding:
    """What a text means.

    Attributes:
        ranking: Every intent with its probability, the likeliest first.
        ours: The probability that it is one of them at all, in [0, 1].
    """

    ranking: list[tuple[str, float]]
    ours: float

    def meaning(self, intent: str, at_least: float) -> Understanding:
        """Return the same with so much certainty for one intent that is known from elsewhere."""
        known = dict(self.ranking)
        if known.get(intent, 1.0) >= at_least:
            return self
        share = (1 - at_least) / (1 - known[intent])
        ranking = [(intent, at_least), *((name, value * share) for name, value in self.ranking if name != intent)]
        return Understanding(ranking, max(self.ours, at_least))


class IntentModel:
    """Texts to intents with probabilities.

    Args:
        intents: The names of what can be meant, in the order of the classes.
        scorer: What speaks for each.
        calibration: How that becomes probabilities.
        listed: `out of scope` is an intent of the training data, and is ranked among the others.
        encoder: Gives sentence vectors; None: words and characters only.
        encoder_name: Of the encoder it was trained with.
    """

    def __init__(
        self,
        intents: Sequence[str],
        scorer: Scorer,
        calibration: Calibration,
        *,
        listed: str | None = None,
        encoder: SentenceEncoder | None = None,
        encoder_name: str | None = None,
    ) -> None:
        self._names = list(intents)
        self._scorer = scorer
        self._calibration = calibration
        self._listed = listed
        self._encoder = encoder
        self._encoder_name = encoder_name
        self.intents = [*self._names, *([listed] if listed else [])]

    @classmethod
    @training_memory()
    def fit(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        *,
        C: float = Recipe.C,  # noqa: N803 - its name everywhere
        bare: Collection[str] | None = None,
        concepts: Concepts | None = None,
        min_documents: int = Recipe.min_documents,
        encoder: SentenceEncoder | None = None,
        out_of_scope: Sequence[str] = (),
        outside: str = OUTSIDE,
        outside_share: float = USUAL_SHARE,
        progress: Progress | None = None,
    ) -> IntentModel:
        """Learn from examples.

        Args:
            texts: The examples.
            intents: The intent of each.
            C: The inverse strength of the regularisation.
            bare: Intents whose examples get no polite words around them, see `frames`; None: none gets any.
            concepts: Words that mean the same in one trade.
            min_documents: How many examples must have an n-gram for it to count.
            encoder: Gives sentence vectors.
            out_of_scope: Texts that are about none of the intents.
            outside: The intent whose examples are such texts, too.
            outside_share: The share of messages that are about none of the intents, in real life.
            progress: Is told what is being done, and which share of all is done.
        """
        tell = progress or (lambda _what, _share: None)
        names = sorted(set(intents) - {outside})
        strange = [*(text for text, intent in zip(texts, intents, strict=True) if intent == outside), *out_of_scope]
        known = [(text, intent) for text, intent in zip(texts, intents, strict=True) if intent != outside]
        if not known:
            raise ValueError("no example of any intent")
        numbers = {name: number for number, name in enumerate(names)}
        classes = np.array([numbers[intent] for _, intent in known] + [len(names)] * len(strange))
        told = [*(text for text, _ in known), *strange]
        tell("sentence vectors", 0.0)
        examples = Examples(told, classes, len(names) + bool(strange), _vectors(told, encoder, tell))
        labels = [*names, outside]
        frames = _frames(told, [labels[each] for each in classes], bare, labels)
        recipe = Recipe(C, min_documents, concepts)
        held = _held_out(examples, frames, recipe, bool(strange), tell)
        calibration = Calibration.fit(*held, outside=len(names) if strange else None, share=outside_share)
        tell("all examples", 0.8)
        scorer = Scorer.fit(replace(examples, retold=[each for each in frames if each]), recipe)
        tell("done", 1.0)
        listed = outside if outside in intents else None
        return cls(
            names, scorer, calibration, listed=listed, encoder=encoder, encoder_name=encoder.name if encoder else None
        )

    def understand(self, text: str) -> Understanding:
        """Return what a text means, and whether it means anything known."""
        likely, ours = self._calibration.probabilities(self._evidence(text))
        pairs = [(self._names[each], float(likely[each]) * ours) for each in np.argsort(-likely, kind="stable")]
        if self._listed:
            pairs = sorted([*pairs, (self._listed, 1 - ours)], key=lambda pair: -pair[1])
        return Understanding(pairs, ours)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every intent with its probability, the likeliest first; what is missing to one is out of scope."""
        return self.understand(text).ranking

    def ours(self, text: str) -> float:
        """Return the probability that a text is one of the intents at all."""
        return self.understand(text).ours

    def _evidence(self, text: str) -> Evidence:
        says = bool(normalise(text).strip())  # what is masked from the one part is kept from the other, too
        vector = self._encoder.encode([text])[0] if says and self._encoder and self._encoder.knows(text) else None
        return self._scorer.evidence(text, vector)

    def save(self, folder: Path) -> None:
        """Write arrays and names; nothing here can run code when it is read."""
        scorer, nearest = self._scorer, self._scorer.nearest
        arrays = {
            **{"weights": scorer.lite.weights, "bias": scorer.lite.bias, "idf": scorer.vectorizer.idf},
            **{"data": nearest.rows.data.astype(np.float16), "indices": nearest.rows.indices.astype(np.int32)},
            **{"indptr": nearest.rows.indptr, "classes": nearest.classes},
        }
        if scorer.dense is not None and nearest.vectors is not None:
            arrays |= {"dense_weights": scorer.dense.weights, "dense_bias": scorer.dense.bias}
            arrays |= {"vectors": nearest.vectors.astype(np.float16)}
        np.savez(folder / _ARRAYS, **arrays)
        concepts = scorer.vectorizer.concepts
        names = {
            "intents": self._names,
            "listed": self._listed,
            "encoder": self._encoder_name,
            "calibration": self._calibration.as_json(),
            "concepts": concepts.lexicon if concepts else None,
            "ngrams": scorer.vectorizer.vocabulary,
        }
        (folder / _NAMES).write_text(json.dumps(names, ensure_ascii=False), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, encoder: SentenceEncoder | None = None) -> IntentModel:
        """Read what `save` wrote.

        Args:
            folder: Where it was saved.
            encoder: The one it was trained with; with another or none it goes by words and characters only.

        Raises:
            FileNotFoundError: Nothing was saved there.
        """
        names = json.loads((folder / _NAMES).read_text(encoding="utf-8"))
        with np.load(folder / _ARRAYS, allow_pickle=False) as arrays:
            scorer = _scorer(names, arrays)
        return cls(
            names["intents"],
            scorer,
            Calibration.of_json(names["calibration"]),
            listed=names["listed"],
            encoder=_same(encoder, names["encoder"]),
            encoder_name=names["encoder"],
        )


def _vectors(texts: Sequence[str], encoder: SentenceEncoder | None, tell: Progress) -> np.ndarray | None:
    known = [row for row, text in enumerate(texts) if encoder and encoder.knows(text)]
    if encoder is None or not known:
        return None
    starts = range(0, len(known), _AT_ONCE)
    batches = ([texts[row] for row in known[start : start + _AT_ONCE]] for start in starts)
    parts = []
    with ThreadPoolExecutor() as several:  # one sentence is too short to be shared out among the cores
        for start, part in zip(starts, several.map(encoder.encode, batches), strict=True):
            tell("sentence vectors", 0.5 * start / len(known))
            parts.append(part)
    found = np.zeros((len(texts), parts[0].shape[1]), dtype=np.float32)
    found[known] = np.concatenate(parts)
    return found


def _frames(
    texts: Sequence[str], intents: Sequence[str], bare: Collection[str] | None, labels: Sequence[str]
) -> list[tuple[str, int] | None]:
    """Return for each example the same with polite words around it, or None where it gets none."""
    if bare is None:
        return [None] * len(texts)
    more = iter(zip(*framed(texts, intents, bare), strict=True))
    pairs = [None if intent in bare else next(more) for intent in intents]
    return [(pair[0], labels.index(pair[1])) if pair else None for pair in pairs]


def _held_out(
    examples: Examples, frames: Sequence[tuple[str, int] | None], recipe: Recipe, outside: bool, tell: Progress
) -> tuple[list[Evidence], np.ndarray]:
    """Return evidence on texts held out, fold by fold, until there are enough of them, and what each is."""
    last = examples.count - 1 if outside else None
    fold_of = _folds(examples.classes, last)
    evidence: list[Evidence] = []
    classes: list[int] = []
    for fold in range(_FOLDS):
        if len(classes) >= _ENOUGH_HELD_OUT:
            break
        tell("held-out examples", 0.5 + 0.3 * fold / _FOLDS)
        kept = np.flatnonzero(fold_of != fold).tolist()
        held = np.flatnonzero((fold_of == fold) & np.isin(examples.classes, examples.classes[kept])).tolist()
        if not held:
            continue
        vectors = examples.vectors
        part = Examples(
            [examples.texts[row] for row in kept],
            examples.classes[kept],
            examples.count,
            None if vectors is None else vectors[kept],
            [frame for row in kept if (frame := frames[row])],
        )
        scorer = Scorer.fit(part, recipe)
        for row in held:
            vector = vectors[row] if vectors is not None and vectors[row].any() else None
            evidence.append(scorer.evidence(examples.texts[row], vector))
            classes.append(int(examples.classes[row]))
    return evidence, np.array(classes, dtype=np.int64)


def _folds(classes: np.ndarray, outside: int | None) -> np.ndarray:
    """Deal the examples of each class out to the folds in turn."""
    seen: Counter[int] = Counter()
    folds = np.empty(len(classes), dtype=np.int64)
    for row, each in enumerate(classes):
        folds[row] = seen[each] % (_FOLDS_OUTSIDE if each == outside else _FOLDS)
        seen[each] += 1
    return folds


def _scorer(names: dict[str, object], arrays: np.lib.npyio.NpzFile) -> Scorer:
    lexicon = names["concepts"]
    vectorizer = NgramVectorizer(names["ngrams"], arrays["idf"], Concepts(lexicon) if lexicon else None)  # type: ignore[arg-type]
    classes = arrays["classes"]
    shape = (len(classes), len(vectorizer.vocabulary))
    rows = csr_matrix((arrays["data"].astype(np.float32), arrays["indices"], arrays["indptr"]), shape=shape)
    with_vectors = "vectors" in arrays
    vectors = arrays["vectors"].astype(np.float32) if with_vectors else None
    dense = Linear(arrays["dense_weights"], arrays["dense_bias"]) if with_vectors else None
    count = arrays["weights"].shape[1]
    return Scorer(vectorizer, Linear(arrays["weights"], arrays["bias"]), dense, Nearest(rows, classes, count, vectors))


def _same(encoder: SentenceEncoder | None, wanted: str | None) -> SentenceEncoder | None:
    if wanted is None:
        return None
    if encoder is None or encoder.name != wanted:
        found = encoder.name if encoder else "none"
        logger.warning(
            "the intents were learnt with the sentence encoder %s, and here is %s: words and characters only",
            wanted,
            found,
        )
        return None
    return encoder
