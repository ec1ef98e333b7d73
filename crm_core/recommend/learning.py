"""How likeness between products is learned: from who bought what, and from the products' texts."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
from scipy import sparse

from crm_core.recommend.neighbours import Floats, Neighbours
from crm_core.recommend.recommender import Recommender

DEFAULT_WEIGHTS = {"together": 1.0, "content": 0.1, "popular": 0.1}
_SHARED = {"order": 1.0, "customer": 0.6}
_NEAREST = 100
_DOUBT = 1.0  # added to the norm: products with little in common are not called alike
_BLOCK = 512  # products compared at once
_POPULAR_DAYS = 90
_TEXTS = ("title_en", "title_zh", "description_en", "description_zh", "category")
_WORDS = re.compile(r"[a-z]{2,}|[㐀-鿿]")


def fit(lines: pd.DataFrame, products: pd.DataFrame) -> Recommender:
    """Learn from purchases.

    Args:
        lines: What was bought: `customer` (who; an order's own id for guests), `order`, `sku`, `at`.
        products: `sku`, `category` and, where there are any, titles and descriptions in both languages.

    Returns:
        A recommender with the usual weights.
    """
    products = products.drop_duplicates("sku").sort_values("sku")
    skus = pd.Index(products["sku"])
    known = lines[lines["sku"].isin(skus)]
    return Recommender(
        skus=[str(sku) for sku in skus],
        categories=[str(category) for category in products["category"]],
        together=_together(known, skus),
        content=_content(products),
        popularity=popularity(known, skus),
        weights=DEFAULT_WEIGHTS,
    )


def popularity(lines: pd.DataFrame, skus: pd.Index[Any]) -> Floats:
    """Give how many customers bought each product in the newest 90 days, the most bought being 1."""
    if not len(lines):
        return np.zeros(len(skus))
    recent = lines[lines["at"] > lines["at"].max() - pd.Timedelta(days=_POPULAR_DAYS)]
    counts = recent.groupby("sku")["customer"].nunique().reindex(skus).fillna(0.0).to_numpy(dtype=float)
    return np.asarray(counts / max(counts.max(initial=0.0), 1.0), dtype=np.float64)


def _together(lines: pd.DataFrame, skus: pd.Index[Any]) -> Neighbours:
    """Compare products by the baskets, and less by the customers, that they share.

    The likeness is a cosine, doubted where little is shared; a large basket says less of each pair in it.
    """
    places = skus.get_indexer(pd.Index(lines["sku"]))
    parts = [_shared(lines[whole], places, len(skus)) * weight for whole, weight in _SHARED.items()]
    stacked = sparse.csc_matrix(sparse.vstack(parts))
    norms = np.sqrt(np.asarray(stacked.multiply(stacked).sum(axis=0)).ravel())
    return _nearest(stacked, norms, _DOUBT)


def _shared(wholes: pd.Series[Any], places: Any, products: int) -> sparse.csr_matrix:
    """Give which basket (or customer) has which product, each row scaled to length 1."""
    numbers, names = pd.factorize(wholes)
    ones = np.ones(len(numbers), np.float32)
    pairs = sparse.csr_matrix((ones, (numbers, places)), shape=(len(names), products))
    pairs.data[:] = 1.0  # bought twice is bought
    width = np.asarray(pairs.sum(axis=1)).ravel()
    return sparse.diags(1 / np.sqrt(np.maximum(width, 1))) @ pairs


def _content(products: pd.DataFrame) -> Neighbours:
    """Compare products by the words of their texts: TF-IDF and cosine; Han characters count one by one."""
    texts = products.reindex(columns=list(_TEXTS)).fillna("").agg(" ".join, axis=1)
    words: dict[str, int] = {}
    rows, columns = list[int](), list[int]()
    for row, text in enumerate(texts):
        for word in _WORDS.findall(text.lower()):
            rows.append(row)
            columns.append(words.setdefault(word, len(words)))
    shape = (len(products), max(len(words), 1))
    counts = sparse.csr_matrix((np.ones(len(rows), np.float32), (rows, columns)), shape=shape)
    spread = np.maximum(np.asarray(counts.sign().sum(axis=0)).ravel(), 1)
    counts.data = 1 + np.log(counts.data)
    weighted = sparse.csc_matrix((counts @ sparse.diags(np.log(1 + len(products) / spread))).T)
    return _nearest(weighted, np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=0)).ravel()), 0.0)


def _nearest(columns: sparse.csc_matrix, norms: Floats, doubt: float) -> Neighbours:
    """Keep the nearest columns of each column, block after block so that memory stays small."""
    count = columns.shape[1]
    starts, places, likeness = [0], list[Any](), list[Any]()
    for first in range(0, count, _BLOCK):
        block = np.asarray((columns[:, first : first + _BLOCK].T @ columns).todense())
        block = block / (norms[first : first + _BLOCK, None] * norms[None, :] + doubt + 1e-12)
        for row, near in enumerate(block):
            near[first + row] = 0.0
            best = np.argsort(-near, kind="stable")[:_NEAREST]
            best = best[near[best] > 0]
            places.append(best.astype(np.int32))
            likeness.append(near[best].astype(np.float32))
            starts.append(starts[-1] + len(best))
    none = [np.empty(0)]
    return Neighbours(
        np.array(starts, dtype=np.int64),
        np.concatenate(places or none).astype(np.int32),
        np.concatenate(likeness or none).astype(np.float32),
    )
