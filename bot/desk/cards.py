"""An offer as the card that a customer sees."""

from __future__ import annotations

from bot.desk.wording import Wording
from crm_core.records.shop import Offer

_FEW = 5  # from here on the card says that only a few are left


def offer_card(offer: Offer, language: str) -> dict[str, object]:
    """Make the card of a served offer, in the language of the conversation."""
    words = Wording(language, "UTC")
    product = offer.product
    stock = "out" if product.stock <= 0 else "low" if product.stock <= _FEW else "in_stock"
    return {
        "sku": product.sku,
        "title": product.title(language),
        "price": words.money(product.price),
        "image": product.image,
        "url": f"/products/{product.sku}",
        "stock": stock,
        "reason": words.reason(offer.reason),
        "served_id": offer.served_id,
    }
