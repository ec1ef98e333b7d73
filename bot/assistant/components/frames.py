"""Politeness around a wish: examples are also learnt with it, so that it decides nothing by itself.

"Can you help me, where is my parcel" asks for a parcel and not for help; few examples are written that way.
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection, Sequence

_HAN = re.compile("[\u3400-\u9fff]")
_BEFORE = (
    *("please", "hi,", "hello,", "hey,", "good morning,", "excuse me,", "sorry,", "can you", "could you please"),
    *("can you help me", "could you help me", "help me", "i need help:", "i need some help to", "i need assistance,"),
    *(
        "i'd like to know",
        "i want to know",
        "could you tell me",
        "do you know",
        "i have a question,",
        "i would like to",
    ),
    *("i want to", "i have to", "i need to", "i'm trying to", "i need"),
    *("how can i", "how do i", "what can i do to", "what should i do to", "what do i have to do to"),
    *("tell me how to", "i want to know how to", "i don't know how to", "where can i", "is it possible to"),
    *("i need information about", "what can you tell me about", "i need help with", "ask somebody to"),
)
_AFTER = (
    *("please", "thanks", "thank you", "for me", "can you help me?", "i need help", "asap", "?", "!!"),
    *("what should i do?", "what can i do?", "what do i have to do?", "how do i do that?", "tell me how"),
    *("where can i do that?", "is that possible?", "i don't know how"),
)
_BEFORE_HAN = (
    *(
        "请问",
        "麻烦",
        "你好，",
        "您好，",
        "亲，",
        "在吗，",
        "不好意思，",
        "问一下",
        "我想问一下，",
        "我想",
        "我要",
        "能不能",
    ),
    *("可以", "帮我", "请帮我", "你能帮我", "我需要帮助，"),
)
_AFTER_HAN = (
    *("谢谢", "，谢谢你", "可以吗", "怎么办", "，帮帮我", "，麻烦了", "，急", "吧", "呢"),
    *("怎么弄", "该怎么做", "在哪里弄", "行不行", "，不知道怎么办"),
)
_SEED = 1


def framed(texts: Sequence[str], intents: Sequence[str], bare: Collection[str]) -> tuple[list[str], list[str]]:
    """Give the examples again, each in one frame; always the same for the same examples.

    Args:
        texts: The examples.
        intents: The intent of each.
        bare: Intents that consist of such words themselves, and get no frame.
    """
    chance = random.Random(_SEED)  # noqa: S311 - variety, not secrecy
    pairs = [(text, intent) for text, intent in zip(texts, intents, strict=True) if intent not in bare]
    return [_frame(text, chance) for text, _ in pairs], [intent for _, intent in pairs]


def _frame(text: str, chance: random.Random) -> str:
    han = bool(_HAN.search(text))
    before = chance.choice(_BEFORE_HAN if han else _BEFORE)
    after = chance.choice(_AFTER_HAN if han else _AFTER)
    gap = "" if han else " "
    kind = chance.random()
    if kind < 0.6:
        return f"{before}{gap}{text}"
    return f"{text}{gap}{after}" if kind < 0.8 else f"{before}{gap}{text}{gap}{after}"
