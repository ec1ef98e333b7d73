"""Whether an answer to "shall I?" is a yes or a no, read from its words."""

from __future__ import annotations

import re
import unicodedata

_NO = re.compile(
    r"\b(?:no|nope|nah|not|don'?t|do not|never|stop|wait|keep it|leave it|wrong)\b"
    r"|[不别勿]|没有|算了|等等|等一下|保留|错了|取消操作|先留着|留着",
    re.IGNORECASE,
)
_YES = re.compile(
    r"\b(?:yes|yeah|yep|yup|yea|sure|ok|okay|okey|correct|right|exactly|confirm(?:ed)?|go ahead|please do|do it"
    r"|proceed|absolutely|of course|fine|definitely|y|indeed|perfect|sounds good|that'?s it)\b"
    r"|[是对好行嗯可]|确认|确定|没错|没问题|同意|当然|麻烦了|办吧|继续",
    re.IGNORECASE,
)
_NOT_A_NO = re.compile(
    r"\bno (?:problem|worries|doubt)\b|\bwhy not\b|不错|没错|没问题|没有问题|差不多|不用问|不然呢", re.IGNORECASE
)


def read_consent(text: str) -> bool | None:
    """Read a yes or a no; None where the words say neither.

    A no anywhere wins over a yes, because doing nothing can be made good and cancelling cannot: "ok, don't".
    """
    folded = unicodedata.normalize("NFKC", text).replace("’", "'")
    softened = _NOT_A_NO.sub(" yes ", folded)
    if _NO.search(softened):
        return False
    return True if _YES.search(softened) else None
