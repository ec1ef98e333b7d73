"""Check digits: what tells a card, an identity number or a bank account from any other long number."""

from __future__ import annotations

from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_ISSUERS = {  # first digits → lengths; ISO/IEC 7812
    **{str(number): (15,) for number in (34, 37)},
    **{str(number): (14,) for number in (36, 38, 300, 301, 302, 303, 304, 305)},
    **{str(number): (16,) for number in (51, 52, 53, 54, 55, *range(222, 273), 6011, 65, 35)},
    "4": (13, 16, 19),
    "62": (16, 17, 18, 19),
}


def is_card(digits: str) -> bool:
    """Tell whether digits are a payment card's number: a known issuer, its length, and Luhn's check digit."""
    lengths = next((_ISSUERS[digits[:n]] for n in (4, 3, 2, 1) if digits[:n] in _ISSUERS), ())
    return len(digits) in lengths and _luhn(digits)


def is_chinese_id(text: str) -> bool:
    """Tell whether 18 characters are a Chinese identity number: region, date of birth and check digit (GB 11643)."""
    body, check = text[:17], text[17:].upper()
    if not (body.isdigit() and "11" <= text[:2] <= "82"):
        return False
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    summed = sum(int(digit) * weight for digit, weight in zip(body, _WEIGHTS, strict=True))
    return born.year >= 1900 and _CHECKS[summed % 11] == check


def is_iban(text: str) -> bool:
    """Tell whether a text without spaces is an IBAN (ISO 13616: 1 modulo 97)."""
    turned = (text[4:] + text[:4]).upper()
    return 15 <= len(text) <= 34 and turned.isalnum() and int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


def _luhn(digits: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0
