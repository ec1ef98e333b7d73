"""Cuts a text of Latin and Chinese writing into pieces, each with its kind and its place in the text.

What a person takes for one thing is one piece: an address of the web, an e-mail address, an order number, a telephone
number, a sum of money, an emoji with its skin and its family. Everything else is a word of Latin letters or a
single Han character, because Chinese has no borders between words.
"""

from __future__ import annotations

import re
from typing import NamedTuple

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"

_HALF_WIDTH = {full: full - 0xFEE0 for full in range(0xFF01, 0xFF5F)} | {0x3000: " ", 0xFFE5: "¥", 0xFFE1: "£"}
_CURRENCY = "(?:[uU][sS]\\$|[$¥￥€£])"
_MONEY_WORD = (
    "(?:(?:dollars?|bucks|usd|euros?|eur|pounds?|quid|gbp|rmb|cny|yuan)(?![a-z])|美元|美金|欧元|英镑|人民币|块钱|块|元)"
)
_SUM = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:[.,]\d{1,2})?(?!\d)"
_EMOJI_PART = (
    "[\u00a9\u00ae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]"
    "[\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]*"
)

_KINDS = {
    "URL": r"(?:https?://|www\.)[^\s" + HAN + r"，。！？；：、（）《》“”\"'<>]*[A-Za-z0-9/=#&_-]",
    "EMAIL": r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}",
    # 2026-10-05
    "DATE": r"(?<![\w.-])\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d|[-/.]\d)",
    # RP100234; imported shops: 536365, C536379. Not a postcode, not a part of a phone or a sum.
    "ORDER": r"(?<![A-Za-z0-9+.$¥€£-])(?<!邮编)(?<!邮编[: ])(?<!邮编是)(?<!邮政编码)(?<!zip )(?<!postcode )"
    r"(?:[rR][pP][ -]?\d{6}|[cC]?\d{6})(?![A-Za-z0-9@元块]|[.-]\d)",
    "MONEY": rf"{_CURRENCY} ?(?:{_SUM})|(?<![A-Za-z0-9.])(?:{_SUM}) ?{_MONEY_WORD}",
    # 8 to 15 digits, single separators
    "PHONE": r"(?<![A-Za-z0-9.@$¥€£-])(?:\+|\()?\d(?:[ ().-]{0,2}\d){7,14}(?![A-Za-z0-9@元块])",
    "EMOJI": rf"[\U0001F1E6-\U0001F1FF]{{2}}|[0-9#*]\ufe0f?\u20e3|{_EMOJI_PART}(?:\u200d{_EMOJI_PART})*",
    "NUMBER": rf"\d+(?:[.,]\d+)*(?![^\W_{HAN}])",
    "HAN": f"[{HAN}]",
    "WORD": rf"[^\W{HAN}]+(?:['’][^\W\d_{HAN}]+)?",
    "SPACE": r"\s+",
    "SIGN": r".",
}
_PIECE = re.compile(
    "|".join(f"(?P<{kind}>{f'(?i:{shape})' if kind == 'MONEY' else shape})" for kind, shape in _KINDS.items())
)


class Piece(NamedTuple):
    """A part of a text."""

    kind: str
    start: int
    end: int


def half_width(text: str) -> str:
    """Give full-width letters, digits and signs as their usual ones; every character keeps its place.

    >>> half_width("ＲＰ１００２３４！")
    'RP100234!'
    """
    return text.translate(_HALF_WIDTH)


def pieces(text: str) -> list[Piece]:
    """Cut a text; the pieces together are the whole text.

    >>> text = "订单RP100234花了$5"
    >>> [text[piece.start : piece.end] for piece in pieces(text)]
    ['订', '单', 'RP100234', '花', '了', '$5']
    """
    return [Piece(found.lastgroup or "SIGN", *found.span()) for found in _PIECE.finditer(half_width(text))]
