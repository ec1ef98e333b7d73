"""Whether an answer to "shall I?" is a yes or a no, read from its words."""

from __future__ import annotations

import re
import unicodedata

_NO = re.compile(
    r"\b(?:no|nope|nah|not|don'?t|never|stop|wait|keep it|leave it|wrong)\b"
    r"|[不别勿]|没有|算了|等等|等一下|保留|错了|取消操作|先留着|留着",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\b(?:yes|yeah|yep|yup|yea|sure|ok|okay|okey|correct|right|exactly|confirm(?:ed)?|go ahead|please do|do it"
    r"|proceed|absolutely|of course|fine|definitely|y|indeed|perfect|sounds good|that'?s it)\b"
    r"|^(?:是的?|对的?(?!不起|方|于)|好(?!久|像|贵|慢)|行(?!李)|嗯|可以|麻烦)|确认|确定|没错|没问题|同意|当然|办吧|继续",
    re.IGNORECASE,
)
_NOT_A_NO = re.compile(r"\bno (?:problem|worries|doubt)\b|\bwhy not\b|不错|没错|没问题|没有问题|不然呢", re.IGNORECASE)
_POLITE = re.compile(r"对不起|不好意思|不过|差不多")
_QUESTION = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[?？。！!]?\s*$|多少|什么|怎么|多久|几天"
    r"|^\s*(?:how|what|when|where|why|who|which|can|could|do|does|is|are|will|would)\b",
    re.IGNORECASE,
)
_LONG_WORDS, _LONG_CHINESE = 9, 16


def read_consent(text: str) -> bool | None:
    """Read a yes or a no; None where the words say neither.

    A no anywhere wins over a yes, because doing nothing can be made good and cancelling cannot: "ok, don't".
    A question is neither, and nor is a long sentence that merely holds a yes.
    """
    folded = _POLITE.sub("", unicodedata.normalize("NFKC", text).replace("’", "'"))
    softened = _NOT_A_NO.sub(" ok ", folded).strip(" ,，.。")
    if _QUESTION.search(softened):
        return None
    if _NO.search(softened):
        return False
    return True if _YES.search(softened) and not _is_long(softened) else None


def is_question(text: str) -> bool:
    """Tell whether a text asks something."""
    return _QUESTION.search(unicodedata.normalize("NFKC", text).strip()) is not None


def _is_long(text: str) -> bool:
    return len(re.findall(r"[A-Za-z']+", text)) > _LONG_WORDS or len(re.findall(r"[一-鿿]", text)) > _LONG_CHINESE
