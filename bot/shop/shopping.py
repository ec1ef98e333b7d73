"""What the shop's pages show of the catalogue, and what they record of those who look."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from crm_core.crm import Crm
from crm_core.errors import NotFound, RapportError
from crm_core.records.shop import Money, Product

_PER_CATEGORY = 2
_MOST_FOUND = 24
_SIMILAR = 4
_SOURCE = "shop"
_CHANNEL = "web"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the basket."""

    product: Product
    pieces: int
    amount: Money


class Shopping:
    """Reads the catalogue and records views and baskets of customers who are signed in; nobody else is followed.

    Args:
        crm: The database's use cases.
    """

    def __init__(self, crm: Crm) -> None:
        self._crm = crm

    def shelf(self, language: str, category: str | None, words: str | None) -> list[Product]:
        """Give the products of the front page, of a category, or for some words."""
        if words:
            return self._crm.catalogue.search(words, language=language, category=category, limit=_MOST_FOUND)
        products = self._crm.catalogue.all()
        if category:
            return [product for product in products if product.category == category]
        return _one_of_each(products)

    def product(self, sku: str) -> tuple[Product, list[Product]]:
        """Give a product and some others of its kind.

        Raises:
            ProductNotFound: There is none, or it is no longer sold.
        """
        product = self._crm.catalogue.by_sku(sku)
        others = [other for other in self._crm.catalogue.all() if other.category == product.category]
        return product, [other for other in _distinct(others) if other.sku != sku][:_SIMILAR]

    def basket(self, basket: dict[str, int]) -> tuple[list[Line], Money | None]:
        """Give the basket's lines and their sum; None for an empty one."""
        products = {product.sku: product for product in self._crm.catalogue.all()}
        lines = [
            Line(products[sku], pieces, Money(products[sku].price.minor * pieces, products[sku].price.currency))
            for sku, pieces in basket.items()
            if sku in products
        ]
        if not lines:
            return [], None
        return lines, Money(sum(line.amount.minor for line in lines), lines[0].amount.currency)

    def viewed(self, customer_id: str | None, sku: str) -> None:
        """Note that a customer looked at a product."""
        if customer_id:
            with suppress(RapportError):  # a page is shown even when nothing can be noted
                self._crm.customers.track(
                    customer_id, "Product Viewed", channel=_CHANNEL, source=_SOURCE, product_sku=sku
                )

    def added(self, customer_id: str | None, product: Product, pieces: int, served_id: str | None) -> None:
        """Note that a product went into the basket, and that a recommendation led there."""
        if served_id:
            with suppress(NotFound):
                self._crm.recommendations.outcome(served_id, "cart", product.price.minor * pieces)
        if customer_id:
            self._crm.customers.track(
                customer_id,
                "Product Added",
                channel=_CHANNEL,
                source=_SOURCE,
                product_sku=product.sku,
                amount_minor=product.price.minor * pieces,
                currency=product.price.currency,
            )


def _distinct(products: list[Product]) -> list[Product]:
    """Give one product of each that comes in several colours or sizes, one in stock where there is one."""
    chosen: dict[str, Product] = {}
    for product in products:
        name = product.title_en.partition(",")[0]
        if name not in chosen or (chosen[name].stock <= 0 < product.stock):
            chosen[name] = product
    return list(chosen.values())


def _one_of_each(products: list[Product]) -> list[Product]:
    shown: dict[str, list[Product]] = {}
    for product in _distinct(products):
        shown.setdefault(product.category, []).append(product)
    return [kept[place] for place in range(_PER_CATEGORY) for kept in shown.values() if place < len(kept)]
