"""One record of a person, as it is compared with others."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from crm_core.identity.names import Name, read


@dataclass(frozen=True, slots=True)
class Person:
    """What one record tells about somebody.

    Attributes:
        id: Of the record.
        name: As read.
        born: `YYYY-MM-DD`, or only `YYYY`; empty if unknown.
        address: In one spelling; empty if unknown.
        city: In one spelling; empty if unknown.
        mailbox: What stands before the @ of the newest e-mail address; empty if unknown.
        emails: Every e-mail address, as a value or as a blind index: only equality counts.
        phones: Every phone number, likewise.
        devices: Every browser or device, likewise.
    """

    id: str
    name: Name
    born: str = ""
    address: str = ""
    city: str = ""
    mailbox: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    devices: tuple[str, ...] = ()


def person(
    record_id: str,
    *,
    name: str | None = None,
    born: str | int | None = None,
    address: str | None = None,
    city: str | None = None,
    mailbox: str | None = None,
    emails: tuple[str, ...] = (),
    phones: tuple[str, ...] = (),
    devices: tuple[str, ...] = (),
) -> Person:
    """Give a record in the spelling in which it is compared."""
    return Person(
        record_id,
        read(name),
        day_or_year(born),
        plain(address),
        plain(city),
        (mailbox or "").partition("@")[0].casefold(),
        emails,
        phones,
        devices,
    )


def day_or_year(born: str | int | None) -> str:
    """Give a birthday as `YYYY-MM-DD` or, of a year alone, `YYYY`; empty when it is neither."""
    text = str(born or "").strip()
    if len(text) == 4 and text.isdecimal():
        return text
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return ""


def plain(text: str | None) -> str:
    """Give a text's letters and digits in one spelling, other signs as single spaces."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return " ".join("".join(c if c.isalnum() else " " for c in folded).split())
