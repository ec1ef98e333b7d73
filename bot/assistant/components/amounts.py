"""Sums and numbers as people write them: `$1,299.00`, `50 bucks`, `三百块`, `two`."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import NamedTuple

_CURRENCIES = {
    "USD": ("$", "us$", "dollar", "dollars", "bucks", "usd", "美元", "美金"),
    "CNY": ("¥", "rmb", "cny", "yuan", "人民币", "块钱", "块", "元"),
    "EUR": ("€", "euro", "euros", "eur", "欧元"),
    "GBP": ("£", "pound", "pounds", "quid", "gbp", "英镑"),
}
_CURRENCY_OF = {name: currency for currency, names in _CURRENCIES.items() for name in names}
_CURRENCY = re.compile("|".join(re.escape(name) for name in sorted(_CURRENCY_OF, key=len, reverse=True)))
_ENGLISH = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_DIGITS = {character: number for number, character in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}


class Money(NamedTuple):
    """A sum in minor units; the currency is None where the text names none."""

    minor: int
    currency: str | None

    def __str__(self) -> str:
        return " ".join(filter(None, [f"{Decimal(self.minor) / 100:.2f}".removesuffix(".00"), self.currency]))


def read_money(text: str) -> Money | None:
    """Read a sum.

    >>> read_money("US$1,299.50"), str(read_money("三百块"))
    (Money(minor=129950, currency='USD'), '300 CNY')
    """
    folded = text.lower()
    named = _CURRENCY.search(folded)
    number = read_number(_CURRENCY.sub("", folded))
    if number is None:
        return None
    return Money(int((number * 100).to_integral_value()), _CURRENCY_OF[named.group()] if named else None)


def read_number(text: str) -> Decimal | None:
    """Read a number in digits, English words up to twelve, or Chinese characters.

    >>> [int(read_number(text)) for text in ("1,200", "two", "两百五十", "x3", "12,5")]
    [1200, 2, 250, 3, 12]
    """
    bare = text.lower().strip(" x×*")
    if bare in _ENGLISH:
        return Decimal(_ENGLISH.index(bare))
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?", bare):
        return Decimal(bare.replace(",", ""))
    if re.fullmatch(r"\d+,\d{1,2}", bare):
        return Decimal(bare.replace(",", "."))
    return _han_number(bare)


def _han_number(text: str) -> Decimal | None:
    total, digit = 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _UNITS:
            unit = _UNITS[character]
            total = (total + digit) * unit if unit == 10000 else total + (digit or 1) * unit
            digit = 0
        else:
            return None
    return Decimal(total + digit) if text else None
