"""Limits of price as people say them: `under $30`, `20-40 dollars`, `50元以下`, `两百左右`."""

from __future__ import annotations

import re

from crm_core.catalogue.numbers import HAN_NUMBER, read_number

_AROUND = 0.25  # "around 40" means 30 to 50
_NUMBER = rf"(\d[\d,]*(?:\.\d+)?[百千万]?|{HAN_NUMBER}+)"
_SIGN = r"(?:us\$|\$|¥|￥|£|€|usd|rmb|cny|eur|gbp)?\s*"
_MONEY = (
    r"(?:us dollars|dollars|dollar|bucks|usd|rmb|cny|yuan|euros|euro|pounds|pound|quid|eur|gbp"
    r"|块钱|元钱|元|块|美元|美金|刀|\$|¥|£|€)"
)
_NOT_MONEY = (
    r"(?!\s*(?:years|year|yrs|months|month|days|weeks|hours|cm|mm|ml|kg|g\b|inch|people|pieces|pcs|%|stars"
    r"|岁|个月|月|天|小时|厘米|毫升|公斤|斤|寸|人|个|件|折|星))"
)
_END = r"(?![\d.])"
_OF = rf"{_SIGN}{_NUMBER}{_END}\s*(?:{_MONEY})?{_NOT_MONEY}"

_BETWEEN = (
    re.compile(rf"(?:between|from)\s+{_SIGN}{_NUMBER}\s*(?:{_MONEY})?\s*(?:and|to|-)\s*{_OF}"),
    re.compile(rf"{_SIGN}{_NUMBER}\s*(?:{_MONEY})?\s*(?:-|–|~|到|至)\s*{_SIGN}{_NUMBER}{_END}\s*{_MONEY}"),
    re.compile(rf"\$\s*{_NUMBER}\s*(?:-|–|~|to)\s*\$?\s*{_NUMBER}{_END}"),
)
_MOST = (
    re.compile(
        rf"(?:under|below|less than|cheaper than|no more than|not more than|at most|up to|max(?:imum)?(?: of)?|within"
        rf"|not over|budget (?:is|of)|<=?)\s+(?:about\s+)?{_OF}"
    ),
    re.compile(rf"<\s*{_OF}"),
    re.compile(rf"{_OF}\s*(?:or less|or under|max|tops|at most)"),
    re.compile(
        rf"(?:不超过|不高于|不要超过|别超过|(?<!不)(?:低于|少于)|小于|最多|不到|预算(?:是|在|大概|大约)?)\s*{_OF}(?!以上|起|左右)"
    ),
    re.compile(rf"{_OF}\s*(?:以下|以内|之内|之下|内|封顶)"),
)
_LEAST = (
    re.compile(
        rf"(?:(?<!not )over|above|(?<!no )(?<!not )more than|at least|from|min(?:imum)?(?: of)?|starting at|>=?)"
        rf"\s+{_OF}"
    ),
    re.compile(rf"{_OF}\s*(?:or more|and up|and above|or above)"),
    re.compile(rf"(?:(?<![不要别])(?:高于|超过|大于)|不低于|不少于|至少)\s*{_OF}"),
    re.compile(rf"{_OF}\s*(?:以上|起|往上)"),
)
_ABOUT = (
    re.compile(rf"(?:around|about|roughly|approximately|circa)\s+{_OF}"),
    re.compile(rf"(?:大概|大约|差不多|约)\s*{_OF}"),
    re.compile(rf"{_OF}\s*(?:左右|上下)"),
)


def read_limits(folded: str) -> tuple[float | None, float | None, str]:
    """Read the limits of price in a folded text (`catalogue.words.fold`).

    Returns:
        The least and the highest price in major units, each None when there is none, and the text without them.
    """
    for pattern in _BETWEEN:
        if match := pattern.search(folded):
            low, high = sorted(filter(None, map(read_number, match.groups()))) or (None, None)
            return low, high, folded.replace(match.group(), " ")
    for pattern in _ABOUT:
        if (match := pattern.search(folded)) and (number := read_number(match.group(1))):
            return number * (1 - _AROUND), number * (1 + _AROUND), folded.replace(match.group(), " ")
    low, folded = _first(_LEAST, folded)
    high, folded = _first(_MOST, folded)
    return low, high, folded


def _first(patterns: tuple[re.Pattern[str], ...], folded: str) -> tuple[float | None, str]:
    for pattern in patterns:
        match = pattern.search(folded)
        if match and (number := read_number(match.group(1))):
            return number, folded.replace(match.group(), " ")
    return None, folded
