"""The step that every form about an order begins with: which order, and whether it is theirs."""

from __future__ import annotations

from actions.described import description
from actions.filling import Filling
from actions.order_heard import CONTACT, NUMBER, ask_anew, contact_in, not_found, number_in
from actions.order_referred import referred_to, takes_back
from actions.step import Step
from crm_core.errors import InvalidInput, OrderNotFound
from crm_core.orders.numbers import means_latest


class OrderStep(Step):
    """Find the order: by number for a customer who is signed in, by number and contact for a guest.

    Args:
        purpose: What it is about; the only order of a signed-in customer that fits is taken without asking.
        forgets: Whether a signed-in customer is asked anew although an order was spoken of before.
    """

    slots = (NUMBER, CONTACT)

    def __init__(self, purpose: str, *, forgets: bool = False) -> None:
        self._purpose = purpose
        self._forgets = forgets

    def begin(self, filling: Filling) -> None:
        """Keep the order that was spoken of last: "and now cancel it"."""
        if self._forgets and filling.verified and not filling.talk.entities(NUMBER):
            filling.put(NUMBER, None)

    def read(self, filling: Filling) -> bool:
        """Take a number and a contact wherever they stand; the last one of each counts."""
        named, contact = bool(filling.talk.entities(NUMBER)), contact_in(filling)
        number = (None if named else referred_to(filling, self._purpose)) or number_in(filling)
        number = number or self._described(filling)
        if number is None and takes_back(filling):
            filling.put(NUMBER, None)
            filling.renewed = NUMBER
            return True
        if number:
            filling.put(NUMBER, number)
            filling.renewed = None if filling.opens else NUMBER
        if contact:
            filling.put(CONTACT, contact)
        return bool(number or contact)

    def missing(self, filling: Filling) -> str | None:
        """Look the order up; the answer to one that is not theirs is that to one that does not exist."""
        number = filling.get(NUMBER) or self._likely(filling)
        if number is None or filling.stopped:
            return NUMBER
        if not filling.verified and not filling.get(CONTACT):
            return CONTACT
        contact = filling.get(CONTACT) if not filling.verified or contact_in(filling) else None
        try:
            filling.order = filling.talk.crm.orders.find(filling.talk.conversation_id, number, contact=contact)
        except InvalidInput as error:
            return ask_anew(filling, NUMBER if error.field == NUMBER else CONTACT)
        except OrderNotFound:
            return not_found(filling)
        filling.put(NUMBER, filling.order.number)
        filling.put(CONTACT, contact)
        return None

    def hint(self, filling: Filling) -> None:
        """Say what a number, or a contact, looks like."""
        filling.talk.say(f"utter_order_status_{filling.asked or NUMBER}_hint")

    def _described(self, filling: Filling) -> str | None:
        """Give the one order that the answer to "which order?" describes."""
        if filling.asked != NUMBER or filling.talk.pressed or not filling.verified:
            return None
        meant = filling.talk.crm.orders.described(filling.talk.conversation_id, description(filling.talk))
        return meant[0].number if len(meant) == 1 else None

    def _likely(self, filling: Filling) -> str | None:
        """Give the one order that can be meant, for a customer who is signed in."""
        if not filling.verified:
            return None
        if filling.renewed == NUMBER:
            return None  # another one is meant: ask which
        said = description(filling.talk)
        meant = filling.talk.crm.orders.likely(filling.talk.conversation_id, self._purpose, said)
        if not meant:
            filling.talk.say("utter_order_status_none")
            filling.stop()
            return None
        if len(meant) > 1 and not means_latest(filling.talk.text):
            return None
        filling.put(NUMBER, meant[0].number)
        return meant[0].number
