"""Search over the catalogue: an inverted index in memory over the words and characters of both languages.

Each word of a product weighs by its field and by how rare it is (BM25 with term saturation, Robertson & Zaragoza 2009);
a Latin word that no product has is read as its nearest spelling (rapidfuzz), and the best hits are ordered by how
close their titles are to the question.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from crm_core.catalogue.families import family
from crm_core.catalogue.words import is_han, synonyms, words
from crm_core.records.shop import Product

_TITLE, _CATEGORY, _ATTRIBUTES, _DESCRIPTION = 3.0, 2.0, 1.5, 1.0
_SATURATION = 1.5
_HAN_CHARACTER = 0.25  # what a single Han character counts, beside a pair's 1
_HAN_STRANGE_PAIR = 0.5
_SAME_MEANING = 0.7  # what a word of the same meaning counts
_SPELLABLE = 4  # letters from which a strange word may be a misspelt one
_SPELLING = 78  # rapidfuzz ratio from which a strange word is read as a known one
FOUND = 0.5  # share of the question, weighed by rarity, from which a hit is what was asked for
SIMILAR = 0.28  # share from which it is something like it
_SAME_SHELF = 0.22  # share from which its category is worth a look
_SOLD_OUT = 0.7
_RERANKED = 80
_TWINS = 2
_AS_GOOD = 0.6  # share of the best hit's score from which a hit may win by its price

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
    shares: Floats  # how much of the word each has, saturated, in [0, 1)


class CatalogueIndex:
    """An immutable index of one state of the catalogue.

    Args:
        products: The products on sale.
        names: Gives the names of a category, in any language, by its key.
    """

    def __init__(self, products: Sequence[Product], names: Names = lambda key: (key,)) -> None:
        self._skus = [product.sku for product in products]
        self._titles = [f"{product.title_en} {product.title_zh or ''}".lower() for product in products]
        self._families = [family(product.title_en) for product in products]
        self._prices = np.array([product.price.minor for product in products], dtype=np.int64)
        self._penalty = np.array([1.0 if product.stock > 0 else _SOLD_OUT for product in products])
        self._categories = np.array([product.category for product in products], dtype=object)
        self._places = {sku: place for place, sku in enumerate(self._skus)}
        self._by_sku = {product.sku.lower(): product.sku for product in products}
        self._category_words = {
            key: set(words(" ".join(names(key)))) for key in sorted({product.category for product in products})
        }
        self._postings = self._build(products)
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for word in self._postings:
            if not is_han(word) and len(word) >= _SPELLABLE:
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
        exclude: Collection[str] = (),
        coverage: float = SIMILAR,
        limit: int = 5,
    ) -> list[Hit]:
        """Find the products that fit a question best.

        Args:
            asked: The question's content words (`catalogue.words.content_words`); none finds all that the limits allow.
            min_minor: Least price in minor units.
            max_minor: Highest price in minor units.
            category: Only this category.
            cheapest: Order what fits by price instead of by fit.
            exclude: SKUs to leave out.
            coverage: Share of the question, weighed by rarity, that a hit must have, in [0, 1].
            limit: At most this many.
        """
        if not self._skus:
            return []
        scores, covered = self._match(asked)
        allowed = self._allowed(min_minor, max_minor, category, exclude) & (covered >= coverage)
        found = np.flatnonzero(allowed)
        if not asked:
            order = np.argsort(self._prices[found], kind="stable") if cheapest else np.arange(len(found))
            return [Hit(self._skus[i], 0.0, 1.0) for i in found[order][:limit]]
        ranked = found[np.argsort(-scores[found], kind="stable")][:_RERANKED]
        final = scores[ranked] * (1 + self._closeness(asked, ranked)) * (0.5 + covered[ranked])
        chosen = self._without_twins(ranked, self._order(ranked, final, cheapest), limit)
        return [Hit(self._skus[ranked[i]], float(final[i]), float(covered[ranked[i]])) for i in chosen]

    def named(self, asked: Sequence[str]) -> list[Hit]:
        """Find the product that a question names: one hit when it is clear, several when it could be any of them."""
        for word in asked:
            if word in self._by_sku:
                return [Hit(self._by_sku[word], math.inf, 1.0)]
        asked = [word for word in asked if not is_han(word) or len(word) > 1]
        hits = self.search(asked, coverage=FOUND, limit=3) if asked else []
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
        return str(self._categories[leader]) if coverage[leader] >= _SAME_SHELF else None

    def _match(self, asked: Sequence[str]) -> tuple[Floats, Floats]:
        """Give each product's score, and the share of the question that it has."""
        scores, covered = np.zeros(len(self._skus)), np.zeros(len(self._skus))
        total = 0.0
        for word in asked:
            postings = self._postings_of(word)
            importance = _importance(word, known=bool(postings))
            # Words of one meaning are as rare as the meaning, or the seldom one of them would outweigh the title's.
            holders = _holders(postings)
            rarity = _rarity(holders, len(self._skus))
            total += importance * rarity
            fits, has = np.zeros(len(self._skus)), np.zeros(len(self._skus))
            for place, posting in enumerate(postings):
                share = _SAME_MEANING if place else 1.0
                fits[posting.products] = np.maximum(fits[posting.products], share * rarity * posting.shares)
                has[posting.products] = 1.0
            scores += importance * fits
            covered += importance * rarity * has
        return scores * self._penalty, covered / total if total else np.ones(len(self._skus))

    def _postings_of(self, word: str) -> list[_Posting]:
        """Give what is known of a word and of those that mean the same, or else of the one that was probably meant."""
        found = [self._postings[same] for same in (word, *synonyms(word)) if same in self._postings]
        if found or is_han(word) or len(word) < _SPELLABLE:
            return found
        near = process.extractOne(word, self._spellings.get(word[0], ()), scorer=fuzz.ratio, score_cutoff=_SPELLING)
        return [self._postings[near[0]]] if near else []

    def _allowed(
        self, least: int | None, most: int | None, category: str | None, exclude: Collection[str]
    ) -> NDArray[np.bool_]:
        allowed = np.ones(len(self._skus), dtype=bool)
        allowed[[self._places[sku] for sku in exclude if sku in self._places]] = False
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

    def _order(self, ranked: NDArray[np.int64], final: Floats, cheapest: bool) -> NDArray[np.int64]:
        if not cheapest or not len(ranked):
            return np.argsort(-final, kind="stable")
        fitting = np.flatnonzero(final >= _AS_GOOD * final.max())
        return fitting[np.argsort(self._prices[ranked[fitting]], kind="stable")]

    def _without_twins(self, ranked: NDArray[np.int64], order: NDArray[np.int64], limit: int) -> list[int]:
        """Keep at most a few of the products whose titles differ only after the comma: colours and sizes."""
        kept: list[int] = []
        seen: Counter[str] = Counter()
        for position in order:
            shared = self._families[ranked[position]]
            seen[shared] += 1
            if seen[shared] <= _TWINS:
                kept.append(int(position))
            if len(kept) == limit:
                break
        return kept

    def _build(self, products: Sequence[Product]) -> dict[str, _Posting]:
        found: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for place, product in enumerate(products):
            weights: Counter[str] = Counter()
            for weight, text in self._fields(product):
                for word in words(text):
                    weights[word] += weight  # type: ignore[assignment]
            for word, weight in weights.items():
                found[word].append((place, weight))
        return {word: self._posting(entries) for word, entries in found.items()}

    def _fields(self, product: Product) -> list[tuple[float, str]]:
        return [
            (_TITLE, f"{product.title_en} | {product.title_zh or ''} | {product.sku}"),
            (_CATEGORY, " ".join(sorted(self._category_words[product.category]))),
            (_ATTRIBUTES, " | ".join(_spoken(value) for value in product.attributes.values())),
            (_DESCRIPTION, f"{product.description_en or ''} | {product.description_zh or ''}"),
        ]

    @staticmethod
    def _posting(entries: list[tuple[int, float]]) -> _Posting:
        weights = np.array([weight for _, weight in entries])
        places = np.array([place for place, _ in entries], dtype=np.int32)
        return _Posting(places, weights / (weights + _SATURATION))


def _holders(postings: Sequence[_Posting]) -> int:
    """Count the products that have any of some words."""
    if len(postings) < 2:
        return len(postings[0].products) if postings else 0
    return len(np.unique(np.concatenate([posting.products for posting in postings])))


def _rarity(holders: int, total: int) -> float:
    """Give BM25's inverse document frequency of something that some of the products have."""
    return math.log(1 + (total - holders + 0.5) / (holders + 0.5))


def _importance(word: str, *, known: bool) -> float:
    """Weigh a word: single Han characters, and pairs that are no word anywhere, say little."""
    if not is_han(word):
        return 1.0
    return _HAN_CHARACTER if len(word) == 1 else 1.0 if known else _HAN_STRANGE_PAIR


def _spoken(value: object) -> str:
    if isinstance(value, (list, tuple)):
        return " | ".join(map(_spoken, value))
    if isinstance(value, dict):
        return " | ".join(map(_spoken, value.values()))
    return "" if isinstance(value, bool) or value is None else str(value)
