"""Search over the catalogue: an inverted index in memory over the words and characters of both languages.

Each word of a product weighs by its field and by how rare it is (BM25 with term saturation, Robertson & Zaragoza 2009);
a Latin word that no product has is read as its nearest spelling (rapidfuzz), and the best hits are ordered by how
close their titles are to the question.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from crm_core.catalogue.words import is_han, synonyms, words
from crm_core.records.shop import Product

_TITLE, _CATEGORY, _ATTRIBUTES, _DESCRIPTION = 3.0, 2.0, 1.5, 1.0
_SATURATION = 1.5
_HAN_CHARACTER = 0.25  # what a single Han character counts, beside a pair's 1
_SPELLING = 78  # rapidfuzz ratio from which a strange word is read as a known one
_FOUND = 0.5  # share of the question, weighed by rarity, that a hit must have
_SOLD_OUT = 0.7
_RERANKED = 24

Floats = NDArray[np.float64]
Names = Callable[[str], Iterable[str]]


@dataclass(frozen=True, slots=True)
class Hit:
    """A product that a question finds."""

    sku: str
    score: float
    coverage: float  # share of the question's words that it has, weighed by rarity, in [0, 1]


@dataclass(frozen=True, slots=True)
class _Posting:
    products: NDArray[np.int32]
    weights: Floats
    rarity: float


class CatalogueIndex:
    """An immutable index of one state of the catalogue.

    Args:
        products: The products on sale.
        names: Gives the names of a category, in any language, by its key.
    """

    def __init__(self, products: Sequence[Product], names: Names = lambda key: (key,)) -> None:
        self._skus = [product.sku for product in products]
        self._titles = [f"{product.title_en} {product.title_zh or ''}".lower() for product in products]
        self._prices = np.array([product.price.minor for product in products], dtype=np.int64)
        self._penalty = np.array([1.0 if product.stock > 0 else _SOLD_OUT for product in products])
        self._categories = np.array([product.category for product in products], dtype=object)
        self._by_sku = {product.sku.lower(): product.sku for product in products}
        self._category_words = {
            key: set(words(" ".join(names(key)))) for key in sorted({product.category for product in products})
        }
        self._postings = self._build(products)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word in self._postings:
            if not is_han(word) and len(word) > 3:
                self._spellings[word[0]].append(word)

    def __len__(self) -> int:
        return len(self._skus)

    @property
    def categories(self) -> list[str]:
        """The keys of the categories that have products."""
        return list(self._category_words)

    def search(
        self,
        asked: Sequence[str],
        *,
        min_minor: int | None = None,
        max_minor: int | None = None,
        category: str | None = None,
        cheapest: bool = False,
        limit: int = 5,
    ) -> list[Hit]:
        """Find the products that fit a question best.

        Args:
            asked: The question's content words (`catalogue.words.content_words`); none finds all that the limits allow.
            min_minor: Least price in minor units.
            max_minor: Highest price in minor units.
            category: Only this category.
            cheapest: Order what fits by price instead of by fit.
            limit: At most this many.
        """
        if not self._skus:
            return []
        scores, coverage = self._match(asked)
        allowed = self._allowed(min_minor, max_minor, category) & (coverage >= _FOUND if asked else True)
        found = np.flatnonzero(allowed)
        if cheapest or not asked:
            found = found[np.argsort(self._prices[found], kind="stable")] if cheapest else found[: limit * 50]
        ranked = found[np.argsort(-scores[found], kind="stable")][:_RERANKED] if asked else found[:limit]
        closeness = self._closeness(asked, ranked) if asked else np.ones(len(ranked))
        final = scores[ranked] * (1 + closeness)
        order = np.argsort(-final, kind="stable") if asked else np.arange(len(ranked))
        chosen = ranked[order][:limit] if not cheapest else self._cheapest(ranked, final, limit)
        position = {int(product): place for place, product in enumerate(ranked)}
        return [Hit(self._skus[i], float(final[position[int(i)]]), float(coverage[i])) for i in chosen]

    def named(self, asked: Sequence[str]) -> list[Hit]:
        """Find the product that a question names: one hit when it is clear, several when it could be any of them."""
        for word in asked:
            if word in self._by_sku:
                return [Hit(self._by_sku[word], math.inf, 1.0)]
        hits = self.search(asked, limit=3) if asked else []
        clear = len(hits) > 1 and hits[0].score >= 1.25 * hits[1].score
        return hits[:1] if clear else hits

    def closest_category(self, asked: Sequence[str]) -> str | None:
        """Give the category that shares most with a question, by its names or else by its products."""
        overlap = {key: len(known & set(asked)) for key, known in self._category_words.items()}
        best = max(overlap, key=lambda key: overlap[key], default=None)
        if best is not None and overlap[best]:
            return best
        if not asked or not self._skus:
            return None
        scores, coverage = self._match(asked)
        leader = int(np.argmax(scores))
        return str(self._categories[leader]) if coverage[leader] >= _FOUND / 2 else None

    def _match(self, asked: Sequence[str]) -> tuple[Floats, Floats]:
        scores, covered = np.zeros(len(self._skus)), np.zeros(len(self._skus))
        total = 0.0
        for word in asked:
            weight = _HAN_CHARACTER if is_han(word) and len(word) == 1 else 1.0
            posting = self._posting_of(word)
            rarity = posting.rarity if posting else math.log(1 + len(self._skus))
            total += weight * rarity
            if posting:
                scores[posting.products] += weight * posting.weights
                covered[posting.products] += weight * rarity
        return scores * self._penalty, covered / total if total else np.ones(len(self._skus))

    def _posting_of(self, word: str) -> _Posting | None:
        """Give what is known of a word, of one that means the same, or of the one that was probably meant."""
        if word in self._postings:
            return self._postings[word]
        same = max((self._postings[other] for other in synonyms(word) if other in self._postings), key=_width, default=None)
        if same or is_han(word) or len(word) < 4:
            return same
        near = process.extractOne(word, self._spellings.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=_SPELLING)
        return self._postings[near[0]] if near else None

    def _allowed(self, least: int | None, most: int | None, category: str | None) -> NDArray[np.bool_]:
        allowed = np.ones(len(self._skus), dtype=bool)
        if least is not None:
            allowed &= self._prices >= least
        if most is not None:
            allowed &= self._prices <= most
        if category is not None:
            allowed &= self._categories == category
        return allowed

    def _closeness(self, asked: Sequence[str], ranked: NDArray[np.int64]) -> Floats:
        question = " ".join(word for word in asked if not (is_han(word) and len(word) == 1))
        return np.array([fuzz.token_set_ratio(question, self._titles[i]) / 100 for i in ranked])

    def _cheapest(self, ranked: NDArray[np.int64], final: Floats, limit: int) -> NDArray[np.int64]:
        if not len(ranked):
            return ranked
        fitting = ranked[final >= 0.6 * final.max()] if final.max() > 0 else ranked
        return fitting[np.argsort(self._prices[fitting], kind="stable")][:limit]

    def _build(self, products: Sequence[Product]) -> dict[str, _Posting]:
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, product in enumerate(products):
            weights: Counter[str] = Counter()
            for weight, text in self._fields(product):
                for word in words(text):
                    weights[word] += weight  # type: ignore[assignment]
            for word, weight in weights.items():
                found[word].append((place, weight))
        return {word: self._posting(entries, len(products)) for word, entries in found.items()}

    def _fields(self, product: Product) -> list[tuple[float, str]]:
        return [
            (_TITLE, f"{product.title_en} | {product.title_zh or ''} | {product.sku}"),
            (_CATEGORY, " ".join(sorted(self._category_words[product.category]))),
            (_ATTRIBUTES, " | ".join(_spoken(value) for value in product.attributes.values())),
            (_DESCRIPTION, f"{product.description_en or ''} | {product.description_zh or ''}"),
        ]

    @staticmethod
    def _posting(entries: list[tuple[int, float]], total: int) -> _Posting:
        rarity = math.log(1 + (total - len(entries) + 0.5) / (len(entries) + 0.5))
        weights = np.array([weight for _, weight in entries])
        return _Posting(
            np.array([place for place, _ in entries], dtype=np.int32), rarity * weights / (weights + _SATURATION), rarity
        )


def _width(posting: _Posting) -> int:
    return len(posting.products)


def _spoken(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return " | ".join(map(_spoken, value))
    if isinstance(value, dict):
        return " | ".join(map(_spoken, value.values()))
    return "" if isinstance(value, bool) or value is None else str(value)
