"""What a question about products asks for: the words, the limits of price, and what to change in an offer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from crm_core.catalogue.prices import read_limits
from crm_core.catalogue.words import content_words, fold

_CHEAPER = re.compile(
    r"cheaper|less expensive|too expensive|too pricey|too much money|lower price|budget|can'?t afford|costs? too much"
    r"|more affordable|便宜|太贵|贵了|贵啊|低一点|实惠|省钱|预算|划算"
)
_ALIKE = re.compile(
    r"similar|\blike (?:the|this|that|these|those|it)\b|goes? (?:well )?with|类似|相似|差不多的|同款|搭配|一样的"
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
_POINTING = re.compile(
    r"\b(?:it|this|that|this one|that one|them|these|those)\b|它|这个|那个|这款|那款|这件|那件|这种|这双|这些"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a customer looks for."""

    words: tuple[str, ...]  # what says which product; empty: nothing was named
    min_price: float | None = None  # in the shop's currency, major units
    max_price: float | None = None
    cheap: bool = False  # the cheapest first
    alike: bool = False  # something that resembles or goes with what is named

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
    low, high, rest = read_limits(folded)
    return Wish(
        words=tuple(dict.fromkeys(content_words(rest))),
        min_price=low,
        max_price=high,
        cheap=bool(_CHEAP.search(folded)),
        alike=bool(_ALIKE.search(folded)),
    )


def read_refinement(text: str) -> Refinement:
    """Read what is to change in what was just offered ("cheaper", "换一个", "not that, something in blue")."""
    folded = fold(text)
    bare = _OTHER.sub(" ", _CHEAPER.sub(" ", folded))
    return Refinement(cheaper=bool(_CHEAPER.search(folded)), other=bool(_OTHER.search(folded)), wish=read_wish(bare))


def read_choice(text: str, shown: int) -> int | None:
    """Read which of the products just shown is meant by its place ("the second one", "第一个").

    Args:
        text: What the customer wrote.
        shown: How many products were shown.

    Returns:
        Its position from 0, or None when the text names no place.
    """
    folded = fold(text)
    for position, pattern in enumerate(_ORDINALS[:shown]):
        if pattern.search(folded):
            return position
    return shown - 1 if shown and _LAST.search(folded) else None


def points(text: str) -> bool:
    """Tell whether a text speaks of something that is on the screen ("it", "this one", "这个")."""
    return bool(_POINTING.search(fold(text)))
