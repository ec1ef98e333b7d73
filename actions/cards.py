"""Product cards as the gateway and the widget know them."""

from __future__ import annotations

from typing import Any

from actions.wording import money
from crm_core.catalogue import stock
from crm_core.phrases import crm_phrases
from crm_core.records.people import Reason
from crm_core.records.shop import Offer, Product

Card = dict[str, Any]


def product_card(product: Product, language: str) -> Card:
    """Give the card of a product."""
    return {
        "sku": product.sku,
        "title": product.title(language),
        "price": money(product.price, language),
        "image": product.image,
        "url": f"/products/{product.sku}",
        "stock": stock.level(product),
        "reason": None,
        "served_id": None,
    }


def offer_card(offer: Offer, language: str) -> Card:
    """Give the card of a recommended product, with the reason in words."""
    return product_card(offer.product, language) | {
        "reason": reason_words(offer.reason, language),
        "served_id": offer.served_id,
    }


def reason_words(reason: Reason, language: str) -> str | None:
    """Give a reason in words, or None where there are none for its code."""
    key = f"reason-{reason.code}"
    return crm_phrases.say(language, key, **reason.values) if key in crm_phrases.keys(language) else None
