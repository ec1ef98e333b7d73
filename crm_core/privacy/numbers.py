"""Telephone numbers, cards, identity numbers and bank accounts in running text.

They are told by their shape, by check digits, and by the word that stands before them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import phonenumbers

from crm_core.privacy.checksums import is_card, is_chinese_id, is_iban
from crm_core.privacy.words import words
from crm_core.records.personal_data import Found, Kind

_EMAIL = re.compile(r"[\w.+%'-]*\w@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}", re.ASCII)
_IBAN = re.compile(r"(?<![A-Za-z\d])[A-Z]{2}\d{2}(?: ?[A-Z\d]{4}){2,7}(?: ?[A-Z\d]{1,3})?(?![A-Za-z\d])")
_CHINESE_ID = re.compile(r"(?<![A-Za-z\d])\d{17}[\dXx](?![A-Za-z\d])")
_SOCIAL_SECURITY = re.compile(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])", re.ASCII)
_GROUPED_CARD = re.compile(
    r"(?<![A-Za-z\d-])(?:\d{4}([ -])(?:\d{4}\1){2}\d{1,7}|\d{4}([ -])\d{6}\2\d{5})(?![A-Za-z\d-])"
)
_PLAIN_CARD = re.compile(r"(?<![A-Za-z\d.-])\d{13,19}(?![A-Za-z\d-])")
_ACCOUNT = re.compile(r"(?<![A-Za-z\d-])\d(?:[ -]?\d){7,29}(?![A-Za-z\d-])")
_PHONES = (
    re.compile(
        r"(?<![\w+])(?:\+|00(?=[ 1-9]))[ ]?[1-9]\d{0,2}[\s().-]{0,2}\(?\d(?:[\s().-]{0,2}\d){5,12}(?!\w)", re.ASCII
    ),
    re.compile(r"(?<![\w.-])(?:86[- ]?)?1[3-9]\d([- ]?)\d{4}\1\d{4}(?![\w-])", re.ASCII),  # mainland mobile
    re.compile(r"(?<![\w.-])\(?0(?:10|2\d|[3-9]\d{2})\)?[- ]\d{7,8}(?![\w-])", re.ASCII),  # mainland landline
    re.compile(r"(?<![\w.-])(?:1[-. ])?(?:\([2-9]\d{2}\) ?|[2-9]\d{2}[-. ])[2-9]\d{2}[-. ]\d{4}(?![\w-])", re.ASCII),
    re.compile(r"(?<![\w.-])0\d{2,4} \d{3,4} ?\d{3,4}(?![\w-])", re.ASCII),  # as in Britain
)
_DIGITS = re.compile(r"(?<![A-Za-z\d.-])\d(?:[ -]?\d){6,11}(?![\w-])", re.ASCII)
_MAY_BE_DATE = re.compile(r"(?:19|20)\d{2}[ -]?[01]\d[ -]?[0-3]\d|\d{1,2}-\d{1,2}-\d{4}")
_BEFORE = 28  # characters in which the word is looked for that says what a number is
_NEAR = 14  # between that word and a number that shows nothing by itself


def find_numbers(text: str) -> Iterator[Found]:
    """Give e-mail addresses and personal numbers; those that come first win where two overlap.

    Args:
        text: With half-width digits and letters.
    """
    yield from _each(_EMAIL, text, Kind.EMAIL)
    for found in _IBAN.finditer(text):
        if is_iban(found[0].replace(" ", "")):
            yield Found(Kind.BANK_ACCOUNT, *found.span())
    for found in _CHINESE_ID.finditer(text):
        if is_chinese_id(found[0]):
            yield Found(Kind.NATIONAL_ID, *found.span())
    yield from _each(_SOCIAL_SECURITY, text, Kind.NATIONAL_ID)
    yield from _cards(text)
    yield from _phones(text)
    yield from _by_what_is_said(text)


def _each(pattern: re.Pattern[str], text: str, kind: Kind) -> Iterator[Found]:
    for found in pattern.finditer(text):
        yield Found(kind, *found.span())


def _cards(text: str) -> Iterator[Found]:
    for pattern in (_GROUPED_CARD, _PLAIN_CARD):
        for found in pattern.finditer(text):
            said = _said_before(text, found.start())
            if not is_card(re.sub(r"\D", "", found[0])) or (pattern is _PLAIN_CARD and said == "other"):
                continue
            yield Found(Kind.BANK_ACCOUNT if said == "account" else Kind.CARD, *found.span())


def _phones(text: str) -> Iterator[Found]:
    for pattern in _PHONES:
        for found in pattern.finditer(text):
            said = _said_before(text, found.start())
            if said in {None, "phone"} and (pattern is not _PHONES[0] or _can_be_dialled(found[0])):
                yield Found(Kind.PHONE, *found.span())


def _can_be_dialled(text: str) -> bool:
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", text.strip()))
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_possible_number(number)


def _by_what_is_said(text: str) -> Iterator[Found]:
    """Give numbers that only the word before them tells: bank accounts, and telephone numbers without separators."""
    for found in _ACCOUNT.finditer(text):
        if _said_before(text, found.start(), near=True) == "account":
            yield Found(Kind.BANK_ACCOUNT, *found.span())
    for found in _DIGITS.finditer(text):
        if _said_before(text, found.start(), near=True) == "phone" and not _MAY_BE_DATE.fullmatch(found[0]):
            yield Found(Kind.PHONE, *found.span())


def _said_before(text: str, start: int, *, near: bool = False) -> str | None:
    """Tell what the last telling word before a number says it is: `"phone"`, `"account"`, `"other"` or nothing."""
    before = text[max(0, start - _BEFORE) : start]
    last = next(reversed(list(_telling().finditer(before))), None)
    if last is None or (
        near and (len(before) - last.end() > _NEAR or re.search(r"[\d。！!?？]", before[last.end() :]))
    ):
        return None
    said = str(last.lastgroup)
    if said == "account" and re.search(r"(?i)(customer|会员)\s*$", before[: last.start()]):
        return "other"
    return said


@cache
def _telling() -> re.Pattern[str]:
    kinds = {"phone": "phone_words", "account": "account_words", "other": "other_words"}
    alternatives = []
    for kind, name in kinds.items():
        latin = "|".join(sorted((word for word in words(name) if word.isascii()), key=len, reverse=True))
        han = "|".join(sorted((word for word in words(name) if not word.isascii()), key=len, reverse=True))
        alternatives.append(f"(?P<{kind}>(?<![A-Za-z])(?:{latin})(?![A-Za-z])|{han})")
    return re.compile("|".join(alternatives), re.IGNORECASE)
