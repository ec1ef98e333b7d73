"""Values that many share: a call shop's phone or an office's address is no reason to take two for one person."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from crm_core.identity.person import Person

MOST = 6  # records that may share a contact or a device before it tells nothing
MOST_AT_ADDRESS = 20


def without_hubs(people: Sequence[Person]) -> list[Person]:
    """Give the records without the values that too many of them share."""
    emails, phones, devices = (
        {value for value, count in Counter(chain.from_iterable(all_)).items() if count > MOST}
        for all_ in (
            (one.emails for one in people),
            (one.phones for one in people),
            (one.devices for one in people),
        )
    )
    addresses = {value for value, count in Counter(one.address for one in people).items() if count > MOST_AT_ADDRESS}
    return [_without(one, emails, phones, devices, addresses) for one in people]


def _without(one: Person, emails: set[str], phones: set[str], devices: set[str], addresses: set[str]) -> Person:
    if emails.isdisjoint(one.emails) and phones.isdisjoint(one.phones) and devices.isdisjoint(one.devices):
        return replace(one, address="") if one.address in addresses else one
    return replace(
        one,
        address="" if one.address in addresses else one.address,
        emails=tuple(value for value in one.emails if value not in emails),
        phones=tuple(value for value in one.phones if value not in phones),
        devices=tuple(value for value in one.devices if value not in devices),
    )
