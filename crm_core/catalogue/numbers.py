"""Numbers as people type them: `1,200`, `30`, `五十`, `两百五`, `1千`."""

from __future__ import annotations

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
HAN_NUMBER = "[零〇一二两三四五六七八九十百千万]"


def read_number(text: str) -> float | None:
    """Read a number in digits, in Chinese characters, or in both (`3百`).

    Args:
        text: The number and nothing else.

    Returns:
        The number, or None when the text is not one.
    """
    plain = text.replace(",", "").replace("，", "").strip()
    try:
        return float(plain)
    except ValueError:
        return _read_han(plain)


def _read_han(text: str) -> float | None:
    total, section, digit, last_unit = 0.0, 0.0, None, 1
    for position, character in enumerate(text):
        if character.isdecimal() and character.isascii():
            digit = (digit or 0) * 10 + int(character)
        elif character in _DIGITS:
            digit = _DIGITS[character]
            if character in "零〇":
                last_unit = 1
        elif character == "万":
            total, section, digit, last_unit = (total + section + (digit or 0)) * 10000, 0.0, None, 10000
        elif character in _UNITS:
            last_unit = _UNITS[character]
            section += (1 if digit is None and position == 0 else digit or 0) * last_unit
            digit = None
        else:
            return None
    if not text:
        return None
    return total + section + (digit or 0) * (last_unit / 10 if last_unit > 10 else 1)
