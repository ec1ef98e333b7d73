"""What can be bought: search, stock and price."""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from babel.numbers import get_currency_precision

from crm_core.catalogue.names_file import write_names
from crm_core.catalogue.search import FOUND, CatalogueIndex, Hit
from crm_core.catalogue.wishes import Wish, read_wish
from crm_core.catalogue.words import is_han, words
from crm_core.errors import ProductNotFound
from crm_core.language import LANGUAGES
from crm_core.phrases import crm_phrases
from crm_core.records.shop import Product
from crm_core.storage import products as storage
from crm_core.use_cases.context import Context

logger = logging.getLogger(__name__)

MOST_CARDS = 5
_RELATED = 0.25
_CHECK_EVERY = timedelta(seconds=5)  # how often it is looked whether the catalogue has changed


class Fit(StrEnum):
    """How well the products that were found fit the question."""

    EXACT = "exact"
    SIMILAR = "similar"  # not quite that, but like it
    DEARER = "dearer"  # that, but beyond the limit of price
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Found:
    """What a question about products found."""

    wish: Wish
    products: list[Product]
    fit: Fit
    closest_category: str | None = None  # where nothing was found


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
        return self._read(self._hits(wish, min_price_minor, max_price_minor, category, limit))

    def find(
        self,
        question: str,
        *,
        category: str | None = None,
        max_price_minor: int | None = None,
        exclude: Collection[str] = (),
        limit: int = MOST_CARDS,
    ) -> Found:
        """Answer a question about products; where nothing fits, say which category comes closest.

        Args:
            question: As the customer put it.
            category: Only this category.
            max_price_minor: Highest price, minor units.
            exclude: SKUs to leave out.
            limit: At most this many.
        """
        wish = read_wish(question)
        if not wish.says_something and category is None:
            return Found(wish, [], Fit.NONE)
        hits = self._hits(wish, None, max_price_minor, category, limit, exclude)
        if hits:
            return Found(wish, self._read(hits), Fit.EXACT if hits[0].coverage >= FOUND else Fit.SIMILAR)
        index = self._fresh_index()
        dearer = index.search(
            wish.words, category=category, exclude=exclude, coverage=FOUND, cheapest=True, limit=limit
        )
        if wish.words and dearer:
            return Found(wish, self._read(dearer), Fit.DEARER)
        return Found(wish, [], Fit.NONE, index.closest_category(wish.words))

    def named(self, question: str) -> list[Product]:
        """Find the product that a question names: one when it is clear, a few when it could be any of them."""
        return self._read(self._fresh_index().named(read_wish(question).words))

    def related(self, words: Sequence[str], *, closely: bool = False, limit: int = 60) -> list[str]:
        """Give the SKUs that have anything to do with some words, best first: what may be recommended.

        Args:
            words: Content words (`Wish.words`).
            closely: Only what has most of the words.
            limit: At most this many.
        """
        coverage = FOUND if closely else _RELATED
        hits = self._fresh_index().search(words, coverage=coverage, limit=limit) if words else []
        return [hit.sku for hit in hits]

    def obvious(self, text: str) -> list[Product]:
        """Give the products that a message names in so many words and says nothing else; mostly none."""
        found = self.find(text)
        if found.fit is not Fit.EXACT or not found.wish.words:
            return []
        first = found.products[0]
        named = {*words(f"{first.title_en} {first.title_zh or ''}"), *words(" ".join(category_names(first.category)))}
        asked = {word for word in found.wish.words if not is_han(word) or len(word) > 1}
        return found.products if asked and asked <= named else []

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

    def publish(self) -> None:
        """Write the names of the products where the assistant reads them; that it cannot be written stops nothing."""
        self._write_names(self.all())

    def categories(self) -> list[str]:
        """Give the keys of the categories that have products."""
        return self._fresh_index().categories

    def _hits(
        self,
        wish: Wish,
        least: int | None,
        most: int | None,
        category: str | None,
        limit: int,
        exclude: Collection[str] = (),
    ) -> list[Hit]:
        return self._fresh_index().search(
            wish.words,
            min_minor=max(_known(least, self.minor(wish.min_price)), default=None),
            max_minor=min(_known(most, self.minor(wish.max_price)), default=None),
            category=category,
            cheapest=wish.cheap,
            exclude=exclude,
            limit=limit,
        )

    def _read(self, hits: Iterable[Hit]) -> list[Product]:
        """Read what was found from the database: stock and price are those of this moment."""
        return [product for product in self.by_skus([hit.sku for hit in hits]) if product.active]

    def minor(self, price: float | None) -> int | None:
        """Give a price in the shop's currency in minor units."""
        return None if price is None else round(price * 10 ** get_currency_precision(self._context.settings.currency))

    def _fresh_index(self) -> CatalogueIndex:
        moment = self._context.clock()
        if self._checked is not None and moment - self._checked < _CHECK_EVERY:
            return self._index
        if not self._lock.acquire(blocking=self._state is None):
            return self._index  # another thread renews it; nobody else waits for that
        try:
            self._renew()
            self._checked = moment
        finally:
            self._lock.release()
        return self._index

    def _renew(self) -> None:
        with self._context.database.reading() as connection:
            state = storage.state(connection)
            if state != self._state:
                products = storage.on_sale(connection)
                self._index = CatalogueIndex(products, category_names)
                self._state = state
                self._write_names(products)

    def _write_names(self, products: Sequence[Product]) -> None:
        path = self._context.settings.product_names
        try:
            write_names(path, products)
        except OSError as error:
            logger.warning("the assistant will not know the present products: %s cannot be written: %s", path, error)


def category_name(key: str, language: str) -> str:
    """Give a category's name in a language; one that has none of its own is called by its key."""
    words = key.replace("_", " ")
    phrase = f"category-{key.replace('_', '-')}"
    return crm_phrases.say(language, phrase) if crm_phrases.has(language, phrase) else words


def category_names(key: str) -> list[str]:
    """Give every name of a category, in all languages."""
    return [key.replace("_", " "), *(category_name(key, language) for language in LANGUAGES)]


def _known(*limits: int | None) -> list[int]:
    return [limit for limit in limits if limit is not None]
