"""Ranks products: what others bought together with a customer's past, what is alike, and what sells.

Item-based collaborative filtering (Sarwar et al. 2001; Deshpande and Karypis 2004): each product has its nearest other
products, and a customer's past votes for theirs, the newest most. Products without such votes are found by the likeness
of their texts, and where there is no past at all by what sells.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from crm_core.learning.registry import Registry
from crm_core.recommend.neighbours import Floats, Neighbours, Places
from crm_core.records.people import Reason

TASK = "recommend"
KINDS = ("together", "content", "popular")
Ranked = tuple[str, float, str, Reason]
_PAST = 60  # newest products of a past that vote
_LIKE = {"together": 1.0, "content": 1.0, "popular": 0.05}  # when something like a product is asked for
_POLICIES = {"together": "item-cf", "content": "content", "popular": "popularity"}
_REASONS = {"together": "bought_together", "content": "similar_content", "popular": "popular"}
_LIKE_REASONS = {"together": "like_it", "content": "similar_to_it", "popular": "popular"}


class Recommender:
    """Everything that ranking needs, as plain arrays.

    Args:
        skus: The products.
        categories: Of each product.
        together: Neighbours by common customers.
        content: Neighbours by their texts.
        popularity: In [0, 1], of each product.
        weights: How much each kind of vote (`KINDS`) counts.
        algorithm: Name of the blend.
    """

    def __init__(
        self,
        skus: Sequence[str],
        categories: Sequence[str],
        together: Neighbours,
        content: Neighbours,
        popularity: Floats,
        weights: Mapping[str, float],
        algorithm: str = "item_based",
    ) -> None:
        self.algorithm = algorithm
        self._skus = tuple(skus)
        self._categories = np.array(categories, dtype=str)
        self._together = together
        self._content = content
        self._popularity = popularity
        self._weights = dict(weights)
        self._places = {sku: place for place, sku in enumerate(self._skus)}

    def weighted(self, weights: Mapping[str, float], algorithm: str) -> Recommender:
        """Give the same recommender with other weights."""
        parts = (self._skus, list(self._categories), self._together, self._content, self._popularity)
        return Recommender(*parts, weights, algorithm)

    def rank(
        self,
        history: Sequence[str],
        *,
        limit: int,
        exclude: Collection[str] = (),
        context: Mapping[str, object] | None = None,
    ) -> list[Ranked]:
        """Rank products for somebody.

        Args:
            history: SKUs that were bought or looked at, newest first; unknown ones are passed over.
            limit: At most this many.
            exclude: SKUs not to be named.
            context: `like` (a SKU that something alike is wanted of) and `category` (only this one) are heeded.

        Returns:
            (SKU, score in [0, 1], policy, reason), best first.
        """
        wanted = context or {}
        like = self._places.get(str(wanted.get("like")))
        past = self._past(history) if like is None else [like]
        parts, voters = self._votes(past, self._weights if like is None else _LIKE)
        scores = parts.sum(axis=0)
        left_out = [self._places[sku] for sku in exclude if sku in self._places]
        scores[left_out if like is None else [*left_out, like]] = -np.inf
        if wanted.get("category"):
            scores[self._categories != wanted["category"]] = -np.inf
        codes = _REASONS if like is None else _LIKE_REASONS
        order = np.argsort(-scores, kind="stable")[:limit]
        return [
            self._explained(int(place), float(scores[place]), parts[:, place], voters[:, place], codes)
            for place in order
            if scores[place] > -np.inf
        ]

    def save(self, folder: Path) -> None:
        """Write `products.json` and `recommender.npz`."""
        content = {
            "skus": self._skus,
            "categories": self._categories.tolist(),
            "weights": self._weights,
            "algorithm": self.algorithm,
        }
        (folder / "products.json").write_text(json.dumps(content, ensure_ascii=False), "utf-8")
        arrays: dict[str, Any] = {"popularity": self._popularity}
        for name, each in (("together", self._together), ("content", self._content)):
            arrays |= {f"{name}_starts": each.starts, f"{name}_places": each.places, f"{name}_likeness": each.likeness}
        np.savez_compressed(folder / "recommender.npz", **arrays)

    @classmethod
    def load(cls, folder: Path) -> Recommender:
        """Read what `save` wrote."""
        content = json.loads((folder / "products.json").read_text("utf-8"))
        with np.load(folder / "recommender.npz", allow_pickle=False) as arrays:
            together, near = (
                Neighbours(arrays[f"{name}_starts"], arrays[f"{name}_places"], arrays[f"{name}_likeness"])
                for name in ("together", "content")
            )
            popularity = arrays["popularity"]
        weights, algorithm = content["weights"], content["algorithm"]
        return cls(content["skus"], content["categories"], together, near, popularity, weights, algorithm)

    def _past(self, history: Sequence[str]) -> list[int]:
        return [self._places[sku] for sku in dict.fromkeys(history) if sku in self._places][:_PAST]

    def _votes(self, past: Sequence[int], weights: Mapping[str, float]) -> tuple[Floats, Places]:
        """Give each kind's part of the score (rows as `KINDS`, summing to at most 1), and who voted most."""
        together, friends = self._together.votes(past)
        near, alike = self._content.votes(past)
        kinds = zip(KINDS, (together, near, self._popularity), strict=True)
        parts = np.array([weights[kind] * votes / max(votes.max(initial=0.0), 1e-12) for kind, votes in kinds])
        nobody = np.full(len(self._skus), -1, dtype=np.int64)
        return parts / max(sum(weights.values()), 1e-12), np.array([friends, alike, nobody])

    def _explained(self, place: int, score: float, parts: Floats, voters: Places, codes: Mapping[str, str]) -> Ranked:
        """Name the kind that gave the most, and the product of the past behind it."""
        kind = KINDS[int(np.argmax(parts))]
        voter = int(voters[KINDS.index(kind)])
        values: dict[str, str | int | float] = {"sku": self._skus[voter]} if voter >= 0 else {}
        return self._skus[place], score, _POLICIES[kind], Reason(codes[kind], round(score, 4), values)


def load(models: Path) -> Recommender:
    """Load the live model.

    Raises:
        ModelNotTrained: There is none.
    """
    return Recommender.load(Registry(models).open(TASK).folder)
