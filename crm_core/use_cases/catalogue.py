"""What can be bought: search, stock and price."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from babel.numbers import get_currency_precision

from crm_core.catalogue.search import CatalogueIndex, Hit
from crm_core.catalogue.wishes import Wish, read_wish
from crm_core.errors import ProductNotFound
from crm_core.language import LANGUAGES
from crm_core.phrases import crm_phrases
from crm_core.records.shop import Product
from crm_core.storage import products as storage
from crm_core.use_cases.context import Context

MOST_CARDS = 5
_CHECK_EVERY = timedelta(seconds=5)  # how often it is looked whether the catalogue has changed


@dataclass(frozen=True, slots=True)
class Found:
    """What a question about products found."""

    wish: Wish
    products: list[Product]
    max_minor: int | None = None
    closest_category: str | None = None  # where nothing fitted


class Catalogue:
    """The products, and the index they are searched by; the index is built at first use and when they change."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._index = CatalogueIndex([])
        self._state: storage.CatalogueState | None = None
        self._checked: datetime | None = None

    def search(
        self,
        query: str,
        *,
        language: str = "en",
        max_price_minor: int | None = None,
        min_price_minor: int | None = None,
        category: str | None = None,
        limit: int = MOST_CARDS,
    ) -> list[Product]:
        """Find products by words in either language; limits of price in the words count too.

        Args:
            query: What is looked for, as a customer says it.
            language: The language of the conversation.
            max_price_minor: Highest price, minor units.
            min_price_minor: Least price, minor units.
            category: Only this category.
            limit: At most this many.
        """
        wish = read_wish(query)
        return self._search(wish, min_price_minor, max_price_minor, category, limit)

    def find(self, question: str, *, category: str | None = None, limit: int = MOST_CARDS) -> Found:
        """Answer a question about products; where nothing fits, say which category comes closest."""
        wish = read_wish(question)
        found = self._search(wish, None, None, category, limit) if wish.says_something or category else []
        closest = None if found else self._fresh_index().closest_category(wish.words)
        return Found(wish, found, self._minor(wish.max_price), closest)

    def named(self, question: str) -> list[Product]:
        """Find the product that a question names: one when it is clear, a few when it could be any of them."""
        return self._read(self._fresh_index().named(read_wish(question).words))

    def by_sku(self, sku: str) -> Product:
        """Give one product.

        Raises:
            ProductNotFound: No product has this SKU.
        """
        found = self.by_skus([sku])
        if not found:
            raise ProductNotFound(sku)
        return found[0]

    def by_skus(self, skus: Sequence[str]) -> list[Product]:
        """Give products in the order asked; unknown ones are left out."""
        with self._context.database.reading() as connection:
            return storage.by_skus(connection, skus)

    def all(self) -> list[Product]:
        """Give every product on sale, by SKU."""
        with self._context.database.reading() as connection:
            return storage.on_sale(connection)

    def categories(self) -> list[str]:
        """Give the keys of the categories that have products."""
        return self._fresh_index().categories

    def _search(
        self, wish: Wish, least: int | None, most: int | None, category: str | None, limit: int
    ) -> list[Product]:
        hits = self._fresh_index().search(
            wish.words,
            min_minor=_tighter(max, least, self._minor(wish.min_price)),
            max_minor=_tighter(min, most, self._minor(wish.max_price)),
            category=category,
            cheapest=wish.cheap,
            limit=limit,
        )
        return self._read(hits)

    def _read(self, hits: Iterable[Hit]) -> list[Product]:
        """Read what was found from the database: stock and price are those of this moment."""
        return [product for product in self.by_skus([hit.sku for hit in hits]) if product.active]

    def _minor(self, price: float | None) -> int | None:
        return None if price is None else round(price * 10 ** get_currency_precision(self._context.settings.currency))

    def _fresh_index(self) -> CatalogueIndex:
        moment = self._context.clock()
        if self._checked is not None and moment - self._checked < _CHECK_EVERY:
            return self._index
        with self._lock, self._context.database.reading() as connection:
            state = storage.state(connection)
            if state != self._state:
                self._index = CatalogueIndex(storage.on_sale(connection), category_names)
                self._state = state
            self._checked = moment
            return self._index


def category_name(key: str, language: str) -> str:
    """Give a category's name in a language; one that has none of its own is called by its key."""
    words = key.replace("_", " ")
    phrase = f"category-{key.replace('_', '-')}"
    return crm_phrases.say(language, phrase) if phrase in crm_phrases.keys(language) else words


def category_names(key: str) -> list[str]:
    """Give every name of a category, in all languages."""
    return [key.replace("_", " "), *(category_name(key, language) for language in LANGUAGES)]


def _tighter(choose: type[min] | type[max], *limits: int | None) -> int | None:  # type: ignore[valid-type]
    known = [limit for limit in limits if limit is not None]
    return choose(known) if known else None
