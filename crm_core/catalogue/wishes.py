"""What a question about products asks for: the words, the limits of price, and what to change in an offer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_core.catalogue.numbers import HAN_NUMBER, read_number
from crm_core.catalogue.words import content_words, fold

_AROUND = 0.25  # "around 40" means 30 to 50
_NUMBER = rf"(\d[\d,]*(?:\.\d+)?[百千万]?|{HAN_NUMBER}+)"
_SIGN = r"(?:us\$|\$|¥|￥|£|€|usd|rmb|cny|eur|gbp)?\s*"
_MONEY = r"(?:us dollars|dollars|dollar|bucks|usd|rmb|cny|yuan|euros|euro|pounds|pound|quid|eur|gbp|块钱|元钱|元|块|美元|美金|刀|\$|¥|£|€)"
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
    re.compile(rf"(?:不超过|不高于|不要超过|别超过|(?<!不)(?:低于|少于)|小于|最多|不到|预算(?:是|在|大概|大约)?)\s*{_OF}(?!以上|起|左右)"),
    re.compile(rf"{_OF}\s*(?:以下|以内|之内|之下|内|封顶)"),
)
_LEAST = (
    re.compile(rf"(?:(?<!not )over|above|(?<!no )(?<!not )more than|at least|from|min(?:imum)?(?: of)?|starting at|>=?)\s+{_OF}"),
    re.compile(rf"{_OF}\s*(?:or more|and up|and above|or above)"),
    re.compile(rf"(?:(?<![不要别])(?:高于|超过|大于)|不低于|不少于|至少)\s*{_OF}"),
    re.compile(rf"{_OF}\s*(?:以上|起|往上)"),
)
_ABOUT = (
    re.compile(rf"(?:around|about|roughly|approximately|circa)\s+{_OF}"),
    re.compile(rf"(?:大概|大约|差不多|约)\s*{_OF}"),
    re.compile(rf"{_OF}\s*(?:左右|上下)"),
)
_CHEAPER = re.compile(
    r"cheaper|less expensive|too expensive|too pricey|too much money|lower price|budget|can'?t afford|costs? too much"
    r"|more affordable|便宜|太贵|贵了|贵啊|低一点|实惠|省钱|预算|划算"
)
_CHEAP = re.compile(r"\bcheap(?:est)?\b|inexpensive|affordable|lowest price|便宜|实惠|平价|性价比")
_OTHER = re.compile(
    r"something else|anything else|other (?:ones|options|things|products|ideas)|others?\b|another|different"
    r"|not (?:that|this|these|those|it)|don'?t (?:like|want)|no(?:ne)? of (?:these|those)|next|more options"
    r"|换|别的|其他|其它|不要这|不喜欢|不想要这|不合适|下一|另外|还有什么|还有别"
)
_ORDINALS = (
    re.compile(r"\b(?:first|1st)\b|(?:number|no\.?|#)\s*1\b|第一|头一|1号"),
    re.compile(r"\b(?:second|2nd)\b|(?:number|no\.?|#)\s*2\b|第二|2号"),
    re.compile(r"\b(?:third|3rd)\b|(?:number|no\.?|#)\s*3\b|第三|3号"),
    re.compile(r"\b(?:fourth|4th)\b|(?:number|no\.?|#)\s*4\b|第四|4号"),
    re.compile(r"\b(?:fifth|5th)\b|(?:number|no\.?|#)\s*5\b|第五|5号"),
)
_LAST = re.compile(r"\b(?:last one|the last)\b|最后一")
_POINTING = re.compile(r"\b(?:it|this|that|this one|that one|them|these|those)\b|它|这个|那个|这款|那款|这件|那件|这种|这双|这些")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer looks for."""

    words: tuple[str, ...]  # what says which product; empty: nothing was named
    min_price: float | None = None  # in the shop's currency, major units
    max_price: float | None = None
    cheap: bool = False  # the cheapest first

    @property
    def says_something(self) -> bool:
        """Whether there is anything to search by."""
        return bool(self.words) or self.min_price is not None or self.max_price is not None


@dataclass(frozen=True, slots=True)
class Refinement:
    """What should be different in the next offer."""

    cheaper: bool
    other: bool
    wish: Wish


def read_wish(text: str) -> Wish:
    """Read a question about products in either language.

    Args:
        text: What the customer wrote.
    """
    folded = fold(text)
    low, high, rest = _limits(folded)
    return Wish(
        words=tuple(dict.fromkeys(content_words(rest))), min_price=low, max_price=high, cheap=bool(_CHEAP.search(folded))
    )


def read_refinement(text: str) -> Refinement:
    """Read what is to change in what was just offered ("cheaper", "换一个", "not that, something in blue")."""
    folded = fold(text)
    bare = _OTHER.sub(" ", _CHEAPER.sub(" ", folded))
    return Refinement(cheaper=bool(_CHEAPER.search(folded)), other=bool(_OTHER.search(folded)), wish=read_wish(bare))


def read_choice(text: str, shown: int) -> int | None:
    """Read which of the products just shown is meant ("the second one", "第一个", "it").

    Args:
        text: What the customer wrote.
        shown: How many products were shown.

    Returns:
        Its position from 0, or None when the text points at none of them.
    """
    folded = fold(text)
    for position, pattern in enumerate(_ORDINALS[:shown]):
        if pattern.search(folded):
            return position
    if shown and _LAST.search(folded):
        return shown - 1
    return 0 if shown and _POINTING.search(folded) else None


def _limits(folded: str) -> tuple[float | None, float | None, str]:
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
