"""Which products a text names: an inverted index over the words of their names, and over pairs of Han characters.

A name counts when most of it was said in one place, weighed by how rare its parts are; misspelt Latin words are read
as their nearest spelling (rapidfuzz). A part that many names share ("bag", "blue") names nothing by itself.
Products whose names differ only after the last comma, or in brackets, are one family: "Stoneware Plate, white".
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bot.assistant.components.normalisation import simplified
from bot.assistant.components.pieces import half_width, pieces

_ENOUGH = 0.6  # share of a name, weighed by rarity, from which it was named
_ENOUGH_OF_THE_THING = 0.4  # the same where the thing itself, the last part of a name, is among what was said
_AS_GOOD = 0.9  # share of the best score from which another name may be meant as well
_SPELLABLE, _SPELLING = 5, 84  # letters from which a strange word may be misspelt; least likeness, in [0, 100]
_GAP = 1  # parts that may stand between those of a name
_AROUND = 4  # parts around a name in which its colour is looked for
_MOST = 5  # products given for a name that several have
_CANDIDATES = 40
_COMMON = 300  # names that share a part; such a part proposes none
_BRACKET = re.compile(r"[（(].*$")


class Product(NamedTuple):
    """A product by its names; either may be missing."""

    id: str
    sku: str
    en: str | None
    zh: str | None


class Named(NamedTuple):
    """A product, or several that may be meant, where a text names it.

    Attributes:
        start: Where the words begin.
        end: Where they end.
        name: The product's name in the language it was named in; what several products share of their names.
        products: The product; up to five that it may be.
        score: How much of the name was said and how well it was spelt, in [0, 1].
        certain: The name was said; otherwise only the kind of thing, which no other product is.
    """

    start: int
    end: int
    name: str
    products: tuple[Product, ...]
    score: float
    certain: bool


class _Part(NamedTuple):
    key: str
    start: int
    end: int
    likeness: float = 1.0


class _Family(NamedTuple):
    name: str
    parts: frozenset[str]
    last: str
    weight: float
    members: list[tuple[Product, str, frozenset[str]]]  # with the whole name and the parts that tell it from the others


class ProductNames:
    """An immutable index of the names of a catalogue.

    Args:
        products: The products.
        ordinary: Words that name nothing by themselves, however rare they are among the names.
    """

    def __init__(self, products: Iterable[Product], ordinary: Iterable[str] = ()) -> None:
        members: dict[str, list[tuple[Product, str, frozenset[str]]]] = defaultdict(list)
        parts_of: dict[str, list[str]] = {}
        for product in products:
            for name, head in _names(product):
                if head not in parts_of:
                    parts_of[head] = [part.key for part in _parts(head)]
                rest = {part.key for part in _parts(name)} - set(parts_of[head]) if head != name else set()
                members[head].append((product, name, frozenset(rest)))
        holders = Counter(key for keys in parts_of.values() for key in set(keys))
        self._holders = holders
        self._rarity = {key: math.log((len(parts_of) + 1) / (count + 0.5)) + 0.1 for key, count in holders.items()}
        self._ordinary = frozenset(part.key for word in ordinary for part in _parts(word))
        self._families = [
            _Family(head, frozenset(keys), keys[-1], sum(self._rarity[key] for key in set(keys)), members[head])
            for head, keys in parts_of.items()
            if keys
        ]
        self._postings: dict[str, list[int]] = defaultdict(list)
        for place, family in enumerate(self._families):
            for key in family.parts:
                self._postings[key].append(place)
        self._telling = {part for family in self._families for _, _, parts in family.members for part in parts}
        self._spellings: dict[str, list[str]] = defaultdict(list)
        for key in {*self._postings, *self._telling}:
            if key.isascii() and len(key) >= _SPELLABLE:
                self._spellings[key[0]].append(key)

    def __len__(self) -> int:
        return len({product.id for family in self._families for product, _, _ in family.members})

    def find(self, text: str) -> list[Named]:
        """Find the products that a text names, in their order."""
        said = [self._spelt(part) for part in _parts(text)]
        weights: Counter[int] = Counter()
        for key in {part.key for part in said}:
            holders = self._postings.get(key, ())
            if len(holders) <= _COMMON:
                for place in holders:
                    weights[place] += self._rarity[key]  # type: ignore[assignment]
        found = [named for place, _ in weights.most_common(_CANDIDATES) if (named := self._named(place, said))]
        return sorted(_without_overlaps(found), key=lambda named: named.start)

    def _spelt(self, part: _Part) -> _Part:
        """Read a word that no name has as the nearest that one has."""
        key = part.key
        if key in self._postings or key in self._telling or key in self._ordinary or len(key) < _SPELLABLE:
            return part
        near = process.extractOne(key, self._spellings.get(key[0], ()), scorer=fuzz.ratio, score_cutoff=_SPELLING)
        return part._replace(key=near[0], likeness=near[1] / 100) if near else part

    def _named(self, place: int, said: Sequence[_Part]) -> Named | None:
        family = self._families[place]
        cluster = self._cluster(family, said)
        keys = {said[at].key for at in cluster}
        share = 1.0 if keys == family.parts else sum(self._rarity[key] for key in keys) / family.weight
        if not self._is_enough(family, keys, share):
            return None
        likeness = sum(said[at].likeness for at in cluster) / len(cluster)
        around = {part.key for part in said[max(cluster[0] - _AROUND, 0) : cluster[-1] + _AROUND + 1]}
        members = _telling(family, around)
        name = members[0][1] if len(members) == 1 else family.name
        products = tuple(product for product, _, _ in members[:_MOST])
        score = round(share * likeness, 3)
        return Named(said[cluster[0]].start, said[cluster[-1]].end, name, products, score, len(keys) > 1 or share == 1)

    def _cluster(self, family: _Family, said: Sequence[_Part]) -> list[int]:
        """Give the places of the parts that stand together and hold most of the name."""
        best: list[int] = []
        cluster: list[int] = []
        for at, part in enumerate(said):
            if part.key not in family.parts:
                continue
            cluster = [*cluster, at] if cluster and at - cluster[-1] <= _GAP + 1 else [at]
            if self._weight(cluster, said) > self._weight(best, said):
                best = cluster
        return best

    def _weight(self, cluster: Sequence[int], said: Sequence[_Part]) -> float:
        return sum(self._rarity[key] for key in {said[at].key for at in cluster})

    def _is_enough(self, family: _Family, keys: set[str], share: float) -> bool:
        if keys <= self._ordinary:
            return share == 1 and len(keys) > 1
        if len(keys) > 1:
            return share >= (_ENOUGH_OF_THE_THING if family.last in keys else _ENOUGH)
        # One word is enough where it is the thing itself and no other name has it.
        (key,) = keys
        long_enough = len(key) >= _SPELLABLE or not key.isascii() or len(family.parts) == 1
        return key == family.last and self._holders[key] == 1 and long_enough


def _names(product: Product) -> list[tuple[str, str]]:
    """Give a product's names, each with what its family shares of it."""
    names = []
    if product.en:
        names.append((product.en, product.en.rpartition(",")[0] or product.en))
    if product.zh:
        names.append((product.zh, _BRACKET.sub("", product.zh) or product.zh))
    return names


