"""Postal addresses in running text, by how they are built in each language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from crm_core.privacy.words import any_of
from crm_core.records.personal_data import Found, Kind

_HAN = "㐀-䶿一-鿿"
_NAME = r"[A-Z][\w’'.-]*"
_PLACE = rf"(?:(?![到在是给住送寄址了我请往为于，：])(?!(?<=[改换])成)[{_HAN}])"
_NUMBER_ZH = r"[\d一二三四五六七八九十百]{1,5}"
_TAIL_ZH = (
    rf"(?:\s*[A-Za-z\d{_HAN}]{{0,14}}?(?:号楼|栋|幢|座|楼|单元|室|层|院|大厦|广场|小区|中心|园区|花园|公寓))*"
    r"(?:\s*[A-Za-z]?\d{2,5}(?:室|号)?(?!\d|元|块|件|个|天|年|月))?"
)
_ROAD_ZH = re.compile(
    rf"{_PLACE}{{1,28}}?(?:大道|胡同|路|街|道|巷|弄|段|村|里)\s*{_NUMBER_ZH}\s*(?:弄\s*{_NUMBER_ZH}\s*号?|[号弄])(?!店|线|货|机){_TAIL_ZH}"
)
_ESTATE_ZH = re.compile(
    rf"{_PLACE}{{2,24}}(?:小区|花园|公寓|新村|家园|苑)\s*{_NUMBER_ZH}\s*(?:号楼|栋|幢|号|座){_TAIL_ZH}"
)


def find_addresses(text: str) -> Iterator[Found]:
    """Give postal addresses.

    Args:
        text: With half-width digits and letters.
    """
    for pattern in (*_english(), _ROAD_ZH, _ESTATE_ZH):
        for found in pattern.finditer(text):
            yield Found(Kind.ADDRESS, *found.span())


@cache
def _english() -> tuple[re.Pattern[str], re.Pattern[str]]:
    unit = rf"(?:{any_of('units_en')})\.?\s?#?\w+"
    code = r"(?:[A-Z]{1,2}\d[\dA-Z]?\s\d[A-Z]{2}|(?-i:[A-Z]{2})(?![\w@])|\d{5}(?:-\d{4})?)"
    region = rf"(?:,?\s(?:{unit}|{code}|{_NAME}(?![\w@])))"
    street = rf"(?:(?:[NSEW]{{1,2}}\.?|{_NAME}|\d+(?:st|nd|rd|th))\s){{1,4}}(?:{any_of('street_types_en')})\b\.?"
    at_street = rf"\b(?:{unit},?\s)?\d+\w?(?:[-/]\d+)?,?\s{street}{region}{{0,6}}"
    box = rf"\bP\.?\s?O\.?\s?Box\s\d+{region}{{0,4}}"
    return re.compile(at_street), re.compile(box, re.IGNORECASE)
