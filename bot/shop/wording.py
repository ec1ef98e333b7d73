"""How the demo shop writes prices and days, and its sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from babel.dates import format_date
from babel.numbers import format_currency, get_currency_precision

from bot.phrases import bot_phrases
from crm_core.language import locale_of
from crm_core.phrases import crm_phrases
from crm_core.records.shop import Money, Product

FEW_LEFT = 5


@dataclass(frozen=True, slots=True)
class Wording:
    """Words in one language; the templates' way to every text."""

    language: str

    def say(self, key: str, **values: str | int) -> str:
        """Give one of the shop's sentences."""
        return bot_phrases.say(self.language, f"shop-{key}", **values)

    def money(self, amount: Money) -> str:
        """Write a price."""
        units = amount.minor / 10 ** get_currency_precision(amount.currency)
        return str(format_currency(units, amount.currency, locale=locale_of(self.language)))

    def day(self, moment: datetime) -> str:
        """Write a day."""
        return str(format_date(moment, "long", locale=locale_of(self.language)))

    def category(self, key: str) -> str:
        """Give a category's name; one without a name of its own is called by its key."""
        phrase = f"category-{key.replace('_', '-')}"
        known = crm_phrases.has(self.language, phrase)
        return crm_phrases.say(self.language, phrase) if known else key.replace("_", " ")

    def status(self, status: str) -> str:
        """Say how far an order is."""
        return bot_phrases.say(self.language, f"order-status-{status}")

    def stock(self, product: Product) -> str:
        """Give the key of how much of a product is left: in_stock, low or out."""
        if product.stock <= 0:
            return "out"
        return "low" if product.stock <= FEW_LEFT else "in_stock"
