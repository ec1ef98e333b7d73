"""Which of several orders a customer means by its place, its price or a piece of its number."""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm_core.orders.places import read_place
from crm_core.records.shop import Order

_OTHER_ORDER = re.compile(
    r"\b(?:other|another|different|wrong) order\b|\bnot (?:this|that) order\b"
    r"|(?:另|别的|其他|其它)(?:外)?(?:一)?[个单笔份]?(?:订单|单子)|另(?:外)?一(?:单|笔)|不是(?:这|那)(?:单|笔|个订单)|订单(?:选|搞|弄|说)错",
    re.IGNORECASE,
)
_OTHER_ONE = re.compile(
    r"\b(?:the|my) other one\b|\bnot (?:this|that) one\b|\bwrong one\b|另(?:外)?(?:一)?个|不是(?:这|那)个",
    re.IGNORECASE,
)
_CHEAPER = re.compile(r"\b(?:cheap(?:er|est)?|less expensive|small(?:er|est))\b|便宜|金额小|钱少", re.IGNORECASE)
_DEARER = re.compile(
    r"\b(?:(?:more|most) expensive|expensive|dear(?:er|est)?|big(?:ger|gest)?|larg(?:er|est))\b|贵|金额大|钱多",
    re.IGNORECASE,
)
_OLDER = re.compile(
    r"\b(?:old(?:er|est)?|earli(?:er|est)|first i (?:made|placed))\b|最早|更早|早一?点的|之前那|旧", re.IGNORECASE
)
_NEWER = re.compile(r"\b(?:new(?:er|est)?|latest|most recent|recent)\b|最近|最新|新的|晚一?点的", re.IGNORECASE)
_MEANT = re.compile(
    r"\b(?:i )?mean(?:t)?\b|\bsorry\b|\bactually\b|\brather\b|\bno[,. ]|\bnot\b"
    r"|我?是说|说的是|应该是|不是|不对|错了|改成",
    re.IGNORECASE,
)
_PIECE = re.compile(r"(?<!\d)\d{3,6}(?!\d)")


def means_other(text: str, *, bare: bool = False) -> bool:
    """Tell whether a message says that another order is meant, without saying which.

    Args:
        text: The message.
        bare: Whether "the other one" says so, too.
    """
    return bool(_OTHER_ORDER.search(text) or (bare and _OTHER_ONE.search(text)))


def corrects(text: str) -> bool:
    """Tell whether a message takes back what was said before."""
    return _MEANT.search(text) is not None


def referred(text: str, orders: Sequence[Order]) -> Order | None:
    """Tell which of some orders a message means; None where it is not clear.

    Args:
        text: "the second one", "the cheaper one", "the older one", "ends with 234".
        orders: Those that were shown, in their order.
    """
    if not orders:
        return None
    piece = _PIECE.search(text)
    if piece:
        held = [order for order in orders if piece.group() in order.number]
        return held[0] if len(held) == 1 else None
    by_price = sorted(orders, key=lambda order: order.total.minor)
    by_day = sorted(orders, key=lambda order: order.placed_at)
    for pattern, chosen in (
        (_CHEAPER, by_price[0]),
        (_DEARER, by_price[-1]),
        (_OLDER, by_day[0]),
        (_NEWER, by_day[-1]),
    ):
        if pattern.search(text):
            return chosen
    place = read_place(text, len(orders))
    return orders[place] if place is not None else None


def other_than(number: str, orders: Sequence[Order]) -> Order | None:
    """Give the only order besides the one spoken of; None where there are more, or none."""
    others = [order for order in orders if order.number != number]
    return others[0] if len(others) == 1 else None
