"""Countries by code or by name, in English or Chinese."""

from __future__ import annotations

from functools import cache

from babel import Locale

_ALSO = {
    "eire": "IE", "usa": "US", "u.s.a.": "US", "uk": "GB", "u.k.": "GB", "great britain": "GB", "england": "GB",
    "scotland": "GB", "rsa": "ZA", "korea": "KR", "czech republic": "CZ", "holland": "NL", "the netherlands": "NL",
    "hong kong": "HK", "macau": "MO", "uae": "AE", "channel islands": "GB", "中国大陆": "CN", "香港": "HK",
    "澳门": "MO", "台湾": "TW",
}  # fmt: skip


@cache
def _names() -> dict[str, str]:
    names: dict[str, str] = {}
    for language in ("en", "zh"):
        for code, name in Locale(language).territories.items():
            if len(code) == 2 and code.isalpha():
                names[str(name).casefold()] = code
                names[code.casefold()] = code
    return names | _ALSO


def country_code(text: str) -> str | None:
    """Give the ISO 3166-1 code of a country, or None when it is not known."""
    return _names().get(text.strip().casefold())
