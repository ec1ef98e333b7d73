"""One spelling for each e-mail address, phone number and customer number, so that equal ones compare equal."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from crm_core.errors import InvalidInput

# letters and digits, dots between them, and short enough for any rule on length to hold
_PLAIN_EMAIL = re.compile(r"((?=.{1,64}@)[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*)@([a-z0-9.-]{1,180})")
# for these a phone number parser has nothing to take off: no other carrier or country begins so
_MAINLAND_MOBILE = re.compile(r"1[345689][0-9]{9}")
_REGION = {"en": "US", "zh": "CN"}


@lru_cache(maxsize=65536)
def normalise_email(text: str) -> str:
    """Give an e-mail address in its one spelling (NFKC, trimmed, lower case).

    Raises:
        InvalidInput: It is not an e-mail address.
    """
    folded = unicodedata.normalize("NFKC", text).strip().lower()
    try:
        if plain := _PLAIN_EMAIL.fullmatch(folded):  # nearly all: only what stands behind the @ needs a closer look
            return f"{plain[1]}@{_domain(plain[2])}"
        return _validated(folded)
    except EmailNotValidError as error:
        raise InvalidInput("email", text, "is not an e-mail address") from error


@lru_cache(maxsize=16384)
def _domain(name: str) -> str:
    return _validated(f"a@{name}").partition("@")[2]


def _validated(address: str) -> str:
    return validate_email(address, check_deliverability=False, test_environment=True).normalized.lower()


@lru_cache(maxsize=262144)
def normalise_phone(text: str, language: str = "en") -> str:
    """Give a phone number in E.164.

    Args:
        text: The number as written; without a country code it is read as Chinese when it looks like a mainland
            mobile number, otherwise as one of the language's country.
        language: `"en"` or `"zh"`.

    Raises:
        InvalidInput: It is not a possible phone number.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if _MAINLAND_MOBILE.fullmatch(folded):
        return f"+86{folded}"
    digits = "".join(character for character in folded if character.isdigit())
    mainland_mobile = len(digits) == 11 and digits[0] == "1" and digits[1] in "3456789" and not folded.startswith("+")
    try:
        number = phonenumbers.parse(folded, "CN" if mainland_mobile else _REGION[language])
    except phonenumbers.NumberParseException as error:
        raise InvalidInput("phone", text, "is not a phone number") from error
    if not phonenumbers.is_possible_number(number):
        raise InvalidInput("phone", text, "is not a possible phone number")
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def contact_kind(text: str) -> str:
    """Tell whether somebody gave an e-mail address or a phone number: `"email"` or `"phone"`."""
    return "email" if "@" in unicodedata.normalize("NFKC", text) else "phone"


def normalise(kind: str, value: str, language: str = "en") -> str:
    """Give a value of an identity kind (`email`, `phone`, `customer_number`, `visitor`) in its one spelling."""
    if kind == "email":
        return normalise_email(value)
    if kind == "phone":
        return normalise_phone(value, language)
    folded = unicodedata.normalize("NFKC", value).strip()
    if not folded:
        raise InvalidInput(kind, value, "is empty")
    return folded
