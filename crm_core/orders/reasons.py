"""Why goods come back: a few reasons that a shop can act on, read from buttons or from free words."""

from __future__ import annotations

import re
import unicodedata

REASONS = ("damaged", "wrong_item", "not_as_described", "wrong_size", "late", "no_longer_wanted", "other")

_WORDS = {
    "wrong_size": r"\b(?:size|too (?:small|big|large|tight|loose|short|long)|does ?n'?t fit|fit)\b"
    r"|尺码|尺寸|码数|太小|太大|太紧|太松|太长|太短|不合身|不合适|大了|小了",
    "damaged": r"\b(?:damag\w*|broke\w*|brok|crack\w*|fault\w*|defect\w*|scratch\w*|torn|leak\w*|dead|smashed"
    r"|dented|fad(?:ed|es|ing)|not work\w*|does ?n'?t work|stopped working|won'?t (?:turn|switch|charge))\b"
    r"|坏|破|裂|碎|损|漏|划痕|故障|瑕疵|缺陷|褪色|掉色|质量问题|不能用|没法用|用不了|开不了|充不",
    "wrong_item": r"\b(?:wrong (?:item|product|thing|one|colou?r|order)|different (?:item|product|one)"
    r"|not what i ordered|mixed up|missing)\b"
    r"|发错|错发|寄错|送错|货不对|不是我(?:买|订|下单)的|颜色不对|颜色错|少发|漏发",
    "not_as_described": r"\b(?:not as (?:described|shown|pictured|advertised)|looks? different|quality|cheap(?:ly)?"
    r"|misleading|nothing like|disappoint\w*)\b|描述不符|与描述|跟图片|和图片|不一样|色差|质量|做工|粗糙|材质|失望",
    "late": r"\b(?:late|too long|took (?:forever|ages)|delay\w*)\b|太慢|太晚|来晚|晚了|迟|等太久",
    "no_longer_wanted": r"\b(?:changed? (?:my|our) minds?|no longer (?:want|need)|don'?t (?:want|need|like)"
    r"|do not (?:want|need|like)|ordered (?:by mistake|twice|too many)|by accident|mistake|duplicate|gift"
    r"|(?:found|got|bought) (?:it )?(?:cheaper|elsewhere))\b"
    r"|不想要|不需要|不要了|不喜欢|后悔|改主意|买错|拍错|拍多|买多|重复|用不上|不用了|七天无理由|无理由",
    "other": r"\b(?:other|something else|another reason|rather not say|none of (?:these|those|them))\b"
    r"|其他|其它|别的原因|不想说|没有原因|都不是",
}
_PATTERNS = {reason: re.compile(words, re.IGNORECASE) for reason, words in _WORDS.items()}


def read_reason(text: str) -> str | None:
    """Give the reason that a text names (one of `REASONS`), or None where it names none."""
    folded = unicodedata.normalize("NFKC", text).replace("’", "'").strip()
    if folded in REASONS:
        return folded
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.search(folded)), None)
