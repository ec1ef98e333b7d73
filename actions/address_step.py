"""The step that takes a delivery address."""

from __future__ import annotations

from actions.filling import Filling
from actions.step import Step
from crm_core.errors import InvalidInput
from crm_core.orders.addresses import find_address, means_address_before, read_address

ADDRESS = "order_address_new"


class AddressStep(Step):
    """Take an address: freely when it was asked for, and anywhere else when a sentence clearly holds one.

    Args:
        confirmed: The slot of the confirmation; a "no" there asks for the address again.
    """

    slots = (ADDRESS,)

    def __init__(self, confirmed: str) -> None:
        self._confirmed = confirmed
        self._meant_before = False

    def begin(self, filling: Filling) -> None:
        """Keep the address when the customer turned to something else and came back."""

    def again(self, filling: Filling) -> None:
        """Keep the address when another order is meant."""

    def read(self, filling: Filling) -> bool:
        """Take the address out of what was said around it."""
        if filling.talk.pressed:
            return False
        if means_address_before(filling.talk.text):
            return self._as_before(filling)
        address = _address(filling)
        if address:
            filling.put(ADDRESS, address)
            filling.renewed = None if filling.opens else ADDRESS
        return address is not None

    def _as_before(self, filling: Filling) -> bool:
        """Remember that the address of an earlier order is meant; `missing` looks it up once the order is known."""
        self._meant_before = True
        filling.renewed = None if filling.opens else filling.renewed or ADDRESS
        return True

    def _look_up(self, filling: Filling) -> None:
        """Take the address of an earlier order, from somebody who is known to be the customer only."""
        if filling.order is None or not self._meant_before:
            return
        if not filling.verified:
            filling.talk.say("utter_order_address_sign_in")
            return
        address = filling.talk.crm.orders.address_used_before(filling.talk.conversation_id, filling.order.number)
        if address is None:
            filling.talk.say("utter_order_address_none_before")
        filling.put(ADDRESS, address)

    def missing(self, filling: Filling) -> str | None:
        """Ask for one; after a "no" to this one, for another."""
        if filling.get(self._confirmed) is False:
            filling.put(ADDRESS, None)
            filling.put(self._confirmed, None)
        self._look_up(filling)
        return ADDRESS if filling.get(ADDRESS) is None else None

    def hint(self, filling: Filling) -> None:
        """Say what belongs to an address."""
        filling.talk.say("utter_order_address_hint")


def _address(filling: Filling) -> str | None:
    new = filling.talk.entities("address", role="to")  # "to X instead of Y"
    found = find_address(new[-1] if new else filling.talk.text)
    if found or filling.asked != ADDRESS or filling.talk.entities("order_number", "email"):
        return found
    try:
        return read_address(filling.talk.text)
    except InvalidInput:
        return None
