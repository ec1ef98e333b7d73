"""Delivery addresses as people write them: told from other sentences, and cleaned."""

from __future__ import annotations

import re
import unicodedata

from crm_core.errors import InvalidInput

MAX_CHARS = 300
_STREET = re.compile(
    r"\b(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|boulevard|blvd|court|ct|square|sq|place|pl|way|close|crescent"
    r"|terrace|highway|hwy|parkway|pkwy|row|gardens?|park|quay|hill|apartment|apt|flat|suite|ste|unit|building|bldg"
    r"|floor|house|room|box|p\.?o\.?)\b",
    re.IGNORECASE,
)
_ENGLISH = re.compile(r"[A-Za-z]{2,}.*\d|\d.*[A-Za-z]{2,}", re.DOTALL)
_CHINESE = re.compile(
    r"[一-鿿].*(?:路|街|道|巷|弄|胡同|号|村|镇|乡|小区|大厦|广场|花园|公寓|室|楼|单元|栋|幢|苑|城|府|里)"
)
_REGION = re.compile(r"省|市|区|县|自治|北京|上海|天津|重庆|香港|澳门|台湾")
_AS_BEFORE = re.compile(
    r"\b(?:same|usual|previous|old|last|other)\b.{0,30}\b(?:address|place|as (?:last|before|usual|always|the last))\b"
    r"|\b(?:same|where) (?:as|you sent)\b.{0,20}\b(?:last|before|time|usual)\b|\baddress (?:of|from) (?:my )?last\b"
    r"|\blike last time\b|\bmy (?:usual|home|saved|default) address\b|\baddress (?:in|of|from) my account\b"
    r"|(?:和|跟|同|与|照|按)?(?:上次|上一次|上回|之前|以前|上一单|上个订单|平时|往常|原来).{0,8}(?:地址|地方|一样|那个)|老地方|老地址|默认地址"
    r"|地址(?:和|跟|同|与)(?:上|之前|以前)|账户里的地址|常用地址",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"[?？]\s*$|[吗呢么]\s*[?？。]?\s*$|^\s*(?:how|what|when|where|why|who|can|could|do|does|is|are|will|would)\b",
    re.IGNORECASE,
)
_LEAD_EN = re.compile(
    r"^.*?\b(?:(?:new |right |correct )?(?:address|place)(?: (?:is|should be|to))|(?:send|ship|deliver|change|move"
    r"|switch|redirect|update)\b.*?\bto|it'?s|i meant|make (?:it|that)|rather|instead to|should (?:be|go to))\b[\s:,]*",
    re.IGNORECASE | re.DOTALL,
)
_LEAD_ZH = re.compile(
    r"^.*?(?:(?:改成|改为|改到|换成|换到|寄到|寄往|送到|送往|发到|发往|更新为|变更为|修改为|应该是|我是说)"
    r"|(?:新的?|收货|正确的?|送货|配送)?地址(?:是|为|[:：]))[\s,，:：]*",
    re.DOTALL,
)
_TAIL = re.compile(
    r"[\s,，。.!！;；]*(?:\b(?:please|thanks|thank you|instead)\b[\s,.!;]*|(?:谢谢|吧|哦|哈|啦)[\s,，。.!！;；]*)*$",
    re.IGNORECASE,
)
_FILLER = re.compile(
    r"^(?:to\b|no|nope|sorry|actually|oh|well|ok|okay|yes|不是?|不对|哦|对不起|抱歉|好的?|嗯|麻烦)[\s,，.。:：]+",
    re.IGNORECASE,
)


def read_address(text: str) -> str:
    """Give a delivery address without what was said around it.

    Args:
        text: The answer to "where should it go?", or a sentence that holds an address.

    Raises:
        InvalidInput: It is not a whole address: street and number (or their Chinese equal) are needed.
    """
    address = _without_lead(_clean(text)) if len(text) <= 2 * MAX_CHARS else text
    if len(address) > MAX_CHARS:
        raise InvalidInput("address", text, f"is longer than {MAX_CHARS} characters")
    if not _looks_whole(address):
        raise InvalidInput("address", text, "is not a whole address")
    return address


def find_address(text: str) -> str | None:
    """Give the address in a sentence that may well hold none; stricter than `read_address`."""
    if len(text) > 2 * MAX_CHARS:
        return None
    address = _without_lead(_clean(text))
    if len(address) > MAX_CHARS or _QUESTION.search(address) or not _looks_whole(address):
        return None
    marks = len(_STREET.findall(address)) + address.count(",")
    strong = bool(_CHINESE.search(address)) if _has_han(address) else bool(_STREET.search(address)) and marks >= 1
    return address if strong else None


def _clean(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in unicodedata.normalize("NFC", text))
    return re.sub(r"\s+", " ", printable).strip()


def _without_lead(text: str) -> str:
    lead = _LEAD_ZH if _has_han(text) else _LEAD_EN
    rest = lead.sub("", text, count=1) if lead.match(text) else text
    rest = _FILLER.sub("", rest if re.search(r"[\w]", rest) else text)
    return _TAIL.sub("", rest).strip()


def _looks_whole(address: str) -> bool:
    if _has_han(address):
        return bool(_CHINESE.search(address)) and (
            bool(re.search(r"\d|[一二三四五六七八九十]", address)) or len(address) >= 8
        )
    words = re.findall(r"\w+", address)
    return len(address) >= 8 and len(words) >= 3 and bool(_ENGLISH.search(address)) and "@" not in address


def _has_han(text: str) -> bool:
    return re.search(r"[一-鿿]", text) is not None


def means_address_before(text: str) -> bool:
    """Tell whether a message names an address by an earlier order: "same address as last time", "跟上次一样的地址"."""
    return _AS_BEFORE.search(text) is not None


def names_region(address: str) -> bool:
    """Tell whether a Chinese address says in which province, city or district it lies."""
    return _REGION.search(address) is not None