def _parts(text: str) -> list[_Part]:
    """Cut a text into Latin words without their plural, and overlapping pairs of Han characters."""
    folded = simplified(half_width(text)).lower()
    cut = [piece for piece in pieces(folded) if piece.kind in ("WORD", "NUMBER", "HAN")]
    parts = []
    for place, (kind, start, end) in enumerate(cut):
        if kind != "HAN":
            parts.append(_Part(_singular(folded[start:end]), start, end))
        elif place + 1 < len(cut) and cut[place + 1].kind == "HAN" and cut[place + 1].start == end:
            parts.append(_Part(folded[start : end + 1], start, end + 1))
    return parts


def _singular(word: str) -> str:
    word = re.split("['’]", word)[0]
    if len(word) <= 3 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word[:-1]


def _telling(family: _Family, around: set[str]) -> list[tuple[Product, str, frozenset[str]]]:
    """Give those of a family that the words around it describe best."""
    fits = [len(parts & around) for _, _, parts in family.members]
    return [member for member, fit in zip(family.members, fits, strict=True) if fit == max(fits)]


def _without_overlaps(found: Sequence[Named]) -> list[Named]:
    """Keep the best where several stand at one place; names that are as good are kept as one of several products."""
    kept: list[Named] = []
    for named in sorted(found, key=lambda each: (-each.score, each.start - each.end)):
        place = next((at for at, other in enumerate(kept) if named.start < other.end and other.start < named.end), None)
        if place is None:
            kept.append(named)
        elif named.score >= _AS_GOOD * kept[place].score and named[:2] == kept[place][:2]:
            products = tuple(dict.fromkeys((*kept[place].products, *named.products)))[:_MOST]
            kept[place] = kept[place]._replace(products=products)
    return kept
