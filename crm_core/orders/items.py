"""Which line of an order is meant."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from rapidfuzz import fuzz

from crm_core.records.shop import OrderItem

ALL = "all"
_ALL = re.compile(
    r"\b(?:all|everything|both|whole (?:order|lot)|entire order|each)\b|全部|所有|都[要退换]|整单|一起|全退|都是",
    re.IGNORECASE,
)
_WHOLE = re.compile(
    r"\b(?:everything|(?:whole|entire|complete) order|all of (?:it|them|the items))\b|整单|全部|所有商品", re.IGNORECASE
)
_ORDINALS = (
    r"\b(?:first|1st|one)\b|第一|^1$",
    r"\b(?:second|2nd|two)\b|第二|^2$",
    r"\b(?:third|3rd|three)\b|第三|^3$",
    r"\b(?:fourth|4th|four)\b|第四|^4$",
    r"\b(?:fifth|5th|five)\b|第五|^5$",
)
_LAST = re.compile(r"\blast\b|最后一", re.IGNORECASE)
_PARTICLES = re.compile(r"^(?:是|就是|那个|这个|要退|退)+|(?:的|那个|那件|那款|这个|这件|吧|呢|[。.!！])+$")
_BRACKET = re.compile(r"\s*[（(].*$")
_NOUN_ENDS = re.compile(r",| (?:set|pack|box|pair|roll) of\b| (?:of|for|with|in)\b")
_CLOSE_ENOUGH = 75
_BEYOND_DOUBT = 90


def choose_item(text: str, items: Sequence[OrderItem]) -> str | None:
    """Tell which item of an order a customer names.

    Args:
        text: A SKU, some words of the title, an ordinal ("the second one"), or "all of it".
        items: The lines of the order.

    Returns:
        The item's SKU, `"all"`, or None where it is not clear.
    """
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    exact = next((item.sku for item in items if item.sku.casefold() == folded), None)
    if exact or not folded:
        return exact
    if folded == ALL or _ALL.search(folded):
        return ALL
    return _by_title(_PARTICLES.sub("", folded), items) or _by_place(folded, items)


def means_everything(text: str) -> bool:
    """Tell whether a sentence speaks of a whole order."""
    return _WHOLE.search(text) is not None


def named_item(text: str, items: Sequence[OrderItem]) -> str | None:
    """Tell which item a sentence names that was not asked for one: only what is said beyond doubt counts."""
    named = [item.sku for item in items if is_named(item, text)]
    return named[0] if len(named) == 1 else None


def is_named(item: OrderItem, text: str) -> bool:
    """Tell whether a sentence names an item beyond doubt: by the noun of its title, or by its number."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    return _shared_words(folded, item.title) >= _BEYOND_DOUBT or _holds(folded, item)


def _holds(text: str, item: OrderItem) -> bool:
    noun = _BRACKET.sub("", (item.title_zh or "").casefold())[-2:]  # a Chinese title ends with it: 头戴式耳机（黑色）
    return item.sku.casefold() in text or (len(noun) == 2 and noun in text)


def _by_title(text: str, items: Sequence[OrderItem]) -> str | None:
    scores = sorted(
        (
            (
                max(*(fuzz.partial_ratio(text, title) for title in _titles(item)), _shared_words(text, item.title)),
                item.sku,
            )
            for item in items
        ),
        reverse=True,
    )
    clear = scores and scores[0][0] >= _CLOSE_ENOUGH and (len(scores) == 1 or scores[0][0] > scores[1][0])
    return scores[0][1] if clear and len(text) >= 2 else None


def _titles(item: OrderItem) -> list[str]:
    return [title.casefold() for title in (item.title, item.title_zh) if title]


def _shared_words(text: str, title: str) -> float:
    """Give how much of a title's words a sentence names, in [0, 100).

    The noun counts most: the last word before a comma, `plate` in "Stoneware Dinner Plate, white", or before what
    says of how many or of what it is, `jar` in "Airtight Jar Set of Three".
    """
    words = re.findall(r"[a-z]{3,}", title.casefold())
    nouns = re.findall(r"[a-z]{3,}", _NOUN_ENDS.split(title.casefold())[0])[-1:]
    named = [word for word in words if re.search(rf"\b{re.escape(word)}", text)]
    if not named:
        return 0
    share = len(named) / len(words)
    return _BEYOND_DOUBT + 9 * share if nouns and nouns[0] in named else 60 + 29 * share


def _by_place(text: str, items: Sequence[OrderItem]) -> str | None:
    if _LAST.search(text) and items:
        return items[-1].sku
    places = [place for place, words in enumerate(_ORDINALS) if re.search(words, text, re.IGNORECASE)]
    return items[max(places)].sku if places and max(places) < len(items) else None
